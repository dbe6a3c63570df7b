"""What holds of every value whatever, and of two thousand spoilt messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import fhirpathpy
import pytest
from fhir.resources.R4B import get_fhir_model_class
from fhirpathpy.models import models
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.campaigns import share
from tests.fhir.r4.drawn import drawn
from tests.fhir.r4.mutants import mutant
from tests.fhir.r4.payloads import needs_payloads, payloads
from triage.fhir.findings import Severity
from triage.fhir.r4 import faults_of
from triage.fhir.r4.definitions import DEFINITIONS
from triage.fhir.r4.faults import VALIDATOR
from triage.fhir.r4.nested import places_within
from triage.fhir.r4.prune import KEPT
from triage.fhir.r4.readable import is_readable

TEXTS = st.text() | st.text(st.characters(categories=["Cs"]), max_size=2)
NAMES = TEXTS | st.sampled_from(["resourceType", "entry", "resource", "contained", "type"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | TEXTS
    | st.sampled_from([*KEPT, "message", "Account"])
)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=12
)


@given(JSON)
@settings(max_examples=share(2000), deadline=None)
def test_any_json_value_is_told_of(value: Any) -> None:
    assert isinstance(faults_of(value, "Bundle"), list)


@given(st.sampled_from(KEPT), st.dictionaries(NAMES, JSON, max_size=4))
@settings(max_examples=share(2000), deadline=None)
def test_any_elements_of_a_resource_are_told_of(type_: str, elements: dict[str, Any]) -> None:
    assert isinstance(faults_of({**elements, "resourceType": type_}, type_), list)


def spoilt(count: int) -> Iterator[Any]:
    """Published examples, and drawn resources, each with a few changes; seeds from nought."""
    published = payloads()
    for seed in range(count):
        random = Random(seed)
        right = drawn(KEPT[seed % len(KEPT)], random)
        yield mutant(random.choice([right, random.choice([*published, right])]), random)


def test_a_right_resource_has_no_faults_and_another_library_agrees() -> None:
    for seed in range(share(8000)):
        type_ = KEPT[seed % len(KEPT)]
        resource = drawn(type_, Random(seed))
        faults = faults_of(resource, type_)
        assert [one for one in faults if one.code != "invariant"] == [], seed
        assert refused_by_models(resource) == [], seed


def test_what_is_taken_of_spoilt_resources_another_library_takes_too() -> None:
    taken = 0
    for resource in spoilt(share(20_000)):
        type_ = resource.get("resourceType") if isinstance(resource, dict) else None
        if type_ in KEPT and not faults_of(resource, type_):
            taken += 1
            assert refused_by_models(resource) == []
    assert taken > share(1000)


def refused_by_models(resource: dict[str, Any]) -> list[Any]:
    """What the models refuse, but for metadata in extensions, which they do not know R4 to have."""
    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        return [one for one in error.errors() if "valueMeta" not in one["loc"]]
    return []


def test_a_resource_is_refused_just_where_a_fault_is_told() -> None:
    both = {True: 0, False: 0}
    for resource in spoilt(share(20_000)):
        if is_readable(resource):
            for place in places_within(resource, ""):
                if place.type and place.type in DEFINITIONS and not has_null(place.resource):
                    taken = VALIDATOR.is_valid({place.type: place.resource})
                    assert taken == (not list(DEFINITIONS[place.type].faults(place.resource, "")))
                    both[taken] += 1
    assert min(both.values()) > share(1000)


def has_null(value: Any) -> bool:
    """Nulls are right beside extensions, which no schema can say: the schema refuses them all."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        return any(one is None or has_null(one) for one in inner)
    return False


def test_the_same_faults_are_told_in_the_same_order() -> None:
    for resource in spoilt(share(1000)):
        again = json.loads(json.dumps(resource))
        assert faults_of(resource, "X") == faults_of(again, "X")


def test_a_fault_never_repeats_a_value() -> None:
    marked = "Zaphod-9990000026"
    for seed in range(share(2000)):
        random = Random(seed)
        resource = drawn(KEPT[seed % len(KEPT)], random)
        made = mutant(marked_all(resource, marked), random)
        for fault in faults_of(made, "X"):
            assert "Zaphod" not in fault.says + fault.expression
            assert "99900" not in fault.says + fault.expression


def marked_all(value: Any, mark: str) -> Any:
    """The value with every text and number in it replaced, and with elements called after it."""
    if isinstance(value, dict):
        inner = {name: marked_all(one, mark) for name, one in value.items()}
        kept = {"resourceType": value["resourceType"]} if "resourceType" in value else {}
        return {**inner, mark: mark, **kept}
    return [marked_all(one, mark) for one in value] if isinstance(value, list) else mark


@needs_payloads
def test_where_a_fault_is_evaluates_on_what_was_sent() -> None:
    """Few lead nowhere: the evaluator drops what has extensions alone, or a type of its own."""
    faults = [
        (resource, fault.expression)
        for resource in spoilt(share(1500))
        if isinstance(resource, dict) and resource.get("resourceType") in KEPT
        for fault in faults_of(resource, resource["resourceType"])[:5]
        if fault.severity is Severity.ERROR
    ]
    astray = [expression for resource, expression in faults if not leads(resource, expression)]
    assert len(faults) > share(1000)
    assert len(astray) <= len(faults) // 50, astray


def leads(resource: Any, expression: str) -> bool:
    """Does it evaluate to something, or what it is missing from?

    The evaluator does not look into the extensions of texts and numbers.
    """
    followed = expression.split(".extension", maxsplit=1)[0]
    return any(evaluated(resource, one) for one in (expression, followed, outer(followed)))


def outer(expression: str) -> str:
    """What an element is an element of. A type of a choice is no step of its own."""
    plain = re.sub(r"\.ofType\(\w+\)$", "", expression)
    return re.sub(r"(\[\d+\]|\.[^.\[\]]+)$", "", plain)


def evaluated(resource: Any, expression: str) -> list[Any]:
    found: list[Any] = fhirpathpy.evaluate(resource, expression, {}, models["r4"])
    return found


@pytest.mark.parametrize("name", ["status", "value", "item"])
def test_the_outer_of_an_expression_is_without_its_last_step(name: str) -> None:
    assert outer(f"A.b[0].{name}[1]") == f"A.b[0].{name}"
    assert outer(f"A.b[0].{name}.ofType(string)") == "A.b[0]"
