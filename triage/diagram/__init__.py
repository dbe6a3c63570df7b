"""The rulebook as decision diagrams: the second evaluator, on which every proof is a walk.

Nothing here knows the rule engine, and the engine knows nothing of this: two witnesses that share
the rulebook alone. From a rulebook's conditions and conclusions come canonical diagrams over
everything a referral may hold; two functions are equal exactly where they are the same node. So
"every referral", "never", "exactly these" and "nothing else" are answered by walking, not by
trying.
"""

from triage.diagram.diagram import Diagram, Outcome

__all__ = ["Diagram", "Outcome"]
