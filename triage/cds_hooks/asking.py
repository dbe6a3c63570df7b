"""What is still to be asked of a person whose record is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from triage.cds_hooks.advice import Advice
from triage.cds_hooks.found import found_in
from triage.domain.decision import MissingAnswer
from triage.domain.vocabulary import Value, Vocabulary
from triage.live_call import Live

MOST_NAMED = 3
"""How many questions the summary names."""


class Asking:
    """What is asked next, and after that; and what was found already (``found``)."""

    def __init__(
        self, vocabulary: Vocabulary, advice: Advice, live: Live, given: Mapping[str, Value]
    ) -> None:
        self._answers, self.advice, self._live = vocabulary.answers, advice, live
        self.found = tuple(dict.fromkeys(found_in(advice.decision, given, vocabulary)))

    @property
    def questions(self) -> tuple[MissingAnswer, ...]:
        """The questions that are open: the next first, then those that could change something."""
        asked = self._live.next_question
        first = (asked,) if asked else ()
        others = (
            one for one in self.advice.decision.missing if not asked or one.answer != asked.answer
        )
        return (*first, *others)

    @property
    def is_open(self) -> bool:
        """Could an answer still change where the person goes, or how soon?"""
        return self._live.next_question is not None

    def summary(self) -> str:
        """The first questions by name."""
        named = [self._title(one.answer) for one in self.questions[:MOST_NAMED]]
        return f"Still to be asked: {'; '.join(named)}"

    def lines(self) -> Iterator[str]:
        """Every question with why it is asked."""
        for one in self.questions:
            yield f"{one.question} ({one.why})"

    def _title(self, answer: str) -> str:
        known = self._answers.get(answer)
        return known.term.title if known else answer.rpartition(".")[2].replace("_", " ")
