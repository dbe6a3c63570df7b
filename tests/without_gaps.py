"""A decider that does not look for what is still missing, which is half of its work.

Everything else is concluded as ever; the status never says that an answer might change it.
"""

from __future__ import annotations

from triage.decide import Decider
from triage.domain.pseudonymised import Pseudonymised
from triage.outlook import Gaps, Outlook
from triage.rulebook import Rulebook
from triage.stakes import Standing


class _NoGaps(Gaps):
    """Finds nothing missing."""

    def outlook(self, _referral: Pseudonymised, _standing: Standing) -> Outlook:
        return Outlook(may_change=False, missing=())


def decider_without_gaps(rulebook: Rulebook) -> Decider:
    """For tests of very many referrals that read routes, urgencies, levels and rules alone."""
    made = Decider(rulebook)
    made._gaps = _NoGaps(rulebook, made.diagram)  # noqa: SLF001 (a door that the product has no use for)
    return made
