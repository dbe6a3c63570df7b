"""Logs in which decisions really stand, recorded as the service records them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from random import Random

from tests.random_things import Drawer
from triage.decide import Decider
from triage.domain.caller import Caller, Role
from triage.domain.referral import Referral
from triage.domain.vocabulary import Kind as TermKind
from triage.recording import Answered, Recorder
from triage.rulebook import Rulebook
from triage.store.entries import Entry, Identity, Kind, NewEntry
from triage.store.log import DecisionLog
from triage.wire import canonical_bytes

CLINICIAN = Caller(Role.CLINICIAN, "a-clinician", "pages", "an-issuer")
GP = Caller(Role.GP_SYSTEM, "a-practice", "a-gp-system", "an-issuer")


def recorded(
    log: DecisionLog, rulebook: Rulebook, referrals: Iterable[Referral], *, at_once: int = 1
) -> Sequence[Answered]:
    """Decide referrals on a rulebook and record them; what was answered, in their order.

    They stand in the log in that order too, unless several are recorded ``at_once``.
    """
    with closing(Decider(rulebook)) as decider, ThreadPoolExecutor(at_once) as threads:
        recorder = Recorder(decider, log)
        return list(threads.map(lambda referral: recorder.record(referral, GP), referrals))


def drawn(rulebook: Rulebook, seed: int) -> Callable[[], Referral]:
    """Draws referrals of people with NHS numbers, some with words of their own."""
    drawer, random = Drawer(rulebook), Random(seed)
    free = [
        name
        for name, answer in rulebook.vocabulary.answers.items()
        if answer.term.kind is TermKind.LIST
    ]

    def draw() -> Referral:
        found = drawer.referral(random)
        number = f"9990000{random.randrange(30):03}"
        patient = replace(found.patient, nhs_number=number, ethnic_category="A", gender="2")
        answers = {**found.answers}
        if random.random() < 0.3:
            answers[random.choice(free)] = ("words of their own", "diabetes")
        source = found.source or "A1"
        return replace(found, patient=patient, answers=answers, source=source, reference="a-ref")

    return draw


def commented(log: DecisionLog, decision_id: str, comment: str, **parts: object) -> Entry:
    """A clinician's comment on a decision, with the override that it comes with."""
    decision = log.recorded(decision_id)
    assert decision is not None
    words = Identity(
        canonical_bytes({"comment": comment}),
        person=decision.identity.person if decision.identity else None,
    )
    told = {"route": "cmht", "urgency": "urgent", "reason": "clinical_judgement", **parts}
    return log.append(NewEntry(Kind.OVERRIDE, CLINICIAN, told, decision_id, identity=words))
