"""Reads a file of rules: its heading, its sources and each rule in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from triage.domain.rules import (
    KINDS,
    LEVELS,
    Basis,
    Conclusion,
    Due,
    Example,
    NamedValue,
    Rule,
    Ruleset,
    Source,
)
from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Kind, Term, Value, Vocabulary
from triage.nearest import nearest
from triage.rulebook.conditions import ConditionReader, number
from triage.rulebook.strict_yaml import Node, Refused

STATUSES = ("draft", "approved", "retired")


@dataclass(frozen=True, slots=True)
class Shared:
    """What every ruleset of a rulebook shares: its words, its named values and its sources."""

    vocabulary: Vocabulary
    values: Mapping[str, NamedValue]
    sources: Mapping[str, Source]
    conditions: ConditionReader
    lines: dict[str, str] = field(default_factory=dict)

    def read_basis(self, node: Node) -> Basis:
        """The basis of a rule or a named value."""
        node.mapping(("source", "where"), ("sign_off",))
        source = self.sources[node["source"].one_of(self.sources, "a source of the rulebook")]
        sign_off = node.get("sign_off")
        return Basis(source, node["where"].text(), sign_off.boolean() if sign_off else False)


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
        then=_then(node["then"], shared),
        examples=_examples(node["examples"], shared),
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
        then=_then(node["then"], shared),
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


def _then(node: Node, shared: Shared) -> tuple[Conclusion, ...]:
    return tuple(_conclusion(each, shared) for each in node.listed())


def _conclusion(node: Node, shared: Shared) -> Conclusion:
    entries = node.open_mapping()
    if len(entries) != 1:
        raise node.refuse(
            f"must have one conclusion, not {len(entries)}; start a new line for each"
        )
    ((kind, value),) = entries.items()
    if kind not in KINDS:
        raise value.refuse(f"{kind} is not a kind of conclusion; {nearest(kind, KINDS)}")
    return _CONCLUDE[kind](value, shared)


def _level(node: Node, shared: Shared) -> Conclusion:
    factor, value = _single(node, shared.vocabulary.factors, "a factor")
    if isinstance(value.value, dict):
        value.mapping(("from",))
        return Conclusion(
            "level", factor, taken_from=value["from"].one_of([f"rated_{factor}"], "a rating")
        )
    return Conclusion("level", factor, value.one_of(LEVELS, "a level"))


def _flag(node: Node, shared: Shared) -> Conclusion:
    flags = {
        name
        for name, term in shared.vocabulary.concluded.items()
        if term.kind is Kind.BOOLEAN and name != "another_route"
    }
    name, value = _single(node, flags, "a flag")
    return Conclusion("flag", name, value.boolean())


def _single(node: Node, known: object, what: str) -> tuple[str, Node]:
    entries = node.open_mapping()
    if len(entries) != 1:
        raise node.refuse(f"must name one of them, not {len(entries)}")
    ((name, value),) = entries.items()
    if name not in known:  # type: ignore[operator]
        raise node.refuse(f"{name} is not {what}; {nearest(name, known)}")  # type: ignore[arg-type]
    return name, value


def _route(node: Node, shared: Shared) -> Conclusion:
    node.mapping(("to", "urgency"))
    to = node["to"].one_of(shared.vocabulary.routes, "a route")
    urgency = node["urgency"].one_of(shared.vocabulary.urgencies, "an urgency")
    return Conclusion("route", to, urgency=urgency)


def _urgency(node: Node, shared: Shared) -> Conclusion:
    return Conclusion("urgency", node.one_of(shared.vocabulary.urgencies, "an urgency"))


def _hold_booking(node: Node, _shared: Shared) -> Conclusion:
    if not node.boolean():
        raise node.refuse("can only be true: a booking is held, or nothing is said")
    return Conclusion("hold_booking", "booking", value=True)


def _action(node: Node, shared: Shared) -> Conclusion:
    node.mapping(("id", "due_in_days"), ("due_on",))
    name = node["id"].one_of(shared.vocabulary.named["actions"], "an action")
    on = node.get("due_on")
    dates = [name for name, term in shared.vocabulary.terms.items() if term.kind is Kind.DATE]
    due = Due(
        number(node["due_in_days"], shared.values), on.one_of(dates, "a date") if on else None
    )
    return Conclusion("action", name, due=due)


def _named(kind: str) -> Callable[[Node, Shared], Conclusion]:
    def read(node: Node, shared: Shared) -> Conclusion:
        named = shared.vocabulary.named[f"{kind}s"]
        return Conclusion(kind, node.one_of(named, f"a known {kind}"))

    return read


_CONCLUDE: Mapping[str, Callable[[Node, Shared], Conclusion]] = {
    "level": _level,
    "flag": _flag,
    "route": _route,
    "urgency": _urgency,
    "hold_booking": _hold_booking,
    "alert": _named("alert"),
    "action": _action,
    "treatment": _named("treatment"),
    "measure": _named("measure"),
    "support": _named("support"),
}


def _examples(node: Node, shared: Shared) -> tuple[Example, ...]:
    found: dict[str, Example] = {}
    for each in node.listed():
        example = _example(each, shared, found)
        if example.title in found:
            raise each.refuse(f"two examples are called '{example.title}'; rename one")
        found[example.title] = example
    return tuple(found.values())


def _example(node: Node, shared: Shared, earlier: Mapping[str, Example]) -> Example:
    """An example; with ``like`` it differs from an earlier one only in what it gives, and a fact
    given as null is not known."""
    node.mapping(("title", "given", "fires"), ("like",))
    like = node.get("like")
    given = dict(earlier[like.one_of(earlier, "an earlier example")].given) if like else {}
    terms = shared.vocabulary.terms
    for name, value in node["given"].open_mapping().items():
        if name not in terms:
            raise value.refuse(f"{name} is not in the vocabulary; {nearest(name, terms)}")
        if value.value is None:
            given.pop(name, None)
        else:
            given[name] = example_value(terms[name], value)
    return Example(node["title"].text(), given, node["fires"].boolean(), node.line)


def example_value(term: Term, node: Node) -> Value:
    """A value of a fact as an example gives it; the values of a fact that is not so are refused."""
    match term.kind:
        case Kind.BOOLEAN:
            return node.boolean()
        case Kind.NUMBER:
            found = node.number()
            if not term.low <= found <= term.high:
                raise node.refuse(f"{found} is outside the range {term.low} to {term.high}")
            return found
        case Kind.CHOICE:
            return node.one_of(term.choices, f"a value of {term.name}")
        case Kind.LIST:
            return tuple(each.text() for each in node.listed())
        case _:
            return node.text()


def sentences(rule: Rule) -> tuple[Sentence, ...]:
    """Every sentence a rule may say, in the order written."""
    told = [sentence for branch in rule.branches for sentence in branch.because]
    return tuple(dict.fromkeys(([rule.because] if rule.because else []) + told))
