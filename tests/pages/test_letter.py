"""The letter to the referrer, in HTML and as a PDF."""

from __future__ import annotations

import logging
import re
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.builders import nothing_asked, referral_builder
from tests.edited_rules import EditedRules
from tests.feedback.standing_referrals import (
    REFERENCE,
    SURGERY,
    cancelled,
    erased,
    overridden,
    override,
    recorded,
)
from tests.pages.html import Page
from triage.decide import Decider
from triage.domain.referred import Referred
from triage.feedback import Feedback, feedback_of
from triage.pages import pdf
from triage.pages.letter import Envelope, letter_page, spaced, together
from triage.rulebook import Rulebook, load_rulebook

WRITTEN_ON = date(2026, 11, 20)

NO_BREAK = "\u00a0"

STEP_2 = referral_builder(phq9_total=12)
LETTERS = {
    "crisis": referral_builder(intent="strong", phq9_item9=2),
    "held": referral_builder(thoughts_of_harm="regular", employment_support=True),
    "monitoring": referral_builder(recent_trigger="job_loss", trigger_days_ago=12),
    "two teams": referral_builder(daily_functioning="marked", substance_use="dependent"),
    "nothing asked": nothing_asked(),
    "emergency": referral_builder(emergency_now=True),
}


@pytest.fixture(scope="module")
def letters(decider: Decider, rulebook: Rulebook) -> dict[str, str]:
    """A letter of each kind, and of each state that a referral may come to."""
    by = override(rulebook, "cmht")
    referred = {name: recorded(decider, asked) for name, asked in LETTERS.items()}
    plain = recorded(decider, STEP_2)
    made = {name: written(one, feedback_of(one, rulebook)) for name, one in referred.items()}
    moved = overridden(plain, by)
    made["overridden"] = written(moved, feedback_of(moved, rulebook))
    for name, one in (("cancelled", cancelled(plain)), ("erased", erased(plain))):
        made[name] = written(one, feedback_of(one, rulebook))
    return made


def written(referred: Referred, feedback: Feedback) -> str:
    return letter_page(feedback, Envelope.of(referred, WRITTEN_ON))


def words(html: str) -> str:
    return Page(html).text.replace(NO_BREAK, " ")


def test_every_letter_asks_nothing_of_anybody(letters: dict[str, str]) -> None:
    for html in letters.values():
        page = Page(html)
        assert page.loads == page.links == []
        for way_out in ("://", "url(", "@import", "<script", "@font-face"):
            assert way_out not in html


def test_every_letter_can_be_read_by_everybody(letters: dict[str, str]) -> None:
    for html in letters.values():
        page = Page(html)
        assert page.language == "en-GB"
        assert page.headings[0] == 1
        assert page.headings.count(1) == 1
        assert set(page.headings) == {1, 2}
        assert page.tables == page.captions == 2
        assert len(page.ids) == len(set(page.ids))
        assert "<th>" not in html
        assert 'scope="row"' in html
        assert 'scope="col"' in html


def test_every_letter_has_a_title_and_is_laid_out_for_paper(letters: dict[str, str]) -> None:
    for html in letters.values():
        (title,) = re.findall(r"<title>(.*?)</title>", html)
        (heading,) = re.findall(r"<h1>(.*?)</h1>", html)
        assert title == f"Your referral: {heading}"
        assert "@page { size: A4; margin:" in html


def test_what_to_do_in_an_emergency_stands_before_all_else(
    letters: dict[str, str], rulebook: Rulebook
) -> None:
    for html in letters.values():
        text = words(html)
        assert "In an emergency, or if it gets worse " + rulebook.safety_net in text
        assert text.index("call 999 now") < text.index("20 November 2026")
        assert "01632 960001" in text


def test_nobody_is_called_low_risk(letters: dict[str, str]) -> None:
    for html in letters.values():
        assert "low risk" not in words(html).lower()


def test_a_letter_says_to_whom_and_about_whom(letters: dict[str, str]) -> None:
    text = words(letters["held"])
    for told in (
        SURGERY,
        "Organisation code C86001",
        "NHS number 999 000 0026",
        "Date of birth 14 March 1990",
        f"Your reference {REFERENCE}",
        "Friday 20 November 2026",
    ):
        assert told in text


def test_a_letter_says_where_how_fast_why_and_what_next(letters: dict[str, str]) -> None:
    text = words(letters["held"])
    for told in (
        "Talking therapies, step 2: the same day",
        "Nothing is booked until a clinician has looked at the answers.",
        "Team Doncaster talking therapies",
        "Telephone 01632 960007 (Monday to Friday, 8 to 8)",
        "How fast the same day, by 23:59 on Friday 20 November 2026",
        "Have a clinician review the risk by Friday 20 November 2026",
        "There are regular thoughts, with some protective factors.",
        "If you disagree Ring Doncaster single point of access",
        "What each service is for Talking therapies, step 2: Low-intensity",
        "rulebook doncaster 2026.1",
    ):
        assert told in text


def test_an_active_monitoring_letter_has_the_day_of_the_review(letters: dict[str, str]) -> None:
    assert "Review the active monitoring by Friday 4 December 2026" in words(letters["monitoring"])


def test_a_crisis_letter_tells_whom_to_ring_now(letters: dict[str, str]) -> None:
    assert "You Ring Doncaster crisis resolution and home treatment team on 01632 960001" in (
        words(letters["crisis"])
    )


def test_a_letter_on_an_override_says_so_above_the_facts(letters: dict[str, str]) -> None:
    text = words(letters["overridden"])
    assert "Community mental health team: within 72 hours" in text
    assert text.index("has decided otherwise than the rules") < text.index("NHS number")
    assert "What the rules found" in text


