"""What is a local choice that a clinician has not yet signed."""

from __future__ import annotations

from collections.abc import Iterator

from triage.rulebook import Rulebook
from triage.verify.places import FRONT_PAGE, VOCABULARY, Places
from triage.verify.report import Finding


def to_sign_off(rulebook: Rulebook) -> Iterator[Finding]:
    """Every named value, reason and rule that asks for a clinician's signature."""
    for value in rulebook.values.values():
        if value.basis.sign_off:
            what = f"{value.title} {value.value} {value.unit}".rstrip()
            yield Finding("sign_off", FRONT_PAGE, what, rule=value.name)
    for reason in rulebook.vocabulary.override_reasons.values():
        if reason.sign_off:
            what = f"{reason.title} (a reason to decide otherwise)"
            yield Finding("sign_off", VOCABULARY, what, rule=reason.id)
    places = Places(rulebook)
    for rule in rulebook.rules:
        if rule.basis.sign_off:
            yield places.finding("sign_off", rule, f"{rule.title} ({rule.basis.where})")
