"""Fields that take exactly what they say, each with a fault that names the remedy.

The library's own scalars are lenient: 2.9 becomes 2, "16" becomes 16 and "yes" becomes true. A
clinical answer must never change on its way in, so these fields change nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import ValidationError, fields, missing

from triage.nearest import nearest

NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]*$"
NO_CONTROLS_BUT_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"

Described = Mapping[str, Any]
"""JSON Schema keywords that describe a field to readers of the OpenAPI document."""


class Strict(fields.Field[Any]):
    """A field read strictly. Absent or null is "not asked", which leaves nothing behind."""

    def __init__(self, described: Described) -> None:
        super().__init__(allow_none=True, metadata=described)

    def deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        """The value read, or ``missing``. Raises ``ValidationError`` with the fault and remedy."""
        return missing if value is None or value is missing else self.read(value)

    def read(self, value: Any) -> Any:
        """The value of a field that was given. Raises ``ValidationError``."""
        raise NotImplementedError


class WholeNumber(Strict):
    """A whole number within a range, ends included. 1.0 is whole, as JSON Schema has it."""

    def __init__(self, low: int, high: int, described: Described | None = None) -> None:
        super().__init__({"type": "integer", "minimum": low, "maximum": high, **(described or {})})
        self._low, self._high = low, high

    def read(self, value: Any) -> int:
        """The number, as an integer."""
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int:
            wrong = _NOT_WHOLE.get(type(value), "")
            raise ValidationError(f"must be a whole number from {self._low} to {self._high}{wrong}")
        if not self._low <= value <= self._high:
            raise ValidationError(
                f"is outside the range {self._low} to {self._high}; check it, or leave it out"
            )
        return value


_NOT_WHOLE: Mapping[type, str] = {
    bool: ", not true or false",
    float: ", not a fraction and not a number too large to hold",
    str: ", not a text; write it in plain digits without quotation marks",
}


class YesOrNo(Strict):
    """True or false, and nothing that merely looks like it."""

    def __init__(self, described: Described | None = None) -> None:
        super().__init__({"type": "boolean", **(described or {})})

    def read(self, value: Any) -> bool:
        """The truth value."""
        if value is True or value is False:
            return value
        raise ValidationError("must be true or false, without quotation marks")


class Text(Strict):
    """A text of limited length, in characters, with no control characters in it."""

    def __init__(
        self, most: int, described: Described | None = None, *, least: int = 0, lines: bool = False
    ) -> None:
        pattern = NO_CONTROLS_BUT_LINES if lines else NO_CONTROLS
        length = {"minLength": least, "maxLength": most} if least else {"maxLength": most}
        super().__init__({"type": "string", **length, "pattern": pattern, **(described or {})})
        self._least, self._most, self._clean = least, most, re.compile(pattern[:-1] + r"\Z")

    def read(self, value: Any) -> str:
        """The text as it was sent."""
        if not isinstance(value, str):
            raise ValidationError("must be a text")
        if not self._least <= len(value) <= self._most:
            raise ValidationError(f"must be {self._least} to {self._most} characters long")
        if not self._clean.match(value):
            raise ValidationError("holds a control character; take it out")
        return value


class Choice(Strict):
    """One of a list of words."""

    def __init__(self, choices: Collection[str], described: Described | None = None) -> None:
        super().__init__({"type": "string", "enum": [*choices, None], **(described or {})})
        self._choices = choices

    def read(self, value: Any) -> str:
        """The word chosen."""
        if isinstance(value, str) and value in self._choices:
            return value
        word = value if isinstance(value, str) else ""
        raise ValidationError(f"is not one of the choices; {nearest(word, self._choices)}")


class Listed(Strict):
    """A list whose entries are all of one kind, read into a tuple. ``gaps``: null is an entry."""

    def __init__(
        self,
        inner: Strict,
        most: int,
        described: Described | None = None,
        *,
        least: int = 0,
        gaps: bool = False,
    ) -> None:
        items = dict(inner.metadata)
        if gaps:
            items["type"] = [items["type"], "null"]
        elif "enum" in items:
            items["enum"] = [word for word in items["enum"] if word is not None]
        described = {**(described or {}), "items": items}
        super().__init__({"type": "array", "minItems": least, "maxItems": most, **described})
        self._inner, self._least, self._most, self._gaps = inner, least, most, gaps

    def read(self, value: Any) -> tuple[Any, ...]:
        """The entries in order, None for a gap. Raises with the faults of all of them."""
        if not isinstance(value, list):
            raise ValidationError("must be a list")
        if not self._least <= len(value) <= self._most:
            raise ValidationError(self._wrong_length())
        faults: dict[str | int, Any] = {}
        found = []
        for place, entry in enumerate(value):
            try:
                found.append(self._entry(entry))
            except ValidationError as fault:
                faults[place] = fault.messages
        if faults:
            raise ValidationError(faults)
        return tuple(found)

    def _entry(self, entry: Any) -> Any:
        return None if entry is None and self._gaps else self._inner.read(entry)

    def _wrong_length(self) -> str:
        if self._least == self._most:
            return f"must hold {self._most} entries; write null for one that was left out"
        return f"must hold at most {self._most} entries"
