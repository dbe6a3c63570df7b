"""One referral in, one decision out. Nothing here reads a clock, a file or the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from triage.domain import conclusions
from triage.domain.clock import local_day, stamp
from triage.domain.decision import Action, Alert, Decision, Reason, RouteGiven, Status
from triage.domain.facts import facts as facts_of
from triage.domain.referral import Referral
from triage.domain.rules import LEAD_ROUTE, ROUTES, Due, Fired, Stage
from triage.domain.vocabulary import Facts, Urgency, Value
from triage.engine import Engine
from triage.outlook import Gaps
from triage.rulebook import Rulebook


class Decider:
    """A rulebook made ready to decide: its engine and its gap finder. Safe for many threads."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.engine = Engine(rulebook)
        self.gaps = Gaps(rulebook)
        self._places = {rule: place for place, rule in enumerate(rulebook.rules)}

    def decide(self, referral: Referral) -> Decision:
        """What the rulebook concludes from a referral.

        The same referral (its ``received_at`` included) and rulebook give the same decision for
        ever. Raises ``EngineError`` where the rules could not be run: then nothing was routed.
        """
        facts: dict[str, Value] = {**self.rulebook.switches}
        facts |= facts_of(referral, self.rulebook.vocabulary)
        fired: list[Fired] = []
        for stage in self.rulebook.stages:
            fired += self._fired(stage, facts, fired)
            facts |= conclusions.settled_facts(stage.settles, fired, facts, self.rulebook.vocabulary)
        fired.sort(key=lambda one: self._places[one.rule])
        return self._decision(referral, facts, fired)

    def _fired(self, stage: Stage, facts: Facts, so_far: Sequence[Fired]) -> Sequence[Fired]:
        fired = self.engine.fired(stage, facts)
        if stage.otherwise is None or _any_route((*so_far, *fired)):
            return fired
        return (*fired, Fired(stage.otherwise, ()))

    def _decision(self, referral: Referral, facts: Facts, fired: Sequence[Fired]) -> Decision:
        book = self.rulebook
        vocabulary = book.vocabulary
        claimed = conclusions.claims(fired, vocabulary)
        lead = str(facts[LEAD_ROUTE])
        urgency = conclusions.urgency(claimed, lead, fired, vocabulary)
        levels = conclusions.levels(fired, facts, vocabulary)
        outlook = self.gaps.outlook(referral, facts, fired)
        may_change = outlook.may_change(lead, urgency, fired, claimed, vocabulary)
        reasons = {one.rule.id: self._reason(one, facts) for one in fired}
        routes = self._routes(referral, facts, claimed, urgency)
        return Decision(
            reference=referral.reference,
            status=_status(lead, levels["risk"].level, may_change=may_change),
            urgency=urgency,
            booking_held=any(conclusions.of_kind(fired, "hold_booking")),
            route=routes[0],
            also_indicated=tuple(routes[1:]),
            levels=levels,
            reasoning=tuple(reasons.values()),
            alerts=_alerts(fired, reasons),
            missing=outlook.missing,
            actions=_actions(fired, reasons, referral),
            caseness={
                "phq9": _flag(facts, "phq9_caseness"),
                "gad7": _flag(facts, "gad7_caseness"),
            },
            measures=_names(fired, "measure"),
            treatments=_names(fired, "treatment"),
            supports=_names(fired, "support"),
            rulebook={
                "id": book.stamp.id,
                "version": book.stamp.version,
                "digest": book.stamp.digest,
            },
        )

    def _reason(self, fired: Fired, facts: Facts) -> Reason:
        rule, terms = fired.rule, self.rulebook.vocabulary.terms
        told = dict.fromkeys(sentence for branch in fired.branches for sentence in branch.because)
        sentences = [rule.because, *told] if rule.because else [*told]
        read = dict.fromkeys(fact for branch in fired.branches for fact in branch.reads)
        return Reason(
            rule=rule,
            because=" ".join(sentence.filled(facts, terms) for sentence in sentences),
            facts={name: facts.get(name) for name in read},
        )

    def _routes(
        self, referral: Referral, facts: Facts, claimed: Mapping[str, Urgency], urgency: Urgency
    ) -> list[RouteGiven]:
        book = self.rulebook
        place = book.directory.place_of(referral.patient.postcode)
        age = facts.get("age")
        standing: tuple[str, ...] = facts[ROUTES]  # type: ignore[assignment]
        given = []
        for number, name in enumerate(standing):
            route = book.vocabulary.routes[name]
            soon = urgency if number == 0 else claimed[name]
            given.append(
                RouteGiven(
                    route=route,
                    urgency=soon,
                    respond_by=stamp(soon.respond_by(referral.received_at)),
                    team=book.directory.team(name, place, age if isinstance(age, int) else None),
                    concurrent=not route.concurrent_with.isdisjoint(standing),
                )
            )
        return given


def _any_route(fired: Sequence[Fired]) -> bool:
    return any(True for _ in conclusions.of_kind(fired, "route"))


def _status(lead: str, risk: str, *, may_change: bool) -> Status:
    if lead == "clinical_review" and risk == "unknown":
        return Status.NEEDS_INFORMATION
    return Status.PROVISIONAL if may_change else Status.ROUTED


def _flag(facts: Facts, name: str) -> bool | None:
    value = facts.get(name)
    return value if isinstance(value, bool) else None


def _names(fired: Sequence[Fired], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.target for _, one in conclusions.of_kind(fired, kind)))


def _alerts(fired: Sequence[Fired], reasons: Mapping[str, Reason]) -> tuple[Alert, ...]:
    return tuple(
        Alert(one.target, rule.id, reasons[rule.id].because)
        for rule, one in conclusions.of_kind(fired, "alert")
    )


def _actions(
    fired: Sequence[Fired], reasons: Mapping[str, Reason], referral: Referral
) -> tuple[Action, ...]:
    return tuple(
        Action(one.target, _due(one.due, referral).isoformat(), reasons[rule.id].because)
        for rule, one in conclusions.of_kind(fired, "action")
        if one.due
    )


def _due(due: Due, referral: Referral) -> date:
    set_for = referral.answers.get(due.on) if due.on else None
    if isinstance(set_for, date):
        return set_for
    return local_day(referral.received_at) + timedelta(days=due.days)
