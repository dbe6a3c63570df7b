"""What the tests of the proofs ask for: the shipped rules, to be broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cut_down import cut_down
from tests.edited_rules import EditedRules
from tests.verify.proofs.edited import Edited
from tests.verify.proofs.small import small_of
from triage.cli import main
from triage.rulebook import Rulebook


@pytest.fixture
def edited(rulebook: Rulebook) -> Edited:
    """The shipped rules as data, to be broken and proved."""
    return Edited(rulebook)


@pytest.fixture(scope="session")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The cut-down rulebook."""
    return cut_down(EditedRules(tmp_path_factory.mktemp("rules")))


@pytest.fixture
def small(cut: Rulebook) -> Edited:
    """The cut-down rules that can all be tried, to be broken."""
    return small_of(cut)


@pytest.fixture
def command(tmp_path: Path) -> Callable[[Edited], Result]:
    """`triage rules check` of edited rules, as a person starts it."""

    def check(edited: Edited) -> Result:
        return CliRunner().invoke(main, ["rules", "check", "-q", str(edited.write(tmp_path))])

    return check
