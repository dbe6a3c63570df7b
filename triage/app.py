"""Where the parts of the service are joined: the one place, and written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from flask import Flask

from schemas.decision import decision_schema, recorded_schema, what_if_schema
from schemas.referral import ReferralReader
from triage import metrics
from triage.access import SignInPages, guard
from triage.access.cds_clients import fhir_servers_of, origins_of
from triage.access.demo import ISSUER as DEMONSTRATION
from triage.api import cors, limits, requests
from triage.api.calls import Calls
from triage.api.cds_hooks import cds_hooks_blueprint
from triage.api.decisions import decisions_blueprint
from triage.api.described import decision_doc, record_doc, recorded_decision
from triage.api.docs import docs_blueprint
from triage.api.errors import BodyReader, Problems
from triage.api.explanation import Explanations, serve_explanation
from triage.api.fhir.messages import MessageCalls, serve_messages
from triage.api.fhir.reading import Reading, serve_fhir_reading
from triage.api.fhir.what_if import WhatIf, serve_what_if
from triage.api.lax_json import MOST_BYTES
from triage.api.log import log_blueprint
from triage.api.openapi import Doc, create_api, document, triage_doc
from triage.api.operations import Checks, operations_blueprint
from triage.api.overrides import overrides_blueprint, serve_overrides
from triage.api.referrals import Deciding, Recording, triage_blueprint
from triage.api.replay import serve_replay
from triage.api.rules import rules_blueprint
from triage.api.search import serve_search
from triage.cds_hooks.guidance import Guidance, Sources
from triage.cds_hooks.outcomes import Outcomes
from triage.config import Settings, diagrams_folder, public_url
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.deliver.receivers import receivers_of
from triage.diagram import Diagram
from triage.diagram.kept import kept_diagram
from triage.domain.referral import Referral
from triage.domain.telling import Telling
from triage.domain.vocabulary import EVALUATORS_DISAGREE
from triage.errors import EngineError, RulebookError, RuleFault
from triage.fhir.reading import MessageReader
from triage.fhir.writing import DecisionWriter
from triage.live_call import LiveCall
from triage.messaging import Messaging
from triage.reading import was_begun_by
from triage.recording import Recorder
from triage.replay import Replayer
from triage.rulebook import Rulebook, load_rulebook
from triage.rulebook.files import FRONT_PAGE
from triage.store.drafts import Drafts
from triage.store.jobs import Jobs
from triage.store.log import DecisionLog
from triage.store.opening import open_log
from triage.store.outbox import Outbox
from triage.store.seen_tokens import first_sight
from triage.web.audit import candidates_folder
from triage.web.pages import pages_of
from triage.web.parts import Parts
from triage.web.shelf import Shelf
from triage.web.signing_in import people_page, problem_page, signed_in_page
from triage.web.site import Site

ANSWERS_WITHIN_SECONDS = 10
"""How long the database may take to answer, before a caller is told that it does not."""


def create_app(settings: Settings) -> Flask:
    """The service, ready to answer.

    Raises ``RulebookError`` where the rules cannot be used, and ``SettingsError`` where the
    settings cannot, for one because callers could not be known.
    """
    rulebook = load_rulebook(settings.rules)
    core = _core(rulebook, _diagram(rulebook, settings), settings)
    core.log.appender.watcher = metrics.committed
    app = Flask("triage", static_folder=None)
    requests.register(app, settings)
    cors.register(app, origins_of(settings))
    app.config |= {"MAX_CONTENT_LENGTH": MOST_BYTES, "SAFETY_NET": rulebook.safety_net}
    api = create_api(app, rulebook.safety_net)
    for calls in _of_ours(core):
        api.register_blueprint(calls, url_prefix="/v1")
    guidance = _guidance(core, settings)
    api.register_blueprint(_fhir(core, settings), url_prefix="/fhir")
    api.register_blueprint(
        cds_hooks_blueprint(guidance, Outcomes(rulebook.vocabulary, core.log), rulebook)
    )
    api.register_blueprint(operations_blueprint(rulebook, _checks(core.decider, core.log)))
    app.register_blueprint(docs_blueprint(document(api)))
    site = Site(rulebook, settings.demo or was_begun_by(core.log, DEMONSTRATION))
    for pages in pages_of(_parts(core, site, settings)):
        app.register_blueprint(pages)
    decides = _decides_on(core, guidance)
    Problems(rulebook.safety_net, core.danger, decides, partial(problem_page, site)).register(app)
    sign_in = SignInPages(partial(signed_in_page, site), partial(people_page, site))
    guard(app, settings, sign_in, first_sight=partial(first_sight, core.log.database))
    limits.register(app, settings)
    return app


@dataclass(frozen=True, slots=True)
class _Core:
    """What every way in is joined to."""

    decider: Decider
    reader: ReferralReader
    messages: MessageReader
    danger: DangerFinder
    live_call: LiveCall
    log: DecisionLog
    recorder: Recorder
    telling: Telling
    explanations: Explanations
    replayer: Replayer

    @property
    def rulebook(self) -> Rulebook:
        return self.decider.rulebook


def _core(rulebook: Rulebook, diagram: Diagram, settings: Settings) -> _Core:
    decider, reader = Decider(rulebook, diagram), ReferralReader(rulebook.vocabulary)
    log = open_log(settings, ANSWERS_WITHIN_SECONDS)
    telling = Telling(receivers_of(settings).channel_for)
    return _Core(
        decider=decider,
        reader=reader,
        messages=MessageReader(rulebook.vocabulary),
        danger=DangerFinder(reader, decider),
        live_call=LiveCall(rulebook, diagram),
        log=log,
        recorder=Recorder(decider, log, telling),
        telling=telling,
        explanations=Explanations(log),
        replayer=Replayer(log),
    )


def _of_ours(core: _Core) -> Iterator[Calls]:
    """Every call under ``/v1``."""
    decider, reader, rulebook = core.decider, core.reader, core.rulebook
    decision = decision_schema(rulebook.vocabulary)
    recorded = recorded_decision(recorded_schema(decision), reader, decider)
    what_if = what_if_schema(decision, rulebook.vocabulary)
    told = triage_doc(what_if, reader, decider, core.live_call, core.danger)
    to_record = reader.to_record()
    recording = Recording(to_record, core.recorder, record_doc(to_record, recorded))
    yield triage_blueprint(Deciding(reader, decider, core.live_call, told), recording)
    yield _decisions(core, recorded)
    yield overrides_blueprint(core.log, rulebook)
    yield log_blueprint(core.log)
    yield rules_blueprint(rulebook, core.log)


def _decisions(core: _Core, recorded: Doc) -> Calls:
    """Every call under ``/v1/decisions``."""
    log, rulebook = core.log, core.rulebook
    calls = decisions_blueprint(log, decision_doc(recorded))
    serve_overrides(calls, log, rulebook, core.telling)
    serve_replay(calls, log, core.replayer)
    serve_explanation(calls, log, core.explanations)
    serve_search(calls, log, rulebook)
    return calls


def _fhir(core: _Core, settings: Settings) -> Calls:
    """Every call under ``/fhir``."""
    url, rulebook = public_url(settings), core.rulebook
    reading = Reading(core.log, rulebook, url)
    writer = DecisionWriter(rulebook, url)
    messaging = Messaging(core.reader, core.recorder, core.log, core.telling)
    calls = Calls("fhir", __name__, description="Referrals and decisions as FHIR R4.")
    serve_messages(calls, MessageCalls(core.messages, messaging, writer, rulebook))
    serve_what_if(calls, WhatIf(core.messages, core.reader, core.decider, writer))
    serve_fhir_reading(calls, reading)
    return calls


def _parts(core: _Core, site: Site, settings: Settings) -> Parts:
    """What the pages for people are joined to."""
    database = core.log.database
    return Parts(
        site=site,
        reader=core.reader,
        decider=core.decider,
        live_call=core.live_call,
        log=core.log,
        recorder=core.recorder,
        telling=core.telling,
        explanations=core.explanations,
        replayer=core.replayer,
        shelf=Shelf(core.log, core.rulebook),
        drafts=Drafts(database, core.log.person_key),
        jobs=Jobs(database),
        candidates=candidates_folder(settings),
    )


def _guidance(core: _Core, settings: Settings) -> Guidance:
    """What CDS Hooks is answered with."""
    servers = fhir_servers_of(settings)
    sources = Sources(core.reader, core.messages, lambda by, url: servers.allowed(by.client, url))
    return Guidance(core.decider, core.live_call, sources, public_url(settings))


def _decides_on(core: _Core, guidance: Guidance) -> Mapping[str, BodyReader]:
    """To which calls referrals are posted, and how each reads what was posted as a referral."""
    return {
        "triage.decide": lambda body: body,
        "triage.record": lambda body: body,
        "fhir.process_message": lambda body: core.messages.message(body).read.body,
        "fhir.triage": lambda body: core.messages.questionnaire_response(body).body,
        "cds_hooks.service": guidance.body_of,
    }


def _checks(decider: Decider, log: DecisionLog) -> Checks:
    """What must hold for the service to be ready."""
    return {
        "rules": lambda: _decides(decider),
        "log": lambda: _log_holds(log),
    }


def _log_holds(log: DecisionLog) -> None:
    """The log ends as its key signed it; how long it is, and how much of the outbox waits."""
    metrics.log_holds(log.check_end())
    metrics.outbox_holds(*Outbox(log.database).counts())


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
