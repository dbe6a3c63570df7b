"""What each referral of a file amounts to: a decision, or the problem that stood in its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from schemas.referral import ReferralReader
from triage.api.lax_json import readings
from triage.api.problem import Problem
from triage.api.strict_json import BodyError, read_json
from triage.cli.reading import Found
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.domain.decision import Decision
from triage.domain.pseudonymised import Pseudonymised
from triage.errors import EngineError, ReferralError


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one referral: its decision or its problem, and where it was found.

    Beside a decision stands the referral it is about.
    """

    line: int
    decision: Decision | None = None
    referral: Pseudonymised | None = None
    problem: Problem | None = None
    file: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """A decision as everywhere; a problem beside its line, and its file among several."""
        if self.decision:
            return self.decision.as_dict()
        where: dict[str, Any] = {"file": self.file} if self.file else {}
        return {**where, "line": self.line, "error": self.problem.as_dict() if self.problem else {}}


class Answerer:
    """Answers referrals under one rulebook."""

    def __init__(self, decider: Decider) -> None:
        self._decider = decider
        self._reader = ReferralReader(decider.rulebook.vocabulary)
        self._danger = DangerFinder(self._reader, decider)

    def answer(self, found: Found, file: str | None = None) -> Answer:
        """The decision on a referral, or its problem with whatever danger can still be read."""
        now = datetime.now(UTC)
        try:
            referral = self._reader.read(self._json_in(found), now)
            known = self._decider.known(referral)
            decision = self._decider.conclude(known, referral.reference)
            return Answer(found.line, decision, known, file=file)
        except BodyError as error:
            problem = self._problem(error.status, error.detail, found, now, error.faults)
        except ReferralError as error:
            problem = self._problem(_REFUSED, _FAULTS, found, now, error.faults)
        except EngineError as error:
            problem = self._problem(_NOT_RUN, str(error), found, now)
        except Exception as error:  # noqa: BLE001 (the outermost edge: the other lines go on)
            net = self._decider.rulebook.safety_net
            problem = Problem(_UNFORESEEN, f"An unforeseen {type(error).__name__}.", net)
        return Answer(found.line, problem=problem, file=file)

    def _problem(
        self, status: HTTPStatus, detail: str, found: Found, now: datetime, faults: Any = ()
    ) -> Problem:
        danger = self._danger.find(readings(found.text), now)
        return Problem(status, detail, self._decider.rulebook.safety_net, faults, danger)

    def _json_in(self, found: Found) -> Any:
        if found.too_long:
            raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _TOO_LONG)
        return read_json(found.text, self._reader.names)


_TOO_LONG = "The referral is far too long; leave out what triage does not need."
_FAULTS = "The referral has faults; each is named in errors."
_REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY
_NOT_RUN = HTTPStatus.SERVICE_UNAVAILABLE
_UNFORESEEN = HTTPStatus.INTERNAL_SERVER_ERROR
