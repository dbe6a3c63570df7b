"""A recorded referral as resources of R4, one by one or together in the answer to a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from triage.domain.overriding import Stands
from triage.domain.pseudonymised import Pseudonymised
from triage.domain.referred import Referred
from triage.fhir.findings import Finding, finding_kept
from triage.fhir.writing.answering import NOTHING_KNOWN, Answering
from triage.fhir.writing.answers_read import answers_read
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element
from triage.fhir.writing.guidance import guidance_response
from triage.fhir.writing.items import ItemWriter
from triage.fhir.writing.links import (
    ANSWERS,
    COMMUNICATION,
    GUIDANCE,
    OUTCOME,
    PATIENT,
    PROVENANCE,
    SERVICE_REQUEST,
    Links,
    names,
    organisation,
    teams,
)
from triage.fhir.writing.links import tasks as task_names
from triage.fhir.writing.message import outcome_entry, response_bundle
from triage.fhir.writing.people import person, team
from triage.fhir.writing.records import communication, provenance
from triage.fhir.writing.service_request import service_request
from triage.fhir.writing.tasks import tasks
from triage.fhir.writing.terms import Terms
from triage.rulebook import Rulebook

NIL = UUID(int=0)
"""Stands for the decision of a what-if, of which there is none."""


class DecisionWriter:
    """Writes recorded referrals in the words of one rulebook. Safe for many threads.

    ``public_url`` is the address by which callers know the service, without a slash at its end.
    Nothing here reads a clock or a log: the same referral gives the same resources for ever, but
    for the version of this software. What is given back is not to be changed: it has parts that
    all have.
    """

    def __init__(self, rulebook: Rulebook, public_url: str) -> None:
        self._terms, self._items = Terms(rulebook, public_url), ItemWriter(rulebook.vocabulary)

    def service_request(self, referred: Referred, answering: Answering = NOTHING_KNOWN) -> Element:
        """The ServiceRequest: who asks, who acts, how soon, by what route, as it stands."""
        return service_request(self._draft(referred, answering))

    def guidance_response(
        self, referred: Referred, answering: Answering = NOTHING_KNOWN
    ) -> Element:
        """The GuidanceResponse: what was decided, why, and what is still to be asked."""
        return guidance_response(self._draft(referred, answering))

    def guidance_of_what_if(
        self, decision: Mapping[str, Any], known: Pseudonymised, answering: Answering
    ) -> Element:
        """The GuidanceResponse of a decision that nobody recorded, on what is known."""
        route = decision["route"]
        stands = Stands(route["id"], decision["urgency"], route["team"], route["respond_by"])
        referred = Referred(decision, known.as_dict(), None, stands)
        links = Links.among([GUIDANCE], str(NIL), in_message=False)
        return guidance_response(Draft(referred, self._terms, links, answering))

    def tasks(self, referred: Referred) -> list[Element]:
        """The Tasks: the lead first, then those of concurrent routes and of actions."""
        return tasks(self._draft(referred))

    def provenance(self, referred: Referred) -> Element:
        """The Provenance: by which software and which rulebook, and where it is recorded."""
        return provenance(self._draft(referred))

    def communication(self, referred: Referred, told: str) -> Element:
        """The Communication to whoever refers; ``told`` is what they are told, in plain words."""
        return communication(self._draft(referred), told)

    def team(self, referred: Referred) -> Element:
        """The Organization that has the referral."""
        return team(self._draft(referred), referred.stands.team)

    def person(self, referred: Referred) -> Element | None:
        """The Patient; None once they were erased from the record."""
        return person(self._draft(referred))

    def answers_read(self, referred: Referred) -> Element:
        """The QuestionnaireResponse: the answers as they were understood."""
        return answers_read(self._draft(referred), self._items)

    def response_message(
        self,
        referred: Referred,
        answering: Answering,
        told: str,
        findings: Sequence[Finding] | None = None,
    ) -> Element:
        """The message Bundle that answers a message, or tells of a decision without one.

        ``told`` is what whoever refers is told, in plain words; ``findings`` what was found in the
        message, by what is recorded of it unless it is given.
        """
        if findings is None:
            findings = [*map(finding_kept, referred.findings)]
        named = [*names(referred), *([OUTCOME] if findings else [])]
        links = Links.among(named, referred.id, in_message=True)
        draft = Draft(referred, self._terms, links, answering)
        entries = [*self._entries(draft, told), *outcome_entry(draft, findings)]
        return response_bundle(draft, entries)

    def _entries(self, draft: Draft, told: str) -> list[tuple[str, dict[str, Any]]]:
        """What a message holds, by the names that links have for it."""
        found = person(draft)
        given = teams(draft.referred)
        return [
            (GUIDANCE, guidance_response(draft)),
            (SERVICE_REQUEST, service_request(draft)),
            *zip(task_names(draft.referred), tasks(draft), strict=True),
            (COMMUNICATION, communication(draft, told)),
            (PROVENANCE, provenance(draft)),
            *[(organisation(id_), team(draft, each)) for id_, each in given.items()],
            *([(PATIENT, found)] if found else []),
            (ANSWERS, answers_read(draft, self._items)),
        ]

    def _draft(self, referred: Referred, answering: Answering = NOTHING_KNOWN) -> Draft:
        links = Links.among(names(referred), referred.id, in_message=False)
        return Draft(referred, self._terms, links, answering)
