"""Unknown risk is seen by somebody today, and goes nowhere unseen."""

from __future__ import annotations

from collections.abc import Iterator

from triage.diagram.forest import NO, Node
from triage.domain.promises import Promises
from triage.domain.vocabulary import Vocabulary
from triage.rulebook.files import FRONT_PAGE
from triage.verify.proofs.ground import Ground
from triage.verify.report import Finding, Proof

NAME, RISK, UNKNOWN = "unknown_risk", "risk", "unknown"


def unknown_risk_is_seen(ground: Ground) -> Proof:
    """Where risk is unknown: never below the urgency that is promised, never certain routes."""
    where = ground.model.levels(RISK)[UNKNOWN]
    promises = ground.rulebook.promises
    broken = [] if promises is None else list(_broken(ground, promises, where))
    findings = [_finding(ground, problem, node) for problem, node in broken if node != NO]
    if promises is None:
        problem = "the rulebook does not promise what becomes of unknown risk; add promises"
        findings = [Finding(NAME, FRONT_PAGE, problem)]
    return Proof(
        NAME,
        _claim(promises, ground.rulebook.vocabulary),
        ground.count(where),
        tuple(findings),
        against=ground.count(ground.forest.some(node for _, node in broken)),
    )


def _claim(promises: Promises | None, words: Vocabulary) -> str:
    if promises is None:
        return "Unknown risk is seen in time, and goes nowhere unseen"
    floor = words.urgencies[promises.unknown_risk_floor].title.lower()
    routes = "; ".join(words.routes[name].title for name in promises.unknown_risk_never)
    return f"Unknown risk is never less urgent than {floor}, and none of these leads: {routes}"


def _broken(ground: Ground, promises: Promises, where: Node) -> Iterator[tuple[str, Node]]:
    """Each promise, and where it is broken."""
    forest, urgencies = ground.forest, ground.rulebook.vocabulary.urgencies
    floor = urgencies[promises.unknown_risk_floor].rank
    late = forest.map(_Below(floor), ground.rank)
    yield (
        f"unknown risk is less urgent than {promises.unknown_risk_floor}",
        forest.both(where, late),
    )
    for route in promises.unknown_risk_never:
        yield f"unknown risk goes to {route}", forest.both(where, ground.model.leads[route])


class _Below:
    """Is a rank less urgent than another?"""

    def __init__(self, floor: int) -> None:
        self._floor = floor

    def __call__(self, rank: int) -> bool:
        return rank > self._floor


def _finding(ground: Ground, problem: str, node: Node) -> Finding:
    shown = (ground.witness(ground.cell(node)),)
    return Finding(NAME, FRONT_PAGE, f"{problem}; put the rules right", witnesses=shown)
