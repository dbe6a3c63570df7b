"""Reads the terms of a vocabulary: what a rule may read of a referral, and what that may be."""

from __future__ import annotations

from collections.abc import Mapping

from triage.domain.rules import DIFFERING, LEAD_ROUTE, LEVELS, ROUTES, level_fact, rated_fact
from triage.domain.vocabulary import Answer, DerivedFact, Factor, Kind, RouteTerm, Term
from triage.rulebook.strict_yaml import Node

FEWEST_CHOICES = 2


def read_term(name: str, node: Node) -> Term:
    """The term that an answer or a derived fact is."""
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


def read_flag(name: str, node: Node) -> Term:
    """The term that a flag is: a yes or a no."""
    node.mapping(("title",))
    return Term(name, node["title"].text(), Kind.BOOLEAN)


def concluded_terms(
    factors: Mapping[str, Factor], routes: Mapping[str, RouteTerm]
) -> dict[str, Term]:
    """The terms that come with factors and routes: levels, ratings, and the routes that stand."""
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


def all_terms(
    node: Node,
    answers: Mapping[str, Answer],
    derived: Mapping[str, DerivedFact],
    concluded: Mapping[str, Term],
) -> dict[str, Term]:
    """Every term of a vocabulary, no two of one name."""
    terms = {name: answer.term for name, answer in answers.items()}
    for name, fact in derived.items():
        terms[name] = fact.term
    for name, term in concluded.items():
        if name in terms:
            at = node["flags"].get(name) or node["flags"]
            raise at.refuse_name(f"{name} is an answer or a derived fact already; rename it")
        terms[name] = term
    return terms
