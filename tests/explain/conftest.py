"""What these tests ask for: explainers of the shipped rulebook and of one that is cut down."""

from __future__ import annotations

import pytest

from tests.cut_down import cut_down
from tests.edited_rules import EditedRules
from tests.explain.tabulated import Tabulated
from triage.decide import Decider
from triage.diagram import Diagram
from triage.explain import Explainer
from triage.rulebook import Rulebook


@pytest.fixture(scope="session")
def decider(quick_decider: Decider) -> Decider:
    """Nothing here reads what is still missing."""
    return quick_decider


@pytest.fixture(scope="session")
def explainer(decider: Decider) -> Explainer:
    """Explains decisions of the shipped rulebook."""
    return Explainer(decider.rulebook, decider.diagram)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The cut-down rulebook."""
    return cut_down(EditedRules(tmp_path_factory.mktemp("cut_down")))


@pytest.fixture(scope="session")
def tabulated(small: Rulebook) -> Tabulated:
    """All that it makes of referrals."""
    return Tabulated(small)


@pytest.fixture(scope="session")
def of_small(small: Rulebook) -> Explainer:
    """Explains decisions of the cut-down rulebook."""
    return Explainer(small, Diagram.of(small))
