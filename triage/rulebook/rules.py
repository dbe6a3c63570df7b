"""Reads a file of rules: its heading, its sources and each rule in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from triage.domain.rules import Rule, Ruleset
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
    node.mapping(("id", "title", "basis", "when", "then", "examples"), ("because",))
    told = node.get("because")
    because = shared.conditions.sentence(told) if told else None
    found = Rule(
        id=rule,
        title=node["title"].text(),
        ruleset=ruleset,
        basis=shared.read_basis(node["basis"]),
        when=shared.conditions.condition(node["when"]),
        then=read_conclusions(node["then"], shared),
        examples=read_examples(node["examples"], shared),
        because=because,
        line=node.line,
    )
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
    )


def _check_sentences(node: Node, rule: Rule) -> None:
    if not rule.branches:
        raise node["when"].refuse("can never be true")
    if rule.because is None and not all(branch.because for branch in rule.branches):
        raise node.refuse("does not say why on every branch; add because to the rule or the branch")


def _check_examples(node: Node, rule: Rule) -> None:
    fires = {example.fires for example in rule.examples}
    if fires != {True, False}:
        raise node["examples"].refuse("need one on each side: one that fires and one that does not")
