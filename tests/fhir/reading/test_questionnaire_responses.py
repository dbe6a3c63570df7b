from __future__ import annotations

from typing import Any

import pytest

from tests.fhir.messages import OWN, Resource, a_message, a_patient, a_response, an_item
from tests.fhir.reading.sending import (
    DATA_ABSENT_REASONS,
    DECLINED,
    LOINC,
    PHQ9_ITEMS,
    answers,
    errors,
    loinc,
    notes,
    other_form,
    own,
    told,
    warnings,
)
from triage.fhir.reading import MessageReader, Read

SDC = "http://hl7.org/fhir/uv/sdc/Questionnaire/questionnaire-sdc-profile-example-PHQ9"


def item(link: str, *values: Any) -> Resource:
    """An item with these answers."""
    return {"linkId": link, "answer": list(values)}


def ours(reader: MessageReader, *items: Resource, **more: Any) -> Read:
    return reader.questionnaire_response(a_response(items, **more))


def theirs(reader: MessageReader, *items: Resource, **more: Any) -> Read:
    return reader.questionnaire_response(other_form(list(items), **more))


def test_our_own_questionnaire_is_read_by_the_names_of_answers(reader: MessageReader) -> None:
    read = ours(
        reader,
        an_item("emergency_now", value=False),
        an_item("thoughts_of_harm", "regular"),
        an_item("phq9_total", 12),
        item("monitoring_review_on", {"valueDate": "2026-12-01"}),
        item("long_term_conditions", {"valueString": "asthma"}, {"valueString": "diabetes"}),
        item("adjustments", {"valueCoding": own("adjustments", "evening")}),
        item("levels.complexity", {"valueCoding": own("level", "high")}),
        item("source", {"valueCoding": own("source", "M7")}),
        an_item("patient.age", 41),
    )
    assert read.findings == ()
    assert read.body == {
        "answers": {
            "emergency_now": False,
            "thoughts_of_harm": "regular",
            "phq9_total": 12,
            "monitoring_review_on": "2026-12-01",
            "long_term_conditions": ["asthma", "diabetes"],
            "adjustments": ["evening"],
        },
        "levels": {"complexity": "high"},
        "source": "M7",
        "patient": {"age": 41},
    }


def test_places_say_where_each_entry_stood(reader: MessageReader) -> None:
    read = ours(reader, item("long_term_conditions", {"valueString": "a"}, {"valueString": "b"}))
    at = "QuestionnaireResponse.item[0].answer"
    assert read.places["answers.long_term_conditions"] == f"{at}[0].value"
    assert read.places["answers.long_term_conditions.1"] == f"{at}[1].value"


def test_items_are_numbered_from_one(reader: MessageReader) -> None:
    read = ours(reader, an_item("gad7_items.1", 3), an_item("gad7_items.7", 0))
    assert answers(read) == {"gad7_items": [3, None, None, None, None, None, 0]}


def test_a_list_of_nothing_is_an_answer(reader: MessageReader) -> None:
    read = ours(reader, item("adjustments", {"valueCoding": own("adjustments", "none")}))
    assert (answers(read), read.findings) == ({"adjustments": []}, ())


def test_items_in_items_and_in_answers_are_read(reader: MessageReader) -> None:
    inner = {"item": [an_item("intent", "some")], "valueBoolean": True}
    group = {"linkId": "group.safety", "item": [item("serious_harm_history", inner)]}
    read = ours(reader, group)
    assert answers(read) == {"serious_harm_history": True, "intent": "some"}
    assert read.findings == ()
    assert read.places["answers.intent"] == (
        "QuestionnaireResponse.item[0].item[0].answer[0].item[0].answer[0].value"
    )


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"valueInteger": 2}, 2),
        ({"valueDecimal": 2.0}, 2.0),
        ({"valueDecimal": 2.5}, 2.5),
        ({"valueQuantity": {"value": 2}}, 2),
        ({"valueCoding": {"system": LOINC, "code": "LA6570-1"}}, 2),
    ],
)
def test_a_number_may_be_sent_in_many_ways(
    reader: MessageReader, answer: Resource, value: Any
) -> None:
    assert answers(ours(reader, item("phq9_item9", answer))) == {"phq9_item9": value}


