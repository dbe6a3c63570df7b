"""Rules: what they read, what they conclude, and on whose authority."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from triage.domain.conditions import Branch, Condition, branches
from triage.domain.sentences import Sentence
from triage.domain.vocabulary import Value

LEVELS = ("unknown", "low", "medium", "high")
"""The levels a factor can have, mildest first; ``unknown`` is what is left when none is found."""

NO_INDICATORS = "no immediate-safety indicators recorded"
"""How the lowest level of risk reads to people: a level is no prediction (NICE NG225)."""

LEAD_ROUTE = "route"
"""The fact that names the lead route."""

ROUTES = "routes"
"""The fact that lists every route that stands: the lead and those also indicated."""


def level_fact(factor: str) -> str:
    """The name of the fact that holds a factor's level. Answers may share a factor's own name."""
    return f"{factor}_level"


RATED = "rated_"


def rated_fact(factor: str) -> str:
    """The name of the fact that holds a factor's level as a clinician rated it."""
    return f"{RATED}{factor}"


DIFFERING = "ratings_that_differ"
"""The fact that lists the factors on which a clinician's rating and the answers differ."""


class Authority(StrEnum):
    """Where the substance of a rule comes from."""

    NATIONAL = "national"
    STATED = "stated"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules rest on."""

    id: str
    title: str
    authority: Authority


@dataclass(frozen=True, slots=True)
class Basis:
    """Why a rule is as it is: a source and the place in it.

    ``sign_off`` asks for a clinician; ``signed`` says who did sign, and when.
    """

    source: Source
    where: str
    sign_off: bool = False
    signed: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When an action is due: so many days after receipt, or on the date of an answer if given."""

    days: int
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One thing a rule concludes.

    ``kind`` is a row of ``KINDS``; ``target`` is the factor, route, alert or other name concluded.
    A level is ``value``, or is taken from the fact ``taken_from``.
    """

    kind: str
    target: str
    value: Value | None = None
    taken_from: str | None = None
    urgency: str | None = None
    due: Due | None = None


KINDS = (
    "level",
    "flag",
    "route",
    "urgency",
    "hold_booking",
    "alert",
    "action",
    "treatment",
    "measure",
    "support",
)
"""The kinds of conclusion, in the order in which a rule page shows them."""


@dataclass(frozen=True, slots=True)
class Example:
    """A boundary example of a rule: the facts given, and whether the rule fires on them."""

    title: str
    given: Mapping[str, Value]
    fires: bool
    line: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. ``when`` is None for the rule that fires when nothing else concluded a route.

    ``distinguishes`` are the protected facts by which it treats people differently, on purpose.
    """

    id: str
    title: str
    ruleset: str
    basis: Basis
    when: Condition | None
    then: tuple[Conclusion, ...]
    examples: tuple[Example, ...]
    because: Sentence | None = None
    line: int = 0
    file: str = ""
    distinguishes: frozenset[str] = frozenset()
    branches: tuple[Branch, ...] = field(init=False)
    reads: frozenset[str] = field(init=False)
    """Every fact the rule compares, or takes a level from."""
    concludes: frozenset[str] = field(init=False)
    """Every fact that a later rule may read because this one fired."""
    always: Branch = field(init=False)
    """What every branch asks for: where this does not hold, no branch does."""

    def __post_init__(self) -> None:
        opened = branches(self.when) if self.when is not None else ()
        compared = {fact for branch in opened for fact in branch.reads}
        taken = {conclusion.taken_from for conclusion in self.then if conclusion.taken_from}
        object.__setattr__(self, "branches", opened)
        object.__setattr__(self, "reads", frozenset(compared | taken))
        object.__setattr__(self, "concludes", frozenset(_facts_of(self.then)))
        object.__setattr__(self, "always", _shared(opened))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence the rule may say, in the order written."""
        told = [sentence for branch in self.branches for sentence in branch.because]
        return tuple(dict.fromkeys(([self.because] if self.because else []) + told))

    @property
    def is_rating(self) -> bool:
        """Does it take a level from what a clinician rated, rather than from the answers?"""
        return any(fact.startswith(RATED) for fact in self.reads)


def _facts_of(then: tuple[Conclusion, ...]) -> Iterator[str]:
    for conclusion in then:
        match conclusion.kind:
            case "flag":
                yield conclusion.target
            case "level":
                yield from (level_fact(conclusion.target), DIFFERING)
            case "route":
                yield from (LEAD_ROUTE, ROUTES)


def _shared(opened: tuple[Branch, ...]) -> Branch:
    if not opened:
        return Branch(())
    others = [set(branch.comparisons) for branch in opened[1:]]
    return Branch(
        tuple(one for one in opened[0].comparisons if all(one in each for each in others))
    )


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One file of rules about one thing, with its owner and its standing."""

    id: str
    title: str
    version: str
    status: str
    owner: str
    rules: tuple[Rule, ...]
    file: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Rules that read nothing another rule of the same stage concludes, so that order is free.

    ``settles`` are the facts that no later rule concludes: they are fixed once the stage has run.
    """

    number: int
    rules: tuple[Rule, ...]
    settles: frozenset[str]
    otherwise: Rule | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that fired, with its branches that were true: what they say and what they read."""

    rule: Rule
    branches: tuple[Branch, ...]
    because: tuple[Sentence, ...] = field(init=False, compare=False)
    reads: tuple[str, ...] = field(init=False, compare=False)
    tells: tuple[str, ...] = field(init=False, compare=False)
    """The facts that were read, and then those that only the sentences name."""

    def __post_init__(self) -> None:
        own = (self.rule.because,) if self.rule.because else ()
        told = dict.fromkeys(sentence for way in self.branches for sentence in way.because)
        read = dict.fromkeys(fact for way in self.branches for fact in way.reads)
        told_of = {fact for sentence in (*own, *told) for fact in sentence.reads}
        object.__setattr__(self, "tells", (*read, *sorted(told_of - read.keys())))
        object.__setattr__(self, "because", (*own, *told))
        object.__setattr__(self, "reads", tuple(read))


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A number or word that is a choice of the rulebook, used by name."""

    name: str
    title: str
    value: int | str
    basis: Basis
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    unit: str = ""
