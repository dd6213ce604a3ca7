"""Rich text as plain blocks of spans, for the PDF: paragraphs, headings, lists, strong, emphasis, links."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

_BLOCKS = {"p": "paragraph", "h2": "heading", "h3": "heading", "h4": "heading", "li": "item", "div": "paragraph"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self.open: dict[str, Any] | None = None
        self.strong = self.emph = 0
        self.address = ""
        self.listing: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.close_block()
            self.open = {"type": _BLOCKS[tag], "spans": []}
        elif tag in ("ul", "ol"):
            self.close_block()
            self.listing.append("bullets" if tag == "ul" else "numbered")
        elif tag in ("b", "strong"):
            self.strong += 1
        elif tag in ("i", "em"):
            self.emph += 1
        elif tag == "a":
            self.address = dict(attrs).get("href") or ""
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.close_block()
        elif tag in ("ul", "ol") and self.listing:
            self.close_block()
            self.listing.pop()
        elif tag in ("b", "strong"):
            self.strong = max(0, self.strong - 1)
        elif tag in ("i", "em"):
            self.emph = max(0, self.emph - 1)
        elif tag == "a":
            self.address = ""

    def handle_data(self, data: str) -> None:
        text = " ".join(data.replace("\n", " ").split(" "))
        if not text.strip() and (self.open is None or not self.open["spans"]):
            return
        if self.open is None:
            self.open = {"type": "paragraph", "spans": []}
        outside = self.address if self.address.startswith(("https://", "http://")) else ""
        self.open["spans"].append({"text": text, "strong": self.strong > 0, "emph": self.emph > 0, "address": outside})

    def close_block(self) -> None:
        block, self.open = self.open, None
        if block is None or not block["spans"]:
            return
        if block["type"] != "item":
            self.blocks.append(block)
            return
        kind = self.listing[-1] if self.listing else "bullets"
        if self.blocks and self.blocks[-1]["type"] == kind and self.blocks[-1].get("depth") == len(self.listing):
            self.blocks[-1]["items"].append(block["spans"])
        else:
            self.blocks.append({"type": kind, "items": [block["spans"]], "depth": len(self.listing)})


def blocks_of_html(html: str) -> list[dict[str, Any]]:
    """The blocks of a rich text; nothing of its mark-up comes through but what is named above."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.close_block()
    return reader.blocks
