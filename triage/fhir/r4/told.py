"""What is wrong with a value, in plain words that never repeat it."""

from __future__ import annotations

from typing import Any

from triage.fhir.findings import Finding, Severity
from triage.nearest import nearest

MOST_LISTED = 20
"""How many codes or names are told one by one."""


def wrong(code: str, expression: str, says: str) -> Finding:
    """A fault: its issue type (R4, IssueType), where it is, and what is wrong there."""
    return Finding(Severity.ERROR, code, expression, says)


def null(expression: str) -> Finding:
    """A null, which stands nowhere in R4 but in for an element of a list that has extensions."""
    return wrong("structure", expression, "is null, which R4 does not have; leave it out")


def empty(expression: str) -> Finding:
    """A text, a list or an object without anything in it."""
    return wrong("structure", expression, "is empty, which R4 does not have; leave it out")


def no_list(expression: str) -> Finding:
    """One value where several may stand."""
    return wrong("structure", expression, "must be a list, even of one")


def no_single_value(expression: str) -> Finding:
    """A list where one value stands."""
    return wrong("structure", expression, "must be one value, not a list")


def no_object(expression: str) -> Finding:
    """A text or a number where an object stands."""
    return wrong("structure", expression, "must be an object, with elements of its own")


def guess(sent: Any, known: tuple[str, ...]) -> str:
    """In brackets, what was perhaps meant; nothing where no known name is near."""
    remedy = nearest(sent, known) if isinstance(sent, str) else ""
    return f" ({remedy})" if remedy.startswith("did you mean") else ""
