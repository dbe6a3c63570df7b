"""The check digit of an NHS number (NHS Data Dictionary, NHS NUMBER)."""

from __future__ import annotations

import re

DIGITS = 10
"""How many digits an NHS number has, the check digit among them."""


def digits_of(said: str) -> str | None:
    """The ten digits of an NHS number, written with spaces and hyphens or without; None of else."""
    number = re.sub(r"[\s-]", "", said)
    return number if len(number) == DIGITS and number.isascii() and number.isdigit() else None


def check_digit_is_right(number: str) -> bool:
    """Is the tenth digit of a ten-digit number what the first nine demand, modulo 11?

    Weights run from 10 down to 2; the check digit is 11 less the remainder, 11 counts as 0, and
    a number that would need 10 is never issued.
    """
    if len(number) != DIGITS or not (number.isascii() and number.isdigit()):
        return False
    total = sum(
        int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(number[9])
