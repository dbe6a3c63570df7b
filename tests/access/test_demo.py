"""A demonstration: made-up people sign in without a password, on this machine alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from triage.access import check_access
from triage.access.demo import PEOPLE
from triage.app import create_app
from triage.config import Settings
from triage.domain.caller import ISSUED_ROLES, Role
from triage.errors import SettingsError


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a demonstration with a log of its own."""
    folder = tmp_path_factory.mktemp("demonstration")
    return Settings(demo=True, data=folder)


@pytest.fixture
def browser(settings: Settings) -> FlaskClient:
    """Somebody who looks around."""
    return create_app(settings).test_client()


def test_there_is_somebody_of_every_role_who_signs_in() -> None:
    assert {one.role for one in PEOPLE} == set(ISSUED_ROLES) - {Role.GP_SYSTEM}
    assert len({one.name for one in PEOPLE}) == len(PEOPLE)


def test_nobody_sees_a_page_before_they_say_who_they_are(browser: FlaskClient) -> None:
    answer = browser.get("/call")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_whoever_is_chosen_is_signed_in_and_every_page_says_that_all_is_made_up(
    browser: FlaskClient,
) -> None:
    assert "Everybody here is made up" in browser.get("/sign-in").get_data(as_text=True)
    assert browser.post("/sign-in", data={"person": "mei-lin"}).location == "/"
    page = browser.get("/").get_data(as_text=True)
    assert "Mei Lin, an auditor" in page
    assert "Everybody here is made up" in page
    assert "/audit" in page
    assert 'href="/call"' not in page


def test_nobody_can_be_chosen_who_is_not_there(browser: FlaskClient) -> None:
    assert browser.post("/sign-in", data={"person": "developer"}).status_code == 400


def test_a_page_elsewhere_signs_nobody_in(browser: FlaskClient) -> None:
    sent = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    answer = browser.post("/sign-in", data={"person": "mei-lin"}, headers=sent)
    assert answer.status_code == 403


def test_whoever_signs_out_is_nobody_again(browser: FlaskClient) -> None:
    browser.post("/sign-in", data={"person": "mei-lin"})
    with browser.session_transaction() as session:
        form = session["form"]
    browser.post("/sign-out", data={"form": form})
    assert browser.get("/").location == "/sign-in"


@pytest.mark.parametrize(
    ("settings_of", "says"),
    [
        (Settings(demo=True, bind="0.0.0.0:8000"), "beyond"),
        (Settings(demo=True, issuer="https://issuer.example"), "TRIAGE_ISSUER"),
    ],
    ids=["beyond this machine", "beside an issuer"],
)
def test_a_demonstration_is_for_this_machine_alone(settings_of: Settings, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        check_access(settings_of)


def test_what_it_keeps_is_in_its_own_folder(settings: Settings, browser: FlaskClient) -> None:
    assert browser.get("/sign-in").status_code == 200
    assert Path(settings.data or "", "triage.db").exists()
