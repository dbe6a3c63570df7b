"""Log lines: JSON, one a line, and never anything that a caller sent.

Our own lines say only what their authors chose to say. Lines of the server may quote a URL or a
header in what they fill in, so of those nothing but numbers is filled in.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

OURS = "triage"

_PLACE = re.compile(r"%(?:\([a-z]+\))?[a-z]")


class JsonLine(logging.Formatter):
    """A log record as one line of JSON, without tracebacks: their last line may quote a patient."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        ours = record.name.split(".")[0] == OURS
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "pid": record.process,
            "says": record.getMessage() if ours else numbers_only(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def numbers_only(record: logging.LogRecord) -> str:
    """What a record says, with only the numbers among its values filled in.

    A text that was filled in beforehand is cut off at its first colon, after which values stand.
    """
    values = record.args if isinstance(record.args, tuple) else ()
    text = str(record.msg) if values else str(record.msg).partition(":")[0]
    shown = iter(str(one) if isinstance(one, int | float) else "…" for one in values)
    return _PLACE.sub(lambda _: next(shown, "…"), text)


def log_as_json(name: str, level: int) -> None:
    """Let a logger and those below it write JSON lines to standard error, from a level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine())
    logger = logging.getLogger(name)
    logger.handlers, logger.propagate = [handler], False
    logger.setLevel(level)
