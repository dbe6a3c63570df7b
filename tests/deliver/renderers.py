"""Ways to tell, as small as can be: what is told is true, and short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.deliver.rendering import Renderers
from triage.domain.referred import Referred


def message(referred: Referred, delivery_id: str) -> Mapping[str, Any]:
    """A Bundle by the id of the delivery."""
    about = {"resourceType": "Basic", "id": referred.id}
    return {"resourceType": "Bundle", "id": delivery_id, "entry": [{"resource": about}]}


def words(referred: Referred, _delivery_id: str) -> str:
    """Where the referral goes."""
    return f"The referral goes to {referred.stands.team['name']}."


def letter(referred: Referred, delivery_id: str) -> Mapping[str, bytes]:
    """A page with the same words."""
    return {".html": f"<p>{words(referred, delivery_id)}</p>".encode(), ".pdf": b"%PDF-1.7"}


SMALL = Renderers(message, words, letter)
