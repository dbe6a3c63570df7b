"""What the service itself tells by each channel: valid, plain, and the same on every attempt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.builders import a_referral
from tests.databases import log_settings as log_settings_of
from tests.recorded import recorded
from triage.deliver.rendering import Renderers, renderers_of
from triage.domain.referred import Referred
from triage.fhir.r4 import faults_of
from triage.overrides import referred_in
from triage.rulebook import Rulebook
from triage.store.opening import open_log

ID = "9f1b6f0c-51f3-5d0c-8d1f-2f4f2a1f7f10"


@pytest.fixture(scope="module")
def renderers(rulebook: Rulebook) -> Renderers:
    """How everything is really told."""
    return renderers_of(rulebook, "https://triage.example.org")


@pytest.fixture(scope="module", params=["none", "active"])
def referred(
    request: pytest.FixtureRequest, rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Referred]:
    """A recorded referral, of somebody in danger or not."""
    folder: Path = tmp_path_factory.mktemp("rendering")
    with log_settings_of("sqlite", folder) as settings, closing(open_log(settings)) as log:
        (answered,) = recorded(log, rulebook, [a_referral(plan=request.param)])
        yield referred_in(log, answered.decision_id)


def test_a_message_is_a_valid_bundle_by_the_id_of_its_delivery(
    renderers: Renderers, referred: Referred
) -> None:
    bundle = dict(renderers.message(referred, ID))
    assert (bundle["resourceType"], bundle["type"], bundle["id"]) == ("Bundle", "message", ID)
    assert [one for one in faults_of(bundle, "Bundle") if one.severity in ("error", "fatal")] == []
    assert renderers.message(referred, ID) == bundle


def test_the_words_say_where_and_name_nobody(renderers: Renderers, referred: Referred) -> None:
    words = renderers.webhook(referred, ID)
    assert referred.stands.team["name"] in words
    assert "low risk" not in words.lower()
    assert "1990" not in words


def test_a_letter_is_a_page_and_a_pdf(renderers: Renderers, referred: Referred) -> None:
    letter = renderers.letter(referred, ID)
    assert referred.stands.team["name"] in letter[".html"].decode()
    assert letter[".pdf"].startswith(b"%PDF-")
    assert renderers.letter(referred, ID) == letter
