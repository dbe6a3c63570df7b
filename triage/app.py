"""Where the parts of the service are joined: the one place, and written out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from schemas.decision import decision_schema, recorded_schema, what_if_schema
from schemas.referral import ReferralReader
from triage import metrics
from triage.access import guard
from triage.api import limits, requests
from triage.api.calls import Calls
from triage.api.decisions import decisions_blueprint
from triage.api.described import decision_doc, record_doc, recorded_decision
from triage.api.docs import docs_blueprint
from triage.api.errors import Problems
from triage.api.explanation import serve_explanation
from triage.api.lax_json import MOST_BYTES
from triage.api.log import log_blueprint
from triage.api.openapi import Doc, create_api, document, triage_doc
from triage.api.operations import Checks, operations_blueprint
from triage.api.overrides import overrides_blueprint, serve_overrides
from triage.api.referrals import Deciding, Recording, triage_blueprint
from triage.api.replay import serve_replay
from triage.api.rules import rules_blueprint
from triage.api.search import serve_search
from triage.config import Settings, diagrams_folder
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.diagram import Diagram
from triage.diagram.kept import kept_diagram
from triage.domain.referral import Referral
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.errors import EngineError, RulebookError, RuleFault
from triage.live_call import LiveCall
from triage.pages import sign_in_page
from triage.recording import Recorder
from triage.rulebook import Rulebook, load_rulebook
from triage.rulebook.files import FRONT_PAGE
from triage.store.log import DecisionLog
from triage.store.opening import open_log

ANSWERS_WITHIN_SECONDS = 10
"""How long the database may take to answer, before a caller is told that it does not."""


def create_app(settings: Settings) -> Flask:
    """The service, ready to answer.

    Raises ``RulebookError`` where the rules cannot be used, and ``SettingsError`` where the
    settings cannot, for one because callers could not be known.
    """
    rulebook = load_rulebook(settings.rules)
    diagram = _diagram(rulebook, settings)
    decider = Decider(rulebook, diagram)
    reader = ReferralReader(rulebook.vocabulary)
    danger = DangerFinder(reader, decider)
    log = open_log(settings, ANSWERS_WITHIN_SECONDS)
    log.appender.watcher = metrics.committed
    app = Flask("triage", static_folder=None)
    requests.register(app, settings)
    app.config |= {"MAX_CONTENT_LENGTH": MOST_BYTES, "SAFETY_NET": rulebook.safety_net}
    api = create_api(app, rulebook.safety_net)
    decision = decision_schema(rulebook.vocabulary)
    recorded = recorded_decision(recorded_schema(decision), reader, decider)
    live_call = LiveCall(rulebook, diagram)
    what_if = what_if_schema(decision, rulebook.vocabulary)
    told = triage_doc(what_if, reader, decider, live_call, danger)
    deciding = Deciding(reader, decider, live_call, told)
    for calls in (
        triage_blueprint(deciding, _recording(reader, Recorder(decider, log), recorded)),
        _decisions(log, rulebook, recorded),
        overrides_blueprint(log, rulebook),
        log_blueprint(log),
        rules_blueprint(rulebook, log),
    ):
        api.register_blueprint(calls, url_prefix="/v1")
    api.register_blueprint(operations_blueprint(rulebook, _checks(decider, log)))
    app.register_blueprint(docs_blueprint(document(api)))
    Problems(rulebook.safety_net, danger).register(app)
    guard(app, settings, sign_in_page)
    limits.register(app, settings)
    return app


def _recording(reader: ReferralReader, recorder: Recorder, recorded: Doc) -> Recording:
    to_record = reader.to_record()
    return Recording(to_record, recorder, record_doc(to_record, recorded))


def _decisions(log: DecisionLog, rulebook: Rulebook, recorded: Doc) -> Calls:
    """Every call under ``/v1/decisions``."""
    calls = decisions_blueprint(log, decision_doc(recorded))
    serve_overrides(calls, log, rulebook)
    serve_replay(calls, log)
    serve_explanation(calls, log)
    serve_search(calls, log, rulebook)
    return calls


def _checks(decider: Decider, log: DecisionLog) -> Checks:
    """What must hold for the service to be ready."""
    return {
        "rules": lambda: _decides(decider),
        "log": lambda: metrics.log_holds(log.check_end()),
    }


def _diagram(rulebook: Rulebook, settings: Settings) -> Diagram:
    """The diagram of the rules. Raises ``RulebookError`` where these give somebody no route."""
    found = kept_diagram(rulebook, diagrams_folder(settings))
    if any(each and None in each for each in found.outcomes):
        problem = "some referrals get no route; triage rules check shows one of them"
        raise RulebookError([RuleFault(FRONT_PAGE, 1, problem)])
    return found


def _decides(decider: Decider) -> None:
    """A referral of which nothing is known is decided, and both evaluations of it agree."""
    decision = decider.decide(Referral(received_at=datetime.now(UTC)))
    if any(alert.id == EVALUATORS_DISAGREE for alert in decision.alerts):
        raise EngineError("the two evaluations of the rules differ")
