"""The vocabulary as data: what may be asked and answered, and what may be concluded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from triage.domain.rules import LEVELS
from triage.domain.vocabulary import (
    Answer,
    AskedWhen,
    Code,
    Factor,
    Kind,
    Messages,
    Named,
    OverrideReason,
    ReferralSource,
    RouteTerm,
    Urgency,
    Vocabulary,
)

Labelled = list[dict[str, Any]]


def vocabulary_data(vocabulary: Vocabulary) -> dict[str, Any]:
    """Every word of a vocabulary, in lists that keep its order; routes by precedence."""
    return {
        "answers": [_answer(one) for one in vocabulary.answers.values()],
        "factors": [_factor(one) for one in vocabulary.factors.values()],
        "levels": list(LEVELS),
        "routes": [_route(one) for one in vocabulary.routes.values()],
        "urgencies": [_urgency(one) for one in vocabulary.urgencies.values()],
        **{section: _titled(named.values()) for section, named in vocabulary.named.items()},
        "override_reasons": _titled(vocabulary.override_reasons.values()),
        "sources_of_referral": [_source(one) for one in vocabulary.sources_of_referral.values()],
        "ethnic_categories": _titled(vocabulary.ethnic_categories.values()),
        "genders": _titled(vocabulary.genders.values()),
        "messages": _messages(vocabulary.messages),
    }


def _messages(messages: Messages) -> dict[str, Any]:
    """How messages and orders name things, beside the codes that answers have."""
    return {
        "own": messages.own,
        "systems": dict(messages.systems),
        "genders": dict(messages.genders),
        "requesters": dict(messages.requesters),
        "questionnaires": [
            {"url": one.url, "title": one.title} for one in messages.questionnaires.values()
        ],
        "ordered_as": list(messages.ordered_as),
        "not_ordered_as": list(messages.not_ordered_as),
    }


def _answer(answer: Answer) -> dict[str, Any]:
    term = answer.term
    return {
        "name": term.name,
        "title": term.title,
        "question": answer.question,
        "help": answer.help or None,
        "spoken": answer.spoken or None,
        "group": answer.group,
        "type": term.kind.value,
        **_RANGES.get(term.kind, _no_range)(answer),
        "choices": [{"id": id_, "title": title} for id_, title in term.labels.items()],
        "worse": answer.worse.value if answer.worse else None,
        "codes": dict(answer.codes),
        "item_codes": {system: list(codes) for system, codes in answer.item_codes.items()},
        "value_codes": {system: dict(codes) for system, codes in answer.value_codes.items()},
        "asked_when": [_asked_when(one) for one in answer.asked_when],
    }


def _asked_when(one: AskedWhen) -> dict[str, Any]:
    return {"answer": one.answer, "is_not" if one.is_not else "is": one.value}


def _range(answer: Answer) -> dict[str, int]:
    return {"from": answer.term.low, "to": answer.term.high}


def _no_range(_answer: Answer) -> dict[str, int]:
    return {}


_RANGES: Mapping[Kind, Callable[[Answer], dict[str, int]]] = {
    Kind.NUMBER: _range,
    Kind.ITEMS: lambda one: {**_range(one), "length": one.length, "may_miss": one.may_miss},
}


def _factor(factor: Factor) -> dict[str, Any]:
    return {"id": factor.name, "title": factor.title, "where": factor.where}


def _route(route: RouteTerm) -> dict[str, Any]:
    return {
        "id": route.id,
        "title": route.title,
        "meaning": route.meaning,
        "step": route.step,
        "replaces": sorted(route.replaces),
        "concurrent_with": sorted(route.concurrent_with),
        "gives_way": route.gives_way,
        "ordered_as": list(route.ordered_as),
        "suits": route.suits or None,
        "script": list(route.script),
        "to_caller": route.to_caller or None,
    }


def _urgency(urgency: Urgency) -> dict[str, Any]:
    return {
        "id": urgency.id,
        "title": urgency.title,
        "rank": urgency.rank,
        "within_hours": urgency.within_hours,
        "priority": urgency.priority or None,
    }


def _titled(things: Iterable[Named | Code | OverrideReason]) -> Labelled:
    return [{"id": one.id, "title": one.title} for one in things]


def _source(source: ReferralSource) -> dict[str, Any]:
    return {"id": source.id, "title": source.title, "self_referral": source.self_referral.value}
