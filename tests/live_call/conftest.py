"""What tests of the live call ask for: the shipped rulebook, followed on calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.builders import ReferralBuilder
from tests.live_call.calls import known
from triage.diagram import Diagram
from triage.live_call import Live, LiveCall
from triage.rulebook import Rulebook

Follow = Callable[[ReferralBuilder], Live]


@pytest.fixture(scope="session")
def diagram(rulebook: Rulebook) -> Diagram:
    """The diagram of the shipped rulebook."""
    return Diagram.of(rulebook)


@pytest.fixture(scope="session")
def live_call(rulebook: Rulebook, diagram: Diagram) -> LiveCall:
    """Calls under the shipped rulebook."""
    return LiveCall(rulebook, diagram)


@pytest.fixture(scope="session")
def follow(live_call: LiveCall, rulebook: Rulebook) -> Follow:
    """What may still come of a referral in the making."""
    return lambda builder: live_call.live(known(builder.build(), rulebook))
