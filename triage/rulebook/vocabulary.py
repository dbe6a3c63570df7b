"""Reads ``vocabulary.yaml``: every answer, fact, factor, route and urgency there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from triage.domain.vocabulary import (
    OWN_NAMES,
    Answer,
    Code,
    DerivedFact,
    Factor,
    Kind,
    Named,
    OverrideReason,
    ReferralSource,
    SelfReferral,
    Urgency,
    Vocabulary,
    Worse,
)
from triage.rulebook.codes import PRIORITIES, read_codes, read_messages
from triage.rulebook.follow_ups import with_follow_ups
from triage.rulebook.routes import route_reader
from triage.rulebook.strict_yaml import Node
from triage.rulebook.terms import all_terms, concluded_terms, read_flag, read_term

T = TypeVar("T")

CODED = ("codes", "item_codes", "value_codes")
"""What an answer may say of how messages name it."""

OPTIONAL = (
    "help",
    "spoken",
    "worse",
    "from",
    "to",
    "choices",
    "length",
    "may_miss",
    "may_be_ahead",
    *CODED,
    "fixed",
    "asked_when",
)
"""What an answer may say of itself beside what it must."""

NAMED = ("alerts", "actions", "treatments", "measures", "supports")
"""The lists of things a rule may conclude by name."""

SECTIONS = (
    "answers",
    "derived",
    "flags",
    "factors",
    "routes",
    "urgencies",
    *NAMED,
    "override_reasons",
    "sources_of_referral",
    "ethnic_categories",
    "genders",
)


def read_vocabulary(node: Node) -> Vocabulary:
    """The vocabulary in a file's root. Raises ``Refused`` where a part cannot be read."""
    node.mapping(("title", *SECTIONS), ("protected", "messages", "to_sign"))
    factors = _in_order(node["factors"], _factor)
    routes = _in_order(node["routes"], route_reader(node["routes"]))
    answers = with_follow_ups(node["answers"], _in_order(node["answers"], _answer))
    derived = _each(node["derived"], _derived)
    concluded = _each(node["flags"], read_flag) | concluded_terms(factors, routes)
    sources = _each(node["sources_of_referral"], _source_of_referral)
    genders = _each(node["genders"], _code)
    to_sign = node.get("to_sign")
    return Vocabulary(
        answers=answers,
        derived=derived,
        concluded=concluded,
        factors=factors,
        routes=routes,
        urgencies=_urgencies(node["urgencies"]),
        named={section: _named_in(node, section) for section in NAMED},
        override_reasons=_override_reasons(node["override_reasons"]),
        sources_of_referral=sources,
        ethnic_categories=_each(node["ethnic_categories"], _code),
        genders=genders,
        terms=all_terms(node, answers, derived, concluded),
        protected=_protected(node.get("protected"), {*answers, *derived}),
        messages=read_messages(node.get("messages"), answers, sources, genders),
        to_sign=_each(to_sign, lambda _, each: each.text()) if to_sign else {},
    )


def _protected(node: Node | None, known: set[str]) -> tuple[str, ...]:
    """The facts on which a route may depend only by rules that say so."""
    if node is None:
        return ()
    found: dict[str, None] = {}
    for each in node.listed():
        name = each.one_of(known, "an answer or a derived fact")
        if name in found:
            raise each.refuse(f"{name} is in the list already; take one out")
        found[name] = None
    return tuple(found)


def _each(node: Node, read: Callable[[str, Node], T]) -> dict[str, T]:
    """The entries of a mapping, whose order means nothing."""
    return {name: read(name, entry) for name, entry in node.open_mapping().items()}


def _in_order(node: Node, read: Callable[[str, Node], T]) -> dict[str, T]:
    """The entries of a list that name themselves, in an order that means something."""
    found: dict[str, T] = {}
    for entry in node.listed():
        named = entry.open_mapping().get("name")
        if named is None:
            raise entry.refuse("needs a name; add one")
        if named.text() in found:
            raise named.refuse(f"{named.text()} is in the list already; rename one")
        found[named.text()] = read(named.text(), entry)
    return found


