"""A log to look around in: referrals of people who do not exist, with what became of them."""

from triage.demo.history import MANY, make_up

__all__ = ["MANY", "make_up"]
