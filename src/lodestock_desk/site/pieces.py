"""Published letters and answers with their nota, in their public version only: for pages, search, feed and API.

Everything here starts from `public_pieces` (what was published, also when withdrawn later) and from `public_part`
(without what is restricted), as the public page does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import override

from lodestock.publish.words import date_text
from lodestock_desk.parliament.access import public_pieces
from lodestock_desk.parliament.models import Piece, Version
from lodestock_desk.parliament.page import spans, word
from lodestock_desk.parliament.text import Content, public_part, read_content
from lodestock_desk.parliament.words import Part

SHORTEST, LONGEST = 60, 240  # characters of the line about a piece


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A published piece in a list: its subject, what it is and since when, how it begins, and all its public words."""

    piece: Piece
    title: str
    about: str
    begins: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class _Words:
    """The public words of a version in one language, folded for comparing; begins: its first real paragraph."""

    begins: str
    all: str


def published(lang: str) -> list[PieceLine]:
    """Every published piece, newest first, in a language."""
    found = list(public_pieces())
    last: dict[tuple[object, str], Version] = {}
    for version in Version.objects.filter(piece__in=found).order_by("number").defer("content"):
        last[version.piece_id, version.part] = version
    return [_line(piece, [last[piece.pk, part] for part in Part if (piece.pk, part) in last], lang) for piece in found]


def _line(piece: Piece, versions: list[Version], lang: str) -> PieceLine:
    held = {version.part: _words(str(version.pk), lang) for version in versions}
    title = (piece.subject_en if lang == "en" else "") or piece.subject_nl
    with override(lang):
        address = reverse("pieces:one", args=[piece.pk])
    begins = held[Part.PIECE].begins if Part.PIECE in held else ""
    told = folded(" ".join([title, piece.subject_nl, piece.house_reference]))
    words = " ".join([told, *(text.all for text in held.values())])
    return PieceLine(piece, title, about(piece, lang), begins, words, address)


def about(piece: Piece, lang: str) -> str:
    """What a piece is, when it was sent, and whether it was withdrawn."""
    parts = [word(piece.kind, lang)]
    if piece.sent_on:
        parts.append(date_text(piece.sent_on, lang))
    if piece.withdrawn_on:
        parts.append(f"{word('withdrawn', lang)} {date_text(piece.withdrawn_on, lang)}")
    return ", ".join(parts)


@lru_cache(maxsize=4096)
def _words(version: str, lang: str) -> _Words:
    """The public words of a version. A version is never changed, so what was read once stays right."""
    kept = Version.objects.values_list("content", flat=True).get(pk=version)
    content = public_part(read_content(kept))
    used = lang if content.blocks.get(lang) else "nl"
    lines = list(_lines(content, used))
    text = " ".join(" ".join([content.title.get(used, ""), *lines]).split())
    said = [line for block, line in zip(content.blocks.get(used, ()), lines, strict=True)
            if block.type not in ("heading", "figure", "question") and line]  # fmt: skip
    first = next((line for line in said if len(line) >= SHORTEST), said[0] if said else "")
    return _Words(_short(first), folded(text))


def _lines(content: Content, lang: str) -> Iterator[str]:
    """The words of each block, with its numbers written out."""
    for block in content.blocks.get(lang, ()):
        runs = (spans(text, content, lang) for text in (block.text, *block.items))
        yield " ".join([*("".join(span.text for span in run) for run in runs), block.alt]).strip()


def _short(text: str) -> str:
    """The text, cut at a word where it is long."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def folded(text: str) -> str:
    """The text for comparing: without capitals and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def matching(asked: str, lang: str) -> list[PieceLine]:
    """The published pieces whose public words hold every word that is asked for; without words, all of them."""
    wanted = folded(asked).split()
    return [line for line in published(lang) if all(one in line.words for one in wanted)]
