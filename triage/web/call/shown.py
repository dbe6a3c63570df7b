"""What the boxes of a form showed, so that only what somebody changed in them counts as said."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from triage.web.call.boxes import Form, Said
from triage.web.call.fields import Field

SHOWN = "shown"
"""The hidden box that says it."""


def shown(said: Mapping[str, Said]) -> str:
    """Each field that has something in its boxes, by its path, with a mark of what it is."""
    return " ".join(f"{path}={_mark(texts)}" for path, texts in said.items() if texts)


def changed(values: Mapping[Field, Any], form: Form) -> dict[Field, Any]:
    """The values that are not what their boxes showed; a form that says nothing showed nothing."""
    marks = dict(word.rpartition("=")[::2] for word in form.get(SHOWN, "").split())
    return {
        field: value
        for field, value in values.items()
        if _mark(field.said_as(value)) != marks.get(field.path, _mark(()))
    }


def _mark(said: Said) -> str:
    return sha256("\n".join(said).encode()).hexdigest()[:16] if said else ""
