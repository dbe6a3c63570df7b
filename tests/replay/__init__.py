"""Decisions that are decided again, on the rulebook that decided them."""
