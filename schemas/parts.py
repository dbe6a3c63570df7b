"""What the schemas of bodies share: objects that take no field they do not know."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, missing


class Body(Schema):
    """An object of which every field may be absent or null, and none may be unknown."""

    class Meta:
        """Nothing unknown, and no place in the library's register."""

        unknown = RAISE
        register = False

    error_messages: ClassVar[dict[str, str]] = {
        "type": "must be an object of names and values, in braces"
    }


class Part(fields.Nested):
    """An object inside another. Absent or null leaves nothing behind."""

    def __init__(self, schema: Schema, description: str = "") -> None:
        described = {"description": description} if description else {}
        super().__init__(schema, allow_none=True, metadata=described)

    def deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        """What is inside, or ``missing``. Raises ``ValidationError`` with every fault in it."""
        return missing if value is None or value is missing else self._load(value, partial=True)
