"""Answers without anything that is null or empty, as the standard wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bare(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object without members that are null or empty, at any depth.

    In a list null stays only where R4 gives it a meaning: beside a list of extensions, whose
    entries belong to those of the same place.
    """
    found: dict[str, Any] = {}
    for name, member in value.items():
        paired = name.startswith("_") or f"_{name}" in value
        kept = _kept(member, gaps=paired)
        if not _is_nothing(kept):
            found[name] = kept
    return found


def _kept(value: Any, *, gaps: bool) -> Any:
    if isinstance(value, dict):
        return bare(value)
    if not isinstance(value, list):
        return value
    kept = [_kept(one, gaps=False) for one in value]
    if gaps and any(one is not None for one in value):
        return [None if _is_nothing(one) else one for one in kept]
    return [one for one in kept if not _is_nothing(one)]


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})
