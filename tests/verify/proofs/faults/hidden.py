"""Hidden rules: others conclude as much wherever they fire, one of them or several together."""

from __future__ import annotations

from typing import Any

from tests.plain_conclusions import PlainDecider
from tests.plain_reader import PlainReader
from tests.verify.proofs.edited import Edited, Written, a_rule, both, to
from tests.verify.proofs.faults.drawn import BESIDE, FIRM, URGENCIES, Draws, Fault, must, one_of
from tests.verify.proofs.observed import Shows
from triage.domain.vocabulary import Kind


def hidden(draws: Draws) -> Fault:
    """A rule that makes no difference."""
    return one_of(draws.random, WAYS)(draws)


def _narrower(draws: Draws) -> Fault:
    """A new rule says what a shipped one says, of fewer people, and no sooner."""
    random = draws.random
    shipped = random.choice([*draws.edited.rules()])
    then = [_no_sooner(one, draws) for one in shipped["then"]]
    when = both(shipped["when"], *_beside(draws, 1))
    some = random.sample(then, random.randint(1, len(then)))
    must(any("unknown" not in one.get("level", {}).values() for one in some))
    draws.put(a_rule("hidden", when, *some))
    return _shown(draws, "hidden", f"narrower than {shipped['id']}")


def _no_sooner(one: Written, draws: Draws) -> Written:
    if "route" not in one or draws.random.random() < 0.5:
        return one
    later = URGENCIES[URGENCIES.index(one["route"]["urgency"]) :]
    return to(one["route"]["to"], draws.random.choice(later))


def _by_every_answer(draws: Draws) -> Fault:
    """Rules for each answer to a question, and for none, say together what another says."""
    random = draws.random
    concluded = random.choice((*BESIDE, to(random.choice(FIRM), "routine")))
    parts = [{name: wanted} for name, wanted in _every_answer(draws)]
    for number, part in enumerate(parts):
        draws.put(a_rule(f"part-{number}", part, concluded))
    when = draws.joined(draws.true_of(draws.sample(), random.randint(1, 3)))
    draws.put(a_rule("hidden", when, concluded))
    return _shown(draws, "hidden", f"behind every answer to {next(iter(parts[0]))}")


def _shipped_by_every_answer(draws: Draws) -> Fault:
    """The same, and what is hidden is a shipped rule."""
    shipped = draws.random.choice(
        [one for one in draws.edited.rules() if not {"level", "flag"} & one["then"][0].keys()]
    )
    then = [one for one in shipped["then"] if "route" not in one or _is_firm(one)]
    must(then == shipped["then"])
    for number, (name, wanted) in enumerate(_every_answer(draws)):
        draws.put(a_rule(f"part-{number}", {name: wanted}, *then))
    return _shown(draws, shipped["id"], "a shipped rule, behind every answer")


def _is_firm(one: Written) -> bool:
    return one["route"]["to"] in FIRM


def _every_answer(draws: Draws) -> list[tuple[str, Written]]:
    """Conditions on one question, one of which is true of everybody; none is of two people."""
    words, random = draws.rulebook.vocabulary, draws.random
    names = [n for n, one in words.answers.items() if n not in words.protected]
    term = words.answers[random.choice(names)].term
    found: list[Written] = [{"known": False}]
    match term.kind:
        case Kind.BOOLEAN:
            found += [{"is": True}, {"is": False}]
        case Kind.CHOICE:
            at = random.randint(1, len(term.choices) - 1)
            found += [{"in": list(term.choices[:at])}, {"in": list(term.choices[at:])}]
        case Kind.NUMBER:
            at = random.randint(term.low, term.high - 1)
            found += [{"at_most": at}, {"above": at}]
        case _:
            must(be_so=False)
    return [(term.name, wanted) for wanted in found]


def _in_its_place(draws: Draws) -> Fault:
    """A route that another always takes the place of, which is as urgent."""
    when, then = draws.random.choice(REPLACED)
    draws.put(a_rule("hidden", both(when, *_beside(draws, 1)), then))
    return _shown(draws, "hidden", f"in whose place another route always is: {when}")


REPLACED: tuple[tuple[Written, Written], ...] = (
    ({"current_danger": {"is": True}}, to("clinical_review", "very_urgent")),
    ({"current_danger": {"is": True}}, to("clinical_review", "same_day")),
    ({"emergency_now": {"is": True}}, to("clinical_review", "emergency")),
    ({"emergency_now": {"is": True}}, to("clinical_review", "soon")),
    ({"age": {"below": 18}}, to("counselling", "routine")),
    ({"age": {"below": 12}}, to("substance_misuse", "routine")),
    ({"age": {"at_most": 17}}, to("active_monitoring", "routine")),
)


def _no_higher(draws: Draws) -> Fault:
    """A level beside which there is always one as high, or an urgency beside one as urgent."""
    when, then = draws.random.choice(BELOW)
    draws.put(a_rule("hidden", both(when, *_beside(draws, 1)), then))
    return _shown(draws, "hidden", f"beside what is as high: {when}")


BELOW: tuple[tuple[Written, Written], ...] = (
    ({"phq9_total": {"at_least": 20}}, {"level": {"severity": "medium"}}),
    ({"gad7_total": {"at_least": 17}}, {"level": {"severity": "low"}}),
    ({"serious_harm_history": {"is": True}}, {"level": {"risk": "medium"}}),
    ({"plan": {"is": "active"}}, {"level": {"risk": "high"}}),
    ({"substance_use": {"is": "dependent"}}, {"level": {"substance_use": "medium"}}),
    ({"unhelpful_interventions": {"at_least": 1}}, {"level": {"previous_interventions": "medium"}}),
    ({"intent": {"is": "strong"}}, {"flag": {"current_danger": True}}),
    ({"risk_level": {"is": "medium"}}, {"urgency": "same_day"}),
    ({"risk_level": {"in": ["unknown", "medium"]}}, {"urgency": "soon"}),
    ({"current_danger": {"is": True}}, {"urgency": "very_urgent"}),
    ({"impairment_level": {"is": "high"}}, {"urgency": "soon"}),
    ({"debt_support": {"is": True}}, {"urgency": "routine"}),
)


def _beside(draws: Draws, most: int) -> list[Written]:
    return draws.true_of(draws.sample(), draws.random.randint(0, most))


def _shown(draws: Draws, name: str, said: str) -> Fault:
    """Does it fire on some of the pool, and change nothing on any of it?"""
    content, when = draws.edited.content, draws.edited.rule(name)["when"]
    reader = PlainReader(content)
    fires = [one for one in draws.pool.samples if reader.holds(when, one.known)]
    must(fires)
    whole, less = PlainDecider(content), PlainDecider(draws.edited.without(name))
    shows = Shows(content, [*draws.edited.rules(), *_otherwise(draws.edited)])
    for one in fires[:20]:
        must(shows(whole.conclude(one.facts)) == shows(less.conclude(one.facts)))
    return Fault(said, draws.edited.rulebook(), name)


def _otherwise(edited: Edited) -> list[Any]:
    return [edited.content["stepped_care.yaml"]["otherwise"]]


WAYS = {
    "narrower": _narrower,
    "by every answer": _by_every_answer,
    "a shipped rule by every answer": _shipped_by_every_answer,
    "in its place": _in_its_place,
    "no higher": _no_higher,
}
