"""What is wrong with a draft, in the words of a page, by the field that it is wrong in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from triage.errors import Fault
from triage.web.call.boxes import Box
from triage.web.call.fields import Field

Wrong = Mapping[str, str]
"""What is wrong, by the path of the field."""

UNREADABLE = ("must ", "is outside ", "is not one ")
"""How faults begin that say what a caller must send. A page says what to type instead."""

SAYS: Mapping[Box, Callable[[Field], str]] = {
    Box.YES_NO: lambda _: "Choose yes or no",
    Box.CHOICE: lambda _: "Choose one of these",
    Box.SELECT: lambda _: "Choose one of the list",
    Box.NUMBER: lambda field: f"Enter a whole number from {field.low} to {field.high}",
    Box.DAYS: lambda field: f"Enter a whole number; it may come to {field.high} days at most",
    Box.DATE: lambda _: "Enter a day of the calendar, such as 27 3 1985",
    Box.RECEIVED: lambda _: "Enter a day of the calendar, such as 27 3 2026",
    Box.LIST: lambda _: "Enter a few words on each line, up to 100 characters, at most 30 lines",
    Box.ITEMS: lambda field: f"Each item is from {field.low} to {field.high}, or not answered",
    Box.TEXT: lambda field: f"Enter at most {field.length} characters",
    Box.LINES: lambda field: f"Enter at most {field.length:,} characters".replace(",", " "),
}

OWN = {"patient.nhs_number": "Enter the ten digits of the NHS number, or leave it out"}
"""What is said of fields of which the way they are filled in says too little."""


def told(faults: Iterable[Fault], fields: Mapping[str, Field]) -> Wrong:
    """The faults of a draft by its fields; what no field here has is told by its own path."""
    found: dict[str, str] = {}
    for fault in faults:
        field = _field(fault.field, fields)
        path = field.path if field else fault.field
        found.setdefault(path, _says(fault, field))
    return found


def _field(path: str, fields: Mapping[str, Field]) -> Field | None:
    """The field of a fault; that of an entry of a list is the list."""
    return fields.get(path) or fields.get(path.rpartition(".")[0])


def _says(fault: Fault, field: Field | None) -> str:
    if field is None:
        return f"{fault.field} {fault.problem}"
    if fault.problem.startswith(UNREADABLE):
        return OWN.get(field.path) or SAYS[field.box](field)
    return f"{field.title} {fault.problem}"
