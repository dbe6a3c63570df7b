"""Recorded decisions are found and taken away here; that somebody did so is itself recorded."""

from triage.searching.export import Exporter
from triage.searching.listing import COLUMNS
from triage.searching.search import Searcher

__all__ = ["COLUMNS", "Exporter", "Searcher"]
