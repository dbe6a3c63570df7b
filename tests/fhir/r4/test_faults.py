from __future__ import annotations

from typing import Any

import pytest

from triage.fhir.findings import Severity
from triage.fhir.r4 import faults_of

SUBJECT = {"reference": "Patient/1"}
INTENTS = (
    "proposal, plan, directive, order, original-order, reflex-order, filler-order,"
    " instance-order, option"
)
NO_OBJECT = "must be an object, with elements of its own"


def told(resource: Any, expression: str | None = None) -> list[str]:
    """The faults, each as its issue type, where it is and what it says."""
    root = expression or resource["resourceType"]
    faults = faults_of(resource, root)
    assert all(one.severity is Severity.ERROR for one in faults)
    return [f"{one.code} {one.expression} {one.says}" for one in faults]


def patient(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", **elements}


def observation(**elements: Any) -> dict[str, Any]:
    code = {"text": "PHQ-9 total"}
    return {"resourceType": "Observation", "status": "final", "code": code, **elements}


def service_request(**elements: Any) -> dict[str, Any]:
    needed = {"status": "active", "intent": "order", "subject": SUBJECT}
    return {"resourceType": "ServiceRequest", **needed, **elements}


def test_a_resource_that_keeps_to_r4_has_no_faults() -> None:
    assert told(patient()) == []
    assert told(service_request(priority="asap", occurrenceDateTime="2026-11-21")) == []


@pytest.mark.parametrize("sent", [None, True, 5, "Patient", [], [patient()]])
def test_what_is_no_object_is_no_resource(sent: Any) -> None:
    says = "structure Bundle must be a resource: an object with a resourceType"
    assert told(sent, "Bundle") == [says]


def test_a_resource_says_its_type() -> None:
    needed = "required Patient needs a resourceType, the name of a resource type of R4"
    assert told({}, "Patient") == [needed]
    assert told({"id": "1"}, "Patient") == [needed]


@pytest.mark.parametrize(
    ("type_", "remedy"),
    [("Pateint", " (did you mean Patient?)"), ("Zzz", ""), (5, ""), (None, ""), ([], "")],
)
def test_a_type_that_r4_does_not_have_is_a_fault(type_: Any, remedy: str) -> None:
    says = f"structure Patient has a resourceType that is none of R4{remedy}"
    assert told({"resourceType": type_}, "Patient") == [says]


def test_of_a_type_that_is_not_kept_only_the_name_is_looked_at() -> None:
    assert told({"resourceType": "Account", "status": 5, "no": [None]}) == []


def test_an_element_of_another_name_is_told_with_the_nearest() -> None:
    assert told(service_request(PatientInstruction="Rest.")) == [
        (
            "structure ServiceRequest.PatientInstruction is not an element of ServiceRequest;"
            " take it out (did you mean patientInstruction?)"
        )
    ]
    assert told(patient(contact=[{"status": "final"}])) == [
        "structure Patient.contact[0].status is not an element of this part of Patient; take it out"
    ]


def test_a_name_that_could_be_a_persons_is_not_repeated() -> None:
    says = "structure Patient has an element that Patient has not; take it out"
    assert told(patient(**{"Jane Doe": 1, "9990000026": 2})) == [says]


@pytest.mark.parametrize(
    ("elements", "fault"),
    [
        ({"name": {"family": "Doe"}}, "structure Patient.name must be a list, even of one"),
        ({"name": "Doe"}, "structure Patient.name must be a list, even of one"),
        ({"name": ["Doe"]}, f"structure Patient.name[0] {NO_OBJECT}"),
        ({"name": [[]]}, "structure Patient.name[0] must be one value, not a list"),
        ({"gender": ["male"]}, "structure Patient.gender must be one value, not a list"),
        ({"birthDate": ["2000"]}, "structure Patient.birthDate must be one value, not a list"),
        ({"maritalStatus": [{}]}, "structure Patient.maritalStatus must be one value, not a list"),
        ({"contained": [5]}, f"structure Patient.contained[0] {NO_OBJECT}"),
        ({"name": [{"family": {"text": "Doe"}}]}, "value Patient.name[0].family must be text"),
        ({"name": [{"family": 5}]}, "value Patient.name[0].family must be text"),
    ],
)  # fmt: skip
def test_a_value_of_another_shape_is_told_what_it_must_be(
    elements: dict[str, Any], fault: str
) -> None:
    assert told(patient(**elements)) == [fault]


@pytest.mark.parametrize(
    ("elements", "where"),
    [
        ({"name": []}, "name"),
        ({"name": [{}]}, "name[0]"),
        ({"name": [{"family": ""}]}, "name[0].family"),
        ({"implicitRules": ""}, "implicitRules"),
        ({"maritalStatus": {}}, "maritalStatus"),
        ({"_birthDate": {}}, "birthDate"),
    ],
)
def test_nothing_is_empty(elements: dict[str, Any], where: str) -> None:
    says = f"structure Patient.{where} is empty, which R4 does not have; leave it out"
    assert told(patient(**elements)) == [says]


@pytest.mark.parametrize(
    ("elements", "where"),
    [
        ({"active": None}, "active"),
        ({"gender": None}, "gender"),
        ({"name": None}, "name"),
        ({"name": [None]}, "name[0]"),
        ({"name": [{"given": ["Jane", None]}]}, "name[0].given[1]"),
        ({"name": [{"given": [None], "_given": [None]}]}, "name[0].given[0]"),
        ({"maritalStatus": {"coding": [{"code": None}]}}, "maritalStatus.coding[0].code"),
    ],
)
def test_nothing_is_null(elements: dict[str, Any], where: str) -> None:
    says = f"structure Patient.{where} is null, which R4 does not have; leave it out"
    assert says in told(patient(**elements))


def test_a_null_stands_in_a_list_where_the_list_beside_it_says_something() -> None:
    extended = {"extension": [{"url": "urn:x", "valueString": "a"}]}
    name = {"given": ["Jane", None], "_given": [None, extended]}
    assert told(patient(name=[name])) == []
    assert told(patient(birthDate="2000", _birthDate=extended)) == []


@pytest.mark.parametrize(
    "day", ["1985-02-30", "2026-02-29", "1900-02-29", "2026-04-31", "26", 1985]
)
def test_a_day_is_one_of_the_calendar(day: Any) -> None:
    must = "must be a day of the calendar, as 2026, 2026-11 or 2026-11-21"
    assert told(patient(birthDate=day)) == [f"value Patient.birthDate {must}"]


@pytest.mark.parametrize("day", ["1985", "1985-02", "2024-02-29", "2000-02-29"])
def test_a_day_may_leave_out_what_is_not_known(day: str) -> None:
    assert told(patient(birthDate=day)) == []


@pytest.mark.parametrize(
    "moment", ["2026-11-21T10:15:00", "2026-11-21T25:00:00Z", "2026-02-30T10:00:00Z"]
)
def test_a_moment_has_a_time_zone(moment: str) -> None:
    must = "must be a day, or a moment with its time zone, as 2026-11-21T10:15:00Z"
    assert told(service_request(authoredOn=moment)) == [f"value ServiceRequest.authoredOn {must}"]


@pytest.mark.parametrize("number", [1.5, "5", True, 2**31])
def test_a_whole_number_is_no_fraction_and_no_text(number: Any) -> None:
    must = "must be a whole number of at most 32 bits, without quotation marks"
    said = told(observation(valueInteger=number))
    assert said == [f"value Observation.value.ofType(integer) {must}"]


@pytest.mark.parametrize("number", [0, -5, 3.0, 2**31 - 1])
def test_a_whole_number_may_be_written_with_a_point(number: float) -> None:
    assert told(observation(valueInteger=number)) == []


def test_text_may_hold_any_character() -> None:
    name = [{"family": "O\u2019Neill\u00a0Smith", "text": "\u2028 \u000b", "given": [" "]}]
    assert told(patient(name=name)) == []


@pytest.mark.parametrize(
    ("element", "codes"),
    [
        ("status", "draft, active, on-hold, revoked, completed, entered-in-error, unknown"),
        ("priority", "routine, urgent, asap, stat"),
        ("intent", INTENTS),
    ],
)
@pytest.mark.parametrize("code", ["bogus", "ACTIVE", 5, {}])
def test_a_code_that_the_schema_leaves_open_is_held_against_its_list(
    element: str, codes: str, code: Any
) -> None:
    said = told(service_request(**{element: code}))
    assert said == [f"code-invalid ServiceRequest.{element} must be one of these: {codes}"]


def test_a_long_list_of_codes_is_not_told() -> None:
    needed = {"resourceType": "Questionnaire", "status": "active"}
    must = "code-invalid Questionnaire.subjectType[0] must be one of the codes of R4"
    assert told({**needed, "subjectType": ["Patient"]}) == []
    assert told({**needed, "subjectType": ["Patent"]}) == [f"{must} (did you mean Patient?)"]
    assert told({**needed, "subjectType": ["x"]}) == [must]


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "active"},
        {"coding": [{"code": "active"}]},
        {"coding": [{"system": "http://example.org", "code": "active"}]},
    ],
)
def test_the_status_of_a_problem_is_coded_by_r4(concept: dict[str, Any]) -> None:
    condition = {"resourceType": "Condition", "subject": SUBJECT, "clinicalStatus": concept}
    system = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    codes = "active, recurrence, relapse, inactive, remission, resolved"
    assert told(condition) == [
        f"code-invalid Condition.clinicalStatus must be coded by {system} as one of these: {codes}"
    ]
    coded = {"coding": [{"code": "x"}, {"system": system, "code": "relapse"}]}
    assert told({**condition, "clinicalStatus": coded}) == []


