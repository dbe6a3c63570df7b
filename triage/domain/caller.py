"""Who calls: the role by which calls are allowed, and the names by which the log knows them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What somebody does here. Each call is open to some roles and closed to the others."""

    GP_SYSTEM = "gp_system"
    CALL_HANDLER = "call_handler"
    CLINICIAN = "clinician"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    DEVELOPER = "developer"


ISSUED_ROLES = tuple(role for role in Role if role is not Role.DEVELOPER)
"""The roles that tokens give. A developer is only ever somebody on the machine itself."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls, as a token or the command line names them.

    ``subject`` is the person or system, ``client`` the software that calls for them, ``issuer``
    who vouches for both; None where nobody says.
    """

    role: Role
    subject: str | None = None
    client: str | None = None
    issuer: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The caller as the part ``by`` of an entry of the log."""
        return {
            "role": self.role.value,
            "subject": self.subject,
            "client": self.client,
            "issuer": self.issuer,
        }
