"""Log lines: JSON, one a line, and never anything that a caller sent.

A line of our own names an event of the list below and fields of the table below, each with the
kind of value it may have; whatever else is handed in is dropped and counted. Of a line of a library
only what stands in its source is told, with numbers too short to name anybody. Whatever would write
to standard error without a logger is withheld.
"""

from __future__ import annotations

import ast
import io
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
import structlog

EVENTS = frozenset(
    {
        "request",  # one was answered
        "refused",  # somebody who may not call, or not so often
        "issuer_away",  # its keys cannot be had now; those that were had before still count
        "refused_unread",  # what came was no HTTP, or came too slowly
        "no_decision",  # the rules could not be run
        "evaluators_disagree",  # the two evaluations of the rules differ: an incident
        "log_unavailable",  # the decision log could not be written or read
        "unforeseen_error",
        "check_failed",  # a check of /readyz: one line for each
        "tracing_on",
        "tracing_not_installed",  # spans are asked for, and the extra is not installed
        "outbox_begun",  # whoever delivers has begun
        "outbox_ended",
        "delivered",  # somebody was told of an entry
        "delivery_failed",  # not now: it is tried again
        "delivery_given_up",  # a person must look at it
        "letters_without_pdf",  # the extra for it is not installed: letters are HTML alone
        "delivery_dropped",  # the person was erased: nobody is told
        "text_withheld",  # something wrote to standard error without a logger
    }
)
"""What our own lines may say. A new event is a new row."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""The methods that are told; any other is "other"."""

MOST = 10_000_000
"""A number from here on is not told of a library: it could be an identifier or a date of birth."""

LONGEST_TRAIL = 5
"""How many places in the source are told of an error, the last of them where it was raised."""

Told = dict[str, Any]
Allowed = Callable[[Any], bool]


def _number(least: float, most: float) -> Allowed:
    return lambda value: type(value) in (int, float) and least <= value <= most


def _written(pattern: str) -> Allowed:
    fits = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and fits(value) is not None


def _each(allowed: Allowed) -> Allowed:
    return lambda values: isinstance(values, tuple) and all(allowed(one) for one in values)


_COUNT = _number(0, 999_999_999)
_FAILURE = r"[a-z]{1,20}(_[a-z]{1,20}){0,4}(_[0-9]{3})?"
_WORD = _written(r"[a-z_]{1,40}")

FIELDS: Mapping[str, Allowed] = {
    "endpoint": _written(r"[a-z_]{1,40}(\.[a-z_]{1,40}){0,2}"),
    "method": {*METHODS, "other"}.__contains__,
    "status": _number(100, 599),
    "ms": _number(0, 999_999_999),
    "request_id": _written(r"[0-9a-fA-F-]{32,36}"),
    "role": _WORD,
    "error": _written(r"[A-Za-z_]{1,50}[0-9]{0,3}[A-Za-z_]{0,20}"),
    "trail": _each(_written(r"[A-Za-z_][A-Za-z0-9_.]{0,80}:[0-9]{1,6}")),
    "check": _WORD,
    "why": _written(r"[A-Za-z_.' ]{1,80}"),
    "count": _COUNT,
    "sequence": _COUNT,
    "channel": _WORD,
    "failure": _written(_FAILURE),
}
"""What our own lines may hold beside the event, and the kind of value that each field takes."""


class Said(Told):
    """What a line of our own says, once it has been looked at."""


def allowed(
    _logger: object, _method: str, told: structlog.typing.EventDict
) -> tuple[tuple[str], Told]:
    """Let out what the tables allow, and count what they do not. The last of the processors."""
    event = told.pop("event", None)
    known = isinstance(event, str) and event in EVENTS
    said = Said(event=event if known else "other")
    for name, value in told.items():
        if name in FIELDS and FIELDS[name](value):
            said[name] = value
    if dropped := len(told) + 2 - len(said) - known:
        said["dropped"] = dropped
    return (said["event"],), {"extra": {"said": said}}


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """The logger of one of our modules: ``LOG.info("request", status=200)``."""
    bound: structlog.typing.FilteringBoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[allowed],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    ).bind()
    return bound


