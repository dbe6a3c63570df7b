"""The route does not depend on who somebody is, save where a rule says so and is signed for it.

Protected facts are those the vocabulary names. A rule that treats people differently by one of them
says so (``distinguishes``). Of every other rule that reads one it is asked: had it read another
value of that fact, all else being as it is, would the referral have gone elsewhere?
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from triage.diagram.forest import NO, Node
from triage.diagram.inputs import Input
from triage.diagram.model import Model, routing_rules
from triage.diagram.space import Space
from triage.diagram.walks import Cell, referral_of, witness
from triage.domain.facts import facts
from triage.domain.pseudonymised import pseudonymised
from triage.domain.referral import Patient
from triage.domain.rules import Rule
from triage.rulebook import Rulebook
from triage.rulebook.files import VOCABULARY
from triage.verify.proofs.ground import Ground
from triage.verify.report import Finding, Proof, how_many

NAME = "fairness"

NEVER_READ = ("ethnic category", "gender", "postcode")
"""What rules cannot read: nothing is worked out from it but the place, which chooses the team."""


def fair_by_protected(ground: Ground) -> Proof:
    """Route and urgency depend on protected facts only by rules that say so."""
    protected = ground.rulebook.vocabulary.protected
    if not protected:
        problem = "no fact is protected, so nobody is; name age and others under protected"
        finding = Finding(NAME, VOCABULARY, problem)
        return Proof(NAME, "The route depends on nobody's being who they are", 0, (finding,))
    leaks = [leak for fact in protected for leak in _leaks(fact, ground)]
    return Proof(
        NAME,
        f"The route depends on {', '.join(protected)} only where a rule says so",
        ground.cells,
        tuple(leaks),
        against=len(leaks),
        said=tuple(_depends(fact, ground) for fact in protected),
    )


def _depends(fact: str, ground: Ground) -> str:
    """By which rules the outcome depends on a fact, and of how many referrals."""
    differing = _where_it_matters(fact, ground)
    if differing == NO:
        return f"{fact}: never"
    named = _named(fact, ground.rulebook)
    rules = ", ".join(one.id for one in ground.rulebook.rules if named & one.distinguishes)
    return f"{fact}: by {rules} ({how_many(ground.count(differing))} referrals)"


def _where_it_matters(fact: str, ground: Ground) -> Node:
    """Where another value of a fact would give another outcome."""
    forest, found = ground.forest, NO
    for depth in ground.space.depths_of.get(fact, ()):
        places = range(forest.sizes[depth])
        first, *others = (forest.fix(ground.model.outcome, depth, place) for place in places)
        for other in others:
            found = forest.either(found, forest.join(_differ, first, other))
    return found


def _differ(one: object, other: object) -> bool:
    return one != other


def _leaks(fact: str, ground: Ground) -> Iterator[Finding]:
    """Each rule that does not say so, by which a protected fact moves a referral.

    They are tried together first: of two that say the same, neither moves anything alone.
    """
    named = _named(fact, ground.rulebook)
    silent = [
        rule
        for rule in routing_rules(ground.rulebook)
        if rule.reads & named and not rule.distinguishes & named
    ]
    if not silent or _shown(fact, silent, ground) is None:
        return
    alone = {rule: _shown(fact, [rule], ground) for rule in silent}
    for rule in [rule for rule in silent if alone[rule]] or silent:
        problem = f"makes the route depend on {fact} and does not say so"
        reads = ", ".join(sorted(rule.reads & named))
        remedy = f"add distinguishes: [{reads}] and have it signed, or do not read it"
        shown = alone[rule] or _shown(fact, silent, ground) or ()
        yield ground.found(NAME, rule, f"{problem}; {remedy}", *shown)


def _named(fact: str, rulebook: Rulebook) -> frozenset[str]:
    """A fact, and what is worked out from it: who reads that reads the fact."""
    derived = rulebook.vocabulary.derived.values()
    return frozenset((fact, *(one.term.name for one in derived if fact in one.inputs)))


def _shown(fact: str, rules: Sequence[Rule], ground: Ground) -> tuple[Cell, Cell] | None:
    """Two referrals that differ in the fact alone and go elsewhere, by these rules."""
    depth = ground.space.depths_of[fact][0]
    inputs = ground.space.inputs
    apart = _another(inputs[depth])
    space = Space((*inputs[: depth + 1], apart, *inputs[depth + 1 :]))
    named = _named(fact, ground.rulebook)
    elsewhere = {(rule.id, each): depth + 1 for rule in rules for each in named}
    model = Model(ground.rulebook, space, elsewhere=elsewhere)
    for one, other in permutations(range(len(apart.classes)), 2):
        leak = _leak(model, depth, one, other)
        cell = witness(model.forest, leak)
        if cell is not None:
            rest = cell[depth + 2 :]
            return (*cell[:depth], one, *rest), (*cell[:depth], other, *rest)
    return None


def _another(one: Input) -> Input:
    """The same input once more: what some rules read in the place of it."""
    return replace(one, name=f"{one.name} as some rules read it", facts=())


def _leak(model: Model, depth: int, one: int, other: int) -> Node:
    """Where the referral goes elsewhere with the other value, and these rules alone move it."""
    forest = model.forest

    def seen(held: int, read: int) -> Node:
        return forest.fix(forest.fix(model.outcome, depth, held), depth + 1, read)

    moved = forest.join(_differ, seen(one, one), seen(other, other))
    by_rules = forest.join(_differ, seen(one, one), seen(one, other))
    return forest.both(moved, by_rules)


def nothing_else_is_read(ground: Ground) -> Proof:
    """Ethnic category, gender and postcode leave every fact that rules may read as it is."""
    rulebook = ground.rulebook
    moved = [name for name, patient in _patients(rulebook) if _read_of(patient, rulebook)]
    findings = [
        Finding(
            "never_read", VOCABULARY, f"a fact is worked out from {name}; rules must not see it"
        )
        for name in dict.fromkeys(moved)
    ]
    return Proof(
        "never_read",
        f"No rule can read {', '.join(NEVER_READ)}",
        sum(1 for _ in _patients(rulebook)),
        tuple(findings),
        against=len(moved),
    )


def _patients(rulebook: Rulebook) -> Iterator[tuple[str, Patient]]:
    words, places = rulebook.vocabulary, rulebook.directory.places.values()
    for category in words.ethnic_categories:
        yield NEVER_READ[0], Patient(ethnic_category=category)
    for gender in words.genders:
        yield NEVER_READ[1], Patient(gender=gender)
    for place in places:
        for district in sorted(place.postcode_districts):
            yield NEVER_READ[2], Patient(postcode=f"{district} 1AA")


def _read_of(patient: Patient, rulebook: Rulebook) -> bool:
    """Does it make a fact otherwise than it is of nobody in particular?"""
    return _facts(patient, rulebook) != _facts(Patient(), rulebook)


def _facts(patient: Patient, rulebook: Rulebook) -> dict[str, object]:
    referral = replace(referral_of({}), patient=patient)
    known = pseudonymised(referral, rulebook.vocabulary, rulebook.directory)
    return dict(facts(known, rulebook.vocabulary))
