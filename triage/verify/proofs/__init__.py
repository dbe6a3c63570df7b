"""What is proved of a rulebook over every referral there can be.

Each proof is a walk over diagrams of the rules. Whatever a proof finds comes with a referral that
shows it, and that referral has been through the live engine before anybody sees it.
"""

from triage.verify.proofs.prove import PROOFS, prove

__all__ = ["PROOFS", "prove"]
