"""The two evaluations of the rules agree along every edge of the diagram.

Every other proof is a walk of the diagram; this one asks whether the engine walks the same way.
"""

from __future__ import annotations

from collections.abc import Iterator

from triage.diagram import Diagram, Outcome
from triage.diagram.forest import Node
from triage.diagram.walks import Cell, given_at
from triage.rulebook.files import FRONT_PAGE
from triage.verify.proofs.ground import Ground
from triage.verify.report import Finding, Proof

NAME = "two_evaluations"

MOST_EDGES = 2_000
"""How many edges are put through the engine; of more, these many spread over all of them."""


def both_evaluations_agree(ground: Ground) -> Proof:
    """For each edge of the diagram a referral that goes along it is decided by the engine."""
    diagram = ground.diagram
    every = list(edges(diagram))
    tried = every[:: len(every) // MOST_EDGES + 1]
    wrong = [cell for cell, outcome in tried if not _agree(ground, cell, outcome)]
    along = "every edge of it" if len(tried) == len(every) else "edges spread over all of it"
    return Proof(
        NAME,
        f"The engine decides as the diagram does, along {along}",
        len(tried),
        tuple(_findings(ground, wrong)),
        against=len(wrong),
        said=(f"{len(diagram)} nodes; {len(tried):,} of {len(every):,} edges put to the engine",),
    )


def edges(diagram: Diagram) -> Iterator[tuple[Cell, Outcome]]:
    """For every edge a cell of the diagram's own space whose walk goes along it, and its end."""
    above: dict[Node, Cell] = {diagram.root: (0,) * diagram.bottom}
    for node in reversed(range(len(diagram))):
        if node in above:
            depth = diagram.depths[node]
            for place, child in enumerate(diagram.children[node]):
                cell = (*above[node][:depth], place, *above[node][depth + 1 :])
                above.setdefault(child, cell)
                yield cell, diagram.outcome_at(cell)


def _agree(ground: Ground, cell: Cell, outcome: Outcome) -> bool:
    """Does the live engine, by itself, come to the outcome of a cell?"""
    given = given_at(ground.diagram.space, cell)
    shown = ground.shown(given)
    if outcome.lead is None or shown.route is None:
        return outcome.lead is shown.route
    return shown.agreed and Outcome(shown.route, shown.urgency) == outcome


def _findings(ground: Ground, wrong: list[Cell]) -> Iterator[Finding]:
    if wrong:
        shown = ground.shown(given_at(ground.diagram.space, wrong[0]))
        problem = (
            "the engine and the diagram differ: one of them is wrong; report it, and do not use"
        )
        yield Finding(NAME, FRONT_PAGE, f"{problem} these rules", witnesses=(shown,))
