"""The decision log: append-only entries, their tree, its signed heads and who they name."""
