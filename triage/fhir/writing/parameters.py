"""A decision as the output parameters of guidance: what a machine would read of it.

The levels of factors are not among them: a level is no prediction (NICE NG225).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triage.fhir.writing.draft import Draft
from triage.fhir.writing.elements import Element, plain

Json = Mapping[str, Any]


def parameters(draft: Draft, id_: str) -> Element:
    """The Parameters of a decision, to be contained under an id."""
    decision, terms = draft.referred.decision, draft.terms
    listed = [
        *_record(draft),
        _is("route", valueCoding=terms.route(decision["route"]["id"])),
        _is("urgency", valueCoding=terms.urgency(decision["urgency"])),
        _is("status", valueCode=decision["status"]),
        _is("booking-held", valueBoolean=decision["booking_held"]),
        _is("respond-by", valueDateTime=decision["route"]["respond_by"]),
        _is("team", valueReference=draft.team(decision["route"]["team"])),
        *[_also_indicated(draft, each) for each in decision["also_indicated"]],
        *[_alert(draft, each) for each in decision["alerts"]],
        *[_action(draft, each) for each in decision["actions"]],
        _is("rulebook", valueString=decision["rulebook"]["digest"]),
        *([_stands(draft)] if draft.referred.is_overridden else []),
    ]
    return {"resourceType": "Parameters", "id": id_, "parameter": listed}


def _record(draft: Draft) -> list[Element]:
    """Where it is recorded, if it is."""
    if not draft.is_recorded:
        return []
    sequence = draft.referred.decision["sequence"]
    return [_is("decision-id", valueId=draft.referred.id), _is("sequence", valueInteger=sequence)]


def _is(name: str, **value: Any) -> Element:
    return {"name": name, **value}


def _parts(name: str, *parts: Element) -> Element:
    return {"name": name, "part": list(parts)}


def _also_indicated(draft: Draft, also: Json) -> Element:
    return _parts(
        "also-indicated",
        _is("route", valueCoding=draft.terms.route(also["id"])),
        _is("urgency", valueCoding=draft.terms.urgency(also["urgency"])),
        _is("concurrent", valueBoolean=also["concurrent"]),
        _is("team", valueReference=draft.team(also["team"])),
    )


def _alert(draft: Draft, alert: Json) -> Element:
    return _parts(
        "alert",
        _is("code", valueCoding=draft.terms.alert(alert["id"])),
        _is("because", valueString=plain(alert["because"])),
    )


def _action(draft: Draft, action: Json) -> Element:
    return _parts(
        "action",
        _is("code", valueCoding=draft.terms.action(action["id"])),
        _is("due", valueDate=action["due"]),
        _is("because", valueString=plain(action["because"])),
    )


def _stands(draft: Draft) -> Element:
    """What stands in the place of the decision, by an override."""
    stands = draft.referred.stands
    return _parts(
        "stands",
        _is("route", valueCoding=draft.terms.route(stands.route)),
        _is("urgency", valueCoding=draft.terms.urgency(stands.urgency)),
        _is("respond-by", valueDateTime=stands.respond_by),
        _is("team", valueReference=draft.team(stands.team)),
        _is("override-id", valueId=stands.by),
    )
