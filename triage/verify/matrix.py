"""Do the rules keep what the cells of the referral matrix say?"""

from __future__ import annotations

from collections.abc import Iterator

from triage.domain.rules import Rule, level_fact
from triage.rulebook import Cell, Rulebook
from triage.verify.examples import fires_on
from triage.verify.report import Finding

FILE = "referral_matrix.yaml"


def cells_not_kept(rulebook: Rulebook) -> Iterator[Finding]:
    """Each cell whose route no rule concludes for it, or that a rule sends elsewhere."""
    routes = rulebook.vocabulary.routes
    for cell in rulebook.cells:
        leaves = not any(routes[name].gives_way for name in cell.routes)
        if leaves:
            for route in cell.routes:
                if not _is_carried(cell, route, rulebook):
                    yield _finding(cell, f"no rule concludes {route} for it; add one")
        for rule, route in _sent_elsewhere(cell, rulebook):
            problem = f"says {', '.join(cell.routes)}, but {rule.id} sends it to {route}"
            yield _finding(cell, problem)


def _finding(cell: Cell, problem: str) -> Finding:
    return Finding("matrix", FILE, problem, rule=f"{cell.factor} {cell.level}")


def _is_carried(cell: Cell, route: str, rulebook: Rulebook) -> bool:
    """Does a rule conclude the route from the cell's level, or from the answers that make it?"""
    makers = {fact for rule in rulebook.rules if _makes(rule, cell) for fact in rule.reads}
    wanted = {level_fact(cell.factor), *makers}
    leading = [rule for rule in rulebook.rules if _leads_to(rule, route)]
    return any(not _rests_on(rule, rulebook).isdisjoint(wanted) for rule in leading)


def _leads_to(rule: Rule, route: str) -> bool:
    return any(one.kind == "route" and one.target == route for one in rule.then)


def _rests_on(rule: Rule, rulebook: Rulebook) -> set[str]:
    """The facts a rule reads, and those that the flags among them are concluded from."""
    read = set(rule.reads)
    flags = read - rulebook.vocabulary.answers.keys() - rulebook.vocabulary.derived.keys()
    makers = (each for each in rulebook.rules if not each.concludes.isdisjoint(flags))
    return read.union(*(maker.reads for maker in makers))


def _makes(rule: Rule, cell: Cell) -> bool:
    return any(
        one.kind == "level" and one.target == cell.factor and one.value == cell.level
        for one in rule.then
    )


def _sent_elsewhere(cell: Cell, rulebook: Rulebook) -> Iterator[tuple[Rule, str]]:
    """The rules that this level alone makes fire, with a route the cell does not name."""
    facts = {**rulebook.switches, level_fact(cell.factor): cell.level}
    for rule in rulebook.rules:
        for one in rule.then:
            elsewhere = one.kind == "route" and one.target not in cell.routes
            if elsewhere and fires_on(rule, facts):
                yield rule, one.target
