"""Entries are written as RFC 8785 says, held against another implementation of it."""

from __future__ import annotations

from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from triage.wire import canonical_bytes

NAMES = st.text(st.characters(max_codepoint=127), max_size=8)

SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()

VALUES = st.recursive(
    SCALARS,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(NAMES, values, max_size=4),
    max_leaves=20,
)
"""What an entry may hold: texts, whole numbers, true, false, null; lists and objects of them."""


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_what_an_entry_may_hold_is_written_canonically(value: dict[str, Any]) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


def test_every_character_is_written_canonically() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000), 0x1F600, 0x10FFFF)))
    assert canonical_bytes({"text": every}) == rfc8785.dumps({"text": every})


def test_names_stand_in_order_whatever_order_they_were_given_in() -> None:
    assert canonical_bytes({"b": {"d": 1, "c": 2}, "a": []}) == b'{"a":[],"b":{"c":2,"d":1}}'
