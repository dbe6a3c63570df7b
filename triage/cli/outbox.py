"""`triage outbox`: tells referrers what was decided, for as long as it runs; and what waits."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import click

from triage import metrics
from triage.cli.lazy import Verbs
from triage.cli.opened import opened_log
from triage.cli.options import NothingDone, color_option, rulebook_in, rules_option
from triage.cli.outbox_shown import shown
from triage.config import Settings, letters_folder, public_url
from triage.deliver.channels import channels_of
from triage.deliver.lanes import Lanes
from triage.deliver.letters import Letters
from triage.deliver.receivers import Receivers, receivers_of
from triage.deliver.rendering import renderers_of
from triage.deliver.sending import ANSWER_SECONDS, Sender
from triage.deliver.tally import Tally
from triage.deliver.worker import Pace, Worker
from triage.errors import LogUnavailableError, SettingsError
from triage.rulebook import Rulebook
from triage.store.log import DecisionLog
from triage.store.outbox import Outbox

VERBS = {
    "list": "triage.cli.outbox_list:list_",
    "retry": "triage.cli.outbox_retry:retry",
}

EPILOG = """\b
Examples:
  triage outbox
  triage outbox --once
  triage outbox list --dead
  triage outbox retry --dead

\b
Exit codes: 0 it ended because it was asked to, or (with --once) all that it
began was delivered; 1 with --once: something was not; 2 it could not begin,
or the log could not be reached.
"""

LEASE_SECONDS = 300

LEASE_MARGIN_SECONDS = 10
"""So much longer than any answer may take, a delivery is held: to read it, and note what came."""

ANSWERS_WITHIN_SECONDS = 30
"""How long the database may take to answer, before it counts as one that cannot be reached."""

LAST_PORT = 65_535

ENDINGS = (signal.SIGTERM, signal.SIGINT)
"""The signals that ask it to end."""


@click.group(cls=Verbs, verbs=VERBS, invoke_without_command=True, epilog=EPILOG)
@click.option("--once", is_flag=True, help="Deliver what is due now, then end.")
@click.option(
    "--lease-seconds",
    type=click.IntRange(1, 3600),
    default=LEASE_SECONDS,
    show_default=True,
    help="If it is killed: when another may deliver what it had begun.",
)
@click.option(
    "--answer-seconds",
    type=click.IntRange(1, 600),
    default=ANSWER_SECONDS,
    show_default=True,
    help="How long a receiver may take, from the first byte to the last.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, LAST_PORT),
    help="Give figures at this port of this machine (Prometheus).",
)
@rules_option
@color_option
def outbox(
    metrics_port: int | None, rules: Path | None, *, once: bool, no_color: bool, **seconds: int
) -> None:
    """Tell referrers what was decided, until Ctrl-C or SIGTERM; what was begun is finished first.

    How each is told, TRIAGE_RECEIVERS says: by a message, a webhook or a letter. The most urgent
    are told first. What cannot be delivered is tried again for about three days, and then given up:
    list --dead shows it, and retry tries it again. Several may run at a time.

    Letters are written to the folder TRIAGE_LETTERS, else to "letters" in the data folder of
    whoever runs this: ~/.local/share/referral-triage/letters on Linux. It makes that folder for its
    owner alone (0700), and so each letter (0600).
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    lease, answer = seconds["lease_seconds"], seconds["answer_seconds"]
    _check_lease(lease, answer)
    pace = Pace(lease=timedelta(seconds=lease))
    with ending_asked() as asked, opened_log(ANSWERS_WITHIN_SECONDS) as log:
        worker = _worker(log, rulebook_in(rules), pace, Sender(answer_seconds=answer))
        _serve_figures(metrics_port)
        try:
            with shown(no_color=no_color) as watcher:
                worker.run_once(watcher, asked) if once else worker.run(asked, watcher)
        except LogUnavailableError as error:
            raise NothingDone(f"{error}; what was not delivered still waits") from None
    click.echo(told(worker.tally))
    sys.exit(1 if once and (worker.tally["failed"] or worker.tally["given_up"]) else 0)


def told(tally: Tally) -> str:
    """What was done, in words."""
    said = f"{tally['delivered']:,} delivered"
    for ending, words in (
        ("failed", "failed, and tried again later"),
        ("given_up", "given up: see triage outbox list --dead"),
        ("dropped", "dropped: who it was about was erased"),
    ):
        if tally[ending]:
            said += f"; {tally[ending]:,} {words}"
    return f"{said}."


class Asked:
    """Whether a signal asked it to end. The signals are held back, so that none is missed."""

    def wait(self, timeout: float) -> bool:
        """Wait for so many seconds to be asked to; was that so?"""
        return signal.sigtimedwait(ENDINGS, timeout) is not None


@contextmanager
def ending_asked() -> Iterator[Asked]:
    """From here on a signal only asks; threads that are started here hear none."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield Asked()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _check_lease(lease_seconds: int, answer_seconds: int) -> None:
    """Refuse a lease that might end while what was begun is still under way."""
    shortest = answer_seconds + LEASE_MARGIN_SECONDS
    if lease_seconds <= shortest:
        raise click.UsageError(
            f"--lease-seconds must be more than {shortest}, so that nobody else begins with what is"
            f" under way: an answer may take {answer_seconds} (--answer-seconds), and"
            f" {LEASE_MARGIN_SECONDS} are for the rest"
        )


def _worker(log: DecisionLog, rulebook: Rulebook, pace: Pace, sender: Sender) -> Worker:
    settings = Settings.from_environment()
    receivers = _receivers(settings)
    urgencies = sorted(rulebook.vocabulary.urgencies.values(), key=lambda one: one.order)
    renderers = renderers_of(rulebook, public_url(settings))
    channels = channels_of(receivers, renderers, Letters(letters_folder(settings)), sender)
    outbox = Outbox(log.database, [one.id for one in urgencies])
    return Worker(log, outbox, channels, pace, Lanes(receivers))


def _receivers(settings: Settings) -> Receivers:
    try:
        receivers = receivers_of(settings)
        receivers.check_secrets()
    except SettingsError as error:
        raise NothingDone(str(error)) from None
    return receivers


def _serve_figures(port: int | None) -> None:
    if port is None:
        return
    try:
        metrics.serve_figures(port)
    except OSError as error:
        raise NothingDone(f"figures cannot be given at port {port}: {error.strerror}") from None
