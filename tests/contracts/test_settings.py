from __future__ import annotations

import re
from pathlib import Path

import pytest

from triage.config import READERS, Settings, host_and_port
from triage.errors import SettingsError


def test_without_an_environment_the_service_listens_on_this_machine_alone() -> None:
    settings = Settings.from_environment({"HOME": "/"})
    assert settings == Settings(rules=None, bind="127.0.0.1:8000", workers=2, threads=8)


def test_every_setting_is_read(tmp_path: Path) -> None:
    environment = {
        "TRIAGE_RULES": str(tmp_path),
        "TRIAGE_BIND": "0.0.0.0:80",
        "TRIAGE_WORKERS": "4",
        "TRIAGE_THREADS": "16",
    }
    expected = Settings(rules=tmp_path, bind="0.0.0.0:80", workers=4, threads=16)
    assert Settings.from_environment(environment) == expected


def test_every_setting_is_documented() -> None:
    described = re.findall(r"^\s+TRIAGE_([A-Z_]+) ", Settings.__doc__ or "", re.MULTILINE)
    assert [name.lower() for name in described] == list(READERS)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("TRIAGE_WORKER", "2", "did you mean TRIAGE_WORKERS?"),
        ("TRIAGE_WORKERS", "0", "from 1 to 256"),
        ("TRIAGE_THREADS", "many", "from 1 to 256"),
        ("TRIAGE_BIND", "8000", "write it as 127.0.0.1:8000"),
        ("TRIAGE_BIND", "127.0.0.1:99999", "write it as 127.0.0.1:8000"),
        ("TRIAGE_RULES", "/no/such/place", "no directory"),
    ],
)
def test_a_setting_that_is_not_right_says_the_remedy(name: str, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        Settings.from_environment({name: text})


def test_an_ipv6_address_is_in_brackets() -> None:
    assert host_and_port("[::1]:8000") == ("::1", 8000)
