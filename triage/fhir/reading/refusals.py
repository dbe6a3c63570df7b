"""What was declined, beside what was answered: a question is never both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from triage.domain.referral import BIRTH_DATE, SOURCE
from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import Codebook
from triage.fhir.reading.said import Asked, Given, Refused, Said, error, information

Chosen = Mapping[Asked, Given]
"""What counts, by field."""


def chosen_in(said: Iterable[Said]) -> Chosen:
    """What counts among these."""
    return {one.asked: one for one in said if isinstance(one, Given)}


def declined_among(
    refused: Iterable[Refused], chosen: Chosen, book: Codebook
) -> Iterator[Refused | Finding]:
    """What was declined and not answered; what was answered as well gives a finding."""
    answered = {each.whole: given for each, given in chosen.items()}
    for one in dict.fromkeys(_by_answer(refused, chosen, book)):
        if isinstance(one, Finding):
            yield one
            continue
        given = answered.get(one.asked)
        if one.asked.path not in (BIRTH_DATE, SOURCE) and one.asked.part != "answers":
            yield information("informational", one.at, NOT_ASKED)
        elif given is None or given.weak:
            yield one
        elif _answered_since(one, given):
            yield information("informational", one.at, f"{given.asked.path}: {SINCE}")
        else:
            yield error("conflict", one.at, f"{given.asked.path}: {BOTH} {given.at}.")


def _by_answer(
    refused: Iterable[Refused], chosen: Chosen, book: Codebook
) -> Iterator[Refused | Finding]:
    """What was declined as answers: an item that is an answer as well, all items, or neither."""
    items: dict[Asked, list[Refused]] = {}
    for one in refused:
        if one.asked.item is None:
            yield one
        else:
            items.setdefault(one.asked.whole, []).append(one)
    for whole, some in items.items():
        yield from (_item(one, chosen, book) for one in some)
        length = book.vocabulary.answers[whole.name].length
        if len({one.asked for one in some} - chosen.keys()) == length:
            yield replace(some[0], asked=whole)


def _item(one: Refused, chosen: Chosen, book: Codebook) -> Refused | Finding:
    twin = book.twins.get(one.asked)
    if twin and one.asked not in chosen:
        return replace(one, asked=twin)
    return information("informational", one.at, ITEM_DECLINED)


def _answered_since(one: Refused, given: Given) -> bool:
    return one.on is not None and given.on is not None and one.on.day < given.on.day


NOT_ASKED = "This cannot be declined: it was taken as not asked."

ITEM_DECLINED = "An item was declined, so it is left out unless it was answered in another place."

SINCE = "this was declined, and answered on a later day, so the answer counts."

BOTH = "this is declined here, and answered; send the one that is right. The answer stands at"
