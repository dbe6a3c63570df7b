"""A rulebook that was recorded before the rules said anything of messages decides as it did."""

from __future__ import annotations

import copy
import json
from contextlib import closing
from typing import Any

from tests.builders import MILD_ANSWERS, referral_builder
from triage.decide import Decider
from triage.rulebook import Rulebook, rulebook_of
from triage.rulebook.files import VOCABULARY

NEWER = (
    "item_codes",
    "value_codes",
    "asked_when",
    "ordered_as",
    "suits",
    "script",
    "to_caller",
    "spoken",
    "priority",
)
"""What parts of the vocabulary may say of themselves since messages are read."""


def without_messages(content: dict[str, Any]) -> str:
    """What a rulebook would have said before."""
    made = copy.deepcopy(content)
    vocabulary = made[VOCABULARY]
    del vocabulary["messages"], vocabulary["to_sign"]
    parts = (*vocabulary["answers"], *vocabulary["routes"], *vocabulary["urgencies"].values())
    for part in parts:
        for name in NEWER:
            part.pop(name, None)
    return json.dumps(made)


def test_it_is_read_and_decides_the_same(rulebook: Rulebook) -> None:
    before = rulebook_of(without_messages(dict(rulebook.content)))
    assert before.stamp.digest != rulebook.stamp.digest
    with closing(Decider(before)) as old, closing(Decider(rulebook)) as new:
        for answers in ({}, MILD_ANSWERS, {"plan": "active"}):
            referral = referral_builder(**answers).build()
            one, other = (each.decide(referral).as_dict() for each in (old, new))
            del one["rulebook"], other["rulebook"]
            assert one == other
