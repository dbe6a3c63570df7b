"""Recorded referrals are looked for here, and given in pages that link to one another.

No link names anybody: the next page is reached by a cursor that holds the whole search, sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from triage.access import caller_of_request, only_own
from triage.api.fhir.answering import check_accept, fhir_response
from triage.api.fhir.asking import Asking, Looked, Pairs, refused
from triage.domain.caller import Caller
from triage.domain.referred import Referred
from triage.fhir.findings import Finding, FindingsError, Severity
from triage.fhir.own import Own
from triage.fhir.parameters import PERSON
from triage.fhir.writing import searchset
from triage.overrides.referred import referred_in
from triage.rulebook import Rulebook
from triage.searching import Onward, Seals, Sieve, Sifted, sift
from triage.store.log import DecisionLog
from triage.store.search import Found

Resource = dict[str, Any]

FORM = "application/x-www-form-urlencoded"

CURSOR, FORMAT = "_cursor", "_format"

FORMATS = ("json", "application/json", "application/fhir+json")
"""What may be asked for by ``_format``, which counts for nothing more."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search needs: the log, its words, and ``base``, where FHIR is spoken."""

    log: DecisionLog
    rulebook: Rulebook
    base: str


class ReferralSearch:
    """Searches one type of resource, which ``write`` makes of a referral."""

    def __init__(self, type_: str, needs: Searched, write: Callable[[Referred], Resource]) -> None:
        self._type, self._write = type_, write
        self._log, self._address = needs.log, f"{needs.base}/{type_}"
        self._urgencies = needs.rulebook.vocabulary.urgencies
        own = Own.of(needs.rulebook.vocabulary)
        self._asking = Asking(type_, own.identifier("decision"))
        self._seals = Seals(needs.log.person_key)

    def by_address(self) -> Response:
        """What is asked for in the query of an address, where nobody may be named."""
        return self._answer([])

    def by_form(self) -> Response:
        """What is asked for in a form, where a person may be looked for."""
        if request.mimetype != FORM:
            told = f"Send a form with the header Content-Type: {FORM}."
            found = [Finding(Severity.ERROR, "not-supported", "", told)]
            raise FindingsError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, found)
        return self._answer([*request.form.items(multi=True)])

    def _answer(self, form: Pairs) -> Response:
        check_accept()
        address = [*request.args.items(multi=True)]
        self._asking.refuse_persons(address)
        asked = _without_format([*address, *form])
        caller = caller_of_request()
        onward = self._onward(asked, caller)
        found, resources = self._found(onward, self._asking.read(onward.asked), caller)
        links = {"self": self._self(asked), **self._next(onward, found, caller)}
        return fhir_response(searchset(resources, None, links))

    def _onward(self, asked: Pairs, caller: Caller) -> Onward:
        """The search: a new one, or the one that a cursor goes on with."""
        cursors = [value for name, value in asked if name == CURSOR]
        if not cursors:
            return Onward(self._type, asked, None)
        if len(asked) > 1:
            raise refused("invalid", f"{CURSOR} stands alone: follow the link as it was given.")
        onward = self._seals.opened(cursors[0], caller)
        if onward.what != self._type:
            raise refused("invalid", f"{CURSOR} is of another search: follow the link as it is.")
        return onward

    def _found(
        self, onward: Onward, looked: Looked, caller: Caller
    ) -> tuple[Sifted, list[Resource]]:
        """What is found, and the resources that are made of it."""
        if looked.finds_nobody:
            return Sifted((), None), []
        made: dict[str, Resource] = {}

        def fits(found: Found) -> bool:
            if not _may_be_seen(found, caller) or not self._may_fit(found, looked):
                return False
            resource = self._write(referred_in(self._log, found.entry.id))
            made[found.entry.id] = resource
            return _fits(resource, looked)

        sieve = Sieve(looked.search(), fits, looked.most, onward.place)
        found = sift(self._log, sieve, caller)
        return found, [made[one.entry.id] for one in found.kept]

    def _may_fit(self, found: Found, looked: Looked) -> bool:
        """May it fit, by what the entry says? What an override changed is not asked here."""
        content = found.entry.content
        if not looked.received.holds(datetime.fromisoformat(content["referral"]["received_at"])):
            return False
        urgency = self._urgencies.get(content["decision"]["urgency"])
        if looked.priorities is None or found.overridden or urgency is None:
            return True
        return urgency.priority in looked.priorities

    def _self(self, asked: Pairs) -> str:
        return _link(self._address, [pair for pair in asked if pair[0] not in PERSON])

    def _next(self, onward: Onward, found: Sifted, caller: Caller) -> Mapping[str, str]:
        if found.after is None:
            return {}
        further = Onward(self._type, onward.asked, found.after)
        return {"next": _link(self._address, [(CURSOR, self._seals.sealed(further, caller))])}


def _link(address: str, asked: Pairs) -> str:
    return f"{address}?{urlencode(asked)}" if asked else address


def _without_format(asked: Pairs) -> Pairs:
    if any(name == FORMAT and value not in FORMATS for name, value in asked):
        told = f"Only JSON is spoken here: leave out {FORMAT}, or say json."
        found = [Finding(Severity.ERROR, "not-supported", "", told)]
        raise FindingsError(HTTPStatus.NOT_ACCEPTABLE, found)
    return [(name, value) for name, value in asked if name != FORMAT]


def _may_be_seen(found: Found, caller: Caller) -> bool:
    """May the caller see a decision? Some see only what the same client recorded."""
    by = found.entry.content["by"]
    return not only_own() or (by["issuer"], by["client"]) == (caller.issuer, caller.client)


def _fits(resource: Resource, looked: Looked) -> bool:
    """Does a resource have what is asked for, as it stands now?"""
    wanted = (("priority", looked.priorities), ("status", looked.statuses))
    return all(codes is None or resource[name] in codes for name, codes in wanted)
