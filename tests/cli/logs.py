"""A log for verbs to work on, and the environment in which they find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.builders import a_referral
from tests.databases import environment_of, log_settings
from tests.recorded import commented, recorded
from triage.config import Settings
from triage.domain.referral import Patient, Referral
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.store.opening import open_log

NUMBER = "9990000026"


@dataclass(frozen=True)
class ALog:
    """A log with four entries: three decisions, two of one person, and a comment on the first."""

    settings: Settings
    decisions: tuple[str, ...]

    @property
    def environment(self) -> Mapping[str, str]:
        """Where verbs find it."""
        return environment_of(self.settings)

    @contextmanager
    def opened(self) -> Iterator[DecisionLog]:
        """The log itself."""
        with closing(open_log(self.settings)) as log:
            yield log


def of(number: str | None, **answers: object) -> Referral:
    """A referral of a person."""
    return replace(a_referral(**answers), patient=Patient(nhs_number=number, age=44))  # type: ignore[arg-type]


@contextmanager
def a_log(kind: str, folder: Path, rulebook: Rulebook) -> Iterator[ALog]:
    """Such a log on one of the databases."""
    with log_settings(kind, folder) as settings, closing(open_log(settings)) as log:
        referrals = [of(NUMBER), of(None, phq9_total=22), of(NUMBER, plan="active")]
        ids = [one.decision_id for one in recorded(log, rulebook, referrals)]
        commented(log, ids[0], "A comment.")
        yield ALog(settings, tuple(ids))


@pytest.fixture
def log(rulebook: Rulebook, tmp_path: Path) -> Iterator[ALog]:
    """Such a log on SQLite."""
    with a_log("sqlite", tmp_path, rulebook) as made:
        yield made
