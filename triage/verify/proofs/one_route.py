"""Every referral gets exactly one lead route, whatever has not been asked."""

from __future__ import annotations

from triage.diagram.forest import NO, YES, Forest, Node
from triage.rulebook.files import VOCABULARY
from triage.verify.proofs.ground import Ground
from triage.verify.report import Finding, Proof, how_many


def one_lead_route(ground: Ground) -> Proof:
    """No referral is left without a lead route and an urgency, and none has two."""
    counts = {name: ground.count(node) for name, node in ground.model.leads.items()}
    nowhere = _nowhere(ground)
    without = ground.count(nowhere)
    twice = sum(counts.values()) + ground.count(_without_lead(ground)) - ground.cells
    return Proof(
        "one_route",
        "Every referral gets exactly one lead route",
        ground.cells,
        tuple(
            _without_route(
                ground, "one_route", nowhere, f"{how_many(without)} referrals get no route"
            )
        ),
        against=without + twice,
        said=tuple(
            f"{ground.rulebook.vocabulary.routes[name].title}: {how_many(count)}"
            for name, count in counts.items()
        ),
    )


def no_dead_end(ground: Ground) -> Proof:
    """No pattern of missing answers, any of them in any combination, ends without a route."""
    places = len(ground.space.inputs)
    patterns = Forest([2] * places)
    nowhere = _nowhere(ground)
    ends = patterns_of(ground.forest, patterns, nowhere)
    problem = f"{how_many(ends)} patterns of missing answers may end without a route"
    return Proof(
        "missing_answers",
        "No pattern of missing answers is a dead end",
        ground.cells,
        tuple(_without_route(ground, "missing_answers", nowhere, problem)) if ends else (),
        against=ends,
        said=(f"{how_many(2**places)} patterns",),
    )


def _without_lead(ground: Ground) -> Node:
    """Where no route leads."""
    return ground.forest.opposite(ground.forest.some(ground.model.leads.values()))


def _nowhere(ground: Ground) -> Node:
    """Where no route leads, or nothing says how soon."""
    forest = ground.forest
    timed = forest.map(_is_known, ground.model.urgency)
    return forest.either(_without_lead(ground), forest.opposite(timed))


def _is_known(urgency: str | None) -> bool:
    return urgency is not None


def _without_route(ground: Ground, name: str, nowhere: Node, problem: str) -> list[Finding]:
    if nowhere == NO:
        return []
    shown = (ground.witness(ground.cell(nowhere)),)
    remedy = (
        "let the rule that says otherwise conclude a route, and no two routes replace each other"
    )
    return [Finding(name, VOCABULARY, f"{problem}; {remedy}", witnesses=shown)]


def patterns_of(forest: Forest, patterns: Forest, node: Node) -> int:
    """For how many patterns of known and unknown inputs some referral passes."""
    found = _pattern(forest, patterns, node, {})
    return _count(patterns, found, 0)


def _pattern(forest: Forest, patterns: Forest, node: Node, known: dict[Node, Node]) -> Node:
    """The patterns, as a function over inputs that are each unknown or known."""
    if node in (NO, YES):
        return node
    found = known.get(node)
    if found is None:
        below = [_pattern(forest, patterns, child, known) for child in forest.children[node]]
        found = patterns.node(forest.depths[node], (below[0], patterns.some(below[1:])))
        known[node] = found
    return found


def _count(patterns: Forest, node: Node, depth: int) -> int:
    """How many patterns pass, of the inputs from a depth on."""
    if node == NO:
        return 0
    skipped: int = 2 ** (patterns.depths[node] - depth)
    if node == YES:
        return skipped
    below = patterns.depths[node] + 1
    return skipped * sum(_count(patterns, child, below) for child in patterns.children[node])
