"""Finding the referrals in a file, whatever its form and wherever it is broken."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.cli import reading
from triage.cli.reading import referrals_in


def found_in(text: bytes) -> list[tuple[int, bytes]]:
    """The line and the text of everything found."""
    return [(one.line, one.text) for one in referrals_in(io.BufferedReader(io.BytesIO(text)))]


def test_one_referral_a_line_keeps_its_line_number() -> None:
    assert found_in(b'{"a": 1}\n\n{"b": 2}\n') == [(1, b'{"a": 1}'), (3, b'{"b": 2}')]


def test_a_broken_list_on_the_first_line_costs_no_other() -> None:
    assert found_in(b'[oops\n{"a": 1}\n') == [(1, b"[oops"), (2, b'{"a": 1}')]


def test_a_broken_line_costs_no_other() -> None:
    assert [text for _, text in found_in(b'{"a": 1}\nnonsense\n{"b": 2}')] == [
        b'{"a": 1}',
        b"nonsense",
        b'{"b": 2}',
    ]


def test_a_broken_first_line_is_not_taken_for_a_document() -> None:
    assert [line for line, _ in found_in(b'{"a":\n{"b": 2}\n{"c": 3}\n')] == [1, 2, 3]


def test_one_referral_over_several_lines() -> None:
    text = b'\n{\n  "a": "}{",\n  "b": [1, 2]\n}\n'
    assert found_in(text) == [(2, text.strip())]


def test_the_members_of_a_list_are_told_apart() -> None:
    text = b'[\n  {"a": [1, {"b": 2}]},\n  {"c": "],"}\n]\n'
    assert found_in(text) == [(2, b'{"a": [1, {"b": 2}]}'), (3, b'{"c": "],"}')]


def test_a_broken_member_of_a_list_costs_no_other() -> None:
    assert found_in(b'[{"a": 1}, {broken}, 7, {"b": 2}]') == [
        (1, b'{"a": 1}'),
        (1, b"{broken}"),
        (1, b"7"),
        (1, b'{"b": 2}'),
    ]


def test_a_list_that_breaks_off_gives_what_was_there() -> None:
    assert found_in(b'[{"a": 1},\n{"b": ') == [(1, b'{"a": 1}'), (2, b'{"b":')]


@pytest.mark.parametrize("text", [b"", b"\n\n", b"[]", b" [ ] \n"])
def test_nothing_in_a_file_is_no_referral(text: bytes) -> None:
    assert found_in(text) == []


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert found_in(b'\xef\xbb\xbf{"a": 1}\r\n{"b": 2}\r\n') == [
        (1, b'{"a": 1}'),
        (2, b'{"b": 2}'),
    ]


@pytest.mark.parametrize("form", [b'%s\n{"b": 2}', b'[%s,\n{"b": 2}]'])
def test_a_referral_far_too_long_is_let_go_and_the_next_is_found(form: bytes) -> None:
    text = form % (b'{"a": "' + b"x" * (2 * reading.LONGEST) + b'"}')
    first, second = referrals_in(io.BufferedReader(io.BytesIO(text)))
    assert first.too_long
    assert first.text == b""
    assert (second.line, second.text) == (2, b'{"b": 2}')


awkward = st.text(alphabet='ab"\\{}[],\n é', max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | awkward,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(awkward, inner, max_size=3),
    max_leaves=6,
)
referrals = st.lists(st.dictionaries(st.just("k"), values, min_size=1), min_size=1, max_size=4)


@given(referrals, st.sampled_from([1, 2, 3, 7, 65_536]))
def test_every_form_of_a_file_gives_the_same_referrals(
    wanted: list[dict[str, Any]], chunk: int
) -> None:
    forms = (
        "\n".join(json.dumps(one) for one in wanted),
        "\n".join(json.dumps(one, indent=1) for one in wanted),
        json.dumps(wanted),
        json.dumps(wanted, indent=2, ensure_ascii=False),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK", chunk)
        for form in forms:
            assert [json.loads(text) for _, text in found_in(form.encode())] == wanted
