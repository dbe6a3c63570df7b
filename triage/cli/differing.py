"""The difference between two rulebooks as a person reads it on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill

from rich.console import Console
from rich.text import Text

from triage.diagram import Outcome
from triage.diagram.inputs import Given
from triage.pages.differences import changed_words, edited_words, part_words, share_words
from triage.verify.comparison.found import Beside, Difference, Flow
from triage.verify.report import Witness, how_many
from triage.verify.witnesses import outcome_of, told

WIDTHS = (13, 8, 8, 9)
"""How wide the columns of figures are: referrals, two shares, and recorded ones."""

MARGIN = " " * 6


class Differing:
    """Tells a difference on a console."""

    def __init__(self, difference: Difference, console: Console) -> None:
        self._found, self._words, self._console = difference, difference.words, console

    def tell(self) -> None:
        """Everything, in the order in which it matters: less urgent referrals first."""
        found = self._found
        for when, stamp in (("before", found.before), ("after ", found.after)):
            named = Text(f"{when} {stamp.id} {stamp.version}", "bold")
            self._console.print(named, stamp.digest, soft_wrap=True)
        self._console.print()
        self._console.print(self._verdict(), soft_wrap=True)
        worse = [one for one in found.flows if one.is_less_urgent]
        others = [one for one in found.flows if not one.is_less_urgent]
        self._flows("Less urgent than before", worse, "bold red")
        self._flows("Other routes, or more urgent" if worse else "Flows", others, "bold")
        self._beside(found.beside)
        self._list("For everybody", list(map(changed_words, found.for_everybody)))
        self._list("What is written otherwise", list(edited_words(found.edits)))
        self._list("Not compared, for one of them does not know it", found.left_out)

    def _verdict(self) -> Text:
        found = self._found
        if found.empty:
            edits = found.edits
            same = "No referral is decided otherwise"
            only_words = bool(edits.words or edits.renamed) and not edits.say_otherwise
            return Text(f"{same}{': only words changed' if only_words else ''}.", "bold green")
        moved = f"{how_many(found.moved)} of {how_many(found.referrals)} referrals"
        flows = "1 flow" if len(found.flows) == 1 else f"{len(found.flows)} flows"
        outcomes = f"{moved} have another route or urgency, in {flows}"
        if not found.flows:
            outcomes = "Every referral keeps its route and its urgency"
        return Text(f"{outcomes}{self._walked()}.", "bold")

    def _walked(self) -> str:
        found = self._found
        if found.walked is None:
            return ""
        recorded = f"{found.moved_of_walked:,} of {found.walked.referrals:,} recorded"
        unfit = found.walked.referrals - found.walked.comparable
        return f"; {recorded}" + (f" ({unfit:,} hold what is not compared)" if unfit else "")

    def _flows(self, heading: str, flows: Sequence[Flow], style: str) -> None:
        if flows:
            self._heading(heading, style, "of those")
            for one in flows:
                ways = (self._outcome(one.given, each) for each in (one.before, one.after))
                of_those = share_words(one.referrals, one.alike_before)
                self._row(one, of_those, " -> ".join(ways), style)
                self._under(f"shown by: {self._shown(one.given)}")
                self._under(_rules(one))

    def _beside(self, parts: Sequence[Beside]) -> None:
        if parts:
            self._heading("Beside the route", "bold")
            last = None
            for one in parts:
                when = "newly" if one.newly else "no longer"
                self._row(one, "", f"{when}: {part_words(one.part, self._words)}")
                if one.given != last:
                    self._under(f"shown by: {self._shown(one.given)}")
                last = one.given

    def _heading(self, heading: str, style: str, of_those: str = "") -> None:
        self._console.print()
        self._console.print(Text(heading, style))
        columns = ("referrals", "of all", of_those, "recorded")
        self._console.print(Text(self._columns(columns), "dim"))

    def _row(self, one: Flow | Beside, of_those: str, what: str, style: str = "") -> None:
        of_all = share_words(one.referrals, self._found.referrals)
        counts = (how_many(one.referrals), of_all, of_those, f"{one.recorded or 0:,}")
        self._console.print(Text(f"{self._columns(counts)}  {what}", style), soft_wrap=True)

    def _columns(self, texts: Sequence[str]) -> str:
        """Figures under one another; what is recorded only where that was looked at."""
        wanted = texts if self._found.walked else texts[:-1]
        return " ".join(f"{text:>{width}}" for text, width in zip(wanted, WIDTHS, strict=False))

    def _under(self, line: str) -> None:
        if line:
            told_of = fill(
                line, self._console.width, initial_indent=MARGIN, subsequent_indent=MARGIN
            )
            self._console.print(Text(told_of), soft_wrap=True)

    def _outcome(self, given: Given, outcome: Outcome) -> str:
        return outcome_of(Witness(given, *outcome), self._words)

    def _shown(self, given: Given) -> str:
        return "; ".join(told(Witness(given, None, None), self._words))

    def _list(self, heading: str, lines: Sequence[str]) -> None:
        if lines:
            self._console.print()
            self._console.print(Text(heading, "bold"))
            for line in lines:
                self._console.print(Text(f"  {line}"), soft_wrap=True)


def _rules(flow: Flow) -> str:
    """The rules that bear on a flow."""
    parts = (("no longer", flow.stopped), ("now", flow.started))
    told_of = [f"{when} {', '.join(rules)}" for when, rules in parts if rules]
    return f"by rules: {'; '.join(told_of)}" if told_of else ""
