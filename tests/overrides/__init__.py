"""Deciding otherwise: the chain of a decision, who may add to it, and what it tells."""
