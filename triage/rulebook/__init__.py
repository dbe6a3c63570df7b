"""The rulebook: rule files read strictly into one value that never changes, and its digest."""

from triage.rulebook.loading import load_rulebook, rulebook_of, shipped_rules
from triage.rulebook.rulebook import Cell, Rulebook, Stamp

__all__ = ["Cell", "Rulebook", "Stamp", "load_rulebook", "rulebook_of", "shipped_rules"]
