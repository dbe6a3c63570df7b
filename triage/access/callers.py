"""From what a token claims to who calls.

======================  ==============================================================
``roles`` or ``role``   a list of roles, or one; just one of them is one of ours
``sub``                 the person, or the system, that calls
``client_id``, ``azp``  the software that calls for them; a GP system must name itself
``iss``                 who says so
======================  ==============================================================
"""

from __future__ import annotations

from typing import Any

from triage.access.refusals import BAD_TOKEN, NO_CLIENT, NO_ROLE, AccessError
from triage.access.tokens import Claims
from triage.domain.caller import ISSUED_ROLES, Caller, Role

LONGEST_NAME = 255
"""The most characters of a name by which the log knows a caller."""


def caller_of(claims: Claims) -> Caller:
    """Who calls, by the claims of a token that is true. Raises ``AccessError``."""
    subject = _name(claims, "sub")
    if subject is None:
        raise AccessError(BAD_TOKEN, "no subject")
    role = _role(claims)
    client = _name(claims, "client_id") or _name(claims, "azp")
    if role is Role.GP_SYSTEM and client is None:
        raise AccessError(NO_CLIENT, "a GP system without a name")
    return Caller(role, subject, client, _name(claims, "iss"))


def _role(claims: Claims) -> Role:
    """The one role of ours: of two, neither is taken, for they may open what neither does alone."""
    claimed = [*_listed(claims.get("roles")), *_listed(claims.get("role"))]
    ours = [role for role in ISSUED_ROLES if role in claimed]
    if len(ours) != 1:
        raise AccessError(NO_ROLE, "several roles" if ours else "no role of ours")
    return ours[0]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(claims: Claims, claim: str) -> str | None:
    value = claims.get(claim)
    if value is None:
        return None
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= LONGEST_NAME:
        raise AccessError(BAD_TOKEN, f"the claim {claim} is no name")
    return value