class JsonLine(logging.Formatter):
    """A log record as one line of JSON, without tracebacks: their last line may quote a patient."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        said = getattr(record, "said", None)
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name if _PLAIN(record.name) else "other",
            "pid": record.process,
            **(said if isinstance(said, Said) else _of_library(record)),
        }
        return orjson.dumps(line).decode()


def _of_library(record: logging.LogRecord) -> Told:
    line: Told = {"event": "library", "says": own_words(record)}
    if _PLACE(place := f"{record.module}:{record.lineno}"):
        line["place"] = place
    if record.exc_info and record.exc_info[1]:
        line |= of_error(record.exc_info[1])
    return line


_PLAIN = _written(r"[A-Za-z_]([0-9]{0,3}[A-Za-z_.])*[0-9]{0,3}")
_PLACE = _written(r"[A-Za-z_][A-Za-z0-9_]{0,80}:[0-9]{1,6}")


def own_words(record: logging.LogRecord) -> str:
    """What a record says, if its words stand in the source it comes from; else an ellipsis.

    Of the values filled in only numbers are told, and none that is long enough to name anybody.
    """
    values = record.args if isinstance(record.args, tuple) else ()
    shown = iter([str(one) if _SMALL(one) else "…" for one in values])
    text = record.msg if isinstance(record.msg, str) else ""
    if not _stands_in(text, _texts(record.pathname)):
        return " ".join(["…", *shown])
    return _FILLED_IN.sub(lambda _: next(shown, "…"), text)


_SMALL = _number(-MOST, MOST)
_FILLED_IN = re.compile(r"%(?:\([A-Za-z_]+\))?[-#0 +]*[0-9]*(?:\.[0-9]+)?[a-zA-Z]")


def _stands_in(text: str, source: frozenset[str]) -> bool:
    """Is this a text of the source, or two of them joined?"""
    return text in source or any(
        text.startswith(one) and text[len(one) :] in source for one in source if one
    )


@cache
def _texts(path: str) -> frozenset[str]:
    """Every text that a source file spells out; none where there is no such file."""
    try:
        nodes = ast.walk(ast.parse(Path(path).read_bytes()))
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    found = (node.value for node in nodes if isinstance(node, ast.Constant))
    return frozenset(value for value in found if isinstance(value, str))


def of_error(error: BaseException) -> Told:
    """What may be told of an error: its kind, and where in the source it was raised."""
    frames = [*traceback.walk_tb(error.__traceback__)][-LONGEST_TRAIL:]
    places = (f"{frame.f_globals.get('__name__')}:{line}" for frame, line in frames)
    told = {"error": type(error).__name__, "trail": tuple(places)}
    return {name: value for name, value in told.items() if FIELDS[name](value)}


class Withheld(io.TextIOBase):
    """Standard error for whoever would write to it as they like: only how much is told."""

    def write(self, text: str) -> int:
        """Say how many characters there were."""
        if text.strip():
            LOG.warning("text_withheld", count=len(text))
        return len(text)


LOG = logger("triage.logs")


def start() -> None:
    """From here on, whatever this process has to say on standard error is such lines."""
    handler = logging.StreamHandler(sys.__stderr__)
    handler.setFormatter(JsonLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("triage").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False
    sys.excepthook = _unforeseen
    threading.excepthook = lambda args: _unforeseen(args.exc_type, args.exc_value)
    sys.unraisablehook = lambda args: _unforeseen(args.exc_type, args.exc_value)
    sys.stderr = Withheld()


def _unforeseen(
    kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None = None
) -> None:
    LOG.error("unforeseen_error", **of_error(error or kind()))
