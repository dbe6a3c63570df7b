"""CDS Hooks calls on the wire (2.0): what asks for cards, read strictly, with every fault at once.

What the standard does not name may stand beside what it does, and is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from marshmallow import INCLUDE, Schema, ValidationError

from schemas.faults import faults_in, names_in, told
from schemas.fields import Choice, Listed, Strict, Text, WholeNumber
from schemas.parts import Body, Part
from triage.errors import ReferralError

LONGEST_REFERENCE, LONGEST_URL, LONGEST_TOKEN = 255, 2048, 16_384
"""The most characters of a reference to a resource, of an address, and of a token."""

MOST_SELECTIONS = 500
"""How many orders may be selected at once."""

NEEDED = "is needed; add it"

ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW = "order-select", "order-sign", "patient-view"
HOOKS = (ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW)
"""The hooks at which somebody may ask for cards here."""


class Open(Body):
    """An object in which more may stand than is known here."""

    class Meta:
        """What is not known is passed over; no place in the library's register."""

        unknown = INCLUDE
        register = False

    def load(self, data: Any, *args: Any, **named: Any) -> dict[str, Any]:
        """What is known of what was sent. Raises ``ValidationError`` as ``Body.load`` does."""
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if name in self.fields}
        return super().load(data, *args, **named)


def opened(name: str, fields: Mapping[str, Any], *needed: str) -> Schema:
    """The schema of such an object; the ``needed`` fields must be there."""
    made: Any = Open.from_dict(dict(fields), name=name)()
    made.need(*needed, why=NEEDED)
    return cast("Schema", made)


class Id(Strict):
    """A UUID, in the one way in which they are written here."""

    def __init__(self, description: str) -> None:
        super().__init__({"type": "string", "format": "uuid", "description": description})

    def read(self, value: Any) -> str:
        """The id, in small letters with hyphens."""
        try:
            return str(UUID(value))
        except (AttributeError, TypeError, ValueError):
            raise ValidationError("must be a UUID") from None


class LogicalId(Strict):
    """The id of a resource (R4): it becomes a part of addresses, so nothing else may stand here."""

    def __init__(self, description: str) -> None:
        described = {"type": "string", "pattern": r"^(?!\.{1,2}$)[A-Za-z0-9.-]{1,64}$"}
        super().__init__({**described, "description": description})

    def read(self, value: Any) -> str:
        """The id as it was sent."""
        if isinstance(value, str) and _LOGICAL_ID.fullmatch(value):
            return value
        raise ValidationError("must be an id: up to 64 letters, digits, hyphens and dots")


_LOGICAL_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9.-]{1,64}")


class Token(Strict):
    """An access token, as it may stand in a header (RFC 6750)."""

    def __init__(self, description: str) -> None:
        described = {"type": "string", "pattern": r"^[A-Za-z0-9._~+/-]+=*$"}
        super().__init__({**described, "maxLength": LONGEST_TOKEN, "description": description})

    def read(self, value: Any) -> str:
        """The token as it was sent."""
        if isinstance(value, str) and len(value) <= LONGEST_TOKEN and _TOKEN.fullmatch(value):
            return value
        raise ValidationError("must be a bearer token as RFC 6750 has it")


_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class OrdersBundle(Strict):
    """A Bundle of orders. What stands in its entries is read later, whatever it is."""

    def __init__(self, description: str) -> None:
        entries = {"type": "array", "items": {"type": "object"}}
        properties = {"resourceType": {"type": "string", "enum": ["Bundle"]}, "entry": entries}
        described = {"type": "object", "properties": properties, "required": ["resourceType"]}
        super().__init__({**described, "description": description})

    def read(self, value: Any) -> dict[str, Any]:
        """The Bundle as it was sent."""
        if not isinstance(value, dict) or value.get("resourceType") != "Bundle":
            raise ValidationError("must be a Bundle, with resourceType Bundle")
        entries = value.get("entry", [])
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise ValidationError("must hold its orders in entry, a list of objects")
        return value


