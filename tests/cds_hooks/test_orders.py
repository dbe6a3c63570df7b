from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from schemas.cds_hooks import ORDER_SELECT, ORDER_SIGN, HookCall
from tests.cds_hooks.calls import PATIENT, Resource, an_order, drafts
from triage.cds_hooks.orders import OrderFinder
from triage.fhir.own import Own
from triage.rulebook import Rulebook


@pytest.fixture(scope="module")
def finder(rulebook: Rulebook) -> OrderFinder:
    return OrderFinder(rulebook)


def ids(finder: OrderFinder, *orders: Resource, selections: list[str] | None = None) -> list[Any]:
    """The ids of those of the orders that ask for a service of ours."""
    hook = ORDER_SIGN if selections is None else ORDER_SELECT
    chosen = None if selections is None else tuple(selections)
    call = HookCall(hook, uuid4(), "Practitioner/1", PATIENT, drafts(*orders), chosen)
    return [one.id for one in finder.ours(call)]


@pytest.mark.parametrize(
    "text",
    [
        "Referral to talking therapies",
        "NHS Talking Therapies (self-help)",
        "IAPT",
        "iapt: assessment",
        "Refer for CBT",
        "Psychological  Therapies",
        "Community mental health team",
        "CMHT - urgent",
        "Crisis team",
        "Home treatment team",
        "Substance misuse service",
        "Drug and alcohol service",
        "Referral to counselling",
        "Guided self help",
        "Young people's Mental Health Service",
        "Psychiatric referral",
        "Liaison psychiatry",
        "Psychology referral",
        "Mental-health team",
        "Counselling",
        "CRISIS TEAM",
        "Home-based treatment team",
        "Early intervention in psychosis",
        "Eating disorder service",
        "C.B.T.",
        "Drug & alcohol service",
        "Drugs and alcohol service",
        "Cognitive-behavioural therapy (CBT)",
    ],
)
def test_an_order_is_known_by_the_words_that_practices_use(finder: OrderFinder, text: str) -> None:
    assert ids(finder, an_order(text)) == ["order-1"]
    coding = {"system": "urn:local", "code": "1", "display": text}
    assert ids(finder, an_order(code={"coding": [coding]})) == ["order-1"]
    assert ids(finder, an_order("Referral", orderDetail=[{"text": text}])) == ["order-1"]
    assert ids(finder, an_order("Referral", performer=[{"display": text}])) == ["order-1"]


@pytest.mark.parametrize(
    "text",
    [
        "Full blood count",
        "Drug and alcohol screen, urine",
        "Genetic counselling",
        "Refer to genetic counselling service",
        "Home treatment of wounds",
        "Diapthong clinic",
        "Physiotherapy",
        "IAPT outcome report",
        "CBT insurance form",
        "Do not refer to talking therapies",
        "Discharge from CMHT",
        "ECG for CMHT",
        "Bereavement visit: counselling",
        "Genetics: psychological support",
        "Sickle cell crisis",
        "",
    ],
)
def test_an_order_for_something_else_is_left_alone(finder: OrderFinder, text: str) -> None:
    assert ids(finder, an_order(text)) == []


def test_why_an_order_is_made_does_not_say_what_it_is_for(finder: OrderFinder) -> None:
    reasons = [{"text": "Waiting for talking therapies"}]
    order = an_order("Full blood count", reasonCode=reasons, note=[{"text": "CBT has begun"}])
    assert ids(finder, order) == []


def test_a_code_or_a_team_of_ours_says_it_without_words(
    finder: OrderFinder, rulebook: Rulebook
) -> None:
    own = Own.of(rulebook.vocabulary)
    team = rulebook.directory.services[1]
    coded = an_order(code={"coding": [{"system": own.system("route"), "code": "iapt_step_2"}]})
    by_id = {"identifier": {"system": own.identifier("team"), "value": team.id}}
    addressed = an_order("Referral", performer=[by_id])
    named = an_order("Referral", performer=[{"display": f" {team.name.upper()}"}])
    for order in (coded, addressed, named):
        assert ids(finder, order) == ["order-1"]


def test_a_code_of_ours_stands_whatever_the_words_beside_it(
    finder: OrderFinder, rulebook: Rulebook
) -> None:
    system = Own.of(rulebook.vocabulary).system("route")
    code = {"coding": [{"system": system, "code": "crisis"}], "text": "After discharge from ward"}
    assert ids(finder, an_order(code=code)) == ["order-1"]


def test_what_an_order_is_for_outweighs_whom_it_names(finder: OrderFinder) -> None:
    assert ids(finder, an_order("ECG", performer=[{"display": "CMHT"}])) == []


def test_a_code_without_words_is_known_by_the_table_only(finder: OrderFinder) -> None:
    snomed = {"system": "http://snomed.info/sct", "code": "390866009"}
    assert ids(finder, an_order(code={"coding": [snomed]})) == []
    named = {**snomed, "display": "Referral to mental health team"}
    assert ids(finder, an_order(code={"coding": [named]})) == ["order-1"]


def test_codes_and_teams_of_others_do_not(finder: OrderFinder) -> None:
    coded = an_order(code={"coding": [{"system": "urn:other", "code": "iapt_step_2"}]})
    by_id = {"identifier": {"system": "urn:other", "value": "doncaster-cmht"}}
    assert ids(finder, coded, an_order("Referral", performer=[by_id])) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "active"},
        {"status": None},
        {"doNotPerform": True},
        {"resourceType": "Task"},
    ],
)
def test_only_a_draft_that_is_to_be_done_counts(
    finder: OrderFinder, changed: dict[str, Any]
) -> None:
    assert ids(finder, an_order(**changed)) == []


def test_where_orders_are_selected_only_those_count(finder: OrderFinder) -> None:
    orders = [an_order(id="a"), an_order(id="b"), an_order("Full blood count", id="c")]
    assert ids(finder, *orders, selections=["ServiceRequest/b", "ServiceRequest/c"]) == ["b"]
    assert ids(finder, *orders, selections=["MedicationRequest/a"]) == []
    assert ids(finder, *orders) == ["a", "b"]
