"""What was proved of a rulebook, as a page to read and to file."""

from __future__ import annotations

from triage.pages.marks import powers
from triage.pages.page import templates
from triage.rulebook import Rulebook
from triage.verify import Report
from triage.verify.report import how_many
from triage.verify.witnesses import outcome_of, told


def proof_page(rulebook: Rulebook, report: Report) -> str:
    """The check of a rulebook: its proofs with their counts, and everything found against it."""
    return (
        templates()
        .get_template("proofs.html.j2")
        .render(
            book=rulebook,
            report=report,
            how_many=how_many,
            powers=powers,
            told=lambda witness: told(witness, rulebook.vocabulary),
            outcome_of=lambda witness: outcome_of(witness, rulebook.vocabulary),
        )
    )