def test_a_link_that_we_have_not_is_told(reader: MessageReader) -> None:
    read = ours(reader, an_item("phq9_totl", 12), {"linkId": "group.other"})
    assert (read.body, errors(read)) == ({}, ["QuestionnaireResponse.item[0]"])
    assert "no linkId phq9_totl" in told(read)
    assert "did you mean phq9_total?" in told(read)


def test_a_value_that_cannot_be_read_is_an_error(reader: MessageReader) -> None:
    read = ours(reader, item("thoughts_of_harm", {"valueString": "regular"}))
    assert errors(read) == ["QuestionnaireResponse.item[0].answer[0].value"]
    assert "regular" not in told(read)


@pytest.mark.parametrize("before", ["", "/", "/44249-1/", "H1/T1/"])
def test_codes_of_loinc_are_links_with_or_without_a_path(
    reader: MessageReader, before: str
) -> None:
    links = [f"{before}{code}" for code in PHQ9_ITEMS]
    read = theirs(reader, *(an_item(link, 1) for link in links), an_item(f"{before}44261-6", 9))
    assert answers(read) == {"phq9_items": [1] * 9, "phq9_item9": 1, "phq9_total": 9}
    assert read.findings == ()


def test_answers_are_coded_in_loinc(reader: MessageReader) -> None:
    coded = {"valueCoding": {"system": LOINC, "code": "LA6571-9"}}
    assert answers(theirs(reader, item("/69725-0", coded)))["gad7_items"][0] == 3


@pytest.mark.parametrize("version", ["", "|1.0"])
def test_a_questionnaire_that_is_known_is_read_by_its_own_links(
    reader: MessageReader, version: str
) -> None:
    read = theirs(
        reader,
        item("H1/T1/Q9", {"valueCoding": {"code": "Several-days"}}),
        item("H1/TS", {"valueQuantity": {"value": 13}}),
        questionnaire=f"{SDC}{version}",
    )
    assert answers(read) == {"phq9_items": [None] * 8 + [1], "phq9_total": 13}
    assert read.findings == ()


def test_values_of_a_known_questionnaire_have_no_system(reader: MessageReader) -> None:
    coded = item("H1/T1/Q9", {"valueCoding": {"system": "urn:x", "code": "Several-days"}})
    assert errors(theirs(reader, coded, questionnaire=SDC))


def test_its_values_stand_for_nothing_in_other_questionnaires(reader: MessageReader) -> None:
    coded = item("/69725-0", {"valueCoding": {"code": "Several-days"}})
    assert errors(theirs(reader, coded)) == ["QuestionnaireResponse.item[0].answer[0].value"]


def test_an_unknown_questionnaire_is_named_and_passed_over(reader: MessageReader) -> None:
    read = theirs(reader, an_item("1", 3), an_item("2", 4))
    assert (read.body, warnings(read)) == ({}, ["QuestionnaireResponse"])
    assert "https://gp.example.nhs.uk/Questionnaire/intake" in told(read)


@pytest.mark.parametrize(
    "url", ["https://x.example/Questionnaire/9990000026", "Jane's form", "https://x?name=Jane", 7]
)
def test_what_could_name_a_patient_is_not_repeated(reader: MessageReader, url: Any) -> None:
    said = told(theirs(reader, an_item("1", 3), questionnaire=url))
    assert not any(word in said for word in ("9990000026", "Jane"))
    assert "passed over" in said


def test_unknown_links_beside_known_ones_are_told_once(reader: MessageReader) -> None:
    read = theirs(reader, an_item("1", 3), an_item("/44261-6", 9), an_item("2", 4))
    assert answers(read) == {"phq9_total": 9}
    assert (notes(read), warnings(read)) == (["QuestionnaireResponse.item[0]"], [])


