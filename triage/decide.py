"""One referral in, one decision out. Nothing here reads a clock, a file or the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from triage.agreement import Agreement, Settled
from triage.diagram import Diagram
from triage.domain.clock import local_day, stamp
from triage.domain.conclusions import Conclusions
from triage.domain.decision import Action, Alert, Decision, Reason, RouteGiven, Status
from triage.domain.facts import facts as facts_of
from triage.domain.pseudonymised import Pseudonymised, pseudonymised
from triage.domain.referral import Referral
from triage.domain.rules import Due, Fired, Rule, Stage
from triage.domain.vocabulary import EVALUATORS_DISAGREE, Facts, Kind, Urgency, Value
from triage.engine import Engine
from triage.outlook import Gaps
from triage.rulebook import Rulebook
from triage.stakes import Standing

REASONS_KEPT = 4096
"""How many reasons are kept in words: most rules read the same few values again and again.
Reasons that may hold a person's own words are not."""


class Decider:
    """A rulebook made ready to decide: engine, diagram and gap finder. Safe for many threads.

    Every decision is held against the ``diagram``; one that is not given is built.
    """

    def __init__(self, rulebook: Rulebook, diagram: Diagram | None = None) -> None:
        self.rulebook = rulebook
        self._engine = Engine(rulebook)
        self.diagram = diagram or Diagram.of(rulebook)
        self._agreement = Agreement(rulebook, self.diagram)
        self._gaps = Gaps(rulebook, self.diagram)
        self._reason = lru_cache(REASONS_KEPT)(self._reason_of)
        self._free_text = _rules_that_tell_free_text(rulebook)
        self._places = {rule: place for place, rule in enumerate(rulebook.rules)}
        self._stamp = {
            "id": rulebook.stamp.id,
            "version": rulebook.stamp.version,
            "digest": rulebook.stamp.digest,
        }

    def decide(self, referral: Referral) -> Decision:
        """What the rulebook concludes from a referral.

        The same referral (its ``received_at`` included) and rulebook give the same decision for
        ever. Raises ``EngineError`` where the rules could not be run: then nothing was routed.
        """
        return self.conclude(self.known(referral), referral.reference)

    def known(self, referral: Referral) -> Pseudonymised:
        """What the rules may know of a referral."""
        return pseudonymised(referral, self.rulebook.vocabulary, self.rulebook.directory)

    def conclude(self, referral: Pseudonymised, reference: str | None = None) -> Decision:
        """The same decision, from what rules may know. ``reference`` is merely echoed."""
        vocabulary = self.rulebook.vocabulary
        facts: dict[str, Value] = {**self.rulebook.switches, **facts_of(referral, vocabulary)}
        fired: list[Fired] = []
        conclusions = Conclusions(vocabulary)
        for stage in self.rulebook.stages:
            found = self._fired(stage, facts, conclusions)
            conclusions.draw(found)
            facts |= conclusions.settle(stage.settles, facts)
            fired += found
        if conclusions.gave_way:
            fired = [one for one in fired if one.rule not in conclusions.gave_way]
        fired.sort(key=lambda one: self._places[one.rule])
        decision = self._decision(referral, facts, fired, conclusions)
        return decision if reference is None else replace(decision, reference=reference)

    def close(self) -> None:
        """Give back what the engine holds. The decider must not be used afterwards."""
        self._engine.close()

    def _fired(self, stage: Stage, facts: Facts, conclusions: Conclusions) -> Sequence[Fired]:
        """The rules of a stage that fire; the one that says otherwise, where no route was found."""
        fired = self._engine.fired(stage, facts)
        if stage.otherwise is None or conclusions.of("route"):
            return fired
        if any(one.kind == "route" for each in fired for one in each.rule.then):
            return fired
        return (*fired, Fired(stage.otherwise, ()))

    def _decision(
        self,
        referral: Pseudonymised,
        facts: Facts,
        fired: Sequence[Fired],
        conclusions: Conclusions,
    ) -> Decision:
        settled = self._agreement.settle(
            facts, referral.answers, conclusions.standing, conclusions.urgency()
        )
        lead, urgency = settled.routes[0], settled.urgency
        firing = frozenset(one.rule for one in fired)
        standing = Standing(facts, firing, conclusions, lead, urgency)
        outlook = self._gaps.outlook(referral, standing)
        get, kept, free = facts.get, self._reason, self._free_text
        reasons = tuple(
            [
                (self._reason_of if one.rule in free else kept)(one, tuple(map(get, one.tells)))
                for one in fired
            ]
        )
        found = _Found.among(reasons, referral)
        urgencies = {**conclusions.claims, lead: urgency}
        routes = self._routes(referral, settled.routes, urgencies)
        may_change = outlook.may_change or settled.because is not None
        return Decision(
            reference=None,
            status=_status(lead, conclusions.levels["risk"].level, may_change=may_change),
            urgency=urgency,
            booking_held=bool(conclusions.of("hold_booking") or settled.because),
            route=routes[0],
            also_indicated=routes[1:],
            levels=conclusions.levels,
            reasoning=reasons,
            alerts=(*found.alerts, *_disagreement(settled)),
            missing=outlook.missing,
            actions=tuple(found.actions),
            caseness={
                "phq9": _flag(facts, "phq9_caseness"),
                "gad7": _flag(facts, "gad7_caseness"),
            },
            measures=tuple(found.names["measure"]),
            treatments=tuple(found.names["treatment"]),
            supports=tuple(found.names["support"]),
            rulebook=self._stamp,
        )

    def _reason_of(self, fired: Fired, values: tuple[Value | None, ...]) -> Reason:
        """What a rule that fired says, given the values of the facts that it tells."""
        facts = dict(zip(fired.tells, values, strict=True))
        terms = self.rulebook.vocabulary.terms
        because = " ".join([sentence.filled(facts, terms) for sentence in fired.because])
        return Reason(fired.rule, because, {name: facts[name] for name in fired.reads})

    def _routes(
        self,
        referral: Pseudonymised,
        standing: Sequence[str],
        urgencies: Mapping[str, Urgency],
    ) -> tuple[RouteGiven, ...]:
        directory, vocabulary = self.rulebook.directory, self.rulebook.vocabulary
        person, lead = referral.person, urgencies[standing[0]]
        return tuple(
            RouteGiven(
                route=vocabulary.routes[name],
                urgency=urgencies.get(name, lead),
                respond_by=stamp(urgencies.get(name, lead).respond_by(referral.received_at)),
                team=directory.team(name, person.place, person.age),
                concurrent=not vocabulary.routes[name].concurrent_with.isdisjoint(standing),
            )
            for name in standing
        )


