"""Ports of this machine that are free, and that nobody is given who asks for any."""

from __future__ import annotations

import socket
from contextlib import suppress
from random import SystemRandom

BELOW = range(20_000, 32_000)
"""Ports that the kernel gives to nobody of its own accord."""


def free_port() -> int:
    """A port at which nobody listens, and nobody will who does not name it."""
    random = SystemRandom()
    while True:
        port = random.choice(BELOW)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
