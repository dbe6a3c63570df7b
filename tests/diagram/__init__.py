"""Tests of ``triage.diagram``: the diagrams and the engine are two readings of the same rules."""
