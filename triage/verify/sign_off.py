"""What is a local choice that a clinician has not yet signed."""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.rules import Basis
from triage.rulebook import Rulebook
from triage.rulebook.files import FRONT_PAGE, OVERLAY, VOCABULARY
from triage.verify.places import finding
from triage.verify.report import Finding


def to_sign_off(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything of a rulebook that asks for a clinician's signature."""
    for value in rulebook.values.values():
        if value.basis.sign_off:
            what = f"{value.title} {value.value} {value.unit}".rstrip()
            yield Finding("sign_off", FRONT_PAGE, what, rule=value.name)
    for reason in rulebook.vocabulary.override_reasons.values():
        if reason.sign_off:
            what = f"{reason.title} (a reason to decide otherwise)"
            yield Finding("sign_off", VOCABULARY, what, rule=reason.id)
    for name, what in rulebook.vocabulary.to_sign.items():
        yield Finding("sign_off", VOCABULARY, what, rule=name)
    for rule in rulebook.rules:
        if rule.basis.sign_off:
            yield finding("sign_off", rule, f"{rule.title} ({rule.basis.where})")
    for file, name, what, basis in _let_off(rulebook):
        if basis.sign_off:
            yield Finding("sign_off", file, f"{what} ({basis.where})", rule=name)


def _let_off(rulebook: Rulebook) -> Iterator[tuple[str, str, str, Basis]]:
    """What a rulebook lets be otherwise: rules retired, waivers, and exceptions of a promise."""
    for retired in rulebook.retired:
        yield OVERLAY, retired.rule, f"Retired: {retired.because}", retired.basis
    for waiver in rulebook.waivers:
        yield OVERLAY, waiver.id, f"Waived: {waiver.title}", waiver.basis
    if rulebook.promises:
        yield FRONT_PAGE, "promises", "What is promised of unknown risk", rulebook.promises.basis
        for one in rulebook.promises.exceptions:
            yield FRONT_PAGE, one.id, f"Excepted: {one.title}", one.basis
