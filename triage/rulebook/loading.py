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

from triage.domain.rules import LEVELS, Ruleset
from triage.domain.vocabulary import Vocabulary
from triage.errors import RulebookError, RuleFault
from triage.rulebook.files import DIRECTORY, FRONT_PAGE, OVERLAY, VOCABULARY, Files, files_in
from triage.rulebook.front_page import read_shared
from triage.rulebook.laying import Base, laid_over
from triage.rulebook.local import (
    LOCAL,
    base_extended,
    overlays_laid,
    rules_retired,
    waivers_named,
)
from triage.rulebook.overlays import overlays_from
from triage.rulebook.promises import read_promises
from triage.rulebook.rulebook import Cell, Rulebook, Stamp
from triage.rulebook.rules import read_ruleset
from triage.rulebook.services import DirectoryReader
from triage.rulebook.shared import Shared
from triage.rulebook.stages import Circular, stages
from triage.rulebook.strict_yaml import Faults, Node, Refused, plain_node
from triage.rulebook.vocabulary import read_vocabulary
from triage.wire import content_digest

HEADING = ("rulebook", "title", "version", "status", "owner", "sources", "values", "rulesets")

T = TypeVar("T")


def shipped_rules() -> Traversable:
    """The rule files that come with the package."""
    return files("rules")


def load_rulebook(directory: Path | Traversable | None = None) -> Rulebook:
    """The rulebook in a directory, or the shipped one; where an overlay is, laid over its base.

    Raises ``RulebookError`` with every fault found, each with file, line, rule and remedy.
    """
    found = directory or shipped_rules()
    if isinstance(found, Path) and (found / OVERLAY).is_file():
        return _faultless(lambda faults: _local(found, faults))
    return _faultless(lambda faults: _Loader(files_in(found, faults), faults).rulebook())


def rulebook_of(content: str) -> Rulebook:
    """The rulebook whose ``content`` was kept, as JSON. Raises ``RulebookError``."""
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict):
        raise RulebookError([RuleFault(FRONT_PAGE, 1, "is not in what was kept of the rulebook")])
    return _faultless(lambda faults: _kept(kept, faults))


def _faultless(make: Callable[[Faults], Rulebook]) -> Rulebook:
    faults = Faults()
    try:
        rulebook = make(faults)
    except Refused:
        rulebook = None
    if faults.found or rulebook is None:
        raise RulebookError(sorted(faults.found, key=lambda fault: (fault.file, fault.line)))
    return rulebook


def _kept(kept: Mapping[str, Any], faults: Faults) -> Rulebook:
    nodes = {name: plain_node(said, name, faults) for name, said in kept.items()}
    return _Loader(nodes.get, faults, LOCAL).rulebook()


def _local(directory: Path, faults: Faults) -> Rulebook:
    """The overlay in a directory and those beside it, laid over the base that they extend."""
    overlays = overlays_from(directory, faults)
    loader = _Loader(files_in(overlays[0].base, faults), faults)
    base = Base(loader.rulebook(), loader.read)
    for overlay in overlays:
        overlay.check_written_for(base.rulebook.stamp)
    local = laid_over(base, overlays)
    faults.stop()
    return replace(_Loader(local.get, faults, LOCAL).rulebook(), base=base.rulebook)


class _Loader:
    """Reads the files of one rulebook, in the order in which they build on one another.

    ``also`` are what may stand on the front page beside what every rulebook has there.
    """

    def __init__(self, files: Files, faults: Faults, also: Iterable[str] = ()) -> None:
        self._files, self._faults, self._also = files, faults, also
        self.read: dict[str, Node] = {}

    def rulebook(self) -> Rulebook:
        """The rulebook that the files are."""
        front = self._file(FRONT_PAGE)
        front.mapping(HEADING, ("promises", *self._also))
        shared = read_shared(front, read_vocabulary(self._file(VOCABULARY)))
        vocabulary, promises = shared.vocabulary, front.get("promises")
        names = [each.text() for each in front["rulesets"].listed()]
        nodes = dict(self._every_good(lambda name: (name, self._file(f"{name}.yaml")), names))
        rulesets = tuple(self._every_good(lambda name: _named(name, nodes[name], shared), nodes))
        directory = DirectoryReader(vocabulary.routes, shared.values).read(self._file(DIRECTORY))
        self._faults.stop()
        self._check_inputs(vocabulary)
        self._check_giving_way(rulesets, vocabulary)
        content = {name: node.plain() for name, node in self.read.items()}
        return Rulebook(
            stamp=Stamp(front["rulebook"].text(), front["version"].text(), content_digest(content)),
            title=front["title"].text(),
            status=front["status"].text(),
            owner=front["owner"].text(),
            vocabulary=vocabulary,
            rulesets=rulesets,
            values=shared.values,
            sources=shared.sources,
            cells=_cells(_part(nodes, "cells"), vocabulary),
            directory=directory,
            safety_net=_part(nodes, "safety_net").text(),
            stages=self._stages(rulesets, vocabulary),
            switches={name: one.value for name, one in shared.values.items() if one.choices},
            content=content,
            promises=read_promises(promises, shared) if promises else None,
            extends=base_extended(front),
            overlays=overlays_laid(front),
            retired=rules_retired(front, shared),
            waivers=waivers_named(front, shared),
        )

    def _file(self, name: str) -> Node:
        node = self._files(name)
        if node is None:
            self._faults.note(name, 1, "is missing; add the file or take it out of the rulebook")
            raise Refused(name)
        self.read[name] = node
        return node

    def _every_good(self, read_one: Callable[[str], T], names: Iterable[str]) -> Iterator[T]:
        """What can be read; the faults of what cannot are noted, and the reading goes on."""
        for name in names:
            with suppress(Refused):
                yield read_one(name)

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
                    self._faults.note(rule.file, rule.line, problem, rule.id)

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
            rule = circle.rule
            self._faults.note(rule.file, rule.line, str(circle), rule.id)
            raise Refused(str(circle)) from None


def _named(name: str, node: Node, shared: Shared) -> Ruleset:
    """The ruleset in a file, which must go by the file's name and not be retired."""
    ruleset = read_ruleset(node, shared)
    if ruleset.id != name:
        raise node["ruleset"].refuse(f"{ruleset.id} stands in {name}.yaml; call both alike")
    if ruleset.status == "retired":
        raise node["status"].refuse("is retired; take it out of the rulesets of the rulebook")
    return ruleset


def _part(nodes: Mapping[str, Node], key: str) -> Node:
    for node in nodes.values():
        if key in node.value:
            return node[key]
    first = next(iter(nodes.values()))
    raise first.refuse(f"no ruleset holds {key}; add it")


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
