"""A page read as a browser would: its links, its ids, its headings and its words."""

from __future__ import annotations

from html.parser import HTMLParser

EMPTY = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a test may ask of a page of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.tables = self.captions = 0
        self.language = ""
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        assert self._open == [], f"left open: {self._open}"

    @property
    def text(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in EMPTY:
            self._open.append(tag)
        if tag == "html":
            self.language = found.get("lang", "")
        if tag[0] == "h" and tag[1:].isdigit():
            self.headings.append(int(tag[1:]))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.ids += [found["id"]] if "id" in found else []
        self.links += [found["href"]] if tag == "a" else []
        loaded = found.get("src") or (found.get("href") if tag == "link" else None)
        self.loads += [loaded] if loaded else []

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"{tag} is closed out of turn"

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self._words.append(data)
