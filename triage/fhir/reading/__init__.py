"""Any JSON value as a referral: what could be read of it, where it stood, and what was found."""

from triage.fhir.reading.message import Asks, Message
from triage.fhir.reading.read import Read
from triage.fhir.reading.reader import MessageReader
from triage.fhir.reading.sent import Placed

__all__ = ["Asks", "Message", "MessageReader", "Placed", "Read"]
