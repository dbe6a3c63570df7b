"""No rule is dead, and none is hidden by others together.

A rule is dead where nothing lets it fire. It is hidden where it fires, but others conclude as much
every time: none of them need do so alone, which is why reading the rules two by two never shows it.
A rule that is idle under the present setting of a named value, and would not be under another, is
neither: it waits, and the proof says so.
"""

from __future__ import annotations

from dataclasses import replace

from triage.diagram.forest import NO
from triage.diagram.model import Model
from triage.diagram.space import comparisons
from triage.domain.conditions import All, Condition
from triage.domain.rules import LEVELS, Rule
from triage.verify.places import finding
from triage.verify.proofs.effect import Effects
from triage.verify.proofs.ground import Ground
from triage.verify.report import Finding, Proof

NAME = "alive"


def every_rule_lives(ground: Ground) -> Proof:
    """Every rule makes a difference to some referral, or waits for another setting."""
    effects = Effects(ground.model)
    dead = [rule for rule in ground.model.rules if not _fires(rule, ground.model)]
    idle = [rule for rule in ground.model.rules if not _matters(rule, ground.model)]
    waiting = {rule: _waits_for(rule, ground) for rule in idle}
    findings = [
        _dead(rule, ground) if rule in dead else _hidden(rule, effects, ground)
        for rule in idle
        if not waiting[rule]
    ]
    return Proof(
        NAME,
        "No rule is dead, and none is hidden by others together",
        ground.cells,
        tuple(findings),
        against=len(findings),
        said=(f"{len(ground.model.rules)} rules", *(said for said in waiting.values() if said)),
    )


def _fires(rule: Rule, model: Model) -> bool:
    return model.firing(rule) != NO


def _matters(rule: Rule, model: Model) -> bool:
    """Does a rule fire, and where it does, is something its own?

    One that concludes nothing but that a level is not known is there for its sentence.
    """
    remark = all(one.kind == "level" and one.value == LEVELS[0] for one in rule.then)
    return _fires(rule, model) and (remark or Effects(model).of(rule) != NO)


def _waits_for(rule: Rule, ground: Ground) -> str | None:
    """Under which other setting of a named value a rule that is idle here would matter."""
    rulebook = ground.rulebook
    for name, now in rulebook.switches.items():
        for setting in rulebook.values[name].choices:
            if setting != now:
                set_so = replace(rulebook, switches={**rulebook.switches, name: setting})
                if _matters(rule, Model(set_so, ground.space, ground.forest)):
                    return f"{rule.id} is idle while {name} is {now}; it waits for {setting}"
    return None


def _dead(rule: Rule, ground: Ground) -> Finding:
    problem = "other rules send everybody somewhere; put those right"
    if rule.when is not None:
        clash = _clash(rule.when, rule, ground.model)
        problem = f"{' and '.join(clash)} never hold at once; put one right"
        if len(clash) == 1:
            problem = f"none has {clash[0]} as it asks; take it out, or put it right"
    return finding(NAME, rule, f"fires on no referral: {problem}")


def _clash(when: Condition, rule: Rule, model: Model) -> list[str]:
    """The fewest conditions of a rule that never hold at once, by the facts that they read."""
    parts = list(when.of) if isinstance(when, All) else [when]
    for part in list(parts):
        fewer = [one for one in parts if one is not part]
        if fewer and model.truth(All(tuple(fewer)), rule)[0] == NO:
            parts = fewer
    return [_read_by(part) for part in parts]


def _read_by(condition: Condition) -> str:
    facts = dict.fromkeys(one.fact for one in comparisons(condition))
    return "/".join(facts)


def _hidden(rule: Rule, effects: Effects, ground: Ground) -> Finding:
    by = ", ".join(other.id for other in effects.hiding(rule))
    problem = f"changes nothing wherever it fires, for these together conclude as much: {by}"
    cell = ground.cell(ground.model.firing(rule))
    return ground.found(NAME, rule, f"{problem}; take it out, or put one of them right", cell)
