"""What is proved of the rules, and what changed since an earlier version, worked out when asked.

A page that asks too early says how far it is, and asks again by itself where scripts run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, request

from triage.diagram import Outcome
from triage.pages.changes import changes_between
from triage.pages.differences import part_words, share_words
from triage.pages.marks import powers
from triage.store.log import DecisionLog
from triage.verify import Report, check
from triage.verify.check import Watcher
from triage.verify.comparison.found import Difference, Flow
from triage.verify.difference import difference
from triage.verify.report import Witness, how_many
from triage.verify.witnesses import outcome_of, told
from triage.web.rulebook.books import Books
from triage.web.rulebook.reading import RulePages
from triage.web.rulebook.versions import Versions
from triage.web.rulebook.worked_out import WorkedOut, Working
from triage.web.site import wants_part

Pair = tuple[str, str]
"""The digests of an earlier rulebook and of the one in force."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Referrals that go from one outcome to another, as a person reads it."""

    before: str
    after: str
    is_less_urgent: bool
    referrals: str
    of_all: str
    of_those: str
    shown_by: tuple[str, ...]
    stopped: tuple[str, ...]
    started: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """What another rulebook decides otherwise, as a person reads it."""

    referrals: str
    moved: str
    flows: tuple[Moved, ...]
    beside: tuple[str, ...]
    left_out: tuple[str, ...]


class Comparing:
    """The pages of proofs and of changes."""

    def __init__(self, pages: RulePages, books: Books, log: DecisionLog) -> None:
        self._pages, self._books = pages, books
        self._versions = Versions(log, books.in_force.stamp)
        self._proofs: WorkedOut[str, Report] = WorkedOut(self._prove)
        self._moves: WorkedOut[Pair, Moves] = WorkedOut(self._compare)

    def proved(self) -> Working[Report]:
        """What is known by now of the proofs of the rules in force."""
        return self._proofs.of(self._books.in_force.stamp.digest)

    def proofs(self) -> Response:
        """``GET /rules/proofs``."""
        words = self._books.in_force.vocabulary
        return self._pages.page(
            "proofs_part" if wants_part() else "proofs",
            "What is proved of the rules",
            is_part=wants_part(),
            working=self.proved(),
            how_many=how_many,
            powers=powers,
            told=lambda witness: told(witness, words),
            outcome_of=lambda witness: outcome_of(witness, words),
        )

    def changes(self) -> Response:
        """``GET /rules/changes``, since the version of ``?since=`` or else the last.

        Raises as ``Books``, and ``LogUnavailableError``.
        """
        last = self._versions.last()
        since = request.args.get("since") or (last.stamp.digest if last else None)
        title = "What changed in the rules"
        if since is None:
            return self._pages.page("first_version", title)
        before, after = self._books.of(since), self._books.in_force
        return self._pages.page(
            "flows_part" if wants_part() else "changes",
            title,
            is_part=wants_part(),
            before=before,
            words_before=self._books.told(since)["words"],
            changes=changes_between(before, after),
            powers=powers,
            working=self._moves.of((since, after.stamp.digest)),
        )

    def _prove(self, digest: str, watcher: Watcher) -> Report:
        return check(self._books.of(digest), watcher)

    def _compare(self, pair: Pair, _watcher: Watcher) -> Moves:
        before, after = map(self._books.of, pair)
        return moves_of(difference(before, after))


def moves_of(found: Difference) -> Moves:
    """A difference, as a person reads it."""
    return Moves(
        referrals=how_many(found.referrals),
        moved=how_many(found.moved),
        flows=tuple(_moved(one, found) for one in found.flows),
        beside=tuple(_beside(found)),
        left_out=found.left_out,
    )


def _moved(one: Flow, found: Difference) -> Moved:
    return Moved(
        before=_outcome(one.before, found),
        after=_outcome(one.after, found),
        is_less_urgent=one.is_less_urgent,
        referrals=how_many(one.referrals),
        of_all=share_words(one.referrals, found.referrals),
        of_those=share_words(one.referrals, one.alike_before),
        shown_by=tuple(told(Witness(one.given, None, None), found.words)),
        stopped=one.stopped,
        started=one.started,
    )


def _outcome(outcome: Outcome, found: Difference) -> str:
    return outcome_of(Witness({}, *outcome), found.words)


def _beside(found: Difference) -> Iterator[str]:
    for one in found.beside:
        when = "newly" if one.newly else "no longer"
        share = share_words(one.referrals, found.referrals)
        yield f"{part_words(one.part, found.words)}: {when} for {share} of referrals"
