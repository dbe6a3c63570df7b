"""Rules changed in a single place, in every way that a hand could slip."""