def _answer(name: str, node: Node) -> Answer:
    node.mapping(("name", "title", "question", "type", "group"), OPTIONAL)
    worse, term = node.get("worse"), read_term(name, node)
    length = node["length"].number() if node.get("length") else 0
    codes = read_codes(node, term, length)
    return Answer(
        term=term,
        question=node["question"].text(),
        group=node["group"].text(),
        help=node["help"].text() if node.get("help") else "",
        spoken=node["spoken"].text() if node.get("spoken") else "",
        worse=_direction(worse, node["type"].text()) if worse else None,
        length=length,
        may_miss=node["may_miss"].number() if node.get("may_miss") else 0,
        may_be_ahead=node["may_be_ahead"].boolean() if node.get("may_be_ahead") else False,
        codes=codes.codes,
        item_codes=codes.item_codes,
        value_codes=codes.value_codes,
        fixed=_is_fixed(node),
    )


def _direction(node: Node, kind: str) -> Worse:
    """In which direction an answer gets worse: one that answers of its kind have."""
    known = _DIRECTIONS.get(Kind(kind), ())
    if not known:
        raise node.refuse(f"answers of type {kind} do not get worse; take it out")
    return Worse(node.one_of(known, f"a direction of a {kind}"))


_DIRECTIONS: Mapping[Kind, tuple[Worse, ...]] = {
    Kind.BOOLEAN: (Worse.TRUE, Worse.FALSE),
    Kind.CHOICE: (Worse.LAST,),
    Kind.NUMBER: (Worse.HIGHER,),
}


def _derived(name: str, node: Node) -> DerivedFact:
    node.mapping(("title", "type", "source"), ("from", "to", "choices", "inputs", "fixed"))
    inputs = node.get("inputs")
    return DerivedFact(
        term=read_term(name, node),
        source=node["source"].text(),
        inputs=tuple(each.text() for each in inputs.listed()) if inputs else (),
        fixed=_is_fixed(node),
    )


def _is_fixed(node: Node) -> bool:
    fixed = node.get("fixed")
    return fixed.boolean() if fixed else False


def _factor(name: str, node: Node) -> Factor:
    node.mapping(("name", "title", "where"))
    return Factor(name, node["title"].text(), node["where"].text())


def _urgencies(node: Node) -> dict[str, Urgency]:
    """The urgencies, no two of which are as soon: one of two would be taken for the other."""
    found, orders = _each(node, _urgency), dict[tuple[int, int], str]()
    for name, one in found.items():
        other = orders.setdefault(one.order, name)
        if other != name:
            raise node[name].refuse_name(f"{name} is as soon as {other}; leave one of them out")
    return found


def _urgency(name: str, node: Node) -> Urgency:
    node.mapping(("title", "rank"), ("within_hours", "by_end_of_day", "danger", "priority"))
    if ("within_hours" in node.value) == ("by_end_of_day" in node.value):
        raise node.refuse("say how soon: either within_hours, or by_end_of_day: true")
    within = node.get("within_hours")
    hours = within.number() if within else None
    danger = node["danger"].boolean() if node.get("danger") else False
    said = node.get("priority")
    priority = said.one_of(PRIORITIES, "a priority of FHIR") if said else ""
    return Urgency(name, node["title"].text(), node["rank"].number(), hours, danger, priority)


def _named_in(node: Node, section: str) -> dict[str, Named]:
    """The names of a list, after those that every rulebook has."""
    return {**OWN_NAMES.get(section, {}), **_each(node[section], _named)}


def _named(name: str, node: Node) -> Named:
    return Named(name, node.text())


def _override_reasons(node: Node) -> dict[str, OverrideReason]:
    found = _each(node, _override_reason)
    if not found:
        raise node.refuse("is empty; without a reason no clinician can decide otherwise")
    return found


def _override_reason(name: str, node: Node) -> OverrideReason:
    node.mapping(("title",), ("sign_off",))
    sign_off = node.get("sign_off")
    return OverrideReason(name, node["title"].text(), sign_off.boolean() if sign_off else False)


def _code(name: str, node: Node) -> Code:
    return Code(name, node.text())


def _source_of_referral(name: str, node: Node) -> ReferralSource:
    node.mapping(("title",), ("self_referral",))
    way = node.get("self_referral")
    found = SelfReferral(way.one_of(SelfReferral, "a way of self-referral")) if way else None
    return ReferralSource(name, node["title"].text(), found or SelfReferral.NEVER)
