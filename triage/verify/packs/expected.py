"""What a test says of a decision: all that rules conclude, in the names of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from triage.domain.decision import Decision

Expected = Mapping[str, Any]


def expected_of(decision: Decision) -> dict[str, Any]:
    """What a test expects where this is decided."""
    told = decision.as_dict()
    return {
        "route": told["route"]["id"],
        "urgency": told["urgency"],
        "booking_held": told["booking_held"],
        "fires": [reason["rule"] for reason in told["reasoning"]],
        "levels": told["levels"],
        "also_indicated": [
            {name: one[name] for name in ("id", "urgency", "concurrent")}
            for one in told["also_indicated"]
        ],
        "alerts": [alert["id"] for alert in told["alerts"]],
        "actions": [{"id": one["id"], "due": one["due"]} for one in told["actions"]],
        "caseness": told["caseness"],
        "treatments": told["treatments"],
        "measures": told["measures"],
        "supports": told["supports"],
    }


def differences(expected: Expected, found: Expected) -> Iterator[str]:
    """What is otherwise than expected, each in a few words."""
    for name, wanted in expected.items():
        got = found.get(name)
        if got != wanted:
            yield f"{_NAMES.get(name, name)} {_otherwise(wanted, got)}"


_NAMES = {"fires": "rules that fire:", "booking_held": "booking held", "also_indicated": "also"}


def _otherwise(wanted: Any, got: Any) -> str:
    if isinstance(wanted, dict) and isinstance(got, dict):
        names = [name for name in wanted | got if wanted.get(name) != got.get(name)]
        return "; ".join(f"{name} {_otherwise(wanted.get(name), got.get(name))}" for name in names)
    if isinstance(wanted, list) and isinstance(got, list):
        return _listed(wanted, got)
    return f"is {_said(got)}, not {_said(wanted)}"


def _listed(wanted: list[Any], got: list[Any]) -> str:
    new = [f"also {_said(one)}" for one in got if one not in wanted]
    gone = [f"no longer {_said(one)}" for one in wanted if one not in got]
    return ", ".join((*new, *gone)) or "in another order, or another number of times"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_said(each) for each in value.values() if each is not False)
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value) or "none"
    return {True: "yes", False: "no", None: "not known"}.get(value, str(value))
