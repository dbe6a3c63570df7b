"""Whom a referral is about, and the teams it goes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.fhir import systems
from triage.fhir.writing.bars import ETHNIC_CATEGORIES
from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, coding, identifier, plain_or_none, present
from triage.fhir.writing.links import PATIENT, organisation
from triage.fhir.writing.terms import Terms


def team(draft: Draft, told: Mapping[str, Any]) -> Element:
    """The Organization that a team is, with its telephone and when that is answered."""
    own, id_ = draft.terms.own, str(told["id"])
    hours = {"url": own.extension("hours"), "valueString": told["hours"]}
    return {
        "resourceType": "Organization",
        "id": draft.links.id(organisation(id_)),
        "identifier": [identifier(own.identifier("team"), id_)],
        "active": True,
        "name": told["name"],
        "telecom": [{"extension": [hours], "system": "phone", "value": told["phone"]}],
    }


def person(draft: Draft) -> Element | None:
    """The Patient of a referral; None once they were erased from the record."""
    if draft.referred.identity is None:
        return None
    return patient(draft.patient, draft.links.id(PATIENT), draft.terms)


def patient(told: Mapping[str, Any], id_: str, terms: Terms) -> Element:
    """The Patient that the part ``patient`` of a referral describes."""
    number, postcode = told.get("nhs_number"), plain_or_none(told.get("postcode"))
    category = told.get("ethnic_category")
    return present(
        {
            "resourceType": "Patient",
            "id": id_,
            "extension": [_ethnicity(category)] if category else None,
            "identifier": [identifier(systems.NHS_NUMBER, number)] if number else None,
            "gender": _gender(told.get("gender"), terms),
            "birthDate": told.get("birth_date"),
            "address": [{"postalCode": postcode}] if postcode else None,
        }
    )


def _ethnicity(category: str) -> Element:
    known = {"coding": [coding(ETHNIC_CATEGORIES, category)]}
    return {"url": systems.ETHNIC_CATEGORY, "valueCodeableConcept": known}


def _gender(code: str | None, terms: Terms) -> str | None:
    """A gender (NHS Data Dictionary) as R4 has it (AdministrativeGender)."""
    genders = terms.vocabulary.messages.genders
    return next((name for name, each in genders.items() if each == code), None)
