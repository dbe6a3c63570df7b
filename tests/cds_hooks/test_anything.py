"""Whatever is sent, it is answered: with cards that keep to the standard, or with what is wrong."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.cds_hooks import HOOKS
from tests.campaigns import share
from tests.cds_hooks.calls import (
    GAD7,
    ITEM_9,
    PHQ9,
    SERVICES,
    SUBJECT,
    a_call,
    a_score,
    a_screening,
    an_order,
    found,
    prefetched,
)
from tests.cds_hooks.cards import check
from tests.cds_hooks.desk import Desk
from tests.cds_hooks.mutating import mutated
from triage.rulebook import Rulebook

MUTATIONS = 4000

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="_"), max_size=8)
"""Beside a name with ``_`` before it null has a meaning in a list (R4), and is kept."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)


def a_full_call(hook: str, rulebook: Rulebook) -> dict[str, Any]:
    """A call with something of everything that may be in one."""
    condition = {
        "resourceType": "Condition",
        "id": "condition-1",
        "subject": SUBJECT,
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "F43.1"}]},
        "onsetDateTime": "2024-02-29",
    }
    flag = {"resourceType": "Flag", "status": "active", "subject": SUBJECT, "code": {"text": "x"}}
    orders = (
        an_order(reasonReference=[{"reference": "Condition/condition-1"}], priority="routine"),
        an_order("Crisis team", id="order-2", performer=[{"display": "Doncaster crisis team"}]),
    )
    screening = a_screening(rulebook.vocabulary, thoughts_of_harm="regular", intent="some")
    scores = (a_score(PHQ9, 12), a_score(ITEM_9, 1), a_score(GAD7, 9))
    prefetch = prefetched(*scores, screening, conditions=found(condition), flags=found(flag))
    return a_call(hook, *orders, prefetch=prefetch)


def answered(desk: Desk, hook: str, body: Any) -> int:
    """The status of an answer, which is right whatever it is."""
    answer = desk.post(f"/cds-services/{SERVICES[hook]}", body)
    assert answer.status_code in {200, 400, 412}, answer.get_data(as_text=True)
    if answer.status_code == 200:
        check(answer.get_json()["cards"])
    return answer.status_code


def test_calls_that_were_changed_anywhere_are_answered(desk: Desk, rulebook: Rulebook) -> None:
    calls = {hook: a_full_call(hook, rulebook) for hook in HOOKS}
    statuses: Counter[int] = Counter()
    for seed in range(share(MUTATIONS)):
        hook = HOOKS[seed % len(HOOKS)]
        statuses[answered(desk, hook, mutated(calls[hook], seed))] += 1
    assert set(statuses) == {200, 400, 412}


@given(prefetch=st.dictionaries(st.sampled_from(["patient", "phq9", "flags", "x"]), JSON))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_at_all_may_be_prefetched(desk: Desk, prefetch: dict[str, Any]) -> None:
    whole = {**prefetched(), **prefetch}
    for hook in HOOKS:
        answered(desk, hook, a_call(hook, prefetch=whole))


@given(entry=st.lists(st.dictionaries(TEXT, JSON), max_size=3))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_at_all_may_be_ordered(desk: Desk, entry: list[Any]) -> None:
    call = a_call("order-sign")
    call["context"]["draftOrders"]["entry"] += [{"resource": one} for one in entry]
    answered(desk, "order-sign", call)


@given(order=st.dictionaries(st.sampled_from(["note", "x", "quantityQuantity"]), JSON))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_suggested_keeps_whatever_stood_in_the_order(
    desk: Desk, order: dict[str, Any]
) -> None:
    answered(desk, "order-sign", a_call("order-sign", an_order(**order)))


@given(body=JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_at_all_may_be_sent(desk: Desk, body: Any) -> None:
    for path in ("triage-order-sign", "triage-order-sign/feedback"):
        assert desk.post(f"/cds-services/{path}", body).status_code == 400
