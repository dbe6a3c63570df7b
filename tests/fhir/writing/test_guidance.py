from __future__ import annotations

from typing import Any

from tests.builders import nothing_asked, referral_builder
from tests.fhir.writing.oracles import check
from tests.fhir.writing.referred import OF_TWO_TEAMS, OVERRIDE_ID, Desk
from triage.domain.rules import LEVELS
from triage.fhir.plan_definition import plan_definition_of
from triage.fhir.questionnaires import questionnaires_of
from triage.fhir.writing import NOTHING_KNOWN, Answering, DecisionWriter
from triage.rulebook import Rulebook

OWN = "https://referral-triage.example/fhir"


def parameters(guidance: dict[str, Any]) -> list[dict[str, Any]]:
    """The output parameters of guidance."""
    id_ = guidance["outputParameters"]["reference"].removeprefix("#")
    (found,) = (one for one in guidance["contained"] if one["id"] == id_)
    listed: list[dict[str, Any]] = found["parameter"]
    return listed


def named(guidance: dict[str, Any], name: str) -> dict[str, Any]:
    """The one output parameter of a name."""
    (found,) = (one for one in parameters(guidance) if one["name"] == name)
    return found


def codes(guidance: dict[str, Any], name: str) -> list[str]:
    """The codes that begin the output parameters of a name that have parts."""
    parts = [one["part"][0] for one in parameters(guidance) if one["name"] == name]
    return [one["valueCoding"]["code"] for one in parts]


def test_it_gives_every_reason_in_its_order(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1)
    found = writer.guidance_response(referred)
    reasons = [one["because"] for one in referred.decision["reasoning"]]
    assert [one["text"] for one in found["note"]] == reasons
    titles = {one["title"] for one in referred.decision["reasoning"]} - set(reasons)
    assert not titles & {one["text"] for one in found["note"]}


def test_it_is_the_decision(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1)
    decision, found = referred.decision, writer.guidance_response(referred)
    assert (found["id"], found["status"]) == (referred.id, "success")
    assert found["occurrenceDateTime"] == decision["decided_at"]
    assert found["reasonCode"][0]["coding"][0]["code"] == decision["route"]["id"]
    assert named(found, "decision-id")["valueId"] == referred.id
    assert named(found, "sequence")["valueInteger"] == decision["sequence"]
    assert named(found, "route")["valueCoding"]["code"] == "cmht"
    assert named(found, "urgency")["valueCoding"]["code"] == decision["urgency"]
    assert named(found, "status")["valueCode"] == decision["status"]
    assert named(found, "booking-held")["valueBoolean"] is True
    assert named(found, "respond-by")["valueDateTime"] == decision["route"]["respond_by"]
    assert named(found, "team")["valueReference"]["identifier"]["value"] == "doncaster-cmht"
    assert named(found, "rulebook")["valueString"] == decision["rulebook"]["digest"]
    assert codes(found, "also-indicated") == ["substance_misuse"]
    assert codes(found, "alert") == [one["id"] for one in decision["alerts"]]
    assert codes(found, "action") == [one["id"] for one in decision["actions"]]


def test_no_level_is_among_its_parameters(desk: Desk, writer: DecisionWriter) -> None:
    found = writer.guidance_response(desk.refer_somebody())
    values = [str(one.get("valueCoding", one)) for one in parameters(found)]
    assert not any(f"'{level}'" in value for level in LEVELS for value in values)


def test_its_module_is_the_plan_of_the_rulebook(
    desk: Desk, writer: DecisionWriter, rulebook: Rulebook
) -> None:
    plan = plan_definition_of(rulebook, lambda _rule: _NO_WORDS)
    module = writer.guidance_response(desk.refer_somebody())["moduleCanonical"]
    assert module == f"{plan['url']}|{plan['version']}"


def test_what_is_missing_is_required_and_where_it_is_asked(
    desk: Desk, writer: DecisionWriter, rulebook: Rulebook
) -> None:
    referred = desk.refer(nothing_asked().build())
    found = writer.guidance_response(referred)
    assert found["status"] == "data-required"
    missing = referred.decision["missing"]
    assert len(found["dataRequirement"]) == len(missing)
    (needed,) = (one for one in found["dataRequirement"] if code_of(one) == "phq9_total")
    asked = next(one for one in missing if one["answer"] == "phq9_total")
    assert needed["type"] == "Observation"
    assert needed["codeFilter"][0]["path"] == "code"
    assert needed["codeFilter"][0]["code"] == [
        {
            "system": f"{OWN}/CodeSystem/answer",
            "code": "phq9_total",
            "display": asked["question"],
        },
        {"system": "http://loinc.org", "code": "44261-6"},
        {"system": "http://snomed.info/sct", "code": "720433000"},
    ]
    assert needed["extension"][0]["valueString"] == asked["why"]
    screening = questionnaires_of(rulebook)["referral-screening"]
    assert [one for one in found["extension"] if one["url"].endswith("/questionnaire")] == [
        {
            "url": f"{OWN}/StructureDefinition/questionnaire",
            "valueCanonical": f"{screening['url']}|{screening['version']}",
        },
        {
            "url": f"{OWN}/StructureDefinition/questionnaire",
            "valueReference": {"reference": "Questionnaire/referral-screening"},
        },
    ]


