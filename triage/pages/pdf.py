"""The letter as a tagged PDF (PDF/UA-1), where the extra ``pdf`` is installed.

WeasyPrint makes it, and needs the system's Pango. Where either is missing there is no PDF: the
letter in HTML stands by itself.
"""

from __future__ import annotations

import logging
from functools import cache
from types import ModuleType

from triage.logs import logger

LOG = logger("triage.pages.pdf")

VARIANT = "pdf/ua-1"
"""PDF for everybody, whatever they read with (ISO 14289-1)."""


def letter_pdf(html: str) -> bytes | None:
    """A page of HTML as a PDF, the same bytes for the same page; None where none can be made.

    Nothing is fetched from anywhere: what a page does not hold itself is left out.
    """
    maker = weasyprint()
    if maker is None:
        return None
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]  # noqa: PLC0415

    page = maker.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=()))
    made: bytes = page.write_pdf(pdf_variant=VARIANT)
    return made


@cache
def weasyprint() -> ModuleType | None:
    """What makes PDFs; None where it or Pango is missing, which is logged once."""
    try:
        import weasyprint as found  # type: ignore[import-untyped]  # noqa: PLC0415 (slow, an extra)
    except (ImportError, OSError) as error:
        LOG.warning("letters_without_pdf", error=type(error).__name__)
        return None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of rules for screens
    return found  # type: ignore[no-any-return]
