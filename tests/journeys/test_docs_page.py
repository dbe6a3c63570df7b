"""The page of calls in a real browser that can reach no other host."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import LONGEST_WAIT, running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_OTHER_HOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
QUIETLY = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium: apt-get install -y chromium")
def test_the_page_shows_every_call_and_complains_of_nothing(tmp_path: Path) -> None:
    with running("--workers", "1") as service:
        paths = service.ask("GET", "/openapi.json").json["paths"]
        options = (*QUIETLY, NO_OTHER_HOST, f"--user-data-dir={tmp_path}")
        wait = ("--virtual-time-budget=10000", "--enable-logging=stderr", "--dump-dom")
        browser = subprocess.run(
            [str(CHROMIUM), *options, *wait, f"{service.url}/docs"],
            capture_output=True,
            text=True,
            timeout=LONGEST_WAIT * 2,
            check=True,
        )
    shown = re.findall(r'opblock-summary-path" data-path="([^"]+)"', browser.stdout)
    assert set(shown) == set(paths)
    assert "CONSOLE" not in browser.stderr
