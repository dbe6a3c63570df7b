"""What was settled, as the body of a referral with the place of each of its fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triage.fhir.findings import Finding
from triage.fhir.reading.codebook import DECLINED, Codebook
from triage.fhir.reading.read import Read
from triage.fhir.reading.refusals import chosen_in
from triage.fhir.reading.said import Asked, Given, Refused, Said


def as_read(said: Iterable[Said], book: Codebook) -> Read:
    """The body of contract section 1. What was gathered of a question declined is not in it."""
    everything = list(said)
    declined = {one.asked: one.at for one in everything if isinstance(one, Refused)}
    chosen = [one for one in chosen_in(everything).values() if one.asked.whole not in declined]
    body: dict[str, Any] = {}
    places: dict[str, str] = {}
    for one in chosen:
        _put(body, one, book)
        places.setdefault(one.asked.whole.path, one.at)
        places[one.asked.path] = one.at
    if declined:
        body[DECLINED.name] = [_name(asked) for asked in declined]
        places |= {f"{DECLINED.name}.{n}": at for n, at in enumerate(declined.values())}
        places[DECLINED.name] = next(iter(declined.values()))
    findings = dict.fromkeys(one for one in everything if isinstance(one, Finding))
    return Read(body, places, tuple(findings))


def _put(body: dict[str, Any], given: Given, book: Codebook) -> None:
    asked = given.asked
    holder = body.setdefault(asked.part, {}) if asked.part else body
    if asked.item is None:
        holder[asked.name] = list(given.value) if isinstance(given.value, tuple) else given.value
    elif book.is_list(asked.whole):
        holder.setdefault(asked.name, []).append(given.value)
    else:
        length = book.vocabulary.answers[asked.name].length
        holder.setdefault(asked.name, [None] * length)[asked.item - 1] = given.value


def _name(asked: Asked) -> str:
    """How a question is named where it was declined."""
    return asked.name if asked.part == "answers" else asked.path
