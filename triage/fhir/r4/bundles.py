"""What R4 asks of a bundle as a whole (its invariants bdl-5, bdl-7 and bdl-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from triage.fhir.findings import Finding
from triage.fhir.r4.nested import Place
from triage.fhir.r4.told import wrong

_Entry = tuple[str, dict[str, Any]]
"""An entry, after the FHIRPath to it."""


def broken_rules(bundle: Place) -> Iterator[Finding]:
    """Where a bundle, be its elements right or not, breaks a rule for the whole of it."""
    entries = _entries(bundle)
    if bundle.resource.get("type") == "message" and not _begins_with_header(entries):
        says = "must have the MessageHeader of the message as the first (bdl-12)"
        yield wrong("invariant", f"{bundle.expression}.entry", says)
    yield from _without_resource(entries)
    if bundle.resource.get("type") != "history":
        yield from _same_address(entries)


def _entries(bundle: Place) -> list[_Entry]:
    listed = bundle.resource.get("entry")
    if not isinstance(listed, list):
        return []
    at = f"{bundle.expression}.entry"
    return [(f"{at}[{i}]", one) for i, one in enumerate(listed) if isinstance(one, dict)]


def _begins_with_header(entries: list[_Entry]) -> bool:
    first = entries[0][1].get("resource") if entries else None
    return isinstance(first, dict) and first.get("resourceType") == "MessageHeader"


def _without_resource(entries: list[_Entry]) -> Iterator[Finding]:
    """An entry that is empty, or is a resource itself, is told of that already."""
    for at, entry in entries:
        if entry and _HOLDING.isdisjoint(entry):
            yield wrong("invariant", at, "needs a resource (bdl-5)")


_HOLDING = frozenset({"resource", "request", "response", "resourceType"})


def _same_address(entries: list[_Entry]) -> Iterator[Finding]:
    seen: dict[Any, str] = {}
    for at, entry in entries:
        address = entry.get("fullUrl")
        if isinstance(address, str):
            first = seen.setdefault((address, _version(entry)), at)
            if first != at:
                says = f"must be an address of its own, not that of {first} (bdl-7)"
                yield wrong("invariant", f"{at}.fullUrl", says)


def _version(entry: dict[str, Any]) -> str | None:
    resource = entry.get("resource")
    meta = resource.get("meta") if isinstance(resource, dict) else None
    version = meta.get("versionId") if isinstance(meta, dict) else None
    return version if isinstance(version, str) else None
