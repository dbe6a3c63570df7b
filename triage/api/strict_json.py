"""Reads JSON as RFC 8259 has it and nothing laxer, for a body must mean one thing only.

The library's reader takes NaN, keeps the last of two equal keys, and is made to crash by deep
nesting. Here each of these is a fault that says where it is and what to do about it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Container, Iterator, Sequence
from http import HTTPStatus
from typing import Any, NoReturn

from schemas.faults import BODY, MADE_UP, path, told
from triage.errors import Fault, TriageError

MOST_BYTES = 256 * 1024
"""The most bytes of a body."""

MOST_DEPTH = 32
"""The most objects and lists inside one another."""


class BodyError(TriageError):
    """A body that is not to be read: with the HTTP status, and every fault that was found."""

    def __init__(self, status: HTTPStatus, detail: str, faults: Sequence[Fault] = ()) -> None:
        self.status, self.detail, self.faults = status, detail, tuple(faults)
        super().__init__(detail)


def check_content_type(content_type: str | None, encoding: str | None = None) -> None:
    """Raise ``BodyError`` (415) unless a body is declared as plain JSON in UTF-8."""
    if content_type == "application/json" and not encoding:
        return
    if encoding not in (None, "", "identity"):
        raise _wrong_type("Send the body as it is, without a content encoding.")
    if not _JSON_TYPE.fullmatch(content_type or ""):
        raise _wrong_type("Send JSON with the header Content-Type: application/json.")


_JSON_TYPE = re.compile(
    r"application/([a-z0-9.!#$&^_-]+\+)?json(\s*;\s*charset=\"?utf-?8\"?)?\s*", re.IGNORECASE
)


def _wrong_type(detail: str) -> BodyError:
    return BodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)


def read_json(body: bytes, names: Container[str] = (), most_bytes: int = MOST_BYTES) -> Any:
    """The value in a body. Raises ``BodyError``: 413 too long, 400 not strict JSON.

    A fault says where it is by those of the ``names``: what else is there may name somebody.
    """
    if len(body) > most_bytes:
        limit = f"The body is over {most_bytes // 1024} KiB; leave out what is not needed."
        raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, limit)
    if is_deeper(body, MOST_DEPTH):
        raise _not_json(f"is nested more than {MOST_DEPTH} deep; send a flat referral")
    value = _parsed(_text(body), names)
    if b"\\u" in body:
        _refuse_lone_surrogates(value)
    return value


def is_deeper(body: bytes, most: int) -> bool:
    """Are there more than so many objects and lists inside one another? Looks, does not parse."""
    if body.count(b"{") + body.count(b"[") <= most:
        return False
    brackets = _TEXT.sub(b"", body).translate(None, _NO_BRACKETS)
    for _ in range(most):  # the innermost pairs go first, so that many layers are taken off at once
        brackets = brackets.replace(b"{}", b"").replace(b"[]", b"")
    return bool(brackets) and _is_deeper_by_steps(body, most)


def _is_deeper_by_steps(body: bytes, most: int) -> bool:
    """The same for a body whose brackets are not in pairs, or that has too many of them."""
    depth = 0
    for token in _TEXT_OR_BRACKET.finditer(body):
        depth += _STEPS.get(token[0], 0)
        if depth > most:
            return True
    return False


_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_TEXT_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_STEPS = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(f"is not UTF-8 at byte {error.start}; save and send it as UTF-8") from None


def _parsed(text: str, names: Container[str]) -> Any:
    try:
        return _STRICT.decode(text)
    except _AmbiguousError:
        faults = told(_ambiguities(_marked(text), names))
        raise BodyError(HTTPStatus.BAD_REQUEST, _DETAIL, faults) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise _not_json(f"is not JSON at {where}; check quotation marks and commas") from None
    except ValueError:
        raise _not_json("holds a number with thousands of digits; check it") from None


_DETAIL = "The body is not strict JSON."


def _not_json(problem: str) -> BodyError:
    return BodyError(HTTPStatus.BAD_REQUEST, _DETAIL, [Fault(BODY, problem)])


def number(text: str) -> float:
    """A number that is not written as a plain whole one.

    It counts as whole only where its digits say so: 16.0 and 1e1 do. What is whole merely because
    a float cannot hold it, such as 1e-400, becomes not-a-number, which no field takes.
    """
    found = float(text)
    return math.nan if found.is_integer() and not _WHOLE.fullmatch(text) else found


_WHOLE = re.compile(r"-?[0-9]+(\.0+)?([eE]\+?[0-9]+)?")


class _AmbiguousError(Exception):
    """Something in a body that strict JSON has no one meaning for."""


def _unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _AmbiguousError
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise _AmbiguousError


_STRICT = json.JSONDecoder(
    object_pairs_hook=_unambiguous, parse_constant=_refuse_constant, parse_float=number
)


class _Pairs(list[tuple[str, Any]]):
    """An object as its pairs, so that a key given twice can be seen."""


class _NotANumber:
    """A value such as NaN, which JSON has no word for."""


def _marked(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Pairs, parse_constant=lambda _: _NotANumber())


def _ambiguities(
    value: Any, names: Container[str], at: tuple[str | int, ...] = ()
) -> Iterator[Fault]:
    if isinstance(value, _NotANumber):
        yield Fault(path(*at), "is not a number that JSON knows; leave it out if it is not known")
    elif isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, inner in value:
            name = key if key in names else MADE_UP
            if key in seen:
                yield Fault(path(*at, name), "is given more than once; give it once")
            seen.add(key)
            yield from _ambiguities(inner, names, (*at, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _ambiguities(inner, names, (*at, place))


def _refuse_lone_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise _not_json("holds half of a character (a lone surrogate); send it whole") from None
