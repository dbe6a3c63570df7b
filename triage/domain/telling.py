"""Which referrers are told of what was decided, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Channels = Callable[[str | None], str]
"""Says by which channel an organisation hears of it, by the ODS code where one is known."""


def by_letter(_ods_code: str | None) -> str:
    """The channel of everybody where nothing else was arranged."""
    return "letter"


@dataclass(frozen=True, slots=True)
class Telling:
    """Says how a referrer hears of a decision, or of what took its place.

    Without ``channel_for`` nobody hears of anything.
    """

    channel_for: Channels | None = by_letter

    def channels(
        self, ods_code: str | None, name: str | None, *, consent: bool | None, danger: bool
    ) -> tuple[str, ...]:
        """The channels: none where nobody is named who referred.

        Nor where the person does not want it shared, unless somebody may be in danger.
        """
        if self.channel_for is None or not (ods_code or name):
            return ()
        if consent is False and not danger:
            return ()
        return (self.channel_for(ods_code),)


LETTERS = Telling()
"""Everybody hears by letter."""

NOBODY = Telling(None)
"""Nobody hears of it, for nobody made the referral."""
