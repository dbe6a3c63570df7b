"""Reads the ``promises`` of a rulebook: what must hold of every referral."""

from __future__ import annotations

from triage.domain.promises import Exemption, Promises
from triage.rulebook.shared import Shared
from triage.rulebook.strict_yaml import Node


def read_promises(node: Node, shared: Shared) -> Promises:
    """The promises in the front page. Raises ``Refused`` where one cannot be read."""
    node.mapping(("unknown_risk",), ("exceptions",))
    risk = node["unknown_risk"].mapping(("no_less_urgent_than", "never", "basis"))
    words, exceptions = shared.vocabulary, node.get("exceptions")
    return Promises(
        unknown_risk_floor=risk["no_less_urgent_than"].one_of(words.urgencies, "an urgency"),
        unknown_risk_never=tuple(
            each.one_of(words.routes, "a route") for each in risk["never"].listed()
        ),
        basis=shared.read_signed_basis(risk["basis"]),
        exceptions=_exceptions(exceptions, shared) if exceptions else (),
    )


def _exceptions(node: Node, shared: Shared) -> tuple[Exemption, ...]:
    found: dict[str, Exemption] = {}
    for each in node.listed():
        one = _exception(each, shared)
        if one.id in found:
            raise each.refuse(f"the exception {one.id} is in the list already; rename one")
        found[one.id] = one
    return tuple(found.values())


def _exception(node: Node, shared: Shared) -> Exemption:
    node.mapping(("id", "title", "answer", "basis"), ("when",))
    name, when = node["id"].text(), node.get("when")
    node = node.within(name)
    risky = [one.name for one in shared.vocabulary.answers.values() if one.worse]
    return Exemption(
        id=name,
        title=node["title"].text(),
        answer=node["answer"].one_of(risky, "an answer that gets worse"),
        when=shared.conditions.condition(when) if when else None,
        basis=shared.read_signed_basis(node["basis"]),
    )
