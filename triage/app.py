"""Where the parts of the service are joined: the one place, and written out."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask

from schemas.decision import decision_schema, recorded_schema
from schemas.referral import ReferralReader
from triage import metrics
from triage.access import guard
from triage.api import limits, requests
from triage.api.decisions import decisions_blueprint
from triage.api.described import decision_doc, record_doc, recorded_decision
from triage.api.docs import docs_blueprint
from triage.api.errors import Problems
from triage.api.lax_json import MOST_BYTES
from triage.api.log import log_blueprint
from triage.api.openapi import create_api, document, triage_doc
from triage.api.operations import operations_blueprint
from triage.api.overrides import overrides_blueprint, serve_overrides
from triage.api.referrals import Deciding, Recording, triage_blueprint
from triage.api.replay import serve_replay
from triage.api.rules import rules_blueprint
from triage.api.search import serve_search
from triage.config import Settings
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.domain.referral import Referral
from triage.pages import sign_in_page
from triage.recording import Recorder
from triage.rulebook import load_rulebook
from triage.store.opening import open_log

ANSWERS_WITHIN_SECONDS = 10
"""How long the database may take to answer, before a caller is told that it does not."""


def create_app(settings: Settings) -> Flask:
    """The service, ready to answer.

    Raises ``RulebookError`` where the rules cannot be used, and ``SettingsError`` where the
    settings cannot, for one because callers could not be known.
    """
    rulebook = load_rulebook(settings.rules)
    decider = Decider(rulebook)
    reader = ReferralReader(rulebook.vocabulary)
    danger = DangerFinder(reader, decider)
    log = open_log(settings, ANSWERS_WITHIN_SECONDS)
    log.appender.watcher = metrics.committed
    app = Flask("triage", static_folder=None)
    requests.register(app, settings)
    app.config |= {"MAX_CONTENT_LENGTH": MOST_BYTES, "SAFETY_NET": rulebook.safety_net}
    api = create_api(app, rulebook.safety_net)
    schema = decision_schema(rulebook.vocabulary)
    recorded = recorded_decision(recorded_schema(schema), reader, decider)
    to_record = reader.to_record()
    triage = triage_blueprint(
        Deciding(reader, decider, triage_doc(schema, reader, decider, danger)),
        Recording(to_record, Recorder(decider, log), record_doc(to_record, recorded)),
    )
    api.register_blueprint(triage, url_prefix="/v1")
    decisions = decisions_blueprint(log, decision_doc(recorded))
    serve_overrides(decisions, log, rulebook)
    serve_replay(decisions, log)
    serve_search(decisions, log, rulebook)
    api.register_blueprint(decisions, url_prefix="/v1")
    api.register_blueprint(overrides_blueprint(log, rulebook), url_prefix="/v1")
    api.register_blueprint(log_blueprint(log), url_prefix="/v1")
    api.register_blueprint(rules_blueprint(rulebook, log), url_prefix="/v1")
    checks = {
        "rules": lambda: decider.decide(Referral(received_at=datetime.now(UTC))),
        "log": lambda: metrics.log_holds(log.check_end()),
    }
    api.register_blueprint(operations_blueprint(rulebook, checks))
    app.register_blueprint(docs_blueprint(document(api)))
    Problems(rulebook.safety_net, danger).register(app)
    guard(app, settings, sign_in_page)
    limits.register(app, settings)
    return app