class Prefetched(Strict):
    """What was prefetched, by the keys of the templates: resources, Bundles of them, or null."""

    def __init__(self, description: str) -> None:
        super().__init__({"type": "object", "description": description})

    def read(self, value: Any) -> dict[str, Any]:
        """The values by key, as they were sent."""
        if isinstance(value, dict):
            return value
        raise ValidationError("must be an object of resources by the keys of the templates")


@dataclass(frozen=True, slots=True)
class HookCall:
    """A call that asks for cards.

    ``draft_orders`` is a Bundle, ``selections`` are references such as ``ServiceRequest/1``; both
    are None at hooks that have none. ``fhir_server`` is what the caller says of where records can
    be read, and ``token`` what opens it: neither is to be believed. Of what was prefetched a key
    that is missing was not looked for, and one with None is known to have nothing.
    """

    hook: str
    hook_instance: UUID
    user_id: str
    patient_id: str
    draft_orders: Mapping[str, Any] | None = None
    selections: tuple[str, ...] | None = None
    fhir_server: str | None = None
    token: str | None = None
    prefetch: Mapping[str, Any] = field(default_factory=dict)


_ORDERS = {"draftOrders": OrdersBundle("Every order of the session that is not signed yet.")}

_SELECTIONS = {
    "selections": Listed(
        Text(LONGEST_REFERENCE, least=1),
        MOST_SELECTIONS,
        {"description": "The orders just selected, such as ServiceRequest/1."},
    )
}

_CONTEXTS: Mapping[str, Mapping[str, Any]] = {
    ORDER_SELECT: {**_ORDERS, **_SELECTIONS},
    ORDER_SIGN: _ORDERS,
    PATIENT_VIEW: {},
}
"""What the context of each hook holds beside whose user and which patient it is."""


def _context(hook: str) -> Schema:
    fields = {
        "userId": Text(LONGEST_REFERENCE, {"description": "Who is at work."}, least=1),
        "patientId": LogicalId("The id of the Patient whose record is open."),
        **_CONTEXTS[hook],
    }
    return opened(f"{_name(hook)}ContextSchema", fields, *fields)


def _name(hook: str) -> str:
    return "".join(part.capitalize() for part in hook.split("-"))


_AUTHORIZATION = opened(
    "FhirAuthorizationSchema",
    {
        "access_token": Token("Opens the FHIR server for this one call."),
        "token_type": Choice(("Bearer",), {"enum": ["Bearer"]}),
        "expires_in": WholeNumber(0, 2**31, {"description": "Seconds."}),
    },
    "access_token",
    "token_type",
)


def call_schema(hook: str) -> Schema:
    """The schema of a call at a hook."""
    fields = {
        "hook": Choice((hook,), {"enum": [hook]}),
        "hookInstance": Id("Names this one call of the hook."),
        "context": Part(_context(hook)),
        "fhirServer": Text(LONGEST_URL, {"description": _SERVER}, least=1),
        "fhirAuthorization": Part(_AUTHORIZATION, "What opens the FHIR server."),
        "prefetch": Prefetched(_PREFETCH),
    }
    return opened(f"{_name(hook)}CallSchema", fields, "hook", "hookInstance", "context")


_SERVER = "Where records can be read. It is called only where it is listed for the caller."
_PREFETCH = (
    "By the keys of the templates that GET /cds-services gives; null where there is nothing."
)


class CallReader:
    """Reads the calls of one hook. Made once; safe for many threads."""

    def __init__(self, hook: str) -> None:
        self.schema = call_schema(hook)
        self.names = names_in(self.schema)

    def read(self, body: object) -> HookCall:
        """The call in a body. Raises ``ReferralError`` with every fault of it."""
        try:
            found = self.schema.load(body)  # type: ignore[arg-type]
        except ValidationError as error:
            faults = told(faults_in(error.messages_dict, self.schema))
            raise ReferralError(faults) from None
        context, authorization = found["context"], found.get("fhirAuthorization", {})
        return HookCall(
            hook=found["hook"],
            hook_instance=UUID(found["hookInstance"]),
            user_id=context["userId"],
            patient_id=context["patientId"],
            draft_orders=context.get("draftOrders"),
            selections=context.get("selections"),
            fhir_server=found.get("fhirServer"),
            token=authorization.get("access_token"),
            prefetch=found.get("prefetch", {}),
        )