@pytest.mark.parametrize(
    ("type_", "needed"),
    [
        ("Bundle", "type"),
        ("ServiceRequest", "subject status intent"),
        ("Observation", "code status"),
        ("QuestionnaireResponse", "status"),
        ("MessageHeader", "source event"),
        ("Task", "status intent"),
        ("Questionnaire", "status"),
        ("Communication", "status"),
        ("Consent", "category scope status"),
        ("Flag", "code subject status"),
        ("GuidanceResponse", "status module"),
    ],
)
def test_what_r4_needs_is_needed(type_: str, needed: str) -> None:
    faults = faults_of({"resourceType": type_}, type_)
    assert {one.code for one in faults} == {"required"}
    assert {one.expression for one in faults} == {f"{type_}.{name}" for name in needed.split()}


def test_a_choice_that_is_needed_is_told_with_its_types() -> None:
    header = {"resourceType": "MessageHeader", "source": {"endpoint": "urn:x"}}
    assert told(header) == ["required MessageHeader.event is needed, as eventCoding or eventUri"]
    assert told({**header, "eventUri": "urn:x"}) == []


def test_an_extension_may_say_why_what_is_needed_is_not_there() -> None:
    absent = {"extension": [{"url": "urn:why", "valueCode": "unknown"}]}
    without = {"resourceType": "Observation", "code": {"text": "a"}}
    assert told({**without, "_status": absent}) == []
    assert told({**without, "_status": {"id": 5}}) == ["value Observation.status.id must be text"]