def _rules_that_tell_free_text(rulebook: Rulebook) -> frozenset[Rule]:
    """The rules whose reasons may hold a person's own words, which are never kept."""
    answers = rulebook.vocabulary.answers.values()
    free = {answer.name for answer in answers if answer.term.kind is Kind.LIST}
    return frozenset(
        rule
        for rule in rulebook.rules
        if any(free.intersection(Fired(rule, (way,)).tells) for way in rule.branches)
    )


def _status(lead: str, risk: str, *, may_change: bool) -> Status:
    if lead == "clinical_review" and risk == "unknown":
        return Status.NEEDS_INFORMATION
    return Status.PROVISIONAL if may_change else Status.ROUTED


def _flag(facts: Facts, name: str) -> bool | None:
    value = facts.get(name)
    return value if isinstance(value, bool) else None


def _disagreement(settled: Settled) -> tuple[Alert, ...]:
    """The alarm where the two evaluations of the rules differ."""
    if settled.because is None:
        return ()
    return (Alert(EVALUATORS_DISAGREE, EVALUATORS_DISAGREE, settled.because),)


class _Found:
    """What the rules found beside route, urgency and levels, in the order of the rulebook."""

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.actions: list[Action] = []
        self.names: dict[str, dict[str, None]] = {"measure": {}, "treatment": {}, "support": {}}

    @classmethod
    def among(cls, reasons: Sequence[Reason], referral: Pseudonymised) -> _Found:
        found = cls()
        for reason in reasons:
            for one in reason.rule.then:
                if one.kind == "alert":
                    found.alerts.append(Alert(one.target, reason.rule.id, reason.because))
                elif one.due is not None:
                    due = _due(one.due, referral).isoformat()
                    found.actions.append(Action(one.target, due, reason.because))
                elif one.kind in found.names:
                    found.names[one.kind][one.target] = None
        return found


def _due(due: Due, referral: Pseudonymised) -> date:
    set_for = referral.answers.get(due.on) if due.on else None
    if isinstance(set_for, date):
        return set_for
    return local_day(referral.received_at) + timedelta(days=due.days)
