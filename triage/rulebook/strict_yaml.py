"""YAML read strictly: every value with its line, and nothing that YAML would quietly change.

YAML 1.1 reads ``no`` as false, ``010`` as 8 and ``2026.10`` as a number, and lets a key be given
twice. Here only ``true``, ``false``, ``null`` and plain whole numbers are not text, and the
doubtful spellings are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from triage.errors import RuleFault
from triage.nearest import nearest

_BOOLEAN = "tag:yaml.org,2002:bool"
_NUMBER = "tag:yaml.org,2002:int"
_NOTHING = "tag:yaml.org,2002:null"
_TEXT = "tag:yaml.org,2002:str"

_DOUBTFUL_WORD = re.compile(r"(?i)(?:y|n|yes|no|on|off|true|false|null)")
_DOUBTFUL_NUMBER = re.compile(r"[-+]?0[0-9_obx][0-9a-fA-F_]*|\+[0-9]+|[0-9]+_[0-9_]*")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader that sees text in everything but true, false, null and plain whole numbers."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (the library's own class attribute)


_Loader.add_implicit_resolver(_BOOLEAN, re.compile(r"(?:true|false)\Z"), "tf")
_Loader.add_implicit_resolver(_NUMBER, re.compile(r"(?:0|-?[1-9][0-9]*)\Z"), "-0123456789")
_Loader.add_implicit_resolver(_NOTHING, re.compile(r"(?:null|~|)\Z"), ["n", "~", ""])


class Refused(Exception):  # noqa: N818 (internal: the fault itself is already noted)
    """A part of a rule file was refused and its fault noted; the reading of it stops here."""


@dataclass(slots=True)
class Faults:
    """Every fault found in the rule files so far."""

    found: list[RuleFault] = field(default_factory=list)

    def note(self, file: str, line: int, problem: str, rule: str | None = None) -> None:
        """Keep a fault."""
        self.found.append(RuleFault(file, line, problem, rule))

    def stop(self) -> None:
        """Raises ``Refused`` where a fault was found: what follows would build on it."""
        if self.found:
            raise Refused("faults were noted")


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a rule file, with the place it stands at and the rule it belongs to."""

    value: Any
    file: str
    line: int
    faults: Faults
    rule: str | None = None
    named_at: int = 0
    """The line of the name before the colon, for an entry of a mapping."""

    def refuse_name(self, problem: str) -> Refused:
        """Note a fault at the name of this entry. Raise what this returns."""
        self.faults.note(self.file, self.named_at or self.line, problem, self.rule)
        return Refused(problem)

    def refuse(self, problem: str) -> Refused:
        """Note a fault at this place. Raise what this returns."""
        self.faults.note(self.file, self.line, problem, self.rule)
        return Refused(problem)

    def within(self, rule: str) -> Node:
        """The same value, named as a part of a rule in whatever is said about it."""
        return replace(self, rule=rule)

    def __getitem__(self, key: str) -> Node:
        return self._of_mine(self.value[key])

    def get(self, key: str) -> Node | None:
        """The entry of a mapping under a name, if there is one."""
        return self[key] if key in self.value else None

    def _of_mine(self, node: Node) -> Node:
        return node.within(self.rule) if self.rule and node.rule is None else node

    def mapping(self, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Node:
        """The node, if it is a mapping with every required key and none that is not known."""
        self.open_mapping()
        needed = tuple(required)
        known = {*needed, *optional}
        for key, node in self.value.items():
            if key not in known:
                raise self._of_mine(node).refuse(f"{key} is not known here; {nearest(key, known)}")
        for key in needed:
            if key not in self.value:
                raise self.refuse(f"{key} is missing; add it")
        return self

    def open_mapping(self) -> Mapping[str, Node]:
        """The entries of this node, if it is a mapping, whatever its keys."""
        if not isinstance(self.value, dict):
            raise self.refuse(f"must be a mapping of names to values, not {self._shown()}")
        return {key: self._of_mine(node) for key, node in self.value.items()}

    def listed(self) -> list[Node]:
        """The entries of this node, if it is a list that is not empty."""
        if not isinstance(self.value, list):
            raise self.refuse(f"must be a list, not {self._shown()}")
        if not self.value:
            raise self.refuse("is an empty list; write what belongs in it or leave it out")
        return [self._of_mine(node) for node in self.value]

    def text(self) -> str:
        """The value, if it is a text that is not blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.refuse(f"must be a text, not {self._shown()}; put it in quotes")
        return self.value

    def number(self) -> int:
        """The value, if it is a whole number."""
        if type(self.value) is not int:
            raise self.refuse(f"must be a whole number, not {self._shown()}")
        return self.value

    def boolean(self) -> bool:
        """The value, if it is true or false."""
        if type(self.value) is not bool:
            raise self.refuse(f"must be true or false, not {self._shown()}")
        return self.value

    def one_of(self, known: Iterable[str], what: str) -> str:
        """The text of the node, if it is one of the names known for ``what``."""
        names, word = list(known), self.text()
        if word not in names:
            raise self.refuse(f"{word} is not {what}; {nearest(word, names)}")
        return word

    def plain(self) -> Any:
        """The value without its places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def _shown(self) -> str:
        if self.value is None:
            return "nothing"
        names = {dict: "a mapping", list: "a list", bool: "true or false", int: "a number"}
        return names.get(type(self.value), f"'{self.value}'")


def read(text: str, file: str, faults: Faults) -> Node:
    """The content of one rule file. Raises ``Refused`` where it is not YAML at all."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"is not YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        faults.note(file, mark.line + 1 if mark else 1, problem)
        raise Refused(problem) from None
    if root is None:
        faults.note(file, 1, "is empty")
        raise Refused(file)
    return _Walk(file, faults).node(root)


def plain_node(value: Any, file: str, faults: Faults) -> Node:
    """What ``Node.plain`` gave, as a node again, without the lines it came from."""
    if isinstance(value, dict):
        value = {key: plain_node(each, file, faults) for key, each in value.items()}
    elif isinstance(value, list):
        value = [plain_node(each, file, faults) for each in value]
    return Node(value, file, 1, faults)


class _Walk:
    """Turns the library's nodes into ours, one file at a time."""

    def __init__(self, file: str, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def node(self, raw: yaml.Node) -> Node:
        if isinstance(raw, yaml.MappingNode):
            return self._at(raw, self._mapping(raw))
        if isinstance(raw, yaml.SequenceNode):
            return self._at(raw, [self.node(each) for each in raw.value])
        if isinstance(raw, yaml.ScalarNode):
            return self._at(raw, self._scalar(raw))
        raise self._at(raw, None).refuse("cannot be read as a value")

    def _at(self, raw: yaml.Node, value: Any) -> Node:
        return Node(value, self._file, raw.start_mark.line + 1, self._faults)

    def _mapping(self, raw: yaml.MappingNode) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key, value in raw.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag not in (_TEXT, _NUMBER, _BOOLEAN):
                raise self._at(key, None).refuse("a name before a colon must be a plain word")
            self._doubts(key)
            if key.value in entries:
                first = entries[key.value].line
                raise self._at(key, None).refuse(
                    f"{key.value} is given twice; first in line {first}"
                )
            entries[key.value] = replace(self.node(value), named_at=key.start_mark.line + 1)
        return entries

    def _scalar(self, raw: yaml.ScalarNode) -> Any:
        self._doubts(raw)
        make: Callable[[str], Any] | None = _MAKE.get(raw.tag)
        if make is None:
            raise self._at(raw, None).refuse(f"{raw.tag} is not allowed in a rule file")
        return make(raw.value)

    def _doubts(self, raw: yaml.ScalarNode) -> None:
        if raw.style or raw.tag != _TEXT:
            return
        if _DOUBTFUL_WORD.fullmatch(raw.value):
            problem = f"'{raw.value}' is doubtful; write true or false, or put it in quotes"
            raise self._at(raw, None).refuse(problem)
        if _DOUBTFUL_NUMBER.fullmatch(raw.value):
            problem = f"'{raw.value}' is a doubtful number; write it plainly, or put it in quotes"
            raise self._at(raw, None).refuse(problem)


_MAKE: Mapping[str, Callable[[str], Any]] = {
    _TEXT: str,
    _NUMBER: int,
    _BOOLEAN: lambda text: text == "true",
    _NOTHING: lambda _text: None,
}
