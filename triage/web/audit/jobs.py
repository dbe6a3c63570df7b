"""Work that auditors ask for: begun once, watched while it goes on, shown when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from triage import jobs as work
from triage.access import caller_of_request
from triage.access.refusals import WRONG_ROLE, AccessError
from triage.domain.caller import Caller
from triage.errors import ConflictError, NotRecordedError
from triage.jobs import Work
from triage.store.jobs import Job, State
from triage.web.audit.titles import moment_short
from triage.web.parts import Parts
from triage.web.site import may, wants_part

About = Callable[[Job], str]
"""What some work is about, in a few words for a list."""

Told = Callable[[Job], Mapping[str, Any]]
"""What the template of a result is told, beside the job itself."""


def nothing_more(_job: Job) -> Mapping[str, Any]:
    """What a template is told that needs nothing beside the job."""
    return {}


STEPS = 10
"""In so many steps people who listen are told how far it is."""

RECENT = 5
"""How many of a kind are listed."""

MOST_AT_ONCE = 2
"""How much work may be under way at once."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: what it is called, who may see it, and where it is begun again.

    ``begin`` is the endpoint that begins it: who may begin it may see it. ``counts`` is what its
    progress counts. What comes of it is shown by ``template``, or at an address of its own.
    """

    id: str
    title: str
    begin: str
    path: str
    counts: str
    about: About
    template: str = ""
    told: Told = nothing_more
    address: About | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far some work is; ``step`` changes when it is worth saying aloud."""

    percent: int
    words: str
    step: int

    @classmethod
    def of(cls, job: Job, counts: str) -> Progress:
        """How far a job is. While nobody knows how much there is, it has merely begun."""
        if not job.total:
            return cls(0, "It has begun.", 0)
        percent = min(100 * job.done // job.total, 100)
        words = f"{percent} percent done: {job.done:,} of {job.total:,} {counts}."
        return cls(percent, words, 1 + percent * STEPS // 100)


class Desk:
    """The work of one service, by its kinds."""

    def __init__(self, parts: Parts, kinds: Sequence[Kind]) -> None:
        self._parts, self._kinds = parts, {kind.id: kind for kind in kinds}

    def begin(self, kind: str, asked: Mapping[str, Any], to_do: Work) -> AnyResponse:
        """Begin some work, unless the same is under way, and go to its page.

        Raises ``ConflictError`` while as much is under way as may be at once, for calls are taken
        on the same machine, and ``LogUnavailableError``.
        """
        running = [job for job in self._all() if job.state is State.RUNNING]
        job = next((one for one in running if (one.kind, one.asked) == (kind, asked)), None)
        if job is None and len(running) >= MOST_AT_ONCE:
            raise ConflictError(
                "other work is under way on the audit desk; look there, and begin this when it is"
                " done"
            )
        job = job or work.run(self._parts.jobs, kind, asked, caller_of_request(), to_do)
        return redirect(url_for("audit.job", job_id=job.id), HTTPStatus.SEE_OTHER)

    def _all(self) -> Iterator[Job]:
        for kind in self._kinds:
            yield from self._parts.jobs.recent(kind, RECENT)

    def recent(self, by: Caller) -> list[tuple[Kind, Job]]:
        """The work that somebody may see, that of each kind together, the last begun first."""
        return [
            (kind, job)
            for kind in self._kinds.values()
            if may(by, kind.begin)
            for job in self._parts.jobs.recent(kind.id, RECENT)
        ]

    def page(self, job_id: str) -> AnyResponse:
        """How far some work is, or what came of it."""
        job, kind = self.one(job_id)
        if wants_part():
            return self._part(job, kind)
        told: dict[str, Any] = {"job": job, "kind": kind, "begun": moment_short(job.begun_at)}
        site = self._parts.site
        if job.state is State.DONE and kind.address:
            return redirect(kind.address(job), HTTPStatus.SEE_OTHER)
        if job.state is State.DONE:
            return site.page(kind.template, kind.title, result=job.result, **told, **kind.told(job))
        progress = Progress.of(job, kind.counts)
        return site.page("audit/job.html.j2", kind.title, progress=progress, **told)

    def one(self, job_id: str) -> tuple[Job, Kind]:
        """Some work that the caller may see. Raises ``NotRecordedError``, and ``AccessError``."""
        job = self._parts.jobs.one(job_id)
        kind = self._kinds.get(job.kind) if job else None
        if job is None or kind is None:
            raise NotRecordedError("no work of that id is kept here; it is kept for 30 days")
        if not may(caller_of_request(), kind.begin):
            raise AccessError(WRONG_ROLE, f"a job of the kind {kind.id}")
        return job, kind

    def _part(self, job: Job, kind: Kind) -> Response:
        """The part of the page that changes; once the work has ended, the browser asks anew."""
        progress = Progress.of(job, kind.counts)
        said = request.args.get("said") == str(progress.step)
        part = self._parts.site.part(
            "audit/progress.html.j2", job=job, progress=progress, kind=kind, aloud=not said
        )
        if job.state is not State.RUNNING:
            part.headers["HX-Refresh"] = "true"
        return part


def serve_jobs(blueprint: Blueprint, desk: Desk) -> None:
    """``GET /audit/jobs/{id}``."""

    @blueprint.route("/audit/jobs/<uuid:job_id>")
    def job(job_id: UUID) -> AnyResponse:
        return desk.page(str(job_id))
