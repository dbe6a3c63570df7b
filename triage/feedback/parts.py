"""The parts of what a referrer is told. Every text is plain, in one line, and names nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    """A team that has the referral, or that helps meanwhile."""

    name: str
    phone: str
    hours: str

    @property
    def says(self) -> str:
        """The team with how to reach it, without a full stop."""
        return f"{self.name}, {self.phone} ({self.hours})"


@dataclass(frozen=True, slots=True)
class OtherRoute:
    """A route beside the lead. ``concurrent``: both teams act at the same time."""

    title: str
    how_fast: str
    team: Team
    concurrent: bool

    @property
    def says(self) -> str:
        """The route with its team, without a full stop."""
        when = "at the same time" if self.concurrent else "also indicated"
        return f"{self.title} ({when}), {self.how_fast}: {self.team.says}"


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a person must see, by its id in the vocabulary.

    ``because`` is empty where the reasons say the same.
    """

    id: str
    title: str
    because: str

    @property
    def says(self) -> str:
        """What must be seen, and why."""
        return f"{self.title}: {self.because}" if self.because else f"{self.title}."


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something to be done, by its id in the vocabulary: who does it, and by which day.

    ``due`` is that day in ISO 8601, ``by`` the same in words.
    """

    id: str
    title: str
    who: str
    due: str
    by: str
    because: str

    @property
    def says(self) -> str:
        """What is done, by whom and when, without a full stop."""
        return f"{self.title}, by {self.by} ({self.who})"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was not asked, by the name of its answer, and what it could still bring."""

    answer: str
    question: str
    why: str

    @property
    def says(self) -> str:
        """The question with what hangs on it."""
        return f"{self.question} ({self.why})"


@dataclass(frozen=True, slots=True)
class Missing:
    """What was not asked: ``says`` what that means, the first questions, how many ``more``."""

    says: str
    questions: tuple[Question, ...]
    more: int

    @property
    def rest(self) -> str:
        """That there are more questions; empty where there are none."""
        if not self.more:
            return ""
        return f"And {self.more} more question{'' if self.more == 1 else 's'}, of less weight."


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a route is for, so that the next referral can go straight there."""

    title: str
    text: str

    @property
    def says(self) -> str:
        """The route and what it is for."""
        return f"{self.title}: {self.text}"


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next: who does what, and when. ``when`` is empty where no time is set."""

    who: str
    what: str
    when: str = ""

    @property
    def says(self) -> str:
        """The step in one line, without a full stop."""
        return f"{self.who}: {self.what}{f' ({self.when})' if self.when else ''}"


@dataclass(frozen=True, slots=True)
class Overridden:
    """A person has decided otherwise than the rules.

    ``role`` and ``reason`` are in words, and empty where nobody says; ``before`` is where the rules
    sent it and how fast, ``now`` where it goes.
    """

    before: str
    now: str
    role: str
    reason: str

    @property
    def says(self) -> str:
        """Who decided otherwise, from what to what, and why."""
        by = f"in the role of {self.role} " if self.role else ""
        why = f" Reason: {self.reason}." if self.reason else ""
        told = f"Somebody {by}has decided otherwise than the rules."
        return f"{told} The rules said: {self.before}. It now goes to: {self.now}.{why}"