def test_a_source_of_a_message_has_an_endpoint() -> None:
    header = {"resourceType": "MessageHeader", "source": {"name": "x"}, "eventUri": "urn:x"}
    assert told(header) == ["required MessageHeader.source.endpoint is needed"]


def test_one_of_a_choice_is_given_and_no_more() -> None:
    assert told(observation(valueInteger=5, valueString="5")) == [
        (
            "structure Observation.value is given more than once, as valueString and valueInteger;"
            " keep one"
        )
    ]
    extension = {"url": "urn:x", "valueCode": "a", "_valueString": {"id": "b"}}
    assert told(patient(extension=[extension])) == [
        (
            "structure Patient.extension[0].value is given more than once, as valueCode and"
            " valueString; keep one"
        )
    ]


def test_metadata_may_be_the_value_of_an_extension() -> None:
    extension = {"url": "urn:x", "valueMeta": {"versionId": "1"}}
    assert told(patient(extension=[extension])) == []


def test_an_address_may_have_extensions_beside_it() -> None:
    beside = {"extension": [{"url": "urn:display", "valueString": "PHQ-9"}]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    assert told({**response, "questionnaire": "urn:x", "_questionnaire": beside}) == []


def test_an_element_named_as_an_operator_of_fhirpath_stands_in_backticks() -> None:
    text = {"status": "generated", "div": ""}
    says = "structure Patient.text.`div` is empty, which R4 does not have; leave it out"
    assert told(patient(text=text)) == [says]


def test_resources_inside_are_held_against_their_own_types() -> None:
    inside = patient(contained=[observation(status="done"), {"resourceType": "Nothing"}])
    outcome = {"resourceType": "OperationOutcome"}
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"resource": inside},
            {"response": {"status": "400", "outcome": outcome}},
        ],
    }
    assert [(one.code, one.expression) for one in faults_of(bundle, "Bundle")] == [
        ("code-invalid", "Bundle.entry[0].resource.contained[0].status"),
        ("structure", "Bundle.entry[0].resource.contained[1]"),
        ("required", "Bundle.entry[1].response.outcome.issue"),
    ]


