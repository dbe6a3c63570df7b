"""The rulebooks that somebody may compare, or replay under: in force, kept in the log, waiting.

Each goes by an id that may stand in a link: the digest of one that decided, ``candidate:`` and the
name of its folder for one that waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from triage.config import Settings
from triage.domain.clock import local_day
from triage.errors import NotRecordedError
from triage.feedback.moments import date_words
from triage.rulebook import Rulebook, load_rulebook, shipped_rules
from triage.rulebook.files import FRONT_PAGE, OVERLAY
from triage.store.kept import KeptRulebook, rulebooks_of
from triage.store.log import DecisionLog
from triage.web.shelf import Shelf

CANDIDATE = "candidate:"


@dataclass(frozen=True, slots=True)
class Choice:
    """A rulebook to choose: its id, and what it is called in the list."""

    id: str
    words: str


def candidates_folder(settings: Settings) -> Path | None:
    """The folder below which candidates lie; in a demonstration the shipped rules have some."""
    shipped = shipped_rules()
    if settings.candidates is None and settings.demo and isinstance(shipped, Path):
        return shipped
    return settings.candidates


class Books:
    """The rulebooks of one service."""

    def __init__(self, log: DecisionLog, shelf: Shelf, candidates: Path | None) -> None:
        self._log, self._shelf, self._candidates = log, shelf, candidates

    @property
    def in_force(self) -> str:
        """The id of the rulebook by which the service decides now."""
        return self._shelf.in_force.stamp.digest

    @property
    def first_candidate(self) -> str:
        """The id of a candidate, where there is one, to be suggested."""
        return next((f"{CANDIDATE}{name}" for name in self._folders()), "")

    def choices(self) -> tuple[Choice, ...]:
        """Every rulebook: the one in force, those that wait, then those that decided before.

        Raises ``LogUnavailableError``.
        """
        stamp = self._shelf.in_force.stamp
        kept = [one for one in rulebooks_of(self._log.database) if one.digest != stamp.digest]
        return (
            Choice(stamp.digest, f"{stamp.id} {stamp.version}, in force"),
            *(Choice(f"{CANDIDATE}{name}", f"{name}, a candidate") for name in self._folders()),
            *(Choice(one.digest, _kept_words(one)) for one in kept),
        )

    def one(self, id_: str) -> Rulebook:
        """The rulebook of an id.

        Raises ``NotRecordedError`` where there is none, ``RulebookError`` where a candidate cannot
        be used, and ``LogError`` where what is kept is not what it should be.
        """
        name = id_.removeprefix(CANDIDATE)
        if name != id_ and name in self._folders() and self._candidates:
            return load_rulebook(self._candidates / name)
        found = self._shelf.find(id_)
        if found is None:
            raise NotRecordedError("there is no such rulebook here; choose one of the list")
        return found

    def page_of(self, id_: str) -> str:
        """The address at which a rulebook is read; a candidate has none."""
        if id_ == self.in_force:
            return "/rules"
        return "" if id_.startswith(CANDIDATE) else f"/rules/by/{id_}"

    def _folders(self) -> tuple[str, ...]:
        return tuple(_rulebooks_below(self._candidates)) if self._candidates else ()


def _rulebooks_below(folder: Path) -> Iterator[str]:
    """The names of folders that hold a rulebook, whole or to be laid over another."""
    for each in sorted(folder.iterdir()):
        if any((each / file).is_file() for file in (FRONT_PAGE, OVERLAY)):
            yield each.name


def _kept_words(one: KeptRulebook) -> str:
    day = date_words(local_day(datetime.fromisoformat(one.first_used_at)))
    return f"{one.id} {one.version}, first used on {day} ({one.digest[7:15]})"
