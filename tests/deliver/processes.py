"""Workers as they really run: `triage outbox`, each a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic, sleep

from tests.databases import environment_of
from tests.deliver.desk import secret_in
from tests.running import LONGEST_WAIT
from triage.config import Settings

BREATH_SECONDS = 0.01


def environment(settings: Settings, folder: Path, webhook: str | None = None) -> dict[str, str]:
    """The environment of a worker: everybody gets letters, or is told by a webhook."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRIAGE_")}
    found = {**clean, **environment_of(settings), "TRIAGE_LETTERS": str(folder / "letters")}
    if webhook:
        secret = secret_in(folder)
        file = folder / "receivers.toml"
        file.write_text(f'[default]\nwebhook = "{webhook}"\nsecret_file = "{secret.name}"\n')
        found["TRIAGE_RECEIVERS"] = str(file)
    return found


@dataclass(frozen=True)
class Working:
    """A worker at work. ``log`` is the file that its standard error goes to."""

    process: subprocess.Popen[str]
    log: Path

    def logged(self) -> str:
        """Everything it has written to standard error so far."""
        return self.log.read_text(encoding="utf-8")

    def ended(self, how: signal.Signals | None = None) -> str:
        """What it said until it had ended, having been asked to by a signal or by itself."""
        if how is not None:
            self.process.send_signal(how)
        return self.process.communicate(timeout=LONGEST_WAIT)[0]


@contextmanager
def working(*options: str, environment: Mapping[str, str]) -> Iterator[Working]:
    """A worker, until the end of the block, where it is killed if it still runs."""
    command = [sys.executable, "-m", "triage", "outbox", *options]
    with (
        NamedTemporaryFile("w", suffix=".log") as log,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, env=dict(environment)
        ) as process,
    ):
        try:
            yield Working(process, Path(log.name))
        finally:
            process.kill()


def until(holds: Callable[[], bool], what: str, worker: Working | None = None) -> None:
    """Wait until something holds, for as long as a worker lives that sees to it."""
    latest = monotonic() + LONGEST_WAIT
    while not holds():
        assert monotonic() < latest, f"in vain waited for: {what}"
        if worker is not None:
            assert worker.process.poll() is None, worker.logged()
        sleep(BREATH_SECONDS)
