"""Why a referral goes where it goes: what alone decides it, and the least that would alter it.

Both are walks of the rulebook's diagram, so that they hold of every referral: a reason is enough
whatever else is or is not known, and no smaller change leads to the route that is named.
"""

from triage.explain.explainer import Explainer
from triage.explain.told import Change, Known, Sufficient, Told

__all__ = ["Change", "Explainer", "Known", "Sufficient", "Told"]
