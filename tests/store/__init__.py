"""Tests of the decision log: its tree, its heads, its keys and its verifier."""
