"""Pages of what a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triage.fhir.writing.elements import Element, present

MODES = {"OperationOutcome": "outcome"}
"""Why a resource stands on a page (R4, SearchEntryMode), where it is not a ``match``."""


def searchset(
    resources: Sequence[Mapping[str, Any]], total: int | None, links: Mapping[str, str]
) -> Element:
    """A page of a search as a Bundle.

    ``total`` counts what was found, None where nobody counted; ``links`` has the addresses of pages
    by their relation. Among them is ``self``, a search under the address at which the resources can
    be read.
    """
    base = links["self"].partition("?")[0].rpartition("/")[0]
    return present(
        {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": total,
            "link": [{"relation": relation, "url": url} for relation, url in links.items()],
            "entry": [_entry(each, base) for each in resources],
        }
    )


def _entry(resource: Mapping[str, Any], base: str) -> Element:
    type_ = resource["resourceType"]
    return {
        "fullUrl": f"{base}/{type_}/{resource['id']}",
        "resource": dict(resource),
        "search": {"mode": MODES.get(type_, "match")},
    }
