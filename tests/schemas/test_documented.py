"""What the schemas say of answers is true of real ones."""

from __future__ import annotations

from http import HTTPStatus

from schemas.decision import decision_schema, what_if_schema
from schemas.problem import problem_schema
from schemas.referral import ReferralReader
from schemas.rulebook import RulebookSchema, VocabularySchema
from tests.schemas.conftest import NOW
from triage.api.examples import FAULTY, LIVE_CALL, REFERRAL
from triage.api.problem import Problem
from triage.api.rulebook_data import rulebook_data
from triage.api.vocabulary_data import vocabulary_data
from triage.danger import DangerFinder
from triage.decide import Decider
from triage.diagram import Diagram
from triage.errors import Fault
from triage.live_call import LiveCall
from triage.rulebook import Rulebook


def test_real_decisions_are_as_described(reader: ReferralReader, decider: Decider) -> None:
    schema = decision_schema(decider.rulebook.vocabulary)
    everything_high = {"levels": dict.fromkeys(decider.rulebook.vocabulary.factors, "high")}
    for body in (REFERRAL, LIVE_CALL, {}, everything_high, {"patient": {"age": 12}}):
        decision = decider.decide(reader.read(body, NOW)).as_dict()
        schema.load(decision)
        assert list(decision) == list(schema.fields)


def test_what_would_be_decided_is_as_described(reader: ReferralReader, decider: Decider) -> None:
    rulebook = decider.rulebook
    schema = what_if_schema(decision_schema(rulebook.vocabulary), rulebook.vocabulary)
    live_call = LiveCall(rulebook, Diagram.of(rulebook))
    for body in (REFERRAL, LIVE_CALL, {}, {"answers": {"emergency_now": True}}):
        referral = reader.read(body, NOW)
        live = live_call.live(decider.known(referral))
        told = live.beside(decider.decide(referral))
        schema.load(told)
        assert list(told) == list(schema.fields)


def test_the_rulebook_and_the_vocabulary_are_as_described(rulebook: Rulebook) -> None:
    RulebookSchema().load(rulebook_data(rulebook))
    VocabularySchema().load(vocabulary_data(rulebook.vocabulary))


def test_a_problem_is_as_described(reader: ReferralReader, decider: Decider) -> None:
    danger = DangerFinder(reader, decider).find([FAULTY], NOW)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    problem = Problem(status, "wrong", "call 999", [Fault("answers", "wrong")], danger)
    problem_schema().load(problem.as_dict())
