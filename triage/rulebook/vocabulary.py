"""Reads ``vocabulary.yaml``: every answer, fact, factor, route and urgency there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from triage.domain.rules import DIFFERING, LEAD_ROUTE, LEVELS, ROUTES, level_fact, rated_fact
from triage.domain.vocabulary import (
    Answer,
    Code,
    DerivedFact,
    Factor,
    Kind,
    Named,
    ReferralSource,
    RouteTerm,
    SelfReferral,
    Term,
    Urgency,
    Vocabulary,
    Worse,
)
from triage.rulebook.strict_yaml import Node

T = TypeVar("T")

FEWEST_CHOICES = 2

OPTIONAL = (
    "help",
    "worse",
    "from",
    "to",
    "choices",
    "length",
    "may_miss",
    "may_be_ahead",
    "codes",
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
    "sources_of_referral",
    "ethnic_categories",
    "genders",
)


def read_vocabulary(node: Node) -> Vocabulary:
    """The vocabulary in a file's root. Raises ``Refused`` where a part cannot be read."""
    node.mapping(("title", *SECTIONS))
    factors = _in_order(node["factors"], _factor)
    routes = _in_order(node["routes"], _route(node["routes"]))
    answers = _in_order(node["answers"], _answer)
    derived = _each(node["derived"], _derived)
    concluded = _each(node["flags"], _flag) | _concluded(factors, routes)
    return Vocabulary(
        answers=answers,
        derived=derived,
        concluded=concluded,
        factors=factors,
        routes=routes,
        urgencies=_each(node["urgencies"], _urgency),
        named={section: _each(node[section], _named) for section in NAMED},
        sources_of_referral=_each(node["sources_of_referral"], _source_of_referral),
        ethnic_categories=_each(node["ethnic_categories"], _code),
        genders=_each(node["genders"], _code),
        terms=_terms(node, answers, derived, concluded),
    )


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


def _terms(
    node: Node,
    answers: Mapping[str, Answer],
    derived: Mapping[str, DerivedFact],
    concluded: Mapping[str, Term],
) -> dict[str, Term]:
    terms = {name: answer.term for name, answer in answers.items()}
    for name, fact in derived.items():
        terms[name] = fact.term
    for name, term in concluded.items():
        if name in terms:
            at = node["flags"].get(name) or node["flags"]
            raise at.refuse_name(f"{name} is an answer or a derived fact already; rename it")
        terms[name] = term
    return terms


def _answer(name: str, node: Node) -> Answer:
    node.mapping(("name", "title", "question", "type", "group"), OPTIONAL)
    worse = node.get("worse")
    return Answer(
        term=_term(name, node),
        question=node["question"].text(),
        group=node["group"].text(),
        help=node["help"].text() if node.get("help") else "",
        worse=Worse(worse.one_of(Worse, "a direction")) if worse else None,
        length=node["length"].number() if node.get("length") else 0,
        may_miss=node["may_miss"].number() if node.get("may_miss") else 0,
        may_be_ahead=node["may_be_ahead"].boolean() if node.get("may_be_ahead") else False,
        codes=_each(node["codes"], lambda _, code: code.text()) if node.get("codes") else {},
    )


def _derived(name: str, node: Node) -> DerivedFact:
    node.mapping(("title", "type", "source"), ("from", "to", "choices", "inputs"))
    inputs = node.get("inputs")
    return DerivedFact(
        term=_term(name, node),
        source=node["source"].text(),
        inputs=tuple(each.text() for each in inputs.listed()) if inputs else (),
    )


def _term(name: str, node: Node) -> Term:
    kind = Kind(node["type"].one_of(Kind, "a type of answer"))
    ranged = kind in (Kind.NUMBER, Kind.ITEMS)
    for end in ("from", "to"):
        if ranged and end not in node.value:
            raise node.refuse(f"a {kind} needs a range; add {end}")
    labels = _labels(node["choices"]) if node.get("choices") else {}
    if kind is Kind.CHOICE and len(labels) < FEWEST_CHOICES:
        raise node.refuse("a choice needs at least two choices, mildest first")
    low, high = (node["from"].number(), node["to"].number()) if ranged else (0, 0)
    if low > high:
        raise node.refuse(f"the range runs backwards, from {low} to {high}")
    return Term(name, node["title"].text(), kind, low, high, tuple(labels), labels)


