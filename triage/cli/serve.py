"""`triage serve`: the service over HTTP, from ready to a clean end."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import click

from triage.access import prepare_access
from triage.app import create_app
from triage.cli.demo import apart, begin_history
from triage.cli.options import NothingDone, rules_option
from triage.config import Settings
from triage.errors import LogError, LogUnavailableError, RulebookError, SettingsError
from triage.server import Server, listen, url_of
from triage.store.opening import database_of

EPILOG = """\b
Examples:
  triage serve
  triage serve --demo
  triage serve --bind 127.0.0.1:9000 --workers 4

\b
Exit codes: 0 stopped when asked to; 2 it could not start.
"""


@click.command(epilog=EPILOG)
@click.option("--bind", metavar="HOST:PORT", help="Where to listen.  [default: 127.0.0.1:8000]")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes.  [default: 2]")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of each.  [default: 8]")
@click.option("--demo", is_flag=True, help="With made-up people and referrals, to look around in.")
@rules_option
def serve(**asked: Any) -> None:
    """Serve triage over HTTP until Ctrl-C or SIGTERM; requests under way are finished first."""
    try:
        settings = Settings.from_environment(os.environ)
        settings = apart(replace(settings, **{name: one for name, one in asked.items() if one}))
        prepare_access(settings)
        listener = listen(settings.bind)
        url = url_of(listener)
        settings = replace(settings, public_url=settings.public_url or url)
        if settings.demo:
            begin_history(settings)
        app = create_app(settings)
    except RulebookError as error:
        click.echo(str(error), err=True)
        raise NothingDone("the rulebook cannot be used; put right what is said above") from None
    except SettingsError as error:
        raise NothingDone(str(error)) from None
    except (LogError, LogUnavailableError) as error:
        raise NothingDone(f"{error}; TRIAGE_DATABASE_URL says where the log is") from None
    Server(app, listener, settings, when_ready=lambda: click.echo(_welcome(url, settings))).run()


def _welcome(url: str, settings: Settings) -> str:
    if settings.demo:
        return (
            f"A demonstration is ready: open {url}/ and choose who you are. Everybody in it is made"
            f" up. Its log is {database_of(settings).name}. Calls for programs: {url}/docs"
        )
    sent = """-H 'Content-Type: application/json' -d '{"answers": {"plan": "active"}}'"""
    return f"Triage is ready: open {url}/, see {url}/docs, or try: curl {url}/v1/triage {sent}"
