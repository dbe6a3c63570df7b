"""The audit desk: where everything that auditors ask begins."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response

from triage.access import caller_of_request
from triage.domain.caller import Caller
from triage.store.jobs import Job, State
from triage.web.audit.compare import COMPARISON, serve_comparison
from triage.web.audit.decisions import serve_decisions
from triage.web.audit.figures import FIGURES, serve_figures
from triage.web.audit.health import Health
from triage.web.audit.jobs import Desk, Kind, serve_jobs
from triage.web.audit.log import serve_log
from triage.web.audit.replay import REPLAY, serve_replay
from triage.web.audit.titles import moment_short
from triage.web.audit.verifying import VERIFICATION
from triage.web.parts import Parts
from triage.web.site import may

KINDS = (VERIFICATION, COMPARISON, REPLAY, FIGURES)
"""Every kind of work that is begun here."""

CARDS = (
    (
        "audit.decisions",
        "/audit/decisions",
        "Find decisions",
        "By time, route, urgency, practice, rule and more; or all about one person.",
    ),
    (
        "audit.figures",
        "/audit/figures",
        "Figures",
        "Routes, overrides, rules, waiting and referrers over some weeks, as charts and tables.",
    ),
    (
        "audit.log",
        "/audit/log",
        "The decision log",
        "Prove that nobody touched it: its head, its keys, and a verification of every entry.",
    ),
    (
        "audit.comparison",
        "/audit/compare",
        "Compare two rulebooks",
        "Exactly which referrals would go elsewhere, or later, if one took the place of the other.",
    ),
    (
        "audit.replay",
        "/audit/replay",
        "Replay a period",
        "What would have become of the referrals of some weeks under another rulebook.",
    ),
)
"""What the desk leads to: the call that must be open, its address, and what it is."""

STATES = {
    State.RUNNING: ("Under way", "blue"),
    State.DONE: ("Done", "green"),
    State.FAILED: ("Failed", "red"),
    State.BROKEN_OFF: ("Broken off", "orange"),
}
"""The states of work in words, and the colour of each."""


@dataclass(frozen=True, slots=True)
class Under:
    """Some work in the list of the desk."""

    title: str
    about: str
    address: str
    begun: str
    state: str
    colour: str


def audit_blueprint(parts: Parts) -> Blueprint:
    """Everything below ``/audit``."""
    blueprint = Blueprint("audit", __name__)
    jobs = Desk(parts, KINDS)

    @blueprint.route("/audit")
    def desk() -> Response:
        by = caller_of_request()
        return parts.site.page(
            "audit/desk.html.j2",
            "Audit desk",
            cards=[card for card in CARDS if may(by, card[0])],
            health=Health.of(parts),
            under_way=_listed(jobs, by),
            may_verify=may(by, VERIFICATION.begin),
        )

    serve_decisions(blueprint, parts)
    serve_figures(blueprint, parts, jobs)
    serve_log(blueprint, parts, jobs)
    serve_comparison(blueprint, parts, jobs)
    serve_replay(blueprint, parts, jobs)
    serve_jobs(blueprint, jobs)
    return blueprint


def _listed(jobs: Desk, by: Caller) -> list[Under]:
    """The work that somebody may see, what was begun last first."""
    found = sorted(jobs.recent(by), key=lambda one: one[1].begun_at, reverse=True)
    return [_under(kind, job) for kind, job in found]


def _under(kind: Kind, job: Job) -> Under:
    state, colour = STATES[job.state]
    begun = moment_short(job.begun_at)
    return Under(kind.title, kind.about(job), f"/audit/jobs/{job.id}", begun, state, colour)
