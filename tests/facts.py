"""The facts of a whole referral, which the product works out from what it may know of it."""

from __future__ import annotations

from triage.domain.facts import facts
from triage.domain.pseudonymised import pseudonymised
from triage.domain.referral import Referral
from triage.domain.vocabulary import Value
from triage.rulebook import Rulebook


def facts_of(referral: Referral, rulebook: Rulebook) -> dict[str, Value]:
    """Everything that is known about a referral, by name."""
    known = pseudonymised(referral, rulebook.vocabulary, rulebook.directory)
    return facts(known, rulebook.vocabulary)
