"""The rulebooks that can be read here: the one in force, and every one that the log keeps."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from triage.errors import NotRecordedError
from triage.pages.told import told_of
from triage.replay import KEPT_READY
from triage.rulebook import Rulebook
from triage.verify.sign_off import to_sign_off
from triage.web.shelf import Shelf
from triage.web.site import environment

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Books:
    """Rulebooks by their digests, each with what its pages tell. Safe for many threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf, self.in_force = shelf, shelf.in_force
        self.told = lru_cache(KEPT_READY)(self._told)

    def of(self, digest: str) -> Rulebook:
        """A rulebook. Raises ``NotRecordedError``, and ``LogError`` where it was tampered with."""
        found = self._shelf.find(digest) if DIGEST.fullmatch(digest) else None
        if found is None:
            raise NotRecordedError("no rulebook of this digest ever decided or was signed here")
        return found

    def _told(self, digest: str) -> dict[str, Any]:
        """What pages of a rulebook tell, with its rulesets as they are shown. Raises as ``of``."""
        book = self.of(digest)
        told = {**told_of(book), "to_rules": "/rules", "waiting": tuple(to_sign_off(book))}
        rulesets = environment().get_template("rulebook/rulesets.html.j2").render(told)
        return {**told, "rulesets": Markup(rulesets)}  # noqa: S704 (filled with escaping)
