"""Finds the rule files, reads them and makes one rulebook of them, or says every fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from triage.domain.rules import LEVELS, Authority, NamedValue, Rule, Ruleset, Source
from triage.domain.vocabulary import Kind, Term, Vocabulary
from triage.errors import RulebookError, RuleFault
from triage.rulebook.conditions import ConditionReader
from triage.rulebook.rulebook import Cell, Rulebook, Stamp
from triage.rulebook.rules import read_ruleset
from triage.rulebook.services import DirectoryReader
from triage.rulebook.shared import Shared
from triage.rulebook.stages import Circular, stages
from triage.rulebook.strict_yaml import Faults, Node, Refused, plain_node, read
from triage.rulebook.vocabulary import read_vocabulary
from triage.wire import content_digest

FRONT_PAGE = "rulebook.yaml"
VOCABULARY = "vocabulary.yaml"
DIRECTORY = "service_directory.yaml"

T = TypeVar("T")

Files = Callable[[str, Faults], Node | None]
"""Gives what a rule file says, by its name; None where there is no such file. Raises
``Refused``."""


def shipped_rules() -> Traversable:
    """The rule files that come with the package."""
    return files("rules")


def load_rulebook(directory: Path | Traversable | None = None) -> Rulebook:
    """The rulebook in a directory, or the shipped one.

    Raises ``RulebookError`` with every fault found, each with file, line, rule and remedy.
    """
    found = directory or shipped_rules()
    return _rulebook(lambda name, faults: _in_directory(found / name, name, faults))


def rulebook_of(content: str) -> Rulebook:
    """The rulebook whose ``content`` was kept, as JSON. Raises ``RulebookError``."""
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        raise RulebookError([RuleFault(FRONT_PAGE, 1, "is not in what was kept of the rulebook")])
    return _rulebook(
        lambda name, faults: plain_node(kept[name], name, faults) if name in kept else None
    )


def _rulebook(files: Files) -> Rulebook:
    faults = Faults()
    try:
        rulebook = _Loader(files, faults).rulebook()
    except Refused:
        rulebook = None
    if faults.found or rulebook is None:
        raise RulebookError(sorted(faults.found, key=lambda fault: (fault.file, fault.line)))
    return rulebook


def _in_directory(path: Path | Traversable, name: str, faults: Faults) -> Node | None:
    if not path.is_file():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        faults.note(name, 1, "is not UTF-8 text; save it as UTF-8")
        raise Refused(name) from None
    return read(text, name, faults)


class _Loader:
    """Reads the files of one rulebook, in the order in which they build on one another."""

    def __init__(self, files: Files, faults: Faults) -> None:
        self._files, self._faults = files, faults
        self._content: dict[str, Any] = {}

    def rulebook(self) -> Rulebook:
        front = self._file(FRONT_PAGE)
        front.mapping(
            ("rulebook", "title", "version", "status", "owner", "sources", "values", "rulesets")
        )
        sources = _each(front["sources"], _source)
        vocabulary = read_vocabulary(self._file(VOCABULARY))
        shared = self._shared(front, vocabulary, sources)
        vocabulary = shared.vocabulary
        names = [each.text() for each in front["rulesets"].listed()]
        nodes = dict(self._every_good(lambda name: (name, self._file(f"{name}.yaml")), names))
        rulesets = tuple(self._every_good(lambda name: _named(name, nodes[name], shared), nodes))
        directory = DirectoryReader(vocabulary.routes, shared.values).read(self._file(DIRECTORY))
        self._stop_at_faults()
        self._check_inputs(vocabulary)
        self._check_giving_way(rulesets, vocabulary)
        digest = content_digest(self._content)
        return Rulebook(
            stamp=Stamp(front["rulebook"].text(), front["version"].text(), digest),
            title=front["title"].text(),
            status=front["status"].text(),
            owner=front["owner"].text(),
            vocabulary=vocabulary,
            rulesets=rulesets,
            values=shared.values,
            sources=sources,
            cells=_cells(_part(nodes, "cells"), vocabulary),
            directory=directory,
            safety_net=_part(nodes, "safety_net").text(),
            stages=self._stages(rulesets, vocabulary),
            switches={name: one.value for name, one in shared.values.items() if one.choices},
            content=self._content,
        )

    def _shared(self, front: Node, vocabulary: Vocabulary, sources: Mapping[str, Source]) -> Shared:
        early = Shared(vocabulary, {}, sources, ConditionReader({}, {}))
        values = _each(front["values"], _named_value(early))
        switches = {
            name: Term(
                name, one.title, Kind.CHOICE, 0, 0, one.choices, dict.fromkeys(one.choices, "")
            )
            for name, one in values.items()
            if one.choices
        }
        for name in switches.keys() & vocabulary.terms.keys():
            raise front["values"][name].refuse_name(
                f"{name} is in the vocabulary already; rename the value"
            )
        words = replace(vocabulary, terms={**vocabulary.terms, **switches})
        return Shared(words, values, sources, ConditionReader(words.terms, values))

    def _file(self, name: str) -> Node:
        node = self._files(name, self._faults)
        if node is None:
            self._faults.note(name, 1, "is missing; add the file or take it out of the rulebook")
            raise Refused(name)
        self._content[name] = node.plain()
        return node

    def _every_good(self, read_one: Callable[[str], T], names: Iterable[str]) -> Iterator[T]:
        """What can be read; the faults of what cannot are noted, and the reading goes on."""
        for name in names:
            with suppress(Refused):
                yield read_one(name)

    def _stop_at_faults(self) -> None:
        if self._faults.found:
            raise Refused("faults were noted")

    def _check_inputs(self, vocabulary: Vocabulary) -> None:
        known = {*vocabulary.answers, "patient.birth_date", "source"}
        for name, fact in vocabulary.derived.items():
            for wanted in fact.inputs:
                if wanted not in known:
                    self._faults.note(VOCABULARY, 1, f"{name}: its input {wanted} is not an answer")

    def _check_giving_way(self, rulesets: Sequence[Ruleset], vocabulary: Vocabulary) -> None:
        for ruleset in rulesets:
            for rule in ruleset.rules:
                targets = [one.target for one in rule.then if one.kind == "route"]
                if len(rule.then) > 1 and any(vocabulary.routes[one].gives_way for one in targets):
                    problem = "concludes more beside a route that gives way; give that its own rule"
                    self._faults.note(ruleset.file, rule.line, problem, rule.id)

    def _stages(self, rulesets: Sequence[Ruleset], vocabulary: Vocabulary) -> Any:
        rules = [rule for ruleset in rulesets for rule in ruleset.rules]
        otherwise = [rule for rule in rules if rule.when is None]
        if len(otherwise) != 1:
            problem = f"exactly one ruleset must say otherwise, not {len(otherwise)}"
            self._faults.note(FRONT_PAGE, 1, problem)
            raise Refused(problem)
        try:
            return stages(rules, vocabulary)
        except Circular as circle:
            file = _file_of(circle.rule, rulesets)
            self._faults.note(file, circle.rule.line, str(circle), circle.rule.id)
            raise Refused(str(circle)) from None


def _named(name: str, node: Node, shared: Shared) -> Ruleset:
    """The ruleset in a file, which must go by the file's name and not be retired."""
    ruleset = read_ruleset(node, shared)
    if ruleset.id != name:
        raise node["ruleset"].refuse(f"{ruleset.id} stands in {name}.yaml; call both alike")
    if ruleset.status == "retired":
        raise node["status"].refuse("is retired; take it out of the rulesets of the rulebook")
    return ruleset


