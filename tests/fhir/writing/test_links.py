from __future__ import annotations

from tests.fhir.writing.referred import OF_TWO_TEAMS, Desk
from triage.fhir.writing.links import LEAD, OUTCOME, PATIENT, SERVICE_REQUEST, Links, names

DECISION_ID = "6f1c2d0a-7f0b-4c54-9a43-2f6c6f0f6c1d"


def test_a_name_has_the_same_address_for_ever() -> None:
    links = Links.among([LEAD, SERVICE_REQUEST], DECISION_ID, in_message=True)
    assert links.to(LEAD) == {"reference": "urn:uuid:325d65ba-9a4b-52e7-8dd5-d7bc5740599c"}
    assert links.full_url(SERVICE_REQUEST) != f"urn:uuid:{DECISION_ID}"


def test_outside_a_message_a_reference_is_a_type_and_an_id() -> None:
    links = Links.among([LEAD, SERVICE_REQUEST, PATIENT], DECISION_ID, in_message=False)
    assert links.to(LEAD) == {"reference": f"Task/{links.id(LEAD)}"}
    assert links.to(SERVICE_REQUEST) == {"reference": f"ServiceRequest/{DECISION_ID}"}
    assert links.to(PATIENT) == {}


def test_nothing_leads_to_what_is_not_there() -> None:
    assert Links.among([LEAD], DECISION_ID, in_message=True).to(OUTCOME) == {}


def test_every_name_of_a_referral_is_another(desk: Desk) -> None:
    found = names(desk.refer_somebody(**OF_TWO_TEAMS, phq9_item9=1))
    links = Links.among(found, DECISION_ID, in_message=True)
    assert len(set(found)) == len(found) == len(set(links.uuids.values()))