def test_our_names_are_read_in_the_questionnaires_of_others_where_the_value_fits(
    reader: MessageReader,
) -> None:
    fits = an_item("emergency_now", value=True)
    misfit = item("veteran", {"valueString": "No"})
    read = theirs(reader, fits, misfit)
    assert answers(read) == {"emergency_now": True}
    assert (errors(read), warnings(read)) == ([], ["QuestionnaireResponse.item[1].answer[0].value"])


@pytest.mark.parametrize("link", ["plan", "harm_towards", "phq9_item9", "phq9_items.9"])
def test_no_answer_about_danger_is_passed_over_in_the_questionnaires_of_others(
    reader: MessageReader, link: str
) -> None:
    read = theirs(reader, item(link, {"valueString": "Every day"}))
    assert (answers(read), errors(read)) == ({}, ["QuestionnaireResponse.item[0].answer[0].value"])


def test_without_a_canonical_url_our_names_are_ours(reader: MessageReader) -> None:
    response = a_response([item("plan", {"valueString": "active"})])
    del response["questionnaire"]
    assert errors(reader.questionnaire_response(response))


@pytest.mark.parametrize(
    "declined",
    [
        {"linkId": "substance_use", "extension": [DECLINED]},
        item("substance_use", {"extension": [DECLINED]}),
        item("substance_use", {"_valueCoding": {"extension": [DECLINED]}}),
        item("substance_use", {"valueCoding": {"extension": [DECLINED]}}),
        item("substance_use", {"valueCoding": {"system": DATA_ABSENT_REASONS,
                                               "code": "asked-declined"}}),
        item("declined", {"valueCoding": own("answer", "substance_use")}),
        item("declined", {"valueString": "substance_use"}),
    ],
)  # fmt: skip
def test_a_question_may_be_declined(reader: MessageReader, declined: Resource) -> None:
    read = ours(reader, declined)
    assert [one for one in read.findings if one.refuses] == []
    assert read.body["declined"] == ["substance_use"]
    assert read.places["declined.0"].startswith("QuestionnaireResponse.item[0]")


def test_a_value_that_is_withheld_was_not_asked(reader: MessageReader) -> None:
    masked = {"extension": [{**DECLINED, "valueCode": "masked"}]}
    read = ours(reader, item("long_term_conditions", masked))
    assert (read.body, notes(read)) == ({}, ["QuestionnaireResponse.item[0].answer[0]"])


def test_what_was_entered_in_error_is_passed_over(reader: MessageReader) -> None:
    read = ours(reader, an_item("phq9_total", 12), status="entered-in-error")
    assert (read.body, notes(read)) == ({}, ["QuestionnaireResponse.status"])


def test_the_day_it_was_written_is_the_day_of_its_scores(reader: MessageReader) -> None:
    authored = "2026-11-02T10:00:00Z"
    read = ours(reader, an_item("phq9_total", 12), an_item("plan", "none"), authored=authored)
    day = "2026-11-02"
    expected = {"phq9_total": 12, "phq9_on": day, "plan": "none", "risk_asked_on": day}
    assert answers(read) == expected
    assert read.places["answers.phq9_on"] == "QuestionnaireResponse.authored"


def test_a_day_that_is_answered_counts_before_the_day_it_was_written(
    reader: MessageReader,
) -> None:
    stated = item("phq9_on", {"valueDate": "2026-10-01"})
    read = ours(reader, stated, an_item("phq9_total", 12), authored="2026-11-02T10:00:00Z")
    assert answers(read) == {"phq9_total": 12, "phq9_on": "2026-10-01"}
    assert read.places["answers.phq9_on"] == "QuestionnaireResponse.item[0].answer[0].value"


