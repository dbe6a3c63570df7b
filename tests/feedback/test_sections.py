"""Feedback as text and as Markdown."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from triage.feedback.sections import Section, as_markdown, as_text, escaped

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)
MARKS = st.text("\\`*_{}[]()#+-.!|<>~&:/=@$ 1ahtpw\n", max_size=40)


def read(markdown: str) -> str:
    """What a reader of rendered Markdown sees; the marks of our own lists and headings aside."""
    return str(GFM.render(markdown))


@given(MARKS | TEXT)
@example("1. one")
@example("10) ten")
@example("- a list")
@example("# a heading")
@example("> a quotation")
@example("| a | table |")
@example("```")
@example("<script>alert(1)</script>")
@example("[a link](https://example.org)")
@example("![a picture](https://example.org/a.png)")
@example("&lt; &amp;lt; &#60;")
@example("***bold*** __bold__ ~~gone~~ `code`")
@example("\\")
@example("+44 1632 960001")
@example("=== ---")
def test_whatever_stands_in_a_text_it_reads_as_it_is_written(text: str) -> None:
    line = " ".join(text.split())
    made = as_markdown("A heading", [Section("Why", items=("first", line, "last"))])
    shown = read(made)
    items = re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)
    assert [html.unescape(one) for one in items] == ["first", line, "last"]
    assert shown.count("<li>") == shown.count("</li>") == 3
    assert set(re.findall(r"<(\w+)", shown)) == {"p", "strong", "ul", "li"}


@given(MARKS)
def test_a_line_beside_a_heading_reads_as_it_is_written(text: str) -> None:
    line = " ".join(text.split())
    shown = read(as_markdown("A heading", [Section("Where", line or "nowhere")]))
    wanted = f"<strong>Where:</strong> {line or 'nowhere'}</p>"
    assert wanted in html.unescape(shown)


@given(MARKS)
def test_a_heading_reads_as_it_is_written(text: str) -> None:
    heading = " ".join(f"To {text} here".split())
    assert f"<strong>{heading}</strong>" in html.unescape(read(as_markdown(heading, [])))


@pytest.mark.parametrize(
    "text", ["https://example.org", "HTTP://example.org", "www.example.org", "a@example.org"]
)
def test_an_address_is_made_no_link_of(text: str) -> None:
    assert text not in escaped(text)
    assert html.unescape(read(escaped(text))) == f"<p>{text}</p>\n"


def test_plain_words_are_left_as_they_are() -> None:
    said = "PHQ-9 is 12, at 14:15 on 20 November (Monday to Friday, 9 to 5; others' hours differ)."
    assert escaped(said) == said


def test_what_is_empty_is_left_out() -> None:
    sections = [Section("Held"), Section("Where", "A team"), Section("Why", items=("One.", "Two."))]
    assert as_text("A heading", sections) == (
        "A heading\n\nWhere: A team\n\nWhy:\n- One.\n- Two.\n"
    )
    assert as_markdown("A heading", sections) == (
        "**A heading**\n\n**Where:** A team\n\n**Why:**\n\n- One.\n- Two.\n"
    )
