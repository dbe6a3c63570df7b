"""Pages for people: the rulebook in words to read and sign, and the form for when it is down."""

from triage.pages.page import paper_form, rule_page
from triage.pages.proofs import proof_page

__all__ = ["paper_form", "proof_page", "rule_page"]
