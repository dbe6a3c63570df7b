"""The fields of one client of CDS Hooks services, and how each is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from triage.access.callers import LONGEST_NAME
from triage.access.cds_addresses import Address, read_address
from triage.access.keys import read_key_set
from triage.addresses import is_secure
from triage.nearest import nearest


class FieldError(Exception):
    """Fields that are not right. Each of ``problems`` says which, and what to do."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def read_fields(table: Any, folder: Path) -> dict[str, Any]:
    """What a table says of a client, by the names of ``CdsClient``. Files are of a folder.

    Raises ``FieldError``.
    """
    if not isinstance(table, dict):
        raise FieldError([" is not a table; write [[client]] above its lines"])
    problems, found = [], {}
    for name, value in table.items():
        try:
            found[name] = _reader(name)(value, folder)
        except ValueError as error:
            problems.append(f", {name[:LONGEST_NAME]!r}: {error}")
    problems += _missing(table)
    if problems:
        raise FieldError(problems)
    return found


def _missing(table: dict[str, Any]) -> list[str]:
    problems = []
    if "iss" not in table:
        problems.append(" has no iss; say what its tokens say")
    if not {"jku", "keys"} & table.keys():
        problems.append(" has no keys; give jku, the URL of its key set, or keys, a file of it")
    return problems


def _reader(name: str) -> Callable[[Any, Path], Any]:
    if name not in _READERS:
        raise ValueError(f"is not known; {nearest(name, _READERS)}")
    return _READERS[name]


def _url(value: Any, _: Path) -> str:
    is_plain = isinstance(value, str) and value.isascii() and value.isprintable()
    if not is_plain or " " in value or len(value) > LONGEST_NAME or not is_secure(value):
        raise ValueError(
            f"must be a URL that begins with https://, of {LONGEST_NAME} characters at most"
        )
    return str(value)


def _key_file(value: Any, folder: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("must be the path of a file with a JSON Web Key Set")
    path = folder / value
    try:
        read_key_set(json.loads(path.read_bytes()))
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} holds no keys to use: {error}") from None
    return path


def _fhir_servers(value: Any, _: Path) -> tuple[Address, ...]:
    return tuple(_address(one) for one in _listed(value))


def _origins(value: Any, _: Path) -> tuple[str, ...]:
    found = [_address(one) for one in _listed(value)]
    if any(one.segments for one in found):
        raise ValueError("must be addresses without a path, such as https://ehr.example.org")
    return tuple(one.origin for one in found)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError('must be a list, such as ["https://ehr.example.org"]')  # noqa: TRY004
    return value


def _address(written: Any) -> Address:
    found = read_address(written)
    if found is None:
        raise ValueError(
            "must hold addresses such as https://ehr.example.org/fhir: https, or http on this"
            " machine, with no user, query, fragment or escape"
        )
    return found


_READERS: Mapping[str, Callable[[Any, Path], Any]] = {
    "iss": _url,
    "jku": _url,
    "keys": _key_file,
    "fhir_servers": _fhir_servers,
    "origins": _origins,
}
"""How each field is read; a reader raises ``ValueError``, which says what the field must be."""
