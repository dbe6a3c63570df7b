from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

import pytest

from tests.builders import referral_builder
from tests.fhir.writing.referred import OF_TWO_TEAMS, SOMEBODY, TOLD, Desk
from triage.domain.referral import Patient
from triage.fhir.writing import DecisionWriter

OWN = "https://referral-triage.example/fhir"


def test_the_patient_has_what_a_referral_has_and_no_more(
    desk: Desk, writer: DecisionWriter
) -> None:
    found = writer.person(desk.refer_somebody())
    assert found is not None
    del found["id"]
    assert found == {
        "resourceType": "Patient",
        "extension": [
            {
                "url": (
                    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
                ),
                "valueCodeableConcept": {
                    "coding": [
                        {
                            "system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory",
                            "code": "A",
                        }
                    ]
                },
            }
        ],
        "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}],
        "gender": "female",
        "birthDate": "1985-02-01",
        "address": [{"postalCode": "DN1 1AA"}],
    }


@pytest.mark.parametrize(
    ("code", "gender"), [("1", "male"), ("2", "female"), ("9", "other"), ("X", "unknown")]
)
def test_every_gender_has_its_word_in_r4(
    desk: Desk, writer: DecisionWriter, code: str, gender: str
) -> None:
    patient = replace(SOMEBODY, gender=code)
    found = writer.person(desk.refer(replace(referral_builder().build(), patient=patient)))
    assert found is not None
    assert found["gender"] == gender


def test_of_somebody_unknown_nothing_is_said(desk: Desk, writer: DecisionWriter) -> None:
    found = writer.person(desk.refer(replace(referral_builder().build(), patient=Patient())))
    assert found is not None
    assert found.keys() == {"resourceType", "id"}


def test_who_was_erased_is_no_patient(desk: Desk, writer: DecisionWriter) -> None:
    assert writer.person(desk.erased(desk.refer_somebody())) is None


def test_a_team_can_be_called(desk: Desk, writer: DecisionWriter) -> None:
    found = writer.team(desk.overridden(desk.refer_somebody(), "cmht", "soon"))
    assert found["name"] == "Doncaster community mental health team"
    assert found["identifier"] == [{"system": f"{OWN}/Id/team", "value": "doncaster-cmht"}]
    (telecom,) = found["telecom"]
    assert (telecom["system"], telecom["value"]) == ("phone", "01632 960004")
    assert telecom["extension"][0]["valueString"].startswith("Monday to Friday, 9 to 5")


def test_provenance_names_software_rulebook_and_entry(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS)
    found, decision = writer.provenance(referred), referred.decision
    assert found["recorded"] == decision["decided_at"]
    assert found["policy"] == [f"{OWN}/PlanDefinition/doncaster|{decision['rulebook']['version']}"]
    (agent,) = found["agent"]
    assert agent["who"]["display"] == f"referral-triage {version('referral-triage')}"
    assert agent["type"]["coding"][0]["code"] == "assembler"
    assert {one["role"] for one in found["entity"]} == {"source"}
    assert [one["what"]["identifier"] for one in found["entity"]] == [
        {"system": f"{OWN}/Id/rulebook", "value": decision["rulebook"]["digest"]},
        {"system": f"{OWN}/Id/entry", "value": str(decision["sequence"])},
    ]


def test_provenance_is_of_everything_that_was_decided(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody(**OF_TWO_TEAMS)
    tasks = [f"Task/{one['id']}" for one in writer.tasks(referred)]
    assert [one["reference"] for one in writer.provenance(referred)["target"]] == [
        f"GuidanceResponse/{referred.id}",
        f"ServiceRequest/{referred.id}",
        *tasks,
    ]


def test_the_referrer_is_told_in_plain_words(desk: Desk, writer: DecisionWriter) -> None:
    referred = desk.refer_somebody()
    found = writer.communication(referred, TOLD)
    assert (found["status"], found["sent"]) == ("completed", referred.decision["decided_at"])
    assert found["payload"] == [{"contentString": TOLD}]
    assert found["about"] == [{"reference": f"ServiceRequest/{referred.id}"}]
    assert found["recipient"] == [
        {
            "type": "Organization",
            "identifier": {
                "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                "value": "C86001",
            },
            "display": "A Doncaster practice",
        }
    ]


def test_who_refers_themselves_is_told_themselves(desk: Desk, writer: DecisionWriter) -> None:
    referral = replace(referral_builder().from_source("Q1").build(), patient=SOMEBODY)
    found = writer.communication(desk.refer(referral), TOLD)
    assert found["recipient"] == [found["subject"]]
