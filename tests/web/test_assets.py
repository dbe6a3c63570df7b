"""The files that pages load: ours, unpacked or packed, kept for good, and nobody else's."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from triage.web import assets

MANIFESTS = sorted((assets.STATIC / "vendor").glob("*/SHA256SUMS"))


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    """Asks for files."""
    app = Flask(__name__)
    app.register_blueprint(assets.assets_blueprint())
    return app.test_client()


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda one: one.parent.name)
def test_vendored_files_are_those_that_were_vendored(manifest: Path) -> None:
    named = {name: digest for digest, name in map(str.split, manifest.read_text().splitlines())}
    files = {one.relative_to(manifest.parent): one for one in manifest.parent.rglob("*.*")}
    assert named
    assert {str(name) for name in files if name.suffix} <= named.keys()
    for name, digest in named.items():
        content = (manifest.parent / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name


def test_no_style_asks_for_anything_from_elsewhere() -> None:
    for sheet in assets.STATIC.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"url\(\s*['\"]?(?:https?:|//)|@import", text), sheet.name
        for named in re.findall(r"url\(([^)]+\.svg)\)", text):
            assert (sheet.parent / named.strip("'\"")).is_file(), named


def test_a_file_is_kept_for_good_under_the_address_of_its_content(browser: FlaskClient) -> None:
    address = assets.address("triage.css")
    answer = browser.get(address)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    for digest in ("0123456789ab", address.split("/")[2][:1]):
        other = re.sub("/static/[0-9a-f]+/", f"/static/{digest}/", address)
        assert browser.get(other).headers["Cache-Control"] == "no-cache"


def test_a_browser_that_unpacks_gets_less(browser: FlaskClient) -> None:
    address = assets.address(f"{assets.NHSUK}/nhsuk-frontend.min.css")
    plain = browser.get(address).data
    packed = browser.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain
    assert len(packed.data) * 5 < len(plain)


@pytest.mark.parametrize(
    "name", ["../site.py", "nothing.css", "vendor", "..%2f..%2fapp.py", "%00", "a" * 300]
)
def test_nothing_but_files_of_the_folder_is_given(name: str, browser: FlaskClient) -> None:
    assert browser.get(f"/static/0123456789ab/{name}").status_code == 404


def test_a_page_cannot_name_a_file_that_is_not_there() -> None:
    with pytest.raises(LookupError, match=r"nothing\.css"):
        assets.address("nothing.css")
