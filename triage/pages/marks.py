"""The marks that stand beside a rule: on whose authority, how urgent, which local values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from triage.domain.rules import Authority, Basis, NamedValue
from triage.rulebook import Rulebook
from triage.verify.named_values import named_in

AUTHORITIES: Mapping[Authority, str] = {
    Authority.NATIONAL: "national guidance",
    Authority.STATED: "stated by a source",
    Authority.LOCAL: "local choice",
}


def authority_of(basis: Basis) -> str:
    """On whose authority something stands, in words."""
    return AUTHORITIES[basis.source.authority]


def powers(said: str) -> str:
    """Some words in which great counts stand as powers of ten, such as 6.8 x 10^57."""
    return _POWER.sub(lambda found: f"{_TIMES}10{found[1].translate(_RAISED)}", said)


_POWER = re.compile(r" x 10\^(\d+)")

_TIMES = "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}"

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def route_urgencies(rulebook: Rulebook) -> Mapping[str, list[str]]:
    """For each route, the urgencies that rules give it, the most urgent first."""
    return {
        route: [one.title for one in rulebook.urgencies_of(route)]
        for route in rulebook.vocabulary.routes
    }


def uses_of_values(rulebook: Rulebook) -> Mapping[str, list[NamedValue]]:
    """For each rule, the named values it uses: numbers asked for by name, switches read."""
    uses: dict[str, list[NamedValue]] = {}
    for ruleset in rulebook.rulesets:
        written = rulebook.content[ruleset.file]["rules"]
        asked = {each["id"]: set(named_in(each)) for each in written}
        for rule in ruleset.rules:
            names = asked.get(rule.id, set()) | rule.reads
            uses[rule.id] = [one for name, one in rulebook.values.items() if name in names]
    return uses