def code_of(needed: dict[str, Any]) -> str | None:
    """The answer that a data requirement asks for; None where it is no answer."""
    filters = needed.get("codeFilter")
    return filters[0]["code"][0]["code"] if filters else None


def test_what_is_no_answer_is_required_of_its_own_resource(
    desk: Desk, writer: DecisionWriter
) -> None:
    referred = desk.refer(referral_builder().of_patient().from_source(None).build())
    asked = {one["answer"] for one in referred.decision["missing"]}
    assert "patient.birth_date" in asked
    found = writer.guidance_response(referred)["dataRequirement"]
    elsewhere = [(one["type"], one["mustSupport"]) for one in found if code_of(one) is None]
    assert ("Patient", ["birthDate"]) in elsewhere


def test_the_source_is_required_of_the_request(desk: Desk, writer: DecisionWriter) -> None:
    missing = [{"answer": "source", "question": "Who refers?", "why": "could still matter"}]
    referred = desk.decided(desk.refer_somebody(), missing=missing)
    (found,) = writer.guidance_response(referred)["dataRequirement"]
    assert (found["type"], found["mustSupport"]) == ("ServiceRequest", ["requester"])
    assert [one["valueString"] for one in found["extension"]] == [
        "Who refers?",
        "could still matter",
    ]


def test_what_is_missing_is_said_whatever_the_status(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(wsas_total=None)
    found = writer.guidance_response(referred)
    assert found["status"] == "success"
    assert len(found["dataRequirement"]) == len(referred.decision["missing"]) > 0
    assert found["extension"]


def test_where_nothing_is_missing_nothing_is_asked(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.decided(desk.refer_somebody(), missing=[])
    assert not {"dataRequirement", "extension"} & writer.guidance_response(referred).keys()


def test_alerts_are_warnings_in_its_messages(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(phq9_item9=1)
    found = writer.guidance_response(referred)
    (message,) = found["evaluationMessage"]
    (outcome,) = (one for one in found["contained"] if f"#{one['id']}" == message["reference"])
    assert {one["severity"] for one in outcome["issue"]} == {"warning"}
    assert [one["details"]["text"] for one in outcome["issue"]] == [
        one["because"] for one in referred.decision["alerts"]
    ]


def test_without_alerts_there_are_no_messages(desk: Desk, writer: DecisionWriter) -> None:
    assert "evaluationMessage" not in writer.guidance_response(desk.refer_somebody())


def test_it_answers_the_message_or_the_decision(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    of_message = writer.guidance_response(referred, Answering(message_id="urn:theirs|a 1"))
    assert of_message["requestIdentifier"] == {"system": "urn:theirs", "value": "a 1"}
    for id_ in ("a-message", "|a-message", "of us|a-message", "a-message| "):
        of_message = writer.guidance_response(referred, Answering(message_id=id_))
        assert of_message["requestIdentifier"] == {"value": id_}
    alone = writer.guidance_response(referred)
    assert alone["requestIdentifier"]["value"] == referred.id


def test_an_override_leaves_the_decision_as_it_was_and_stands_beside_it(
    desk: Desk, writer: DecisionWriter
) -> None:
    before = desk.refer_somebody()
    found = writer.guidance_response(desk.overridden(before, "crisis", "very_urgent"))
    assert named(found, "route")["valueCoding"]["code"] == "iapt_step_2"
    stands = {one["name"]: one for one in named(found, "stands")["part"]}
    assert stands["route"]["valueCoding"]["code"] == "crisis"
    assert stands["urgency"]["valueCoding"]["code"] == "very_urgent"
    assert stands["override-id"]["valueId"] == OVERRIDE_ID
    assert "stands" not in {one["name"] for one in parameters(writer.guidance_response(before))}


def test_a_what_if_is_guidance_on_nothing_that_is_kept(desk: Desk, writer: DecisionWriter) -> None:
    asked = referral_builder(wsas_total=None).build()
    decision = desk.decider.decide(asked).as_dict()
    found = writer.guidance_of_what_if(decision, desk.decider.known(asked), NOTHING_KNOWN)
    check(found)
    assert not {"id", "identifier", "requestIdentifier"} & found.keys()
    assert found["subject"]["display"] == "The person whom the answers are about"
    assert named(found, "route")["valueCoding"]["code"] == decision["route"]["id"]
    assert not {"decision-id", "sequence"} & {one["name"] for one in parameters(found)}
    assert [one["text"] for one in found["note"]] == [
        one["because"] for one in decision["reasoning"]
    ]


class _NoWords:
    """A rule that is not said in words."""

    when, says, then = "always", (), ()


_NO_WORDS: Any = _NoWords()