@pytest.mark.parametrize("day", ["2026-10", "2026-02-31", "last week"])
def test_a_day_that_is_no_day_stays_as_it_was_sent(reader: MessageReader, day: str) -> None:
    stated = item("phq9_on", {"valueDate": day})
    read = ours(reader, stated, an_item("phq9_total", 12), authored="2026-11-02T10:00:00Z")
    assert answers(read) == {"phq9_total": 12, "phq9_on": day}


def test_parameters_hold_a_response_and_more(reader: MessageReader) -> None:
    response = a_response([an_item("phq9_total", 12)], subject={"reference": "Patient/me"})
    score = loinc("70274-6", 9, subject={"reference": "Patient/me"})
    sent = [response, {**a_patient(), "id": "me"}, score]
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "in", "resource": one} for one in sent],
    }
    read = reader.questionnaire_response(parameters)
    assert answers(read) == {"phq9_total": 12, "gad7_total": 9}
    assert (read.body["patient"]["birth_date"], read.findings) == ("1985-02-01", ())
    assert read.places["answers.gad7_total"] == "Parameters.parameter[2].resource.value"


@pytest.mark.parametrize("sent", [None, 7, [], {}, {"resourceType": "Patient"}])
def test_what_is_neither_a_response_nor_parameters_is_refused(
    reader: MessageReader, sent: Any
) -> None:
    read = reader.questionnaire_response(sent)
    assert [one.code for one in read.findings if one.refuses] == ["structure"]


def test_a_message_is_no_response_and_is_read_for_danger(reader: MessageReader) -> None:
    read = reader.questionnaire_response(a_message({"emergency_now": True}))
    assert [one.code for one in read.findings if one.refuses] == ["structure"]
    assert answers(read) == {"emergency_now": True}


def test_parameters_without_a_response_are_refused(reader: MessageReader) -> None:
    read = reader.questionnaire_response({"resourceType": "Parameters"})
    assert [one.code for one in read.findings if one.refuses] == ["required"]


def test_a_reader_of_our_questionnaires_knows_them_by_their_address(
    reader: MessageReader,
) -> None:
    for name in ("phq9", "gad7", "anything"):
        url = f"{OWN}/Questionnaire/{name}|2026.1"
        assert errors(ours(reader, an_item("unknown", 1), questionnaire=url))


@pytest.mark.parametrize(
    "url", ["http://referral-triage.example/fhir/Questionnaire/x/", f"{OWN}/x"]
)
def test_our_address_is_known_however_it_is_spelt(reader: MessageReader, url: str) -> None:
    assert errors(ours(reader, an_item("emergency_nov", value=True), questionnaire=url))


@pytest.mark.parametrize(
    "beside",
    [
        {"extension": [DECLINED]},
        {"_valueBoolean": {"extension": [DECLINED]}},
        {"extension": [{**DECLINED, "valueCode": "masked"}]},
    ],
)
def test_a_value_counts_beside_a_reason_why_there_is_none(
    reader: MessageReader, beside: Resource
) -> None:
    read = ours(reader, item("emergency_now", {"valueBoolean": True, **beside}))
    assert (read.body["answers"], "declined" in read.body) == ({"emergency_now": True}, False)
    assert (warnings(read), errors(read)) == (["QuestionnaireResponse.item[0].answer[0]"], [])


def test_a_coding_counts_beside_a_reason_why_there_is_none(reader: MessageReader) -> None:
    coding = {**own("thoughts_of_harm", "frequent"), "extension": [DECLINED]}
    read = ours(reader, item("thoughts_of_harm", {"valueCoding": coding}))
    assert answers(read) == {"thoughts_of_harm": "frequent"}
    assert (warnings(read), errors(read)) == (["QuestionnaireResponse.item[0].answer[0]"], [])


def test_an_item_that_is_declined_and_answered_is_answered(reader: MessageReader) -> None:
    read = ours(reader, {**an_item("emergency_now", value=True), "extension": [DECLINED]})
    assert (answers(read), "declined" in read.body) == ({"emergency_now": True}, False)
    assert (warnings(read), errors(read)) == (["QuestionnaireResponse.item[0]"], [])