def _labels(node: Node) -> dict[str, str]:
    labels: dict[str, str] = {}
    for choice in node.listed():
        entries = choice.open_mapping()
        if len(entries) != 1 or entries.keys() & labels.keys():
            raise choice.refuse("a choice is one new name with its words, such as {none: no plan}")
        labels |= {name: words.text() for name, words in entries.items()}
    return labels


def _flag(name: str, node: Node) -> Term:
    node.mapping(("title",))
    return Term(name, node["title"].text(), Kind.BOOLEAN)


def _factor(name: str, node: Node) -> Factor:
    node.mapping(("name", "title", "where"))
    return Factor(name, node["title"].text(), node["where"].text())


def _concluded(factors: Mapping[str, Factor], routes: Mapping[str, RouteTerm]) -> dict[str, Term]:
    words = {level: level for level in LEVELS}
    titles = {name: route.title for name, route in routes.items()}
    named = {name: factor.title for name, factor in factors.items()}
    terms = [
        Term(level_fact(one.name), one.title, Kind.CHOICE, 0, 0, LEVELS, words)
        for one in factors.values()
    ]
    terms += [
        Term(
            rated_fact(one.name),
            f"{one.title}, as a clinician rated it",
            Kind.CHOICE,
            0,
            0,
            LEVELS,
            words,
        )
        for one in factors.values()
    ]
    terms += [
        Term(
            DIFFERING, "Factors rated otherwise than answered", Kind.LIST, 0, 0, tuple(named), named
        ),
        Term(LEAD_ROUTE, "The lead route", Kind.CHOICE, 0, 0, tuple(titles), titles),
        Term(ROUTES, "The routes that stand", Kind.LIST, 0, 0, tuple(titles), titles),
    ]
    return {term.name: term for term in terms}


def _route(routes: Node) -> Callable[[str, Node], RouteTerm]:
    known = {each["name"].text() for each in routes.listed() if "name" in each.open_mapping()}

    def read(name: str, node: Node) -> RouteTerm:
        node.mapping(
            ("name", "title", "meaning"), ("step", "replaces", "concurrent_with", "gives_way")
        )
        return RouteTerm(
            id=name,
            title=node["title"].text(),
            meaning=node["meaning"].text(),
            step=node["step"].number() if node.get("step") else None,
            replaces=_names(node.get("replaces"), known),
            concurrent_with=_names(node.get("concurrent_with"), known),
            gives_way=node["gives_way"].boolean() if node.get("gives_way") else False,
        )

    return read


def _names(node: Node | None, known: set[str]) -> frozenset[str]:
    return (
        frozenset(each.one_of(known, "a route") for each in node.listed()) if node else frozenset()
    )


def _urgency(name: str, node: Node) -> Urgency:
    node.mapping(("title", "rank"), ("within_hours", "by_end_of_day", "danger"))
    if ("within_hours" in node.value) == ("by_end_of_day" in node.value):
        raise node.refuse("say how soon: either within_hours, or by_end_of_day: true")
    within = node.get("within_hours")
    hours = within.number() if within else None
    danger = node["danger"].boolean() if node.get("danger") else False
    return Urgency(name, node["title"].text(), node["rank"].number(), hours, danger)


def _named(name: str, node: Node) -> Named:
    return Named(name, node.text())


def _code(name: str, node: Node) -> Code:
    return Code(name, node.text())


def _source_of_referral(name: str, node: Node) -> ReferralSource:
    node.mapping(("title",), ("self_referral",))
    way = node.get("self_referral")
    found = SelfReferral(way.one_of(SelfReferral, "a way of self-referral")) if way else None
    return ReferralSource(name, node["title"].text(), found or SelfReferral.NEVER)