def test_resources_in_parameters_are_held_against_their_types_however_deep() -> None:
    part = {"name": "a", "part": [{"name": "b", "resource": patient(gender="x")}]}
    parameters = {"resourceType": "Parameters", "parameter": [part]}
    (fault,) = faults_of(parameters, "Parameters")
    assert fault.expression == "Parameters.parameter[0].part[0].resource.gender"


def test_expressions_begin_where_the_caller_says() -> None:
    (fault,) = faults_of(patient(gender="x"), "Bundle.entry[2].resource")
    assert fault.expression == "Bundle.entry[2].resource.gender"


def test_no_more_than_a_hundred_faults_are_told_one_by_one() -> None:
    sent = patient(name=[{"family": 5} for _ in range(20_000)])
    *faults, last = faults_of(sent, "Patient")
    assert len(faults) == 100
    assert (last.severity, last.code, last.expression) == (
        Severity.INFORMATION,
        "informational",
        "",
    )
    assert "more faults" in last.says
    assert len(faults_of(patient(name=[{"family": 5} for _ in range(100)]), "Patient")) == 100


def test_what_cannot_be_walked_is_refused_as_a_whole() -> None:
    deep: Any = patient()
    for _ in range(100_000):
        deep = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": deep}]}
    halves = patient(name=[{"family": "\ud800"}]), patient(**{"\udfff": 1})
    for sent in (deep, *halves, observation(valueInteger=10**5000), {"resourceType": 10**400}):
        (fault,) = faults_of(sent, "Bundle")
        assert (fault.severity, fault.code) == (Severity.FATAL, "structure")
        assert fault.says.startswith("cannot be read")


def test_a_number_of_more_than_64_bits_is_read_all_the_same() -> None:
    (fault,) = faults_of(observation(valueInteger=10**300), "Observation")
    assert fault.expression == "Observation.value.ofType(integer)"
    assert told(observation(valueQuantity={"value": 10**30})) == []
    sent = {"resourceType": "Questionnaire", "status": "active", "subjectType": [10**30]}
    assert [one.code for one in faults_of(sent, "Questionnaire")] == ["code-invalid"]


def test_a_fault_far_down_is_told_where_it_is() -> None:
    inner: dict[str, Any] = {"url": "urn:x", "valueString": 5}
    for _ in range(120):
        inner = {"url": "urn:x", "extension": [inner]}
    (fault,) = faults_of(patient(extension=[inner]), "Patient")
    assert fault.expression == f"Patient{'.extension[0]' * 121}.value.ofType(string)"
