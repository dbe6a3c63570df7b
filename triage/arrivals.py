"""Whether a request has arrived whole, so that no thread of the server waits for a slow caller.

Until then the kernel keeps what came, and is asked to wake the server only once there is more.
"""

from __future__ import annotations

import fcntl
import re
import socket
import struct
import termios
from dataclasses import dataclass

LONGEST_HEAD = 65_536
"""How many bytes are looked at for where the body begins."""

MOST_BODY = 1024 * 1024
"""How many bytes of a body are waited for. A longer one is refused unread."""

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*\r")
_LAST_CHUNK = re.compile(rb"(?:^|\r\n)0+\r\n")


@dataclass(slots=True)
class Arrival:
    """A request on its way. ``latest`` is when it must be here (seconds, monotonic clock)."""

    latest: float
    waiting: int = 0
    was_awaited: bool = False

    def is_whole(self, connection: socket.socket) -> bool:
        """Is there nothing more to wait for? If not, be woken when there is more to see."""
        waiting = _bytes_waiting(connection)
        ended = self.was_awaited and waiting == self.waiting
        needed = waiting if ended else _needed(connection)
        is_whole = waiting >= needed
        if self.was_awaited or not is_whole:
            least = 1 if is_whole else needed
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, least)
        self.waiting, self.was_awaited = waiting, not is_whole
        return is_whole


def _bytes_waiting(connection: socket.socket) -> int:
    found: int = struct.unpack("i", fcntl.ioctl(connection, termios.FIONREAD, bytes(4)))[0]
    return found


def _needed(connection: socket.socket) -> int:
    """How many bytes there must be before a request is worth a thread, as far as can be seen."""
    try:
        seen = connection.recv(LONGEST_HEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 1
    end = seen.find(_END_OF_HEAD)
    if end < 0:
        return 0 if len(seen) == LONGEST_HEAD else len(seen) + 1
    head, body = seen[: end + 2].lower(), seen[end + len(_END_OF_HEAD) :]
    if b"\r\nexpect:" in head:  # the caller waits to be told to go on
        return 0
    if b"\r\ntransfer-encoding:" in head:
        ends = _LAST_CHUNK.search(body) or len(seen) == LONGEST_HEAD
        return 0 if ends else len(seen) + 1
    length = _LENGTH.search(head)
    return len(seen) - len(body) + min(int(length[1]), MOST_BODY) if length else 0
