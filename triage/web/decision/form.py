"""The form by which somebody decides otherwise: what is asked, what was sent, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.overrides import OverrideReader
from triage.domain.overriding import Asked
from triage.errors import Fault, ReferralError
from triage.rulebook import Rulebook
from triage.web.decision.standing import Stands

FIELDS = ("route", "urgency", "reason", "comment")
"""What is asked, in its order on the page."""

NEEDED: Mapping[str, str] = {
    "route": "Choose where the referral goes instead",
    "urgency": "Choose how soon: what stands is not a word of today's rules",
    "reason": "Choose why you decide otherwise",
    "comment": "Say why in your own words",
}
"""What is said where a field was left empty."""

LESS_URGENT = "Less urgent than what stands: a second person must confirm it."


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; ``hint`` may be empty."""

    value: str
    text: str
    hint: str = ""


AS_IT_STANDS = Choice(
    "", "As it stands", "Or as soon as the rules ever give the route that you choose."
)
"""What is chosen unless somebody says how soon."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it is shown: what may be chosen, what was sent, what is wrong with it.

    ``errors`` are by field.
    """

    routes: tuple[Choice, ...]
    urgencies: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    sent: Mapping[str, str]
    errors: Mapping[str, str]


def form_of(
    rulebook: Rulebook, stands: Stands, sent: Mapping[str, str], errors: Mapping[str, str]
) -> Form:
    """The form about what stands, in the words of the rulebook by which it is decided otherwise."""
    vocabulary, told = rulebook.vocabulary, stands.told
    rank = vocabulary.urgencies[told.urgency].rank if told.urgency in vocabulary.urgencies else 0
    return Form(
        routes=tuple(
            Choice(name, route.title, "What stands now." if name == told.route else route.meaning)
            for name, route in vocabulary.routes.items()
        ),
        urgencies=(
            AS_IT_STANDS,
            *(
                Choice(name, one.title, LESS_URGENT if one.rank > rank else "")
                for name, one in vocabulary.urgencies.items()
            ),
        ),
        reasons=tuple(Choice(one.id, one.title) for one in vocabulary.override_reasons.values()),
        sent={name: sent.get(name, "") for name in FIELDS},
        errors=errors,
    )


def asked_in(reader: OverrideReader, sent: Mapping[str, str]) -> Asked:
    """What a form that was sent asks for. Raises ``ReferralError`` with every fault of it."""
    said = {name: sent.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    return reader.read({name: text for name, text in said.items() if text})


def errors_of(error: ReferralError, sent: Mapping[str, str]) -> Mapping[str, str]:
    """What to say at each field, in the order of the page."""
    said = {fault.field: _said(fault, sent) for fault in error.faults}
    return {field: said[field] for field in FIELDS if field in said}


def _said(fault: Fault, sent: Mapping[str, str]) -> str:
    if not sent.get(fault.field, "").strip():
        return NEEDED[fault.field]
    return f"{fault.field.capitalize()} {fault.problem}"
