"""Answers a call of a hook: gathers what is known, decides on it, and makes the cards.

Nothing is recorded, and nobody is referred: each decision is a what-if.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from schemas.cds_hooks import PATIENT_VIEW, HookCall
from schemas.referral import ReferralReader
from triage import metrics
from triage.cds_hooks.advice import Advice
from triage.cds_hooks.asking import Asking
from triage.cds_hooks.cards import Card, Cards
from triage.cds_hooks.choosing import Chosen
from triage.cds_hooks.fetching import Fetch, fetch
from triage.cds_hooks.gathering import Allowed, Gathered, Gatherer
from triage.cds_hooks.notes import on_others, on_the_dead
from triage.cds_hooks.order_cards import OrderCards
from triage.cds_hooks.orders import Order, OrderFinder
from triage.cds_hooks.patient_cards import patient_cards
from triage.cds_hooks.placing import Placing
from triage.cds_hooks.reasons import Asked
from triage.cds_hooks.sent import resources_of
from triage.cds_hooks.subjects import Subject
from triage.cds_hooks.suggestions import Suggestions
from triage.cds_hooks.templates import PATIENT, templates_of
from triage.decide import Decider
from triage.domain.caller import Caller
from triage.domain.clock import local_day
from triage.domain.referral import SOURCE, Referral
from triage.errors import ReferralError
from triage.feedback import feedback_of_what_if
from triage.fhir.faults import findings_of
from triage.fhir.findings import Finding
from triage.fhir.reading import MessageReader, Placed, Read
from triage.fhir.reading.elements import Element
from triage.fhir.writing.terms import Terms
from triage.live_call import LiveCall
from triage.noted import note

SCREENED = ("Observation", "QuestionnaireResponse")
"""The resources that hold what somebody was asked; others only say what they have."""


@dataclass(frozen=True, slots=True)
class Sources:
    """From what a person is known: how resources become a referral, and who may be asked for more.

    ``allowed`` says which FHIR servers may be called for whom; no other ever is.
    """

    referrals: ReferralReader
    messages: MessageReader
    allowed: Allowed
    fetch: Fetch = fetch


class Guidance:
    """Gives cards under one rulebook. ``public_url`` is where its pages are. For many threads."""

    def __init__(
        self, decider: Decider, live_call: LiveCall, sources: Sources, public_url: str
    ) -> None:
        rulebook, self._sources = decider.rulebook, sources
        self._decider, self._live_call = decider, live_call
        self._templates = templates_of(rulebook)
        self._gatherer = Gatherer(self._templates, sources.fetch, sources.allowed)
        self._finder, terms = OrderFinder(rulebook), Terms(rulebook, public_url)
        self._placing = Placing(rulebook.directory)
        self._cards = Cards(terms, public_url)
        self._of_orders = OrderCards(self._cards, Suggestions(terms, self._finder.addressees))

    def cards(self, call: HookCall, caller: Caller, now: datetime) -> list[Card]:
        """The cards for a call; none where there is nothing to say.

        Raises ``DataNeededError`` where the person is not known, and ``EngineError`` where the
        rules could not be run.
        """
        if call.hook == PATIENT_VIEW:
            return self._for_patient(call, self._gatherer.gather(call, caller), now)
        orders = self._finder.ours(call)
        return (
            self._for_orders(call, orders, self._gatherer.gather(call, caller), now)
            if orders
            else []
        )

    def _for_orders(
        self, call: HookCall, orders: Sequence[Order], gathered: Gathered, now: datetime
    ) -> list[Card]:
        chosen = Chosen.of(orders, gathered.subject)
        if not chosen.orders:
            return [on_others(self._cards, call.hook_instance, chosen.findings)]
        if gathered.has_died:
            return [on_the_dead(self._cards, call.hook_instance)]
        asked = Asked.of(chosen.orders, gathered.subject)
        read = asked.as_sent(self._read([*gathered.placed, asked.placed], now))
        referral, findings = self._referral(read, call, now)
        every = [*chosen.findings, *gathered.findings, *findings]
        advise = cache(lambda place: self._advice(referral, every, place))
        cards = (
            self._of_orders.card(
                call.hook_instance, one, advise(self._place(one, referral)), len(chosen.orders)
            )
            for one in chosen.orders
        )
        return list({one["uuid"]: one for one in cards}.values())  # what two would say, one says

    def _place(self, order: Order, referral: Referral) -> str | None:
        """The place that an order names, where that of the person is not known."""
        if self._placing.is_known(referral.patient.postcode):
            return None
        return self._placing.named(self._finder.addressees.of_performers(order.element))

    def body_of(self, sent: Any) -> Mapping[str, Any]:
        """What can be read of a call that was refused, as the body of a referral.

        Takes any JSON value; what says that it is about somebody else is left out.
        """
        call = sent if isinstance(sent, dict) else {}
        prefetch, context = call.get("prefetch"), call.get("context")
        id_ = context.get("patientId") if isinstance(context, dict) else None
        values = prefetch if isinstance(prefetch, dict) else {}
        subject = _subject(id_, values.get(PATIENT), call.get("fhirServer"))
        found = resources_of(values, self._templates, subject)
        return self._sources.messages.resources(_placed(found)).body

    def _for_patient(self, call: HookCall, gathered: Gathered, now: datetime) -> list[Card]:
        read = self._read(gathered.placed, now)
        if not _is_screened(read, gathered.placed):
            return []
        if gathered.has_died:
            return [on_the_dead(self._cards, call.hook_instance)]
        referral, findings = self._referral(read, call, now)
        advice = self._advice(referral, [*gathered.findings, *findings])
        known = self._decider.known(referral)
        live = self._live_call.live(known)
        asking = Asking(self._decider.rulebook.vocabulary, advice, live, known.answers)
        return patient_cards(self._cards, call.hook_instance, asking)

    def _read(self, placed: Sequence[Placed], now: datetime) -> Read:
        """The referral in resources; that nobody says who refers is left to the questions."""
        read = self._sources.messages.resources(placed, local_day(now))
        who = None if SOURCE in read.body else read.places.get(SOURCE)
        findings = (one for one in read.findings if one.expression != who)
        return replace(read, findings=tuple(findings))

    def _referral(
        self, read: Read, call: HookCall, now: datetime
    ) -> tuple[Referral, Sequence[Finding]]:
        """What can be read, with all that was found in the reading: no fault keeps it back."""
        body = self._from(call, read.body)
        try:
            return self._sources.referrals.read(body, now), read.findings
        except ReferralError as error:
            findings = (*read.findings, *findings_of(error.faults, read))
            return self._sources.referrals.readable(body, now), findings

    def _from(self, call: HookCall, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A referral by whoever is at work, where nothing that was sent says who refers."""
        requesters = self._decider.rulebook.vocabulary.messages.requesters
        source = requesters.get(call.user_id.partition("/")[0])
        return {SOURCE: source, **body} if source else body

    def _advice(
        self, referral: Referral, findings: Sequence[Finding], place: str | None = None
    ) -> Advice:
        """What is advised; ``place`` is taken where that of the person is not known."""
        known = self._decider.known(referral)
        if place is not None:
            known = replace(known, person=replace(known.person, place=place))
        with metrics.deciding():
            decision = self._decider.conclude(known, referral.reference)
        note(decision, recorded=False)
        rulebook = self._decider.rulebook
        told = feedback_of_what_if(decision.as_dict(), rulebook)
        placed = self._placing.told(place) if place else ""
        return Advice(decision, told, findings, rulebook.vocabulary.urgencies, placed)


def _subject(id_: Any, patient: Any, server: Any) -> Subject | None:
    """The person whose record is open, as far as a call says who that is."""
    if not isinstance(id_, str):
        return None
    is_theirs = isinstance(patient, dict) and patient.get("id") == id_
    sent = Element(patient if is_theirs else {}, "")
    return Subject.of(sent, id_, server if isinstance(server, str) else None)


def _placed(found: Iterable[Placed | Finding]) -> list[Placed]:
    return [one for one in found if isinstance(one, Placed)]


def _is_screened(read: Read, placed: Sequence[Placed]) -> bool:
    """Is any answer known of what somebody was asked?"""
    of = tuple(
        f"{one.expression}."
        for one in placed
        if isinstance(one.resource, dict) and one.resource.get("resourceType") in SCREENED
    )
    return any(
        f"{place}.".startswith(of) for field, place in read.places.items() if _is_answer(field)
    )


def _is_answer(field: str) -> bool:
    return field.startswith("answers.")
