"""The tables of R4's codes, needs and choices, held against the models of another library."""

from __future__ import annotations

import pytest

from tests.fhir.r4.models import BROKEN_OFF, fields, modelled, told
from triage.fhir.r4.choices import CHOICES, OPEN
from triage.fhir.r4.codes import ALL_TYPES, BOUND, BOUND_CONCEPTS, VALUE_SETS
from triage.fhir.r4.definitions import DEFINITIONS
from triage.fhir.r4.held import Codes, Concept
from triage.fhir.r4.needed import NEEDED
from triage.fhir.r4.primitives import Primitive
from triage.fhir.r4.prune import KEPT
from triage.fhir.r4.shipped import SCHEMA, elements, single

FREE = {
    "Age.code", "Coding.code", "Count.code", "Distance.code", "Duration.code", "Quantity.code",
    "Attachment.contentType", "CapabilityStatement.format", "CapabilityStatement.patchFormat",
    "Endpoint.payloadMimeType", "Signature.sigFormat", "Signature.targetFormat",
    "Money.currency", "ParameterDefinition.name",
}  # fmt: skip
"""Codes without a list in R4: of any system, media types (BCP 13), currencies (ISO 4217), a name.

Besides these, any code may be the ``value`` of an extension or a parameter, and ``language`` is a
language of BCP 47.
"""

R4B_LANGUAGES = {"text/cql-expression", "text/cql-identifier"}


def test_every_definition_is_held_against_a_model() -> None:
    assert {definition for type_ in KEPT for definition, _ in modelled(type_)} == set(DEFINITIONS)


@pytest.mark.parametrize("type_", KEPT)
def test_every_code_that_the_models_list_is_listed_here_and_no_other(type_: str) -> None:
    for definition, model in modelled(type_):
        for name, field in fields(model).items():
            listed = set(told(field, "enum_values") or ())
            if not listed or f"{definition}.{name}" in FREE:
                continue
            held = DEFINITIONS[definition].elements[name].held
            assert isinstance(held, Codes), (definition, name)
            ours = set(held.codes)
            if listed & BROKEN_OFF:
                assert listed - BROKEN_OFF - R4B_LANGUAGES <= ours, (definition, name)
            else:
                assert listed == ours, (definition, name)


@pytest.mark.parametrize("type_", KEPT)
def test_every_element_that_the_models_need_is_needed_here_and_no_other(type_: str) -> None:
    for definition, model in modelled(type_):
        one = DEFINITIONS[definition]
        theirs = {
            f"{told(field, 'one_of_many')}[x]" if told(field, "one_of_many_required") else name
            for name, field in fields(model).items()
            if field.is_required()
            or told(field, "element_required")
            or told(field, "one_of_many_required")
        }
        assert {*one.required, *one.needed} - {"resourceType"} == theirs, definition


@pytest.mark.parametrize("type_", KEPT)
def test_the_elements_and_choices_are_those_of_the_models(type_: str) -> None:
    for definition, model in modelled(type_):
        theirs = fields(model)
        ours = set(DEFINITIONS[definition].elements) - {"resourceType"}
        unknown = {name for name in ours - set(theirs) if not name.startswith("_value")}
        assert unknown <= {"valueMeta"}, definition
        assert set(theirs) - ours <= {"_div"}, definition
        choices: dict[str, set[str]] = {}
        for name, field in theirs.items():
            if told(field, "one_of_many"):
                choices.setdefault(told(field, "one_of_many"), set()).add(name)
        mine = {one: set(members) for one, members in CHOICES.get(definition, {}).items()}
        assert {one: members - {"valueMeta"} for one, members in mine.items()} == {
            one: members - {"valueMeta"} for one, members in choices.items()
        }, definition


@pytest.mark.parametrize("type_", KEPT)
def test_lists_are_where_the_models_have_lists(type_: str) -> None:
    for definition, model in modelled(type_):
        for name, field in fields(model).items():
            element = DEFINITIONS[definition].elements.get(name)
            if element and not name.startswith("_"):
                assert element.listed == ("List[" in str(field.annotation)), (definition, name)


def test_every_code_that_the_schema_leaves_open_is_bound_or_known_to_be_free() -> None:
    free = {
        f"{definition}.{name}"
        for definition in DEFINITIONS
        for name, node in elements(definition).items()
        if single(node).get("$ref") == "#/definitions/code"
        and DEFINITIONS[definition].elements[name].held == Primitive("code")
        and name != "language"
    }
    assert free == FREE


def test_what_the_tables_name_is_in_the_schema() -> None:
    for table in (BOUND, BOUND_CONCEPTS):
        for definition, names in table.items():
            assert set(names) <= set(elements(definition))
    for definition, needs in NEEDED.items():
        single_needs = {name for name in needs if not name.endswith("[x]")}
        chosen = {name.removesuffix("[x]") for name in needs} - single_needs
        assert single_needs <= set(elements(definition))
        assert chosen <= set(CHOICES.get(definition, {}))
        assert single_needs.isdisjoint(SCHEMA[definition].get("required", ()))
    assert {name for names in BOUND.values() for name in names.values()} == set(VALUE_SETS)


def test_a_code_is_listed_once_in_its_value_set() -> None:
    for name, codes in VALUE_SETS.items():
        assert len(codes) == len(set(codes)), name
    assert len(VALUE_SETS[ALL_TYPES]) == 213


def test_a_value_of_any_type_may_be_of_fifty() -> None:
    for definition in OPEN:
        assert len(CHOICES[definition]["value"]) == 50


def test_the_status_of_a_problem_is_coded_as_r4_codes_it() -> None:
    held = DEFINITIONS["Condition"].elements["clinicalStatus"].held
    assert isinstance(held, Concept)
    assert held.bound.codes[0] == "active"
