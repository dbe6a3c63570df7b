"""Recorded decisions are found and taken away."""
