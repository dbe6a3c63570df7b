"""What the cells of the referral matrix stand for today: the routes of what was printed there."""

from __future__ import annotations

from dataclasses import dataclass

from triage.domain.rules import NO_INDICATORS
from triage.rulebook import Cell, Rulebook


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination as it was printed, the routes it stands for, and the cells where it does."""

    printed: str
    routes: tuple[str, ...]
    cells: tuple[str, ...]


def destinations_of(rulebook: Rulebook) -> tuple[Destination, ...]:
    """Every destination, once for each way in which it is read."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}
    for cell in rulebook.cells:
        factors = found.setdefault((cell.destination, cell.routes), {})
        factors.setdefault(cell.factor, []).append(_level(cell))
    words = rulebook.vocabulary
    return tuple(
        Destination(
            printed=printed,
            routes=tuple(words.routes[route].title for route in routes),
            cells=tuple(
                f"{words.factors[name].title}: {', '.join(levels)}"
                for name, levels in factors.items()
            ),
        )
        for (printed, routes), factors in found.items()
    )


def _level(cell: Cell) -> str:
    lowest_risk = (cell.factor, cell.level) == ("risk", "low")
    return NO_INDICATORS if lowest_risk else cell.level
