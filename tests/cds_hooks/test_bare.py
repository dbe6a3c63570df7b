from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from triage.cds_hooks.bare import bare

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=20,
)


def nothings(value: Any) -> list[Any]:
    """Everything null or empty in a value."""
    inner = value.values() if isinstance(value, dict) else value
    below = [each for one in inner for each in nothings(one)] if isinstance(inner, list) else []
    if isinstance(value, dict):
        below = [each for one in value.values() for each in nothings(one)]
    return [*below, value] if value is None or value in ("", [], {}) else below


@given(st.dictionaries(st.text(alphabet="abc", max_size=3), VALUES))
def test_nothing_that_is_null_or_empty_is_left(value: dict[str, Any]) -> None:
    made = json.loads(json.dumps(value).replace("_", "-"))
    assert all(each == {} for each in nothings(bare(made)))
    assert bare(bare(made)) == bare(made)


def test_nought_and_no_are_something() -> None:
    assert bare({"a": 0, "b": False, "c": [0, None, ""], "d": {"e": None}}) == {
        "a": 0,
        "b": False,
        "c": [0],
    }


def test_null_beside_extensions_keeps_the_place_of_what_they_belong_to() -> None:
    name = {"given": ["Ann", None], "_given": [None, {"extension": [{"url": "urn:x"}]}]}
    assert bare({"name": [name]}) == {"name": [name]}
