"""Sheets of what was referred, and by whom: rules that fired, and practices."""

from __future__ import annotations

from collections import Counter

from triage.feedback.standing import REVIEW
from triage.reporting.figures import Figures, Part
from triage.reporting.grids import most_first, with_a_number
from triage.reporting.sheets import Drawn, Row, Sheet
from triage.reporting.suppression import share, shown
from triage.rulebook import Rulebook

EARLIER = "A rule of earlier rules"

COUNTED_HERE = (
    "Counted are referrals by professionals whose organisation is named, by its ODS code; and of"
    " those the ones that stand at a route of another team than that of talking therapies. Clinical"
    " review is no other team: there a clinician has yet to speak with the person."
)

NO_CLOSURE = (
    "The national measure of inappropriate referrals is another one: referrals closed with code 10"
    " or 11, not suitable. No closure is recorded here."
)

NO_BLAME = "A person in danger, or in need of another team, is rightly referred at once."

LISTED = "A practice is listed where at least one number of it is shown."


def rules_sheet(figures: Figures, rulebook: Rulebook) -> Sheet:
    """How often each rule of today fired, those that never did among them; then earlier ones."""
    titles, counts = {rule.id: rule.title for rule in rulebook.rules}, figures.counts[Part.RULE]
    today: list[Row] = [(title, shown(counts[id_,])) for id_, title in titles.items()]
    before = sorted(id_ for (id_,) in counts if id_ not in titles)
    earlier = with_a_number((f"{EARLIER}: {id_}", shown(counts[id_,])) for id_ in before)
    return Sheet(
        "rules",
        "Rules that fired",
        "In how many of the decisions each rule fired, the most frequent first.",
        ("Rule", "Decisions"),
        most_first((*today, *earlier), 1),
        Drawn.BARS,
        (1,),
        notes=("Every rule of today is listed: one that never fired stands with the fewest.",),
    )


def practices_sheet(figures: Figures, rulebook: Rulebook) -> Sheet:
    """By practice, how many of its referrals stand at another team."""
    everybody, elsewhere = Counter[str](), Counter[str]()
    near = {REVIEW, *_of_talking_therapies(rulebook)}
    for (code, route), count in figures.counts[Part.REFERRER].items():
        everybody[code] += count
        elsewhere[code] += 0 if route in near else count
    rows = with_a_number(_practice(code, everybody, elsewhere) for code in sorted(everybody))
    return Sheet(
        "practices",
        "Inappropriate referrals by practice",
        "Referrals by professionals, and those of them for which another team stands.",
        ("Practice", "All its referrals", "Another team stands", "Share"),
        most_first(most_first(rows, 1), 2),
        Drawn.BARS,
        (2,),
        notes=(COUNTED_HERE, NO_CLOSURE, NO_BLAME, LISTED),
    )


def _practice(code: str, everybody: Counter[str], elsewhere: Counter[str]) -> Row:
    whole, part = shown(everybody[code]), shown(elsewhere[code])
    return code, whole, part, share(part, whole)


def _of_talking_therapies(rulebook: Rulebook) -> set[str]:
    """The routes of the teams that give a step of talking therapies."""
    steps = {name for name, route in rulebook.vocabulary.routes.items() if route.step is not None}
    teams = [team for team in rulebook.directory.services if steps & team.routes]
    return {route for team in teams for route in team.routes}
