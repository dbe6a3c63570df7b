"""The check digit of an NHS number."""

from __future__ import annotations

import pytest

from triage.domain.nhs_number import check_digit_is_right


def check_digit(nine: str) -> int:
    """Modulo 11 with weights 10 to 2, by the NHS Data Dictionary; 10 is never issued."""
    remainder = sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
    return {0: 0, 1: 10}.get(remainder, 11 - remainder)


@pytest.mark.parametrize("number", ["9990000026", "9434765919", "4505577104", "0000000000"])
def test_a_right_check_digit(number: str) -> None:
    assert check_digit(number[:9]) == int(number[9])
    assert check_digit_is_right(number)


@pytest.mark.parametrize(
    "number",
    [
        "9990000027",
        "3478526985",
        "999000002",
        "99900000260",
        "999 000 0026",
        "999000002X",
        "\uff19990000026",
        "",
    ],
)
def test_a_wrong_number(number: str) -> None:
    assert not check_digit_is_right(number)


def test_every_ending_of_a_thousand_numbers_is_judged_alike_by_hand() -> None:
    for nine in (f"{999_000_000 + number:09}" for number in range(0, 100_000, 100)):
        right = [digit for digit in range(10) if check_digit_is_right(f"{nine}{digit}")]
        assert right == [digit for digit in [check_digit(nine)] if digit != 10]
