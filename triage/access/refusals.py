"""Why a call is refused: the reason to the log, and to the caller no more than helps."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from triage.domain.caller import ISSUED_ROLES
from triage.errors import TriageError


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to refuse a call: its status, what is said, and the challenge (RFC 6750), if any."""

    status: HTTPStatus
    detail: str
    challenge: str | None = None


class AccessError(TriageError):
    """A call is refused. ``why`` is for the log: words of our own, never what was sent."""

    def __init__(self, refusal: Refusal, why: str) -> None:
        self.refusal, self.why = refusal, why
        super().__init__(why)


_CHALLENGE = 'Bearer realm="referral-triage"'

NO_TOKEN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "A token is needed: send the header Authorization: Bearer, and the token after it.",
    _CHALLENGE,
)

BAD_TOKEN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "The token is not accepted. Get a new one, made for this service.",
    f'{_CHALLENGE}, error="invalid_token"',
)

NO_ROLE = Refusal(
    HTTPStatus.FORBIDDEN,
    f"A token must hold exactly one of the roles {', '.join(ISSUED_ROLES)}.",
    f'{_CHALLENGE}, error="insufficient_scope"',
)

NO_CLIENT = Refusal(
    HTTPStatus.FORBIDDEN,
    "A token of a GP system must name the system, in client_id or azp.",
    f'{_CHALLENGE}, error="insufficient_scope"',
)

WRONG_ROLE = Refusal(
    HTTPStatus.FORBIDDEN,
    "Your role may not make this call.",
    f'{_CHALLENGE}, error="insufficient_scope"',
)

BAD_FORM = Refusal(
    HTTPStatus.FORBIDDEN, "This form is not one of yours, or it is old. Open the page again."
)

NOT_SIGNED_IN = Refusal(
    HTTPStatus.BAD_REQUEST, "Nobody was signed in. Begin again at /sign-in, in one window."
)

ISSUER_AWAY = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Tokens cannot be checked now: the issuer does not answer. Try again.",
)
