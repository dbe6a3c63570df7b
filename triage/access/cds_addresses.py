"""Addresses of other services: read strictly, in one form, and compared part by part.

What a browser or a library would put right (a backslash, a tab, a number for an address of four, a
dot that leads up) is read by each in its own way, so none of it is read here at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from triage.addresses import is_loopback

LONGEST_ADDRESS = 2048
"""The most characters of an address."""

DEFAULT_PORTS = {"https": 443, "http": 80}

LAST_PORT = 65_535

_WRITTEN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/(?!\.{1,2}(?:/|\Z))[a-z0-9._~-]+)*)/?",
    re.ASCII | re.IGNORECASE,
)

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")

_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service is. ``host`` is in small letters, an IPv6 host in brackets."""

    scheme: str
    host: str
    port: int
    segments: tuple[str, ...]

    @property
    def origin(self) -> str:
        """The address without its path, as browsers write it."""
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    def __str__(self) -> str:
        return "/".join((self.origin, *self.segments))

    def covers(self, other: Address) -> bool:
        """Is another address this one, or below it?"""
        above = other.segments[: len(self.segments)]
        return self.origin == other.origin and self.segments == above


def read_address(written: Any) -> Address | None:
    """An address of https, or of http on this machine; None for anything else.

    It holds no name of a user, no query, no fragment and nothing that is escaped.
    """
    if not isinstance(written, str) or len(written) > LONGEST_ADDRESS:
        return None
    found = _WRITTEN.fullmatch(written)
    host = _host(found["host"].lower()) if found else None
    if not found or not host:
        return None
    scheme, segments = found["scheme"].lower(), tuple(found["path"].split("/")[1:])
    port = int(found["port"] or DEFAULT_PORTS[scheme])
    is_safe = scheme == "https" or is_loopback(host.strip("[]"))
    return Address(scheme, host, port, segments) if is_safe and 0 < port <= LAST_PORT else None


def _host(written: str) -> str | None:
    """A host in the one form that it has here, or None."""
    try:
        if written.startswith("["):
            return _bracketed(IPv6Address(written[1:-1]))
        if _NUMBER.fullmatch(written.rpartition(".")[2]):
            return str(IPv4Address(written))
    except ValueError:
        return None
    return written if all(map(_LABEL.fullmatch, written.split("."))) else None


def _bracketed(address: IPv6Address) -> str | None:
    return None if address.ipv4_mapped else f"[{address.compressed}]"
