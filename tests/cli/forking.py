"""A process that has imported every verb, and forks one that runs `python -m triage` when asked.

Importing is most of what a short command does. What runs is a process of its own all the same, with
its own environment, standard streams and end.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

STREAMS = ("stdin", "stdout", "stderr")


@dataclass(frozen=True)
class Asked:
    """A command to run: its arguments, all of its environment, and the folder of its streams."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str


def forked() -> Asked | None:
    """Fork for each command that is asked for: the command in the child, None in the end."""
    for line in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            return Asked(**json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201
    return None


def become(asked: Asked) -> None:
    """Stand where a new process begins."""
    os.environ.clear()
    os.environ.update(asked.environment)
    for number, name in enumerate(STREAMS):
        opened = os.open(Path(asked.folder) / name, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = ["triage", *asked.arguments]


def run() -> None:
    """Run it, and end at once: taking apart all that was imported is no part of a command."""
    status: object = 0
    try:
        runpy.run_module("triage", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        status = end.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(str(status or 0)))


if __name__ == "__main__":
    for verb in iter_modules(import_module("triage.cli").__path__, "triage.cli."):
        import_module(verb.name)
    gc.freeze()  # so that no child looks at, and so copies, all that it shares
    mine = forked()
    if mine is not None:
        become(mine)
        run()
