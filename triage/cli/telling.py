"""A decision as a person reads it on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Console
from rich.text import Text

from triage.api.problem import Problem
from triage.cli.answers import Answer
from triage.decide import Decider
from triage.diagram import Outcome
from triage.domain.clock import LONDON
from triage.domain.decision import Decision, RouteGiven
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.vocabulary import Urgency, Vocabulary
from triage.errors import DisagreementError
from triage.explain import Explainer

STATUSES = {
    "routed": "No answer that is missing can change the route or the urgency.",
    "provisional": "Provisional: an answer that is missing could still change it.",
    "needs_information": "A clinician must ask about risk before anything else.",
}

Line = tuple[str, str]
"""A line and its style."""


class Teller:
    """Tells answers on standard output, in colour where a terminal shows it."""

    def __init__(self, decider: Decider, *, explain: bool, no_color: bool) -> None:
        self._vocabulary, self._with_changes = decider.rulebook.vocabulary, explain
        self._explainer = Explainer(decider.rulebook, decider.diagram)
        self._console = Console(no_color=no_color or None, highlight=False, soft_wrap=True)

    def say(self, answer: Answer) -> None:
        """Tell one answer."""
        for text, style in self._lines(answer):
            self._console.print(Text(text, style))
        self._console.print()

    def _lines(self, answer: Answer) -> Iterator[Line]:
        if answer.decision and answer.referral:
            explained = self._explained(answer.decision, answer.referral)
            yield from decision_lines(answer.decision, self._vocabulary, explained)
        elif answer.problem:
            where = f"{answer.file}, line {answer.line}" if answer.file else f"Line {answer.line}"
            yield f"{where}: not decided", "bold red"
            yield from problem_lines(answer.problem, self._vocabulary)

    def _explained(self, decision: Decision, referral: Pseudonymised) -> Iterator[Line]:
        """What alone decides it; where that is wanted, what would alter the route as well."""
        decided = Outcome(decision.route.route.id, decision.urgency.id)
        try:
            reason = self._explainer.sufficient(referral, decided)
        except DisagreementError as error:
            yield f"  What alone decides it: {error}.", "bold red"
            return
        yield f"  What alone decides it: {reason.words}.", ""
        if self._with_changes:
            changes = self._explainer.changes(referral, decided)
            yield from _listed("What would alter the route", [one.words for one in changes])


def decision_lines(
    decision: Decision, vocabulary: Vocabulary, explained: Iterable[Line]
) -> Iterator[Line]:
    """A decision: where to, how soon, why, and what is missing."""
    route = decision.route
    yield f"{decision.reference or 'Referral'}: {route.route.title}", "bold"
    yield (
        f"  {decision.urgency.title}; respond by {_local(route.respond_by)}",
        _style(decision.urgency),
    )
    yield f"  {_team(route)}", ""
    yield f"  {STATUSES[decision.status.value]}", ""
    if decision.booking_held:
        yield "  Book nothing until a clinician has looked.", "bold"
    for other in decision.also_indicated:
        also = "at the same time" if other.concurrent else "also indicated"
        yield f"  {other.route.title} ({also}): {_team(other)}", ""
    yield from _listed("Why", [reason.because for reason in decision.reasoning])
    yield from explained
    titles = vocabulary.named
    alerts = [f"{titles['alerts'][one.id].title}: {one.because}" for one in decision.alerts]
    yield from _listed("Look at this", alerts)
    actions = [f"{titles['actions'][one.id].title}, by {one.due}" for one in decision.actions]
    yield from _listed("To do", actions)
    missing = [f"{one.question} ({one.why})" for one in decision.missing]
    yield from _listed("Not asked yet", missing)


def problem_lines(problem: Problem, vocabulary: Vocabulary) -> Iterator[Line]:
    """What stood in the way of a decision; danger first."""
    if problem.danger:
        given = problem.danger.given
        route, urgency = vocabulary.routes[given.route.id], given.urgency.title
        yield f"  DANGER: {route.title}, {urgency}. {problem.danger.because}", "bold red"
    yield f"  {problem.detail}", ""
    yield from _listed("Put right", [f"{one.field} {one.problem}" for one in problem.faults])
    yield f"  {problem.safety_net}", "bold"


def _listed(heading: str, lines: list[str]) -> Iterator[Line]:
    if lines:
        yield f"  {heading}:", "bold"
        yield from ((f"    - {line}", "") for line in dict.fromkeys(lines))


def _local(moment: str) -> str:
    """A moment as a person in the United Kingdom reads it."""
    return f"{datetime.fromisoformat(moment).astimezone(LONDON):%A %-d %B %Y, %H:%M}"


def _team(given: RouteGiven) -> str:
    return f"{given.team.name}, {given.team.phone} ({given.team.hours})"


def _style(urgency: Urgency) -> str:
    return {0: "bold red", 1: "bold red", 2: "yellow"}.get(urgency.rank, "")
