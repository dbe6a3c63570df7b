"""How each organisation is told stands in one file, and every fault of it is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from triage.config import Settings
from triage.deliver.receivers import BY_LETTER, Receivers, receivers_of
from triage.errors import SettingsError
from triage.store.deliveries import Channel

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 (nobody's)

GOOD = """
[default]
message = "https://hub.example.nhs.uk/fhir/$process-message"

[C86001]
letters = true

[B81010]
webhook = "https://referrals.example.org/triage"
secret_file = "b81010.secret"

[A10]
webhook = "http://127.0.0.1:8001/"
secret_file = "/srv/a10.secret"
"""


def read(folder: Path, text: str) -> Receivers:
    """What a file in a folder says."""
    file = folder / "receivers.toml"
    file.write_text(text, encoding="utf-8")
    return receivers_of(Settings(receivers=file))


def test_without_the_file_everybody_gets_a_letter() -> None:
    receivers = receivers_of(Settings())
    assert receivers.receiver("C86001") == BY_LETTER
    assert {receivers.channel_for(code) for code in ("C86001", "", None)} == {"letter"}
    receivers.check_secrets()


def test_each_is_told_as_the_file_says_and_the_others_by_its_default(tmp_path: Path) -> None:
    receivers = read(tmp_path, GOOD)
    told = {code: receivers.channel_for(code) for code in ("C86001", "B81010", "X99", None)}
    assert told == {"C86001": "letter", "B81010": "webhook", "X99": "message", None: "message"}
    assert receivers.channel_for("b81010") == "webhook"
    found = receivers.receiver("B81010")
    assert found.channel is Channel.WEBHOOK
    assert found.address == "https://referrals.example.org/triage"
    assert found.secret_file == tmp_path / "b81010.secret"
    assert receivers.receiver("A10").secret_file == Path("/srv/a10.secret")


def test_a_file_without_a_default_leaves_the_others_their_letters(tmp_path: Path) -> None:
    receivers = read(tmp_path, '[C86001]\nmessage = "https://gp.example.org/$process-message"')
    assert receivers.channel_for("C86001") == "message"
    assert receivers.channel_for("B81010") == "letter"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("C86001 = 1", r"\[C86001\] is no table"),
        ("[c86001]\nletters = true", r"\[c86001\] is not an ODS code"),
        ("[defualt]\nletters = true", r"\[defualt\] is not an ODS code"),
        ("[C86001]", "needs exactly one of message, webhook, letters"),
        ('[C86001]\nletters = true\nmessage = "https://a/"', "needs exactly one of"),
        ("[C86001]\nletter = true", r"letter is not known here; did you mean letters\?"),
        ("[C86001]\nletters = false", "letters can only be true"),
        ('[C86001]\nletters = true\nsecret_file = "a"', "secret_file is for a webhook alone"),
        ('[C86001]\nmessage = "https://a/"\nsecret_file = "a"', "is for a webhook alone"),
        ('[C86001]\nwebhook = "https://a/"', "a webhook needs a secret_file"),
        ('[C86001]\nwebhook = "https://a/"\nsecret_file = 7', "a webhook needs a secret_file"),
        ('[C86001]\nmessage = "http://example.org/"', "begins with https://"),
        ('[C86001]\nmessage = "http://127.0.0.1.example.org/"', "begins with https://"),
        ('[C86001]\nmessage = "https://user:pass@example.org/"', "without a user"),
        ('[C86001]\nmessage = "https://example.org/#part"', "without #"),
        ('[C86001]\nmessage = "https://[/"', "begins with https://"),
        ("[C86001]\nmessage = 7", "begins with https://"),
        ("[C86001", "is not TOML"),
        ("[C86001]\nletters = true\n[C86001]\nletters = true", "is not TOML"),
    ],
)
def test_a_fault_is_told_with_its_remedy(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"TRIAGE_RECEIVERS: {tmp_path / 'receivers.toml'}")


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, "[c86001]\nletters = false\n[B81010]\n[X9]\nletters = true")
    assert [line.split("] ")[0].split("[")[1] for line in str(caught.value).splitlines()] == [
        "c86001",
        "c86001",
        "B81010",
        "X9",
    ]


def test_a_file_that_is_not_there_or_is_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        receivers_of(Settings(receivers=tmp_path / "nowhere.toml"))
    (tmp_path / "other.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="is not TOML"):
        receivers_of(Settings(receivers=tmp_path / "other.toml"))


def a_secret(folder: Path, content: str, mode: int = 0o600) -> Path:
    """The file of a secret."""
    file = folder / "b81010.secret"
    file.write_text(content)
    file.chmod(mode)
    return file


def test_a_secret_is_read_without_the_white_space_around_it(tmp_path: Path) -> None:
    receivers = read(tmp_path, GOOD)
    a_secret(tmp_path, f"{SECRET}\n")
    assert receivers.receiver("B81010").secret() == SECRET.encode()


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (SECRET[1:], 0o600, "has fewer than 32 characters"),
        (" " * 40, 0o600, "has fewer than 32 characters"),
        (SECRET, 0o640, "is open to others than its owner"),
    ],
)
def test_a_secret_that_is_none_is_told_and_not_shown(
    tmp_path: Path, content: str, mode: int, said: str
) -> None:
    receivers = read(tmp_path, GOOD)
    a_secret(tmp_path, content, mode)
    with pytest.raises(SettingsError, match=said) as caught:
        receivers.check_secrets()
    assert SECRET[1:] not in str(caught.value)


def test_a_secret_that_is_not_there_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no file .*b81010\.secret"):
        read(tmp_path, GOOD).check_secrets()
