"""From a sheet of figures to the search that lists the decisions behind it, where one does.

Figures are by the day a referral was received, searches by the day its decision was recorded: the
same but for referrals that came in late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from triage.reporting import Sheet
from triage.web.audit.query import Query, address_of
from triage.web.audit.titles import Titles

PATH = "/audit/decisions"

Named = tuple[str, Query]
"""What a link says, and the filters it leads to beside the days."""

OVERRIDDEN: Query = {"overridden": ["true"]}


def _routes(_sheet: Sheet, titles: Titles) -> Iterator[Named]:
    for id_, title in titles.routes.items():
        yield title, {"route": [id_]}


def _overrides(_sheet: Sheet, titles: Titles) -> Iterator[Named]:
    yield "All that were overridden", OVERRIDDEN
    for id_, title in titles.routes.items():
        yield f"{title}, overridden", {"route": [id_], **OVERRIDDEN}


def _overridden(_sheet: Sheet, _titles: Titles) -> Iterator[Named]:
    yield "All that were overridden", OVERRIDDEN


def _rules(sheet: Sheet, titles: Titles) -> Iterator[Named]:
    ids = {title: id_ for id_, title in titles.rules.items()}
    for title, *_ in sheet.rows:
        if str(title) in ids:
            yield str(title), {"rule": [ids[str(title)]]}


def _practices(sheet: Sheet, _titles: Titles) -> Iterator[Named]:
    for code, *_ in sheet.rows:
        yield f"Practice {code}", {"ods_code": [str(code)]}


_LINKS: Mapping[str, Callable[[Sheet, Titles], Iterable[Named]]] = {
    "routes": _routes,
    "overrides": _overrides,
    "override-reasons": _overridden,
    "override-urgency": _overridden,
    "rules": _rules,
    "practices": _practices,
}
"""What is behind a sheet, by its id."""


def links_of(sheet: Sheet, days: Query, titles: Titles) -> list[tuple[str, str]]:
    """The searches behind a sheet: what each is called, and its address."""
    behind = _LINKS.get(sheet.id)
    named = behind(sheet, titles) if behind else ()
    return [(words, address_of(PATH, {**days, **query})) for words, query in named]
