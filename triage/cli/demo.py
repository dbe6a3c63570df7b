"""What a demonstration begins with: a log of its own, with a history that was made up."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import click

from triage.access.demo import ISSUER, PEOPLE
from triage.config import Settings, data_folder, diagrams_folder, keys_folder
from triage.decide import Decider
from triage.demo import MANY, make_up
from triage.diagram.kept import kept_diagram
from triage.domain.caller import Role
from triage.domain.telling import NOBODY
from triage.errors import SettingsError
from triage.overrides import Overrides
from triage.reading import was_begun_by
from triage.recording import Recorder
from triage.rulebook import load_rulebook
from triage.store.log import DecisionLog
from triage.store.opening import DATABASE_FILE, open_log


def apart(settings: Settings) -> Settings:
    """The settings of a demonstration: apart from whatever else is kept on this machine.

    It takes the user's data folder only where nothing is kept there but what a demonstration began.
    TRIAGE_DATA and TRIAGE_DATABASE_URL may name another place.
    """
    if not settings.demo or settings.data or settings.database_url or _is_free(settings):
        return settings
    return replace(settings, data=data_folder(settings) / "demonstration")


def _is_free(settings: Settings) -> bool:
    if not (data_folder(settings) / DATABASE_FILE).exists():
        return not keys_folder(settings).exists()
    with closing(open_log(settings)) as log:
        return was_begun_by(log, ISSUER)


def begin_history(settings: Settings) -> None:
    """Give the log of a demonstration a history; one that has it is left as it is.

    Raises ``SettingsError`` for a log that began otherwise: it may hold real people, whom pages
    would call made up, and whose calls anybody could take without a password.
    """
    with closing(open_log(settings)) as log:
        size = log.head().head.size
        if size and not was_begun_by(log, ISSUER):
            raise SettingsError(
                "a demonstration has a log of its own, and this one was begun without it: leave out"
                " --demo, or let TRIAGE_DATA and TRIAGE_DATABASE_URL name another place"
            )
        if not size:
            _make_up(settings, log)


def _make_up(settings: Settings, log: DecisionLog) -> None:
    rulebook = load_rulebook(settings.rules)
    decider = Decider(rulebook, kept_diagram(rulebook, diagrams_folder(settings)))
    handler = next(one.caller for one in PEOPLE if one.role is Role.CALL_HANDLER)
    clinician = next(one.caller for one in PEOPLE if one.role is Role.CLINICIAN)
    click.echo(f"Making up {MANY} referrals to look around in...", err=True)
    recorder, overrides = Recorder(decider, log, NOBODY), Overrides(rulebook, log, NOBODY)
    make_up(recorder, overrides, (handler, clinician))
