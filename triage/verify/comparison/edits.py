"""What is written otherwise in two rulebooks, whatever comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from triage.domain.vocabulary import Answer, RouteTerm
from triage.rulebook import Rulebook
from triage.rulebook.files import FRONT_PAGE


class Changed(NamedTuple):
    """Something that is one thing before and another after; no text stands for "not there"."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edits:
    """What is written otherwise: rules by their ids, and whatever several rules share.

    ``renamed`` rules say the same under another id. Of the rules in ``words`` nothing changed but
    title, sentences, basis, examples or place.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[Changed, ...]
    words: tuple[str, ...]
    shared: tuple[Changed, ...]

    @property
    def say_otherwise(self) -> bool:
        """Is more written otherwise than words?"""
        return bool(self.added or self.dropped or self.changed or self.shared)

    def as_dict(self) -> dict[str, Any]:
        """The edits as plain data."""
        return {
            "added": list(self.added),
            "dropped": list(self.dropped),
            "changed": list(self.changed),
            "renamed": [one._asdict() for one in self.renamed],
            "words": list(self.words),
            "shared": [one._asdict() for one in self.shared],
        }


def edits_between(before: Rulebook, after: Rulebook) -> Edits:
    """Everything that is written otherwise."""
    old, new = _written(before), _written(after)
    gone = {name: one for name, one in old.items() if name not in new}
    come = {name: one for name, one in new.items() if name not in old}
    renamed = tuple(_renamed(gone, come))
    both = [name for name in old if name in new]
    alike = [name for name in both if _meaning(old[name]) == _meaning(new[name])]
    return Edits(
        added=_less(come, {one.after for one in renamed}),
        dropped=_less(gone, {one.before for one in renamed}),
        changed=_less(both, set(alike)),
        renamed=renamed,
        words=tuple(name for name in alike if old[name] != new[name]),
        shared=tuple(_shared(before, after)),
    )


def _less(names: Iterable[str], others: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name not in others)


Written = Mapping[str, Any]
"""A rule as it stands in its file, with the ruleset it stands in."""


def _written(rulebook: Rulebook) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for name in rulebook.content[FRONT_PAGE]["rulesets"]:
        ruleset = rulebook.content[f"{name}.yaml"]
        otherwise = [ruleset["otherwise"]] if "otherwise" in ruleset else []
        for rule in (*ruleset["rules"], *otherwise):
            found[rule["id"]] = {**rule, "ruleset": name}
    return found


def _meaning(rule: Written) -> str:
    """When a rule fires and what it concludes, as one text."""
    return json.dumps(_without_sentences([rule.get("when"), rule["then"]]), sort_keys=True)


def _without_sentences(written: Any) -> Any:
    if isinstance(written, dict):
        kept = {key: each for key, each in written.items() if key != "because"}
        return {key: _without_sentences(each) for key, each in kept.items()}
    return [_without_sentences(each) for each in written] if isinstance(written, list) else written


def _renamed(gone: Mapping[str, Written], come: Mapping[str, Written]) -> Iterator[Changed]:
    meanings = {_meaning(rule): name for name, rule in come.items()}
    for name, rule in gone.items():
        found = meanings.pop(_meaning(rule), None)
        if found is not None:
            yield Changed("rule", name, found)


def _shared(before: Rulebook, after: Rulebook) -> Iterator[Changed]:
    """Named values, routes and answers that differ in more than their words."""
    for what, told in _SHARED.items():
        yield from differing(what, told(before), told(after))


def differing(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Changed]:
    """The names that stand for one thing before and for another after."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Changed(f"{what} {name}".rstrip(), old, new)


def _values(rulebook: Rulebook) -> dict[str, str]:
    return {name: str(one.value) for name, one in rulebook.values.items()}


def _precedence(rulebook: Rulebook) -> dict[str, str]:
    return {"": ", ".join(rulebook.vocabulary.routes)}


def _routes(rulebook: Rulebook) -> dict[str, str]:
    return {name: _of_route(one) for name, one in rulebook.vocabulary.routes.items()}


def _of_route(route: RouteTerm) -> str:
    parts = [
        f"replaces {', '.join(sorted(route.replaces))}" if route.replaces else "",
        f"at once with {', '.join(sorted(route.concurrent_with))}" if route.concurrent_with else "",
        "gives way" if route.gives_way else "",
    ]
    return "; ".join(part for part in parts if part) or "stands by itself"


def _answers(rulebook: Rulebook) -> dict[str, str]:
    return {name: _of_answer(one) for name, one in rulebook.vocabulary.answers.items()}


def _of_answer(answer: Answer) -> str:
    term = answer.term
    told = f"{term.kind}, {term.low} to {term.high}" if term.high else str(term.kind)
    if term.choices:
        told = f"{term.kind}: {', '.join(term.choices)}"
    direction = f"; gets worse: {answer.worse}" if answer.worse else ""
    return f"{told}{direction}{'; fixed' if answer.fixed else ''}"


def _promises(rulebook: Rulebook) -> dict[str, str]:
    """What is promised, and what is not: the proofs of a rulebook are no stronger than these."""
    promises = rulebook.promises
    if promises is None:
        return {}
    never = ", ".join(promises.unknown_risk_never)
    risk = f"no less urgent than {promises.unknown_risk_floor}, never {never}"
    exceptions = {f"exception {one.id}": one.title for one in promises.exceptions}
    return {"unknown risk": risk, **exceptions}


def _protected(rulebook: Rulebook) -> dict[str, str]:
    return {"": ", ".join(rulebook.vocabulary.protected)}


def _distinguishing(rulebook: Rulebook) -> dict[str, str]:
    return {one.id: ", ".join(sorted(one.distinguishes)) for one in rulebook.rules}


_SHARED: Mapping[str, Callable[[Rulebook], Mapping[str, str]]] = {
    "named value": _values,
    "answer": _answers,
    "route": _routes,
    "precedence of routes": _precedence,
    "promise": _promises,
    "protected facts": _protected,
    "distinguished by": _distinguishing,
}
