"""Who may sign a rulebook once more: nobody says the same of the same rules twice."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, select

from triage.domain.caller import Caller
from triage.errors import ConflictError
from triage.store.entries import Guard, Kind
from triage.store.tables import ENTRIES


def unless_said(digest: str, conclusion: str, by: Caller) -> Guard:
    """Lets a sign-off pass unless the last that somebody said of a rulebook is the same.

    The guard raises ``ConflictError``.
    """
    of_rulebook = select(ENTRIES.c.leaf).where(
        ENTRIES.c.kind == Kind.SIGN_OFF, ENTRIES.c.rulebook == digest
    )
    newest_first = of_rulebook.order_by(ENTRIES.c.sequence.desc())

    def guard(connection: Connection) -> None:
        said = map(orjson.loads, connection.execute(newest_first).scalars())
        own = (one["conclusion"] for one in said if _is_of(by, one["by"]))
        if next(own, None) == conclusion:
            raise ConflictError("you have signed these rules so already; there is nothing to do")

    return guard


def _is_of(by: Caller, told: dict[str, str]) -> bool:
    return (told["subject"], told["issuer"]) == (by.subject, by.issuer)
