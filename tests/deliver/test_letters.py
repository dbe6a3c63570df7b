"""A letter is in the folder whole, once, for its owner alone; or it is not there, and why."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from stat import S_IMODE
from typing import NoReturn

import pytest

from tests.faults.test_disk_full import disk
from triage.deliver.letters import FAILURES, Letters
from triage.deliver.outcome import DELIVERED, Outcome

ID = "9f1b6f0c-51f3-5d0c-8d1f-2f4f2a1f7f10"

FORMS = {".html": b"<p>words</p>", ".pdf": b"%PDF-1.7"}


def mode(path: Path) -> int:
    """Who may do what with it."""
    return S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(one.name for one in folder.iterdir())


def test_a_letter_is_written_in_each_of_its_forms_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "letters"
    before = os.umask(0)
    try:
        assert Letters(folder).put(ID, 1, FORMS) == DELIVERED
    finally:
        os.umask(before)
    assert names(folder) == [f"{ID}.html", f"{ID}.pdf"]
    assert (folder / f"{ID}.html").read_bytes() == FORMS[".html"]
    assert (mode(folder), mode(folder / f"{ID}.html")) == (0o700, 0o600)


def test_a_second_attempt_puts_it_in_the_same_place(tmp_path: Path) -> None:
    letters = Letters(tmp_path)
    letters.put(ID, 1, FORMS)
    letters.put(ID, 2, {".html": b"<p>other words</p>"})
    assert names(tmp_path) == [f"{ID}.html", f"{ID}.pdf"]
    assert (tmp_path / f"{ID}.html").read_bytes() == b"<p>other words</p>"


def test_what_a_killed_attempt_left_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / f".{ID}.html.1").write_bytes(b"<p>wo")
    assert Letters(tmp_path).put(ID, 2, FORMS) == DELIVERED
    assert names(tmp_path) == [f"{ID}.html", f"{ID}.pdf"]


def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"untouched")
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / f".{ID}.html.1").symlink_to(elsewhere)
    assert Letters(folder).put(ID, 1, FORMS) == Outcome("not_written")
    assert elsewhere.read_bytes() == b"untouched"


def test_where_the_disk_is_full_there_is_no_half_letter_and_with_room_again_a_whole_one() -> None:
    with disk(1) as folder:
        ballast = folder / "ballast"
        ballast.write_bytes(bytes(1_000_000))
        letters, large = Letters(folder), {".html": b"x" * 100_000}
        assert letters.put(ID, 1, large) == Outcome("disk_full")
        assert names(folder) == ["ballast"]
        ballast.unlink()
        assert letters.put(ID, 2, large) == DELIVERED
        assert (folder / f"{ID}.html").read_bytes() == large[".html"]


@pytest.mark.parametrize(("number", "failure"), [*FAILURES.items(), (errno.EIO, "not_written")])
def test_why_it_is_not_there_is_told_in_a_word(
    tmp_path: Path, number: int, failure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_descriptor: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("triage.deliver.letters.os.fsync", fail)
    assert Letters(tmp_path).put(ID, 1, FORMS) == Outcome(failure)
    assert names(tmp_path) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(b"")
    assert Letters(tmp_path / "letters").put(ID, 1, FORMS) == Outcome("not_written")


def test_who_looks_meanwhile_sees_a_whole_letter_or_none(tmp_path: Path) -> None:
    letters, whole = Letters(tmp_path), b"x" * 200_000
    stop, seen = threading.Event(), set[int]()

    def look() -> None:
        while not stop.is_set():
            file = tmp_path / f"{ID}.html"
            if file.exists():
                seen.add(len(file.read_bytes()))

    looking = threading.Thread(target=look)
    looking.start()
    for attempt in range(1, 21):
        letters.put(ID, attempt, {".html": whole})
    stop.set()
    looking.join()
    assert seen <= {len(whole)}
