"""What tests of verbs ask for: a log to work on."""

from tests.cli.logs import log

__all__ = ["log"]