def test_a_letter_on_what_was_cancelled_says_so_above_the_facts(letters: dict[str, str]) -> None:
    text = words(letters["cancelled"])
    assert text.index("This referral was cancelled") < text.index("NHS number")
    assert "Team it was for Doncaster talking therapies" in text
    assert "Thank you" not in text


def test_a_letter_about_an_erased_person_names_nobody(letters: dict[str, str]) -> None:
    text = words(letters["erased"])
    for name in (SURGERY, "999 000 0026", "14 March 1990", REFERENCE):
        assert name not in text
    assert "The referrer Organisation code C86001" in text
    assert "Nothing that names the person is held here." in text


def test_a_heading_without_anything_under_it_is_left_out(letters: dict[str, str]) -> None:
    assert "Other teams" not in words(letters["held"])
    assert "Please note" not in words(letters["monitoring"])
    assert "Not asked yet" not in words(letters["cancelled"])
    assert "Other teams" in words(letters["two teams"])


def test_what_a_rule_file_or_a_referrer_writes_is_shown_as_text(
    edited_rules: EditedRules,
) -> None:
    marked = "<b>&amp;</b><script>"
    edited_rules.replace("rulebook.yaml", "title: Doncaster referral triage", f'title: "{marked}"')
    decider = Decider(load_rulebook(edited_rules.directory))
    referred = recorded(decider, STEP_2)
    decider.close()
    surgery = {**(referred.identity or {}), "referrer_name": "</p><img src=x>"}
    html = written(replace(referred, identity=surgery), feedback_of(referred, decider.rulebook))
    page = Page(html)
    assert page.loads == []
    assert marked in page.text
    assert "</p><img src=x>" in page.text


@pytest.mark.parametrize(
    ("number", "told"),
    [("9990000026", "999 000 0026"), ("999", "999"), ("99900000AB", "99900000AB"), (None, "")],
)
def test_an_nhs_number_is_written_in_groups(number: str | None, told: str) -> None:
    assert spaced(number) == told


def test_a_telephone_number_is_kept_together() -> None:
    said = "Ring us on 01632 960001, 9 to 5 on 20 November"
    assert together(said) == f"Ring us on 01632{NO_BREAK}960001, 9 to 5 on 20 November"


def test_the_same_feedback_gives_the_same_letter(decider: Decider, rulebook: Rulebook) -> None:
    referred = recorded(decider, STEP_2)
    first, second = (written(referred, feedback_of(referred, rulebook)) for _ in range(2))
    assert first == second


# --- as a PDF ---


def made_pdf(html: str) -> bytes:
    """The PDF; where WeasyPrint or Pango is missing here there is none to look at."""
    found = pdf.letter_pdf(html)
    if found is None:
        pytest.skip("no PDF can be made here: install the extra pdf, and Pango of the system")
    return found


def unpacked(found: bytes) -> bytes:
    """A PDF with what its streams hold."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", found, re.DOTALL)
    return b"\n".join([found, *map(_inflated, streams)])


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def test_the_pdf_is_tagged_for_everybody_to_read(letters: dict[str, str]) -> None:
    inside = unpacked(made_pdf(letters["crisis"]))
    assert inside.startswith(b"%PDF-1.7")
    for mark in (
        b"/StructTreeRoot",
        b"/MarkInfo <</Marked true",
        b"/Lang (en-GB)",
        b"pdfuaid:part",
        b"/S /H1",
        b"/S /TH",
        b"/Headers",
        b"/DisplayDocTitle true",
    ):
        assert mark in inside, mark


def test_the_pdf_has_the_title_of_the_letter(letters: dict[str, str]) -> None:
    inside = unpacked(made_pdf(letters["crisis"]))
    assert b"Your referral: Crisis team: within 4 hours" in inside


def test_the_same_letter_gives_the_same_pdf(letters: dict[str, str]) -> None:
    assert made_pdf(letters["held"]) == made_pdf(letters["held"])


@pytest.mark.parametrize("name", ["crisis", "two teams", "nothing asked"])
def test_a_letter_fits_two_sheets(name: str, letters: dict[str, str]) -> None:
    pages = re.findall(rb"/Type ?/Page\b", unpacked(made_pdf(letters[name])))
    assert 1 <= len(pages) <= 2


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """The address of a server of this machine, and what it was asked for."""
    paths: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Noting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


def test_making_a_pdf_fetches_nothing(
    asked: tuple[str, list[str]], letters: dict[str, str]
) -> None:
    address, paths = asked
    wanting = (
        f'<link rel="stylesheet" href="{address}/style.css">'
        f"<style>@import '{address}/more.css'; h1 {{ background: url({address}/back.png) }}</style>"
        f'<img alt="" src="{address}/one.png"><img alt="" src="file:///etc/hostname">'
    )
    html = letters["held"].replace("</main>", f"{wanting}</main>")
    assert made_pdf(html).startswith(b"%PDF")
    assert paths == []


@pytest.mark.parametrize("error", [ImportError, OSError])
def test_without_what_makes_a_pdf_there_is_none_and_the_operator_is_told_once(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Missing:
        def find_spec(self, name: str, *_args: object) -> None:
            if name == "weasyprint":
                raise error

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    pdf.weasyprint.cache_clear()
    with caplog.at_level(logging.WARNING, logger="triage.pages.pdf"):
        assert pdf.letter_pdf("<p>one</p>") is None
        assert pdf.letter_pdf("<p>two</p>") is None
    pdf.weasyprint.cache_clear()
    (line,) = caplog.records
    assert line.levelno == logging.WARNING
    assert line.__dict__["said"]["error"] == error.__name__
