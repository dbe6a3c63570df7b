"""What tests of calls ask for: a service, and somebody who begins calls at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.web.call.line import Call, begin
from tests.web.decision.desk import HANDLER, Desk, desk_in
from triage.rulebook import Rulebook

Begin = Callable[..., Call]


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A service at which calls are taken."""
    with desk_in(tmp_path_factory.mktemp("calls")) as desk:
        yield desk


@pytest.fixture
def calls(desk: Desk, rulebook: Rulebook) -> Begin:
    """Begins calls: of somebody who rings for themselves, at Asha Begum's desk, unless said."""

    def begun(person: str = HANDLER, **typed: str) -> Call:
        return begin(desk.browser(person), rulebook.vocabulary, **typed)

    return begun
