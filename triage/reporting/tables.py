"""Every sheet of the figures of a period, in the order in which they are read."""

from __future__ import annotations

from dataclasses import replace

from triage.reporting import override_tables, referrer_tables, route_tables, waiting_tables
from triage.reporting.figures import Figures
from triage.reporting.sheets import Sheet
from triage.rulebook import Rulebook

SMALL_NUMBERS = (
    "Numbers under 5 are not shown, and all others are rounded to the nearest 5. A total adds up"
    " the numbers shown, so it may be less than the whole and differ from table to table."
)

_BY_WORDS = (
    route_tables.received_sheet,
    route_tables.routes_sheet,
    route_tables.weeks_sheet,
    route_tables.sources_sheet,
    route_tables.ages_sheet,
    route_tables.ethnicities_sheet,
    override_tables.overrides_sheet,
    override_tables.reasons_sheet,
    override_tables.changes_sheet,
    waiting_tables.waiting_sheet,
    waiting_tables.waiting_elsewhere_sheet,
    waiting_tables.clocks_sheet,
)

_BY_RULES = (referrer_tables.rules_sheet, referrer_tables.practices_sheet)


def sheets_of(figures: Figures, rulebook: Rulebook) -> tuple[Sheet, ...]:
    """Every sheet of some figures, in the words of a rulebook, small numbers kept back."""
    sheets = (
        *(made(figures, rulebook.vocabulary) for made in _BY_WORDS),
        *(made(figures, rulebook) for made in _BY_RULES),
    )
    return tuple(replace(one, notes=(*one.notes, SMALL_NUMBERS)) for one in sheets)
