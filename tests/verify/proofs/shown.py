"""Is a finding true? Its witnesses are decided once more, by the engine and by the plain reader."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import date
from typing import Any, NamedTuple

from tests.facts import facts_of
from tests.plain_conclusions import PlainDecider
from tests.plain_reader import Content
from triage.decide import Decider
from triage.diagram.walks import referral_of
from triage.domain.referral import BIRTH_DATE, Referral
from triage.domain.vocabulary import Kind
from triage.errors import EngineError
from triage.rulebook import Rulebook
from triage.verify.report import Finding, Witness


class Outcome(NamedTuple):
    """A route and how urgent it is: 0 is an emergency. None where there is no route."""

    route: str
    rank: int


class PlainWitness:
    """The plain reader over whole referrals: by the rules of a rulebook, or others in its words."""

    def __init__(self, rulebook: Rulebook, content: Content | None = None) -> None:
        self.rulebook = rulebook
        self._plain = PlainDecider(content or rulebook.content)

    def outcome(self, referral: Referral) -> Outcome | None:
        """What the rules as they are written make of a referral."""
        return self.of_facts(facts_of(referral, self.rulebook))

    def of_facts(self, facts: Mapping[str, Any]) -> Outcome | None:
        """The same of what is known."""
        try:
            found = self._plain.conclude({**self.rulebook.switches, **facts})
        except IndexError:  # the plain reader takes the first of the routes that stand
            return None
        return Outcome(found.routes[0], found.urgency_class)


def referral_shown(witness: Witness, rulebook: Rulebook) -> Referral:
    """The referral that a witness is."""
    answers = rulebook.vocabulary.answers
    dated = {BIRTH_DATE, *(f"answers.{n}" for n, a in answers.items() if a.term.kind is Kind.DATE)}
    return referral_of(
        {
            path: date.fromisoformat(value) if path in dated else value
            for path, value in witness.given.items()
        }
    )


def told(witness: Witness, rulebook: Rulebook) -> Outcome | None:
    """What a witness says of itself."""
    if witness.route is None or witness.urgency is None:
        return None
    return Outcome(witness.route, rulebook.vocabulary.urgencies[witness.urgency].rank)


def check_shown(finding: Finding, rulebook: Rulebook, *more: Rulebook) -> None:
    """Every witness is decided as it says: the first by this rulebook, the next by another."""
    books = (rulebook, *(more or (rulebook,)))
    assert finding.witnesses, str(finding)
    for witness, book in zip(finding.witnesses, books, strict=False):
        referral = referral_shown(witness, book)
        assert PlainWitness(book).outcome(referral) == told(witness, book), witness
        assert decided(referral, book) == (witness.route, witness.urgency), witness


def plainly_shown(finding: Finding, rulebook: Rulebook) -> None:
    """The same by the plain reader alone; the second referral of an overlay is the base's."""
    books = (rulebook, rulebook.base or rulebook)
    for witness, book in zip(finding.witnesses, books, strict=False):
        assert PlainWitness(book).outcome(referral_shown(witness, book)) == told(witness, book)


def decided(referral: Referral, rulebook: Rulebook) -> tuple[str | None, str | None]:
    """What the live engine decides, by a decider that no proof has seen."""
    with closing(Decider(rulebook)) as decider:
        try:
            found = decider.decide(referral)
        except EngineError:
            return None, None
    return found.route.route.id, found.urgency.id


def apart(finding: Finding) -> set[str]:
    """By what the two referrals that show a finding differ."""
    one, other = (witness.given for witness in finding.witnesses)
    return {path for path in (*one, *other) if one.get(path) != other.get(path)}
