"""Who calls: the role by which calls are allowed, and the names by which the log knows them."""

from __future__ import annotations

from collections.abc import Mapping
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


IN_WORDS: Mapping[Role, str] = {
    Role.GP_SYSTEM: "a GP system",
    Role.CALL_HANDLER: "a call handler",
    Role.CLINICIAN: "a clinician",
    Role.AUDITOR: "an auditor",
    Role.OPERATOR: "an operator",
    Role.DEVELOPER: "a developer",
}
"""What people read of a role."""

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

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Caller:
        """The caller whom the part ``by`` of an entry names."""
        return cls(Role(told["role"]), told["subject"], told["client"], told["issuer"])

    def as_dict(self) -> dict[str, Any]:
        """The caller as the part ``by`` of an entry of the log."""
        return {
            "role": self.role.value,
            "subject": self.subject,
            "client": self.client,
            "issuer": self.issuer,
        }
