"""Machines come in here. Each module is one standard or one kind of call."""
