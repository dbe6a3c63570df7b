"""Keys are made once, kept from others, and refused where they are not right."""

from __future__ import annotations

import hmac
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from triage.errors import LogError, SettingsError
from triage.store.checkpoint import Head
from triage.store.key_files import create_key_file, read_key_file
from triage.store.keys import PERSON_KEY, SIGNING_KEY, PersonKey, SigningKey, public_key_of
from triage.store.merkle import EMPTY_ROOT

NAME = "triage.example/log"


def modes(folder: Path) -> dict[str, int]:
    """What everybody may do with a folder and the files in it."""
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


def test_keys_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "keys"
    SigningKey.create(folder)
    PersonKey.create(folder)
    assert modes(folder) == {"keys": 0o700, SIGNING_KEY: 0o600, PERSON_KEY: 0o600}


def test_a_key_is_made_once(tmp_path: Path) -> None:
    first, person = SigningKey.create(tmp_path), PersonKey.create(tmp_path)
    assert SigningKey.create(tmp_path).public == first.public
    assert SigningKey.open(tmp_path).public == first.public
    assert PersonKey.create(tmp_path) == PersonKey.open(tmp_path) == person
    assert len((tmp_path / PERSON_KEY).read_bytes()) == 32


def test_of_two_that_make_a_key_at_once_both_have_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link
    made: list[SigningKey] = []

    def overtaken(source: str, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        made.append(SigningKey.create(tmp_path))
        link(source, target)

    monkeypatch.setattr(os, "link", overtaken)
    late = SigningKey.create(tmp_path)
    assert [key.public for key in made] == [late.public]
    assert list(tmp_path.iterdir()) == [tmp_path / SIGNING_KEY]


def test_of_many_processes_that_make_a_key_at_once_all_have_the_same(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from triage.store.keys import SigningKey;"
        "sys.stdin.read(); print(SigningKey.create(pathlib.Path(sys.argv[1])).vkey('log'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "keys")]
    pipe = subprocess.PIPE
    many = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for each in many:
        assert each.stdin
        each.stdin.close()
    said = set()
    for each in many:
        assert each.stdout
        said.add(each.stdout.read())
        each.stdout.close()
        assert each.wait() == 0
    assert said == {f"{SigningKey.open(tmp_path / 'keys').vkey('log')}\n"}


def test_half_a_key_is_never_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="cannot be written: No space left on device; let"):
        PersonKey.create(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
@pytest.mark.parametrize(("name", "kind"), [(SIGNING_KEY, SigningKey), (PERSON_KEY, PersonKey)])
def test_a_key_that_is_open_to_others_is_refused(
    tmp_path: Path, mode: int, name: str, kind: type[SigningKey | PersonKey]
) -> None:
    kind.create(tmp_path)
    (tmp_path / name).chmod(mode)
    for way in (kind.open, kind.create):
        with pytest.raises(SettingsError, match=f"open to others .* type: chmod 600 .*{name}"):
            way(tmp_path)


@pytest.mark.parametrize(("name", "kind"), [(SIGNING_KEY, SigningKey), (PERSON_KEY, PersonKey)])
def test_a_key_that_is_missing_is_asked_for(
    tmp_path: Path, name: str, kind: type[SigningKey | PersonKey]
) -> None:
    with pytest.raises(SettingsError, match=f"there is no key file .*{name}; put the key there"):
        kind.open(tmp_path)


def put(folder: Path, name: str, content: bytes) -> None:
    """A key file with some content."""
    create_key_file(folder / name, content)


ENCRYPTED = Ed25519PrivateKey.generate().private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"passphrase")
)

ANOTHER_KIND = generate_private_key(SECP256R1()).private_bytes(
    Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
)


@pytest.mark.parametrize("content", [b"", b"not a key", ENCRYPTED, ANOTHER_KIND])
def test_a_file_without_a_signing_key_is_refused(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, SIGNING_KEY, content)
    with pytest.raises(SettingsError, match="does not hold an Ed25519 private key in PKCS8 PEM"):
        SigningKey.open(tmp_path)


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)])
def test_a_file_without_a_key_for_people_is_refused(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, PERSON_KEY, content)
    with pytest.raises(SettingsError, match="does not hold 32 bytes; put back the key"):
        PersonKey.open(tmp_path)


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    put(tmp_path, PERSON_KEY, bytes(32))
    put(tmp_path, PERSON_KEY, b"another")
    assert read_key_file(tmp_path / PERSON_KEY) == bytes(32)


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match=r"file/keys.*cannot be .*: Not a directory"):
        PersonKey.create(tmp_path / "file" / "keys")
    with pytest.raises(SettingsError, match=r"cannot be read: Is a directory"):
        read_key_file(tmp_path)


def test_the_published_key_is_the_one_that_signs(tmp_path: Path) -> None:
    key = SigningKey.create(tmp_path)
    head = Head(NAME, 0, EMPTY_ROOT, "2026-11-22T10:15:00.000Z")
    assert public_key_of(f"{key.vkey(NAME)}\n") == key.public
    assert key.sign(head).is_signed_by(public_key_of(key.vkey(NAME)))


GOOD = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.mark.parametrize(
    ("vkey", "problem"),
    [
        ("", "written as name"),
        ("PeterNeumann", "written as name"),
        (GOOD.replace("c74f20a3", "c74f20a4"), "is not the id of that name and key"),
        (GOOD.replace("Peter", "Petra"), "is not the id of that name and key"),
        (GOOD.replace("+A", "+B"), "written as name"),
        (GOOD.replace("PeterNeumann", "Peter Neumann"), "written as name"),
        (GOOD[:-4], "written as name"),
        (f"{GOOD}!", "written as name"),
    ],
)
def test_a_key_that_is_not_published_so_is_refused(vkey: str, problem: str) -> None:
    with pytest.raises(LogError, match=problem):
        public_key_of(vkey)


def test_a_person_is_found_by_a_keyed_hash(tmp_path: Path) -> None:
    put(tmp_path, PERSON_KEY, bytes(range(32)))
    key = PersonKey.open(tmp_path)
    expected = hmac.digest(bytes(range(32)), b"triage person\n9990000026", "sha256")
    assert key.hash("9990000026") == expected
    assert key.hash("9990000034") != expected


def test_each_purpose_has_hashes_of_its_own(tmp_path: Path) -> None:
    put(tmp_path, PERSON_KEY, bytes(range(32)))
    key = PersonKey.open(tmp_path)
    assert len({key.hash(""), key.of_request(b""), key.check()}) == 3
    assert key.of_request(b"9990000026") != key.hash("9990000026")


def test_each_key_has_hashes_of_its_own(tmp_path: Path) -> None:
    one, other = PersonKey.create(tmp_path / "one"), PersonKey.create(tmp_path / "other")
    assert one.check() != other.check()
    assert one.hash("9990000026") != other.hash("9990000026")


def test_no_key_is_ever_shown(tmp_path: Path) -> None:
    put(tmp_path, PERSON_KEY, b"s" * 32)
    assert "ssss" not in repr(PersonKey.open(tmp_path))
    assert repr(SigningKey.create(tmp_path)) == "SigningKey()"
