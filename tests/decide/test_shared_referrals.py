"""The fifteen referrals that stand beside the repository, where they do."""

from __future__ import annotations

import pytest

from tests.decide.shared_referrals import SHARED, lines, referrals
from triage.decide import Decider

GIVEN = SHARED / "referrals.ndjson"
EXPECTED = SHARED / "referrals.expected.ndjson"

pytestmark = pytest.mark.skipif(
    not (GIVEN.is_file() and EXPECTED.is_file()), reason="the shared referrals are not here"
)


def test_each_shared_referral_goes_where_it_is_expected(decider: Decider) -> None:
    found = [decider.decide(referral) for referral in referrals(GIVEN)]
    told = [
        (one.reference, one.route.route.id, [each.route.id for each in one.also_indicated])
        for one in found
    ]
    wanted = [(one["reference"], one["route"], one["also_indicated"]) for one in lines(EXPECTED)]
    assert told == wanted
    assert len(told) == 15
