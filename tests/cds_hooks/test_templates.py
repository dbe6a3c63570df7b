from __future__ import annotations

import re
from urllib.parse import parse_qs

from triage.cds_hooks.services import services_of
from triage.cds_hooks.templates import TOKEN, filled, templates_of
from triage.rulebook import Rulebook


def codes_of(template: str) -> set[str]:
    (listed,) = parse_qs(template.partition("?")[2])["code"]
    return set(listed.split(","))


def test_every_hook_has_a_service_that_says_what_it_needs(rulebook: Rulebook) -> None:
    services = services_of(rulebook)["services"]
    assert {(one["id"], one["hook"]) for one in services} == {
        ("triage-order-select", "order-select"),
        ("triage-order-sign", "order-sign"),
        ("triage-patient-view", "patient-view"),
    }
    for one in services:
        assert one["title"]
        assert one["description"]
        assert one["prefetch"]["patient"] == "Patient/{{context.patientId}}"


def test_every_national_code_of_a_measure_is_asked_for(rulebook: Rulebook) -> None:
    templates = templates_of(rulebook)
    assert {"http://loinc.org|44261-6", "http://snomed.info/sct|720433000"} <= codes_of(
        templates["phq9"]
    )
    assert "http://loinc.org|44260-8" in codes_of(templates["phq9"])
    assert "http://loinc.org|69736-7" in codes_of(templates["gad7"])
    assert "http://snomed.info/sct|443280005" in codes_of(templates["audit"])
    asked = {each for one in templates.values() if "code=" in one for each in codes_of(one)}
    systems = rulebook.vocabulary.messages.systems
    for answer in rulebook.vocabulary.answers.values():
        if answer.group == "measures":
            for system, code in answer.codes.items():
                assert f"{systems[system]}|{code}" in asked
            for system, items in answer.item_codes.items():
                assert {f"{systems[system]}|{each}" for each in items} <= asked


def test_a_measure_without_a_national_code_is_asked_for_by_our_own(rulebook: Rulebook) -> None:
    (code,) = codes_of(templates_of(rulebook)["wsas"])
    assert code.endswith("/CodeSystem/answer|wsas_total")


def test_our_questionnaires_and_known_ones_are_asked_for(rulebook: Rulebook) -> None:
    query = parse_qs(templates_of(rulebook)["questionnaireResponses"].partition("?")[2])
    (urls,) = query["questionnaire"]
    assert any(one.endswith("/Questionnaire/referral-screening") for one in urls.split(","))
    assert set(rulebook.vocabulary.messages.questionnaires) <= set(urls.split(","))


def test_templates_keep_to_what_the_standard_recommends(rulebook: Rulebook) -> None:
    """No modifier but ``:in``, no token but those of the context, no other parameter of control."""
    for template in templates_of(rulebook).values():
        assert re.findall(r"\{\{(.*?)\}\}", template) == ["context.patientId"]
        path, _, query = template.partition("?")
        if not query:
            assert path == f"Patient/{TOKEN}"
            continue
        assert path.isalpha()
        names = set(parse_qs(query))
        assert names <= {"patient", "code", "questionnaire", "clinical-status", "_sort", "_count"}
        assert {"patient", "_count"} <= names


def test_a_template_is_filled_with_the_patient_and_nothing_else(rulebook: Rulebook) -> None:
    for template in templates_of(rulebook).values():
        path = filled(template, "p.1-a")
        assert "{" not in path
        assert path.count("p.1-a") == 1
