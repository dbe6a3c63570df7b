"""The rulebook and the vocabulary on the wire, described for callers."""

from __future__ import annotations

from marshmallow import fields

from schemas.decision import StampSchema
from schemas.documented import Answered, anything, many, one, text, texts, things, whole, yes_or_no


class RulesetSchema(Answered):
    """One file of rules about one thing."""

    id = text()
    title = text()
    meaning = text()
    version = text()
    status = text()
    owner = text()
    rules = things("Each with id, title, basis, when, then, because and examples, as written.")
    otherwise = fields.Dict(required=True, allow_none=True)


class CellSchema(Answered):
    """A cell of the referral matrix."""

    factor = text()
    level = text()
    destination = text("As it is printed there.")
    routes = texts("The routes it stands for.")


class RulebookSchema(Answered):
    """The rules as data."""

    id = text()
    version = text()
    digest = text("SHA-256 of what the rule files say; every decision carries it.")
    title = text()
    status = text()
    owner = text()
    safety_net = text()
    precedence = texts("The routes; the first of them that is concluded leads.")
    rulesets = many(RulesetSchema)
    values = anything("Named values: the numbers and words that are this rulebook's own choice.")
    sources = anything("What the rules rest on.")
    cells = many(CellSchema)
    default_place = text()
    places = anything("The places of the service directory.")
    services = things("The teams; the first that takes a referral has it.")


class TitledSchema(Answered):
    """A name with its meaning."""

    id = text()
    title = text()


class AskedSchema(Answered):
    """A screening answer: what is asked, and what may be answered."""

    name = text()
    title = text()
    question = text()
    help = text(null=True)
    spoken = text("How it is put to a person who rings for themselves.", null=True)
    group = text()
    type = text()
    low = fields.Integer(data_key="from")
    high = fields.Integer(data_key="to")
    length = fields.Integer()
    may_miss = fields.Integer()
    choices = many(TitledSchema, "Mildest first.")
    worse = text("In which direction the answer gets worse.", null=True)
    codes = anything("Codes in national terminologies.")
    item_codes = anything("Those of its items, in their order.")
    value_codes = anything("What codes of those systems stand for as an answer.")
    asked_when = things("After which answers it makes sense; always, where there are none.")


class FactorSchema(Answered):
    """A column of the referral matrix."""

    id = text()
    title = text()
    where = text()


class RouteTermSchema(Answered):
    """A route that a referral may take."""

    id = text()
    title = text()
    meaning = text()
    step = whole(null=True)
    replaces = texts()
    concurrent_with = texts()
    gives_way = yes_or_no()
    ordered_as = texts("How practices name it in orders, in small letters.")
    suits = text("What it is for, as whoever refers is told.", null=True)
    script = texts("What to do and say, step by step, while the person is on the line.")
    to_caller = text("What callers are told of it.", null=True)


class UrgencySchema(Answered):
    """How soon somebody must respond. A lower rank is more urgent."""

    id = text()
    title = text()
    rank = whole()
    within_hours = whole("Null means by the end of the day.", null=True)
    priority = text("The same as a request has it in FHIR R4.", null=True)


class SourceOfReferralSchema(Answered):
    """A source of referral, by its code in the IAPT data set."""

    id = text()
    title = text()
    self_referral = text()


class VocabularySchema(Answered):
    """Every word that referrals and decisions may use."""

    answers = many(AskedSchema)
    factors = many(FactorSchema)
    levels = texts()
    routes = many(RouteTermSchema, "In order of precedence.")
    urgencies = many(UrgencySchema)
    alerts = many(TitledSchema)
    actions = many(TitledSchema)
    treatments = many(TitledSchema)
    measures = many(TitledSchema)
    supports = many(TitledSchema)
    override_reasons = many(TitledSchema, "Why a clinician may decide otherwise.")
    sources_of_referral = many(SourceOfReferralSchema)
    ethnic_categories = many(TitledSchema)
    genders = many(TitledSchema)
    messages = anything("How messages and orders name things.")


class HealthSchema(Answered):
    """The process is up."""

    status = text()


class ReadySchema(Answered):
    """Everything that the service needs was really tried just now."""

    status = text()
    rulebook = one(StampSchema)
    checks = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What was tried, by name: ok, every one."},
    )
