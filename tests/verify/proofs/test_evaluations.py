"""The engine and the diagram agree along every edge; where one of them is wrong, that is found."""

from __future__ import annotations

from contextlib import closing

from tests.verify.proofs.edited import Edited, a_rule, proved, to
from tests.verify.proofs.shown import decided, referral_shown
from triage.decide import Decider
from triage.diagram import Diagram
from triage.rulebook import Rulebook
from triage.verify.proofs.evaluations import both_evaluations_agree, edges
from triage.verify.proofs.ground import Ground


def test_the_engine_goes_along_every_edge_of_the_shipped_diagram(rulebook: Rulebook) -> None:
    diagram = Diagram.of(rulebook)
    proof = proved(both_evaluations_agree, rulebook)
    below = sum(len(each) for each in diagram.children)
    assert (proof.holds, proof.against) == (True, 0)
    assert proof.cells == len(list(edges(diagram))) == below


def test_a_diagram_of_other_rules_is_found_and_shown(rulebook: Rulebook, edited: Edited) -> None:
    """What stands for a fault of either evaluation: they read two sets of rules."""
    edited.add(a_rule("other", {"veteran": {"is": True}}, to("cmht", "urgent")))
    with closing(Ground(rulebook)) as ground:
        ground.__dict__["_decider"] = Decider(rulebook, Diagram.of(edited.rulebook()))
        proof = both_evaluations_agree(ground)
    (found,) = proof.findings
    assert proof.against > 0
    assert "one of them is wrong" in found.problem
    (witness,) = found.witnesses
    assert not witness.agreed
    assert witness.given["answers.veteran"] is True
    referral = referral_shown(witness, rulebook)
    one, other = decided(referral, rulebook), decided(referral, edited.rulebook())
    assert one != other
