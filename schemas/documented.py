"""Fields of what goes out: they describe it, and check it in tests. Nothing is dumped by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, fields, validate


class Answered(Schema):
    """An object of an answer, in which every field stands."""

    class Meta:
        """Nothing unknown, and no place in the library's register."""

        unknown = RAISE
        register = False


def text(description: str = "", *, null: bool = False, of: Iterable[str] | None = None) -> Any:
    """A text; ``of`` lists the only texts it may be."""
    one_of = validate.OneOf(list(of)) if of is not None else None
    return fields.String(
        required=True, allow_none=null, validate=one_of, metadata=_described(description)
    )


def whole(description: str = "", *, null: bool = False) -> Any:
    """A whole number."""
    return fields.Integer(
        required=True, strict=True, allow_none=null, metadata=_described(description)
    )


def yes_or_no(description: str = "", *, null: bool = False) -> Any:
    """True or false."""
    return fields.Boolean(
        required=True,
        allow_none=null,
        truthy={True},
        falsy={False},
        metadata=_described(description),
    )


def texts(description: str = "", *, of: Iterable[str] | None = None) -> Any:
    """A list of texts; ``of`` lists the only texts that may stand in it."""
    one_of = validate.OneOf(list(of)) if of is not None else None
    inner = fields.String(validate=one_of)
    return fields.List(inner, required=True, metadata=_described(description))


def anything(description: str) -> Any:
    """An object of which only this page of words says what it holds."""
    return fields.Dict(keys=fields.String(), required=True, metadata=_described(description))


def things(description: str) -> Any:
    """A list of such objects."""
    inner = fields.Dict(keys=fields.String())
    return fields.List(inner, required=True, metadata=_described(description))


def one(schema: type[Schema] | Schema, description: str = "", *, null: bool = False) -> Any:
    """An object of another schema."""
    return fields.Nested(schema, required=True, allow_none=null, metadata=_described(description))


def many(schema: type[Schema] | Schema, description: str = "") -> Any:
    """A list of objects of another schema."""
    return fields.List(fields.Nested(schema), required=True, metadata=_described(description))


def _described(description: str) -> dict[str, str]:
    return {"description": description} if description else {}
