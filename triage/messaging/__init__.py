"""Messages of other systems: a referral comes in, is brought up to date, or is taken back."""

from triage.messaging.messages import Messaging, Replied

__all__ = ["Messaging", "Replied"]
