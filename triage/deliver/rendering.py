"""What referrers are told, made from a referral as it stands: joined here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, Protocol

from triage.domain.clock import local_day
from triage.domain.referred import Referred
from triage.feedback import Feedback, feedback_of
from triage.fhir.writing import Answering, DecisionWriter
from triage.pages.letter import Envelope, letter_page
from triage.pages.pdf import letter_pdf
from triage.rulebook import Rulebook


class Message(Protocol):
    """Makes the response Bundle of BaRS, as JSON, for one delivery."""

    def __call__(self, referred: Referred, delivery_id: str, /) -> Mapping[str, Any]:
        """The Bundle. The same referral and delivery give the same."""


class Words(Protocol):
    """Makes what a person reads, in plain words, for one delivery."""

    def __call__(self, referred: Referred, delivery_id: str, /) -> str:
        """The words, without marks of any kind."""


class Letter(Protocol):
    """Makes a letter for one delivery."""

    def __call__(self, referred: Referred, delivery_id: str, /) -> Mapping[str, bytes]:
        """The letter in each form there is, by the ending of its file: ``.html``, ``.pdf``."""


@dataclass(frozen=True, slots=True)
class Renderers:
    """What is told by each channel.

    ``webhook`` gives the words alone; what is around them is the same for all
    (``triage.deliver.channels``).
    """

    message: Message
    webhook: Words
    letter: Letter


_ONE_AT_A_TIME = Lock()
"""Held while a PDF is made: what lays it out is not made for several threads."""


def renderers_of(rulebook: Rulebook, public_url: str) -> Renderers:
    """How everything is told, in the words of a rulebook.

    ``public_url`` is the address by which receivers know the service, without a slash at its end.
    """
    writer = DecisionWriter(rulebook, public_url)

    def feedback(referred: Referred) -> Feedback:
        return feedback_of(referred, rulebook)

    def message(referred: Referred, delivery_id: str) -> Mapping[str, Any]:
        answering = Answering(delivery=delivery_id)
        return writer.response_message(referred, answering, feedback(referred).as_text())

    def letter(referred: Referred, _delivery_id: str) -> Mapping[str, bytes]:
        decided = datetime.fromisoformat(referred.decision["decided_at"])
        html = letter_page(feedback(referred), Envelope.of(referred, local_day(decided)))
        with _ONE_AT_A_TIME:
            pdf = letter_pdf(html)
        return {".html": html.encode(), **({".pdf": pdf} if pdf else {})}

    return Renderers(
        message=message,
        webhook=lambda referred, _delivery_id: feedback(referred).as_text(),
        letter=letter,
    )
