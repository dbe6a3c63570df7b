"""What resources tell of one referral: each is read by its type, if it is about the person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.consents import read_consent
from triage.fhir.reading.days import day_of
from triage.fhir.reading.flags import read_flag
from triage.fhir.reading.instruments import Days
from triage.fhir.reading.modifiers import modified
from triage.fhir.reading.observations import read_observation
from triage.fhir.reading.patients import nhs_number, nhs_numbers, read_patient
from triage.fhir.reading.people import Person
from triage.fhir.reading.problems import Asking, read_problems
from triage.fhir.reading.questionnaire_responses import read_response
from triage.fhir.reading.referrers import Referring, read_referrer
from triage.fhir.reading.requests import read_request
from triage.fhir.reading.said import Said, says_anything
from triage.fhir.reading.sent import Resource, Sent
from triage.fhir.reading.whose import Doubt, as_fault, doubt_of


@dataclass(frozen=True, slots=True)
class Told:
    """What was sent of one referral. Days are counted back from ``today``.

    ``of_one``: everything must be of one person, for nobody says which of several is meant.
    """

    sent: Sent
    person: Person
    request: Resource | None = None
    header: Resource | None = None
    today: date | None = None
    of_one: bool = False

    @property
    def born(self) -> date | None:
        """The day on which the person was born."""
        patient = self.person.patient
        return day_of(patient.json.get("birthDate")) if patient else None

    def doubt_of(self, resource: Resource) -> Doubt | None:
        """What is doubtful of whose a resource is."""
        doubt = doubt_of(resource, self.person, self.sent)
        return as_fault(doubt) if doubt and self.of_one else doubt


class Telling:
    """Reads what was sent, by the tables of one vocabulary."""

    def __init__(self, book: Codebook, days: Days) -> None:
        self._book = book
        self._read: Mapping[str, Callable[[Resource], Iterator[Said]]] = {
            "QuestionnaireResponse": lambda one: read_response(one, book, days),
            "Observation": lambda one: read_observation(one, book, days),
            "Flag": lambda one: read_flag(one, book),
            "Consent": read_consent,
        }

    def said(self, told: Told) -> Iterator[Said]:
        """Everything that is said."""
        yield from self._of_person(told.person)
        if told.request:
            yield from read_request(told.request, self._book)
            yield from read_referrer(Referring(told.sent, self._book, told.request, told.header))
        for one in told.sent.resources:
            if one.type in self._read:
                yield from self._about_person(one, told)
        yield from self._problems(told)

    def _problems(self, told: Told) -> Iterator[Said]:
        """What the person is referred for."""
        doubts = {one.at: (one, told.doubt_of(one)) for one in told.sent.of("Condition")}
        read = [one for one, doubt in doubts.values() if doubt is None or doubt.is_read]
        asking = Asking(told.sent, self._book, told.request, told.today, told.born)
        said = list(read_problems(asking, read))
        yield from said
        giving = {one.of for one in said if not isinstance(one, Finding)}
        for at, (_, doubt) in doubts.items():
            if doubt and (at in giving or not doubt.is_read):
                yield doubt.finding

    def _of_person(self, person: Person) -> Iterator[Said]:
        """Who is referred, by the Patient or else by what names one."""
        if person.patient:
            yield from read_patient(person.patient, self._book)
        elif person.subject:
            for identifier, number in nhs_numbers(person.subject.parts("identifier")):
                yield from nhs_number(identifier, number, person.subject.at)

    def _about_person(self, one: Resource, told: Told) -> Iterator[Said]:
        doubt = told.doubt_of(one)
        if doubt and not doubt.is_read:
            yield doubt.finding
            return
        said = list(self._read[one.type](one))
        if says_anything(said):
            yield from (*said, *modified(one), *([doubt.finding] if doubt else []))
        else:
            yield from [doubt.instead] if doubt and doubt.instead else said
