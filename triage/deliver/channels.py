"""The channels: how a referrer is told by a message, by a webhook and by a letter."""

from __future__ import annotations

import hmac
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.deliver.letters import Letters
from triage.deliver.outcome import DELIVERED, Outcome
from triage.deliver.receivers import Receiver, Receivers
from triage.deliver.rendering import Renderers
from triage.deliver.sending import Sender
from triage.domain.referred import Referred
from triage.errors import SettingsError
from triage.store.deliveries import Channel, Due
from triage.wire import canonical_bytes

FHIR = "application/fhir+json; version=1.0.0"

HAS_IT = "status_409"
"""What a receiver of BaRS answers to a message that it has already."""

NOBODY = Outcome("no_receiver", for_good=True)
"""Nobody is told by this channel any more: the file of receivers was changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be told: of which entry, of what kind, and how the referral stands now."""

    due: Due
    kind: str
    referred: Referred


Tell = Callable[[Told], Outcome]
"""Tells somebody, and says what came of it."""


def channels_of(
    receivers: Receivers, renderers: Renderers, letters: Letters, sender: Sender | None = None
) -> Mapping[str, Tell]:
    """How somebody is told by each channel."""
    send = sender or Sender()
    messages, webhooks = _Messages(renderers, send), _Webhooks(renderers, send)

    def tell_by(channel: Channel, tell: Callable[[Told, Receiver], Outcome]) -> Tell:
        def told_of(told: Told) -> Outcome:
            receiver = receivers.receiver(told.referred.referral["ods_code"])
            return tell(told, receiver) if receiver.channel is channel else NOBODY

        return told_of

    def write(told: Told) -> Outcome:
        due = told.due
        return letters.put(due.id, due.attempts, renderers.letter(told.referred, due.id))

    return {
        Channel.MESSAGE: tell_by(Channel.MESSAGE, messages.tell),
        Channel.WEBHOOK: tell_by(Channel.WEBHOOK, webhooks.tell),
        Channel.LETTER: write,
    }


@dataclass(frozen=True, slots=True)
class _Messages:
    """Tells by a message of BaRS: the response Bundle, to the receiver's own $process-message."""

    renderers: Renderers
    sender: Sender

    def tell(self, told: Told, receiver: Receiver) -> Outcome:
        """Send the message. A receiver that has it already says so, and then it was delivered."""
        bundle = self.renderers.message(told.referred, told.due.id)
        headers = {
            "Content-Type": FHIR,
            "Accept": FHIR,
            "X-Request-Id": str(uuid.uuid4()),
            "X-Correlation-Id": told.due.id,
        }
        found = self.sender.post(str(receiver.address), canonical_bytes(bundle), headers)
        return DELIVERED if found.failure == HAS_IT else found


@dataclass(frozen=True, slots=True)
class _Webhooks:
    """Tells by a webhook: JSON, signed by the secret shared with the receiver."""

    renderers: Renderers
    sender: Sender

    def tell(self, told: Told, receiver: Receiver) -> Outcome:
        """Send it, signed at this moment."""
        try:
            secret = receiver.secret()
        except SettingsError:
            return Outcome("no_secret")
        words = self.renderers.webhook(told.referred, told.due.id)
        body = canonical_bytes(webhook_body(told, words))
        headers = {
            "Content-Type": "application/json",
            "X-Triage-Delivery": told.due.id,
            **signed(secret, body, int(time.time())),
        }
        return self.sender.post(str(receiver.address), body, headers)


def webhook_body(told: Told, words: str) -> dict[str, Any]:
    """What a webhook is sent (``docs/delivering.md``)."""
    referred = told.referred
    return {
        "delivery_id": told.due.id,
        "decision_id": referred.id,
        "sequence": told.due.sequence,
        "kind": told.kind,
        "decision": dict(referred.decision),
        "standing": referred.stands.as_dict(),
        "cancelled": referred.cancelled.value if referred.cancelled else None,
        "told": words,
    }


def signed(secret: bytes, body: bytes, at: int) -> dict[str, str]:
    """The headers by which a receiver knows that a body is from us, and from when it is.

    ``at`` is in seconds since 1970. The signature is over the time, a full stop and the body.
    """
    found = hmac.digest(secret, f"{at}.".encode() + body, "sha256").hex()
    return {"X-Triage-Timestamp": str(at), "X-Triage-Signature": f"v1={found}"}
