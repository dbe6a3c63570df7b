"""Recorded decisions are found and taken away here; that somebody did so is itself recorded."""

from triage.searching.export import Exporter
from triage.searching.listing import COLUMNS
from triage.searching.sealed import Onward, Seals
from triage.searching.search import Searcher
from triage.searching.sifting import Sieve, Sifted, sift

__all__ = ["COLUMNS", "Exporter", "Onward", "Seals", "Searcher", "Sieve", "Sifted", "sift"]
