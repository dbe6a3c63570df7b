"""Other referrals of which the same is known: whatever else they hold, or with another outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.builders import RECEIVED
from triage.diagram import Diagram, Outcome
from triage.diagram.forest import Node
from triage.diagram.inputs import Given, Input, Portion
from triage.diagram.walks import referral_of
from triage.domain.referral import Patient, Referral, Referrer
from triage.domain.vocabulary import Value
from triage.explain import Known

HIGHEST_BESIDE_NOUGHT = 24
"""The highest PHQ-9 total beside which an item 9 of nought can be right."""


def completed(other: Referral, known: Sequence[Known], random: Random) -> Referral:
    """Another referral, made so that the same is known of it; numbers are anywhere in range."""
    found = other
    for one in known:
        value = random.randint(*one.same) if one.same else one.value
        setting = _rating if one.answer.startswith("rated_") else _SETTINGS.get(one.answer, _answer)
        found = setting(found, one.answer, value)
    names, total = {one.answer for one in known}, found.answers.get("phq9_total")
    if "phq9_item9" in names and "phq9_total" not in names and total is not None:
        return _answer(found, "phq9_total", random.randint(3, HIGHEST_BESIDE_NOUGHT))
    return found


def _answer(referral: Referral, name: str, value: Value | None) -> Referral:
    answers = {**referral.answers, name: value}
    kept = {name: value for name, value in answers.items() if value is not None}
    return replace(referral, answers=kept, declined=referral.declined - {name})


def _score(referral: Referral, name: str, value: Value | None) -> Referral:
    return _answer(_answer(referral, f"{name.partition('_')[0]}_items", None), name, value)


def _rating(referral: Referral, name: str, value: Value | None) -> Referral:
    levels = {**referral.levels, name.removeprefix("rated_"): str(value or "unknown")}
    return replace(referral, levels=levels)


def _age(referral: Referral, _name: str, value: Value | None) -> Referral:
    assert value is None or isinstance(value, int)
    return replace(referral, patient=Patient(age=value))


def _source(referral: Referral, _name: str, value: Value | None) -> Referral:
    source = None if value is None else ("B1" if value else "A1")
    return replace(referral, source=source, referrer=Referrer())


def _review(referral: Referral, _name: str, value: Value | None) -> Referral:
    day = (RECEIVED + timedelta(days=-3 if value else 3)).date()
    return _answer(referral, "monitoring_review_on", None if value is None else day)


_SETTINGS: Mapping[str, Callable[[Referral, str, Value | None], Referral]] = {
    "phq9_total": _score,
    "phq9_item9": _score,
    "gad7_total": _score,
    "age": _age,
    "self_referred": _source,
    "monitoring_review_passed": _review,
}
"""How a fact is brought about that is more than an answer."""


def with_another_outcome(
    diagram: Diagram, known: Sequence[Known], outcome: Outcome
) -> Referral | None:
    """A referral of which the same is known and that has another outcome; None if there is none."""
    may_be = [dict(_may_be(one, known)) for one in diagram.space.inputs]
    came: dict[Node, tuple[Node, int]] = {}
    pending = [diagram.root]
    while pending:
        node = pending.pop()
        if diagram.outcomes[node] not in (None, outcome):
            chosen = dict(_chosen(diagram, node, came))
            held = [each[chosen.get(at, next(iter(each)))] for at, each in enumerate(may_be)]
            return referral_of({path: value for one in held for path, value in one.items()})
        for place, child in enumerate(diagram.children[node]):
            if place in may_be[diagram.depths[node]] and child not in came:
                came[child] = (node, place)
                pending.append(child)
    return None


def _chosen(
    diagram: Diagram, node: Node, came: Mapping[Node, tuple[Node, int]]
) -> Iterator[tuple[int, int]]:
    """The classes by which a node was come to, each with the depth of its input."""
    while node in came:
        node, place = came[node]
        yield diagram.depths[node], place


def _may_be(one: Input, known: Sequence[Known]) -> Iterator[tuple[int, Given]]:
    """The classes of an input of which the same can be known, with what a referral then holds."""
    wanted = [each for each in known if each.answer in one.facts]
    for place, each in enumerate(one.classes):
        for portion in each.portions:
            if all(_is_in(portion, part) for part in wanted):
                yield (
                    place,
                    {path: _exact(path, wanted, value) for path, value in portion.given.items()},
                )
                break


def _is_in(portion: Portion, known: Known) -> bool:
    own = portion.facts.get(known.answer)
    if known.same and isinstance(own, int) and isinstance(known.value, int):
        return own <= known.value < own + portion.cells
    return own == known.value


def _exact(path: str, known: Sequence[Known], value: object) -> object:
    """The very number that is known, where a portion has many."""
    name = path.rpartition(".")[2]
    return next((one.value for one in known if one.same and one.answer == name), value)
