"""The words that rules, referrals and pages share: answers, facts, factors, routes and urgencies.

The vocabulary is read from ``rules/vocabulary.yaml`` and is the single list of what may be asked,
what a rule may speak of, and what a rule may conclude.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from triage.domain.clock import end_of_day, later

Value = bool | int | str | date | tuple[str, ...] | tuple[int | None, ...]
"""The value of an answer or a fact. Absent is "not asked", which is never "no"."""

Facts = Mapping[str, Value]


class Kind(StrEnum):
    """What sort of value an answer or a fact holds."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"
    ITEMS = "items"


YES_OR_NO: Mapping[bool, str] = {True: "yes", False: "no"}


class Worse(StrEnum):
    """In which direction a risk-like answer gets worse."""

    TRUE = "true"
    FALSE = "false"
    HIGHER = "higher"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Term:
    """Something a rule may read: a fact, with what it may be. Numbers are whole, ends included."""

    name: str
    title: str
    kind: Kind
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    _said: Mapping[Value, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        said = YES_OR_NO if self.kind is Kind.BOOLEAN else self.labels
        object.__setattr__(self, "_said", said)

    def words(self, value: Value | None) -> str:
        """The value as a person would read it in a sentence."""
        if value is None:
            return "not asked"
        said = self._said.get(value)
        if said is not None:
            return said
        if isinstance(value, tuple):
            return ", ".join(self.labels.get(str(item), str(item)) for item in value)
        return str(value)


@dataclass(frozen=True, slots=True)
class AskedWhen:
    """What another answer must be, or must not be, for a question to make sense.

    While nobody knows the other answer, the question is asked.
    """

    answer: str
    value: bool | str
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A screening answer: what is asked, how, and what may be answered.

    ``spoken`` is how it is put to a person who rings for themselves; empty where nobody says it.
    A questionnaire's items have a ``length``, and ``may_miss`` of them before there is no total.
    A date that ``may_be_ahead`` is a day to come; every other has been by the day of receipt.
    What is ``fixed`` nobody can change, so it is never suggested as a change. By system,
    ``codes`` name the answer, ``item_codes`` its items in order, ``value_codes`` what is answered.
    A form asks it only where one of ``asked_when`` holds or may; no rule takes notice of that.
    """

    term: Term
    question: str
    group: str
    help: str = ""
    spoken: str = ""
    worse: Worse | None = None
    length: int = 0
    may_miss: int = 0
    may_be_ahead: bool = False
    codes: Mapping[str, str] = field(default_factory=dict)
    item_codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    value_codes: Mapping[str, Mapping[str, int | str]] = field(default_factory=dict)
    fixed: bool = False
    asked_when: tuple[AskedWhen, ...] = ()

    @property
    def name(self) -> str:
        """The name under which it is given."""
        return self.term.name


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """A fact worked out in Python from answers or from the patient, with the source of its method.

    ``inputs`` are the answers that would settle it, the one to ask for first. What is ``fixed``
    nobody can change.
    """

    term: Term
    source: str
    inputs: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A column of the referral matrix."""

    name: str
    title: str
    where: str


@dataclass(frozen=True, slots=True)
class RouteTerm:
    """A route a referral may take.

    ``replaces``: routes whose place it takes, with their urgency. ``gives_way``: it is concluded
    only where no other route is, and never stands beside one. ``suits`` says for what it is, to
    those who refer. ``ordered_as``: how practices name
    it in orders, in small letters. ``script``: what to do and say, step by step, while the person
    is on the line; ``to_caller``: what they are told.
    """

    id: str
    title: str
    meaning: str
    step: int | None = None
    replaces: frozenset[str] = frozenset()
    concurrent_with: frozenset[str] = frozenset()
    gives_way: bool = False
    ordered_as: tuple[str, ...] = ()
    suits: str = ""
    script: tuple[str, ...] = ()
    to_caller: str = ""


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon somebody must respond. A lower rank is more urgent; equal ranks are one class.

    ``danger``: where an answer that is refused concludes it, the refusal says so. ``priority`` is
    the same in the words of FHIR (R4, RequestPriority); empty in rulebooks of before it was said.
    """

    id: str
    title: str
    rank: int
    within_hours: int | None
    danger: bool = False
    priority: str = ""
    order: tuple[int, int] = field(init=False, compare=False)
    """Sorts the more urgent first; within a class the end of the day comes before any hours."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.rank, self.within_hours or 0))

    def sooner_than(self, other: Urgency) -> bool:
        """Is it more urgent, or in the same class with the sooner clock?"""
        return self.order < other.order

    def respond_by(self, received_at: datetime) -> datetime:
        """The latest moment to respond; ``within_hours`` None means by the end of that day."""
        if self.within_hours is None:
            return end_of_day(received_at)
        return later(received_at, self.within_hours)


@dataclass(frozen=True, slots=True)
class Named:
    """What a rule may conclude by name: an alert, action, treatment, measure or support."""

    id: str
    title: str


EVALUATORS_DISAGREE = "evaluators_disagree"
"""The alert of a decision on which the two evaluations of the rules differ."""

OWN_NAMES: Mapping[str, Mapping[str, Named]] = {
    "alerts": {
        EVALUATORS_DISAGREE: Named(EVALUATORS_DISAGREE, "Two evaluations of the rules differ")
    },
}
"""What is concluded beside the rules, whatever they are: names that every vocabulary has."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a national code list, with its meaning."""

    id: str
    title: str


class SelfReferral(StrEnum):
    """Does a way in mean that people refer themselves?"""

    ALWAYS = "always"
    UNLESS_REFERRED = "unless_referred"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ReferralSource:
    """A source of referral, by its code in the IAPT data set."""

    id: str
    title: str
    self_referral: SelfReferral = SelfReferral.NEVER


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """Why a clinician decides otherwise. ``sign_off``: a local choice that is not yet signed."""

    id: str
    title: str
    sign_off: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a link of a questionnaire stands for: an answer, or one item of it, counted from 1."""

    answer: str
    item: int | None = None


@dataclass(frozen=True, slots=True)
class KnownQuestionnaire:
    """A questionnaire of somebody else, by its canonical URL: its links and coded values."""

    url: str
    title: str
    links: Mapping[str, Target]
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Messages:
    """How messages name what is asked and answered here.

    ``own`` begins the URIs of our own systems; ``systems`` are the URIs of national ones by the
    names that ``codes`` have. ``genders`` maps R4 AdministrativeGender to NHS Data Dictionary
    codes; ``requesters`` the type of who asks, or ``practice``, to the source of referral.
    ``ordered_as``: words of an order that is for one of the services here, without saying which;
    ``not_ordered_as``: those by which it is for none. Both in small letters.
    """

    own: str
    systems: Mapping[str, str]
    genders: Mapping[str, str]
    requesters: Mapping[str, str]
    questionnaires: Mapping[str, KnownQuestionnaire]
    ordered_as: tuple[str, ...] = ()
    not_ordered_as: tuple[str, ...] = ()


NO_MESSAGES = Messages("", {}, {}, {}, {})
"""What a vocabulary says of messages that names no codes: none can be read."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word of the rulebook; ``routes`` stand in order of precedence.

    ``protected`` are the facts on which a route may depend only by rules that say so; ``to_sign``
    the local choices among the words that nobody has signed, by name.
    """

    answers: Mapping[str, Answer]
    derived: Mapping[str, DerivedFact]
    concluded: Mapping[str, Term]
    factors: Mapping[str, Factor]
    routes: Mapping[str, RouteTerm]
    urgencies: Mapping[str, Urgency]
    named: Mapping[str, Mapping[str, Named]]
    override_reasons: Mapping[str, OverrideReason]
    sources_of_referral: Mapping[str, ReferralSource]
    ethnic_categories: Mapping[str, Code]
    genders: Mapping[str, Code]
    terms: Mapping[str, Term] = field(default_factory=dict)
    protected: tuple[str, ...] = ()
    messages: Messages = NO_MESSAGES
    to_sign: Mapping[str, str] = field(default_factory=dict)
