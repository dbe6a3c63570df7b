"""Reads a file of rules: its heading, its sources and each rule in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from triage.domain.conditions import Branch
from triage.domain.rules import Basis, Rule, Ruleset
from triage.rulebook.conclusions import read_conclusions
from triage.rulebook.examples import read_examples
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node, Refused

STATUSES = ("draft", "approved", "retired")


def read_ruleset(node: Node, shared: Shared) -> Ruleset:
    """A ruleset, with every rule of it that can be read; the faults of the others are noted."""
    heading = ("ruleset", "title", "version", "status", "owner")
    node.mapping((*heading, "rules"), ("meaning", "otherwise", *EXTRAS.get(_name(node), ())))
    ruleset = _name(node)
    rules = [_guarded(each, ruleset, shared, _rule) for each in node["rules"].listed()]
    otherwise = node.get("otherwise")
    if otherwise:
        rules.append(_guarded(otherwise, ruleset, shared, _otherwise))
    return Ruleset(
        id=ruleset,
        title=node["title"].text(),
        version=node["version"].text(),
        status=node["status"].one_of(STATUSES, "a status"),
        owner=node["owner"].text(),
        rules=tuple(rule for rule in rules if rule),
        file=node.file,
        meaning=node["meaning"].text() if node.get("meaning") else "",
    )


EXTRAS: Mapping[str, tuple[str, ...]] = {
    "safety": ("safety_net",),
    "referral_matrix": ("cells",),
}
"""What a file of rules holds beside its rules."""


def _name(node: Node) -> str:
    named = node.open_mapping().get("ruleset")
    return named.text() if named else ""


Read = Callable[[Node, str, str, Shared], Rule]


def _guarded(node: Node, ruleset: str, shared: Shared, read: Read) -> Rule | None:
    try:
        identity = node.open_mapping().get("id")
        if identity is None:
            raise node.refuse("a rule needs an id; add one")
        rule = identity.text()
        node = node.within(rule)
        place = f"{node.file}:{node.line}"
        if shared.lines.setdefault(rule, place) != place:
            raise node.refuse(f"the id {rule} is used already, at {shared.lines[rule]}; rename one")
        return read(node, rule, ruleset, shared)
    except Refused:
        return None


def _rule(node: Node, rule: str, ruleset: str, shared: Shared) -> Rule:
    needed = ("id", "title", "basis", "when", "then", "examples")
    node.mapping(needed, ("because", "distinguishes"))
    told = node.get("because")
    because = shared.conditions.sentence(told) if told else None
    found = Rule(
        id=rule,
        title=node["title"].text(),
        ruleset=ruleset,
        basis=_basis(node, shared),
        when=shared.conditions.condition(node["when"]),
        then=read_conclusions(node["then"], shared),
        examples=read_examples(node["examples"], shared),
        because=because,
        line=node.line,
        file=node.file,
        distinguishes=_distinguished(node.get("distinguishes"), shared),
    )
    _check_distinguished(node, found)
    _check_taken(node, found)
    _check_sentences(node, found)
    _check_examples(node, found)
    return found


def _otherwise(node: Node, rule: str, ruleset: str, shared: Shared) -> Rule:
    node.mapping(("id", "title", "basis", "because", "then"))
    return Rule(
        id=rule,
        title=node["title"].text(),
        ruleset=ruleset,
        basis=shared.read_basis(node["basis"]),
        when=None,
        then=read_conclusions(node["then"], shared),
        examples=(),
        because=shared.conditions.sentence(node["because"]),
        line=node.line,
        file=node.file,
    )


def _basis(node: Node, shared: Shared) -> Basis:
    """The basis of a rule; one that treats people differently is signed, or waits for that."""
    if node.get("distinguishes"):
        return shared.read_signed_basis(node["basis"])
    return shared.read_basis(node["basis"])


def _distinguished(node: Node | None, shared: Shared) -> frozenset[str]:
    """The protected facts by which a rule says that it treats people differently."""
    if node is None:
        return frozenset()
    protected = shared.vocabulary.protected
    if not protected:
        raise node.refuse("no fact is protected; name it under protected in vocabulary.yaml first")
    return frozenset(each.one_of(protected, "a protected fact") for each in node.listed())


def _check_distinguished(node: Node, rule: Rule) -> None:
    for name in sorted(rule.distinguishes - rule.reads):
        raise node["distinguishes"].refuse(f"the rule does not read {name}; take it out")


def _check_taken(node: Node, rule: Rule) -> None:
    """A level can be taken from a rating only where there is one."""
    for taken in (one.taken_from for one in rule.then if one.taken_from):
        if not all(_asks_for(taken, branch) for branch in rule.branches):
            problem = f"takes a level from {taken}, which may not be known; ask for it in every way"
            raise node["then"].refuse(problem)


def _asks_for(fact: str, branch: Branch) -> bool:
    return any(one.fact == fact and not one.of_absent for one in branch.comparisons)


def _check_sentences(node: Node, rule: Rule) -> None:
    if not rule.branches:
        raise node["when"].refuse("can never be true")
    if rule.because is None and not all(branch.because for branch in rule.branches):
        raise node.refuse("does not say why on every branch; add because to the rule or the branch")


def _check_examples(node: Node, rule: Rule) -> None:
    fires = {example.fires for example in rule.examples}
    if fires != {True, False}:
        raise node["examples"].refuse("need one on each side: one that fires and one that does not")
