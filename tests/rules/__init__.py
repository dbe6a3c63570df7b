"""The examples that stand beside the rules."""
