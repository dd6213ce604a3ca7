"""Published letters and answers with their nota, in their public version only: for pages, search, feed and API.

Everything here starts from `public_pieces` (what was published, also when withdrawn later) and from `open_version`
(without what is restricted, and without what a dossier holds back), as the public page does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import override

from lodestock.publish.words import date_text
from lodestock_desk.dossiers.heldback import held_back_now
from lodestock_desk.dossiers.mixing import Item
from lodestock_desk.parliament.access import public_pieces
from lodestock_desk.parliament.models import Piece, Version
from lodestock_desk.parliament.openly import held_of, named_in, open_version
from lodestock_desk.parliament.page import spans, word
from lodestock_desk.parliament.text import Content, public_part, read_content
from lodestock_desk.parliament.words import Part

SHORTEST, LONGEST = 60, 240  # characters of the line about a piece
MOST_READ = 4096  # versions whose words are kept


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


_NAMED: dict[str, tuple[tuple[str, Item], ...]] = {}
_READ: dict[tuple[str, frozenset[str], str], _Words] = {}
"""The results that a version names in the open, and its words by what was held back of those, and language. Versions
never change, so what was read stays right; what a dossier holds back since makes another key."""


def published(lang: str) -> list[PieceLine]:
    """Every published piece, newest first, in a language."""
    return lines_of(list(public_pieces()), lang)


def lines_of(pieces: list[Piece], lang: str) -> list[PieceLine]:
    """These published pieces as lines, in a language; as many queries for a hundred as for one."""
    newest = Version.objects.filter(piece=OuterRef("piece"), part=OuterRef("part")).order_by("-number")
    current = Version.objects.filter(piece__in=pieces, number=Subquery(newest.values("number")[:1]))
    held: dict[object, dict[str, str]] = {}
    for piece, part, key in current.values_list("piece", "part", "pk"):
        held.setdefault(piece, {})[part] = str(key)
    texts = _texts([key for parts in held.values() for key in parts.values()], lang)
    return [_line(piece, {part: texts[key] for part, key in held.get(piece.pk, {}).items()}, lang) for piece in pieces]


def _line(piece: Piece, held: dict[str, _Words], lang: str) -> PieceLine:
    title = (piece.subject_en if lang == "en" else "") or piece.subject_nl
    with override(lang):
        address = reverse("pieces:one", args=[piece.pk])
    begins = held[Part.PIECE].begins if Part.PIECE in held else ""
    told = folded(" ".join([title, piece.subject_nl, piece.house_reference]))
    words = " ".join([told, *(held[part].all for part in Part if part in held)])
    return PieceLine(piece, title, about(piece, lang), begins, words, address)


def about(piece: Piece, lang: str) -> str:
    """What a piece is, when it was sent, and whether it was withdrawn."""
    parts = [word(piece.kind, lang)]
    if piece.sent_on:
        parts.append(date_text(piece.sent_on, lang))
    if piece.withdrawn_on:
        parts.append(f"{word('withdrawn', lang)} {date_text(piece.withdrawn_on, lang)}")
    return ", ".join(parts)


def _texts(versions: list[str], lang: str) -> dict[str, _Words]:
    """The public words of these versions, by version; those that were not read before are read at once."""
    now = held_back_now()
    if len(_READ) > MOST_READ:
        _READ.clear()
        _NAMED.clear()
    found: dict[str, _Words] = {}
    for key in versions:
        if (named := _NAMED.get(key)) is None:
            continue
        if words := _READ.get((key, frozenset(held_of(named, now)), lang)):
            found[key] = words
    missing = [key for key in versions if key not in found]
    kept = Version.objects.filter(pk__in=missing).values_list("pk", "content") if missing else ()
    for pk, raw in kept:
        content = read_content(raw)
        shown, key = open_version(content, now), str(pk)
        _NAMED[key] = tuple(named_in(public_part(content)))
        found[key] = _READ[key, frozenset(shown.held), lang] = _words(shown.content, lang)
    return found


def _words(content: Content, lang: str) -> _Words:
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
