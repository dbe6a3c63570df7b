"""Figures, printed and never asserted."""
