"""Cards: what somebody at work in a GP system sees of the advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any
from uuid import UUID, uuid5

from schemas.cards import LONGEST_SUMMARY
from triage.cds_hooks.advice import Advice
from triage.cds_hooks.bare import bare
from triage.cds_hooks.markdown import listed, shown
from triage.fhir.questionnaires import SCREENING
from triage.fhir.writing.elements import Element, coding
from triage.fhir.writing.terms import Terms
from triage.wire import canonical_bytes

INFO, WARNING, CRITICAL = "info", "warning", "critical"

Card = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Says:
    """What one card says. ``detail`` is in parts, each Markdown (GFM) or empty."""

    summary: str
    indicator: str
    detail: Sequence[str]
    suggestions: Sequence[Element] = ()


class Cards:
    """Makes cards in the words of one rulebook. ``public_url`` is where its pages are."""

    def __init__(self, terms: Terms, public_url: str) -> None:
        self._terms, self._url = terms, public_url
        self._reasons = [
            coding(terms.own.system("override-reason"), one.id, one.title)
            for one in terms.vocabulary.override_reasons.values()
        ]

    def card(self, call: UUID, advice: Advice | None, says: Says) -> Card:
        """A card, on no route where nothing is advised. Its uuid is that of call and words."""
        said = bare(
            {
                "summary": shorten(shown(says.summary), LONGEST_SUMMARY, placeholder="…"),
                "detail": shown("\n".join(part for part in says.detail if part)),
                "indicator": says.indicator,
                "source": self._source(advice),
                "suggestions": list(says.suggestions),
                "selectionBehavior": "at-most-one" if says.suggestions else None,
                "overrideReasons": self._reasons,
                "links": [*(self._links(advice) if advice else self._script())],
            }
        )
        return {"uuid": name_of(call, said), **said}

    def _source(self, advice: Advice | None) -> Element:
        rulebook = self._terms.rulebook
        return {
            "label": f"{rulebook.title} {rulebook.stamp.version}",
            "url": f"{self._url}/rules",
            "topic": self._terms.route(advice.decision.route.route.id) if advice else None,
        }

    def _links(self, advice: Advice) -> Iterator[Element]:
        rule = advice.leading_rule
        if rule:
            yield _link(f"The rule: {rule.title}", f"{self._url}/rules#rule-{rule.id}")
        yield from self._script()
        if advice.decision.missing:
            address = f"{self._terms.base}/Questionnaire/{SCREENING}"
            yield _link("Questionnaire for what was not asked", address)

    def _script(self) -> Iterator[Element]:
        yield _link("Call script", f"{self._url}/rules/call-script")


def name_of(call: UUID, said: Element) -> str:
    """The id of something that is said in answer to a call: the same for the same."""
    return str(uuid5(call, canonical_bytes(said).decode()))


def doubts(advice: Advice) -> str:
    """What was not read, or with doubt, as a part of the detail."""
    return listed("About what was sent", advice.doubts())


def _link(label: str, url: str) -> Element:
    return {"label": label, "url": url, "type": "absolute"}
