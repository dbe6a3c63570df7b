"""Rules written otherwise that say the same: changes without effect, drawn by a seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from triage.errors import RulebookError
from triage.rulebook import Rulebook, rulebook_of

Content = dict[str, Any]
Condition = dict[str, Any]
Path = tuple[str | int, ...]

JOINS = ("all", "any", "not", "at_least_of")

SAME: Mapping[str, tuple[str, int]] = {
    "at_least": ("above", -1),
    "above": ("at_least", 1),
    "at_most": ("below", 1),
    "below": ("at_most", -1),
}
"""The comparison that says the same of whole numbers, and by how much its number is another."""


@dataclass(frozen=True)
class Site:
    """A condition somewhere in a rule; it is ``positive`` where no ``not`` stands above it."""

    path: Path
    when: Condition
    positive: bool

    @property
    def key(self) -> str:
        return next(key for key in self.when if key != "because")

    @property
    def inner(self) -> Any:
        return self.when[self.key]

    @property
    def plain(self) -> Condition:
        """The condition without its sentence."""
        return {self.key: self.inner}

    @property
    def is_comparison(self) -> bool:
        return self.key not in JOINS

    def told(self, plain: Condition) -> Condition:
        """Another condition with the same sentence."""
        kept = {"because": self.when["because"]} if "because" in self.when else {}
        return {**plain, **kept}


def refactors(rulebook: Rulebook, seed: int, count: int) -> Iterator[tuple[str, Rulebook]]:
    """So many different rulebooks that decide alike, each with what was written otherwise."""
    drawn, seen = _Drawn(rulebook, Random(seed)), {rulebook.stamp.digest}
    while count:
        said, content = drawn.content()
        try:
            made = rulebook_of(json.dumps(content))
        except RulebookError:
            continue
        if made.stamp.digest not in seen:
            seen.add(made.stamp.digest)
            count -= 1
            yield said, made


class _Drawn:
    """Draws one or a few changes to the content of a rulebook."""

    def __init__(self, rulebook: Rulebook, random: Random) -> None:
        self._kept, self._random = json.dumps(rulebook.content), random
        self._numbers = {
            name: one.value for name, one in rulebook.values.items() if isinstance(one.value, int)
        }
        self._whole: Sequence[Callable[[Content], str]] = (
            self._rules_reordered,
            self._rulesets_reordered,
            self._rule_renamed,
            self._rule_split,
            self._words_changed,
            self._word_added,
        )
        self._of_condition: Mapping[str, Callable[[Site], Condition | None]] = {
            "denied twice": lambda site: {"not": {"not": site.plain}},
            "turned round": self._turned_round,
            "reordered": self._reordered,
            "said twice": self._said_twice,
            "by the next number": self._next_number,
            "a number by its name": self._named,
            "a name by its number": self._written_out,
            "with what it implies": _with_what_it_implies,
            "with a stricter one beside it": _absorbing,
        }

    def content(self) -> tuple[str, Content]:
        """The content of a rulebook that says the same, and how it was made."""
        content: Content = json.loads(self._kept)
        said = []
        for _ in range(self._random.choice((1, 1, 2, 4))):
            if self._random.random() < 0.35:
                said.append(self._random.choice(self._whole)(content))
            else:
                said.append(self._condition_changed(content))
        return "; ".join(said), content

    def _ruleset(self, content: Content) -> Content:
        names = [
            name
            for name in content["rulebook.yaml"]["rulesets"]
            if content[f"{name}.yaml"]["rules"]
        ]
        found: Content = content[f"{self._random.choice(names)}.yaml"]
        return found

    # --- whole rules ---

    def _rules_reordered(self, content: Content) -> str:
        ruleset = self._ruleset(content)
        self._random.shuffle(ruleset["rules"])
        return f"rules of {ruleset['ruleset']} reordered"

    def _rulesets_reordered(self, content: Content) -> str:
        self._random.shuffle(content["rulebook.yaml"]["rulesets"])
        return "rulesets reordered"

    def _rule_renamed(self, content: Content) -> str:
        rule = self._random.choice(self._ruleset(content)["rules"])
        rule["id"] = f"{rule['id']}-{self._random.randrange(100)}"
        return f"{rule['id']} renamed"

    def _rule_split(self, content: Content) -> str:
        ruleset = self._ruleset(content)
        several = [rule for rule in ruleset["rules"] if len(rule["when"].get("any", ())) > 1]
        if not several:
            return "nothing split"
        rule = self._random.choice(several)
        parts = [
            {**rule, "id": f"{rule['id']}-part-{number}", "when": part}
            for number, part in enumerate(rule["when"]["any"])
        ]
        at = ruleset["rules"].index(rule)
        ruleset["rules"][at : at + 1] = parts
        return f"{rule['id']} split"

    def _words_changed(self, content: Content) -> str:
        rule = self._random.choice(self._ruleset(content)["rules"])
        rule["title"] = f"{rule['title']}, in other words"
        rule["basis"] = {**rule["basis"], "where": "Elsewhere"}
        if "because" in rule:
            rule["because"] = "It was found so."
        return f"words of {rule['id']} changed"

    def _word_added(self, content: Content) -> str:
        words = content["vocabulary.yaml"]
        words[self._random.choice(("alerts", "supports", "measures"))]["unused"] = "An unused word"
        words["answers"].append(
            {
                "name": "unused",
                "title": "An unused answer",
                "question": "What else?",
                "type": "boolean",
                "group": self._random.choice(("safety", "history")),
            }
        )
        return "an unused word added"

    # --- one condition ---

    def _condition_changed(self, content: Content) -> str:
        """One of the changes, to a condition to which it can be made."""
        name = self._random.choice(list(self._of_condition))
        rulesets = [content[f"{each}.yaml"] for each in content["rulebook.yaml"]["rulesets"]]
        rules = [rule for ruleset in rulesets for rule in ruleset["rules"]]
        for rule in self._random.sample(rules, len(rules)):
            every = list(sites(rule["when"]))
            for site in self._random.sample(every, len(every)):
                found = self._of_condition[name](site)
                if found is not None:
                    rule["when"] = _put(rule["when"], site.path, site.told(found))
                    return f"{rule['id']}: {site.key} {name}"
        return f"nothing {name}"

    def _turned_round(self, site: Site) -> Condition | None:
        other = {"all": "any", "any": "all"}.get(site.key)
        return {"not": {other: [{"not": part} for part in site.inner]}} if other else None

    def _reordered(self, site: Site) -> Condition | None:
        if site.key not in ("all", "any"):
            return None
        return {site.key: self._random.sample(site.inner, len(site.inner))}

    def _said_twice(self, site: Site) -> Condition | None:
        return {self._random.choice(("all", "any")): [site.plain, site.plain]}

    def _next_number(self, site: Site) -> Condition | None:
        if not site.is_comparison or len(site.inner) > 1:
            return None
        ((sign, wanted),) = site.inner.items()
        if sign not in SAME or not isinstance(wanted, int):
            return None
        other, more = SAME[sign]
        return {site.key: {other: wanted + more}}

    def _named(self, site: Site) -> Condition | None:
        return self._each_number(site, self._name_of)

    def _written_out(self, site: Site) -> Condition | None:
        return self._each_number(
            site, lambda one: self._numbers.get(one["value"]) if isinstance(one, dict) else None
        )

    def _each_number(self, site: Site, become: Callable[[Any], Any]) -> Condition | None:
        if not site.is_comparison:
            return None
        changed = {sign: become(wanted) for sign, wanted in site.inner.items()}
        known = {sign: value for sign, value in changed.items() if value is not None}
        return {site.key: {**site.inner, **known}} if known else None

    def _name_of(self, number: Any) -> Any:
        if type(number) is not int:
            return None
        names = [name for name, value in self._numbers.items() if value == number]
        return {"value": self._random.choice(names)} if names else None


def _with_what_it_implies(site: Site) -> Condition | None:
    """What is compared is known: to add that changes nothing where no ``not`` stands above."""
    if not site.positive or not site.is_comparison or "known" in site.inner:
        return None
    return {"all": [site.plain, {site.key: {"known": True}}]}


def _absorbing(site: Site) -> Condition | None:
    return {"any": [site.plain, {"all": [site.plain, {"veteran": {"is": True}}]}]}


def sites(when: Condition, path: Path = (), *, positive: bool = True) -> Iterator[Site]:
    """Every condition in a condition, with where it stands."""
    site = Site(path, when, positive)
    yield site
    if site.key == "not":
        yield from sites(site.inner, (*path, "not"), positive=False)
    elif site.key in ("all", "any"):
        for place, part in enumerate(site.inner):
            yield from sites(part, (*path, site.key, place), positive=positive)
    elif site.key == "at_least_of":
        for place, part in enumerate(site.inner["of"]):
            yield from sites(part, (*path, site.key, "of", place), positive=positive)


def _put(whole: Any, path: Path, part: Any) -> Any:
    """A condition with another in one place."""
    if not path:
        return part
    first, *rest = path
    if isinstance(whole, list):
        return [
            _put(each, tuple(rest), part) if place == first else each
            for place, each in enumerate(whole)
        ]
    return {
        key: _put(each, tuple(rest), part) if key == first else each for key, each in whole.items()
    }