def _file_of(rule: Rule, rulesets: Sequence[Ruleset]) -> str:
    return next(ruleset.file for ruleset in rulesets if rule in ruleset.rules)


def _part(nodes: Mapping[str, Node], key: str) -> Node:
    for node in nodes.values():
        if key in node.value:
            return node[key]
    first = next(iter(nodes.values()))
    raise first.refuse(f"no ruleset holds {key}; add it")


def _each(node: Node, read_one: Callable[[str, Node], T]) -> dict[str, T]:
    return {name: read_one(name, entry) for name, entry in node.open_mapping().items()}


def _source(name: str, node: Node) -> Source:
    node.mapping(("title", "authority"))
    authority = Authority(node["authority"].one_of(Authority, "an authority"))
    return Source(name, node["title"].text(), authority)


def _named_value(shared: Shared) -> Callable[[str, Node], NamedValue]:
    def read_one(name: str, node: Node) -> NamedValue:
        node = node.within(name)
        node.mapping(("title", "value", "basis"), ("from", "to", "choices", "unit"))
        basis = shared.read_basis(node["basis"])
        title, unit = node["title"].text(), node.get("unit")
        if node.get("choices"):
            choices = tuple(each.text() for each in node["choices"].listed())
            value = node["value"].one_of(choices, f"a choice of {name}")
            return NamedValue(name, title, value, basis, choices=choices)
        node.mapping(("title", "value", "basis", "from", "to"), ("unit",))
        low, high, number = (node[key].number() for key in ("from", "to", "value"))
        if not low <= number <= high:
            raise node["value"].refuse(f"{number} is outside the range {low} to {high}")
        return NamedValue(name, title, number, basis, low, high, unit=unit.text() if unit else "")

    return read_one


def _cells(node: Node, vocabulary: Vocabulary) -> tuple[Cell, ...]:
    node.mapping(vocabulary.factors)
    found: list[Cell] = []
    for factor in vocabulary.factors:
        column = node[factor].mapping(LEVELS[1:])
        for level in LEVELS[1:]:
            cell = column[level].mapping(("destination", "routes"))
            routes = (each.one_of(vocabulary.routes, "a route") for each in cell["routes"].listed())
            found.append(Cell(factor, level, cell["destination"].text(), tuple(routes)))
    return tuple(found)
