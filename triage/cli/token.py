"""`triage token`: a token for calls to a service on this machine."""

from __future__ import annotations

import os
import time

import click

from triage.access.local import local_token
from triage.cli.options import NothingDone
from triage.config import Settings, keys_folder
from triage.domain.caller import ISSUED_ROLES, Role
from triage.errors import SettingsError

HOURS = 8

MOST_HOURS = 24

EPILOG = """\b
Examples:
  triage token --role clinician
  triage token --role clinician --subject second-clinician --hours 1
  curl -H "Authorization: Bearer $(triage token --role operator)" \\
    http://127.0.0.1:8000/metrics

\b
Exit codes: 0 done; 2 there is no key, or nobody would accept the token.
"""

ROLE = click.Choice([role.value for role in ISSUED_ROLES])


@click.command(epilog=EPILOG)
@click.option("--role", type=ROLE, required=True, help="The role that the token gives.")
@click.option("--subject", metavar="NAME", help="Who calls, for the log.  [default: the role]")
@click.option(
    "--hours",
    type=click.IntRange(1, MOST_HOURS),
    default=HOURS,
    show_default=True,
    help="How long the token is good.",
)
def token(role: str, subject: str | None, hours: int) -> None:
    """Print a token for calls to a service on this machine.

    It is made with a key that `triage serve` creates on its first start. A service that has an
    issuer, or listens beyond this machine, does not accept it.
    """
    now = int(time.time())
    times = range(now, now + hours * 60 * 60)
    try:
        settings = Settings.from_environment(os.environ)
        if settings.issuer:
            raise NothingDone("TRIAGE_ISSUER is set: ask the issuer, for no other is believed")
        folder, audience = keys_folder(settings), settings.audience
        click.echo(local_token(folder, Role(role), subject or role, audience, times))
    except SettingsError as error:
        raise NothingDone(str(error)) from None
