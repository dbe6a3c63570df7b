"""Makes the pack of a rulebook: finds what to try, decides it, and has the diagrams agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

from schemas.referral import LONGEST_ID, ReferralReader
from triage.decide import Decider
from triage.diagram.model import Model
from triage.diagram.portions import MOMENT
from triage.diagram.space import space_of
from triage.diagram.walks import value_at
from triage.domain.facts import facts
from triage.domain.referral import Referral
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.errors import EngineError, PackError
from triage.rulebook import Rulebook
from triage.verify.packs.bodies import Body, body_of
from triage.verify.packs.expected import expected_of
from triage.verify.packs.of_comparisons import ComparisonTests
from triage.verify.packs.of_conclusions import ConclusionTests
from triage.verify.packs.of_routes import RouteTests
from triage.verify.packs.pack import Pack, Test
from triage.verify.packs.shown import Shown
from triage.verify.packs.turning import Turner
from triage.wire import as_bytes

Watcher = Callable[[int, int], object]
"""Told how many are done, of how many."""


def pack_of(rulebook: Rulebook, watcher: Watcher = lambda _done, _of: None) -> Pack:
    """The tests of a rulebook.

    Raises ``PackError``, naming the test, where the engine and the diagrams do not agree, or give a
    referral no route.
    """
    turner = Turner(Model(rulebook, space_of(rulebook)))
    comparisons, conclusions = ComparisonTests(turner), ConclusionTests(turner)
    found: list[Shown] = []
    for done, rule in enumerate(rulebook.rules, 1):
        found += (*comparisons.of(rule), *conclusions.of(rule))
        watcher(done, len(rulebook.rules))
    found += RouteTests(turner).every()
    return Pack(
        rulebook.stamp,
        tuple(_Writer(rulebook, turner).tests(found)),
        tuple(comparisons.not_apart),
        tuple(conclusions.never_needed),
    )


class _Writer:
    """Writes down what is shown, one test for each referral."""

    def __init__(self, rulebook: Rulebook, turner: Turner) -> None:
        self._rulebook, self._turner = rulebook, turner
        self._reader = ReferralReader(rulebook.vocabulary)

    def tests(self, found: list[Shown]) -> Iterator[Test]:
        by_referral: dict[bytes, tuple[Body, list[Shown]]] = {}
        for one in found:
            body = body_of(self._turner.model.space, one.draft)
            by_referral.setdefault(as_bytes(body), (body, []))[1].append(one)
        with closing(Decider(self._rulebook)) as decider:
            for body, shown in by_referral.values():
                yield self._test(body, shown, decider)

    def _test(self, body: Body, shown: list[Shown], decider: Decider) -> Test:
        first = shown[0]
        sent = {"reference": first.id[:LONGEST_ID], **body}
        referral = self._reader.read(sent, MOMENT)
        try:
            expected = expected_of(decider.decide(referral))
        except EngineError as error:
            raise PackError(f"{first.id}: no decision: {error}") from None
        if EVALUATORS_DISAGREE in expected["alerts"]:
            raise PackError(f"{first.id}: two evaluations of the rules differ; nothing was written")
        self._agreed(first.id, expected, self._on_the_diagrams(referral, decider))
        shows = tuple(dict.fromkeys(one.id for one in shown))
        return Test(first.id, first.rule, first.title, shows, sent, expected)

    def _on_the_diagrams(self, referral: Referral, decider: Decider) -> dict[str, Any]:
        """The lead route, the urgency and the rules that fire, as the diagrams have them."""
        model, rulebook = self._turner.model, self._rulebook
        known = decider.known(referral)
        found = {**rulebook.switches, **facts(known, rulebook.vocabulary)}
        cell = tuple(one.place(found, known.answers) for one in model.space.inputs)
        return {
            "route": value_at(model.forest, model.lead, cell),
            "urgency": value_at(model.forest, model.urgency, cell),
            "fires": [
                rule.id
                for rule in model.rules
                if value_at(model.forest, self._turner.shown(rule), cell)
            ],
        }

    def _agreed(self, name: str, engine: Mapping[str, Any], diagrams: Mapping[str, Any]) -> None:
        for what, there in diagrams.items():
            if engine[what] != there:
                raise PackError(
                    f"{name}: the engine says {what} {engine[what]}, the diagrams say {there};"
                    " nothing was written"
                )
