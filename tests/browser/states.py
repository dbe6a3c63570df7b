"""Every page, and every state of it that differs: who sees it, and how one gets there."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.scene import AUDITOR, CLINICIAN, DECISIONS, HANDLER, OPERATOR
from tests.browser.ways import (
    Way,
    at,
    begun_and,
    call,
    changed_elsewhere,
    decision,
    finished,
    overriding,
    then_press,
)


@dataclass(frozen=True, slots=True)
class State:
    """A page in one state. ``name`` names its picture; ``person`` is nobody where None."""

    name: str
    person: str | None
    way: Way
    status: int = 200

    def __str__(self) -> str:
        return self.name


SIGNING_IN = (
    State("sign-in", None, at("/sign-in")),
    State("signed-in", HANDLER, at("/signed-in")),
    State("signed-out", None, at("/signed-out")),
    State("home", HANDLER, at("/")),
    State("home-clinician", CLINICIAN, at("/")),
    State("nothing-here", HANDLER, at("/nothing-here"), status=404),
    State("not-open", AUDITOR, at("/call"), status=403),
)

RULES = (
    State("rules", None, at("/rules")),
    State("rules-matrix", None, at("/rules/matrix")),
    State("rules-precedence", None, at("/rules/precedence")),
    State("rules-values", None, at("/rules/values")),
    State("rules-questions", None, at("/rules/questions")),
    State("rules-proofs", None, at("/rules/proofs")),
    State("rules-changes", None, at("/rules/changes")),
    State("rules-versions", None, at("/rules/versions")),
    State("rules-on-paper", None, at("/rules/call-script")),
    State("rules-sign", CLINICIAN, at("/rules/sign")),
    State("rules-sign-faults", CLINICIAN, then_press(at("/rules/sign"), "Sign"), status=422),
)

LOOKED_AT = (
    State("decision-of-handler", HANDLER, decision("crisis")),
    State("decision-of-auditor", AUDITOR, decision("routine")),
    *(State(f"decision-{name}", CLINICIAN, decision(name)) for name in DECISIONS),
    State("decision-summary", CLINICIAN, decision("crisis", "/summary")),
    State("decision-letter", CLINICIAN, decision("crisis", "/letter")),
    State("override", CLINICIAN, decision("routine", "/override")),
    State(
        "override-faults",
        CLINICIAN,
        then_press(decision("routine", "/override"), "Record it"),
        status=422,
    ),
    State("override-waiting", CLINICIAN, overriding),
)

AUDIT = (
    State("audit", AUDITOR, at("/audit")),
    State("audit-operator", OPERATOR, at("/audit")),
    State("audit-decisions", AUDITOR, at("/audit/decisions")),
    State("audit-decisions-found", AUDITOR, at("/audit/decisions?route=crisis&overridden=false")),
    State("audit-decisions-faults", AUDITOR, at("/audit/decisions?from=31-02"), status=422),
    State("audit-log", AUDITOR, at("/audit/log")),
    State("audit-entries", AUDITOR, at("/audit/log/entries/300")),
    State("audit-verified", AUDITOR, finished(then_press(at("/audit"), "Verify the log now"))),
    State("audit-figures", AUDITOR, at("/audit/figures")),
    State("audit-compare", AUDITOR, at("/audit/compare")),
    State("audit-compared", AUDITOR, finished(then_press(at("/audit/compare"), "Compare them"))),
    State("audit-replay", AUDITOR, at("/audit/replay")),
    State(
        "audit-replay-faults",
        AUDITOR,
        then_press(at("/audit/replay?from=x"), "Replay these days"),
        status=422,
    ),
    State(
        "audit-replayed",
        AUDITOR,
        finished(
            then_press(at("/audit/replay?from=2025-11-01&to=2026-12-01"), "Replay these days")
        ),
    ),
)

CALLS = (
    State("calls", HANDLER, at("/call")),
    State(
        "calls-faults", HANDLER, then_press(at("/call"), "Start a call for somebody"), status=422
    ),
    State("call", HANDLER, begun_and()),
    State("call-faults", HANDLER, begun_and("Save and next"), status=422),
    State("call-items", HANDLER, call("begun", "/question/phq9_items")),
    State("call-total", HANDLER, call("begun", "/question/phq9_total")),
    State("call-many-choices", HANDLER, call("begun", "/question/presenting_problem")),
    State("call-date", HANDLER, call("begun", "/question/patient.birth_date")),
    State("call-list", HANDLER, call("begun", "/question/adjustments")),
    State("call-long-ago", HANDLER, call("begun", "/question/problem_duration_days")),
    State("call-who-refers", HANDLER, call("begun", "/question/source")),
    State("call-danger", HANDLER, call("danger")),
    State("call-settled", HANDLER, call("settled")),
    State("call-person", HANDLER, call("settled", "/person")),
    State("call-letter", HANDLER, call("letter")),
    State("call-check", HANDLER, call("settled", "/check")),
    State("call-check-faults", HANDLER, call("faulty", "/check")),
    State("call-throw-away", HANDLER, call("danger", "/discard")),
    State("call-offered", HANDLER, begun_and("Offer to a colleague")),
    State("call-of-colleague", HANDLER, call("offered")),
    State("call-take-over", HANDLER, call("offered", "/take")),
    State("call-changed", HANDLER, changed_elsewhere, status=409),
    State("call-ended", HANDLER, begun_and("Check and record", "Record and end the call")),
)

STATES = (*SIGNING_IN, *RULES, *LOOKED_AT, *AUDIT, *CALLS)
