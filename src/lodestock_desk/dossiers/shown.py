"""A page as it is shown: its blocks with their results looked up, in one language, for page, PDF, search and files.

`compose` takes the raw sections that may be shown: outsiders get those of `split.public_raw`, so that a restricted
block is not even read when a public page is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from typing import Any

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from lodestock.evidence.marks import Mark
from lodestock.publish.figures.base import size_of
from lodestock.publish.words import MARKS, date_text
from lodestock_desk.dossiers import tables
from lodestock_desk.dossiers.content import OUTLINE, PLACE
from lodestock_desk.dossiers.numbers import render_number
from lodestock_desk.dossiers.split import Raw, is_public
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult, ResultContent, ResultNumber
from lodestock_desk.dossiers.woo import Ground

_NOTHING = SafeString("")


@dataclass(frozen=True, slots=True)
class File:
    """A download: its name and address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One block as shown. `kind`: text, figure, map, table or number; what a kind does not have is empty."""

    id: str
    kind: str
    restricted: bool
    ground: str
    html: SafeString = _NOTHING
    title: str = ""
    subtitle: str = ""
    alt: str = ""
    caption: str = ""
    svg: str = ""
    picture: str = ""
    size: tuple[int, int] = (0, 0)
    source: str = ""
    mark: str = ""
    mark_text: str = ""
    day: date | None = None
    day_text: str = ""
    gone: str = ""
    tables: tuple[tables.Shown, ...] = ()
    files: tuple[File, ...] = ()
    uses: tuple[tuple[str, str, str], ...] = ()

    @property
    def ground_text(self) -> str:
        """The ground in words."""
        return str(dict(Ground.choices).get(self.ground, self.ground))


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the outline."""

    key: str
    title: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole page."""

    lang: str
    sections: tuple[Section, ...]

    @property
    def pieces(self) -> list[Piece]:
        """Every block."""
        return [piece for section in self.sections for piece in section.pieces]

    def section(self, key: str) -> Section:
        """The section with this key."""
        return next(section for section in self.sections if section.key == key)

    def with_text(self, key: str, text: str) -> Shown:
        """The same page with a plain sentence, open to all, at the end of a section."""
        piece = Piece(f"{key}-said", "text", False, "", html=format_html("<p>{}</p>", text))
        return replace(self, sections=tuple(
            replace(section, pieces=(*section.pieces, piece)) if section.key == key else section
            for section in self.sections
        ))  # fmt: skip


@dataclass(slots=True)
class _Found:
    """What the blocks of one page name, looked up at once."""

    results: dict[tuple[str, str], PublishedResult] = field(default_factory=dict)
    kept: dict[str, KeptResult] = field(default_factory=dict)
    entries: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    root: str = ""


def numbers_in(block: Raw) -> list[Mapping[str, Any]]:
    """The raw numbers of a content block, each with what `ListBlock` wraps around it taken off."""
    value = block.get("value") or {}
    if block.get("type") == "number":
        return [value.get("number") or {}]
    if block.get("type") != "text":
        return []
    return [item.get("value", item) for item in value.get("numbers") or []]


def _look_up(page: int | None, sections: Iterable[Raw]) -> _Found:
    wanted: set[tuple[str, str]] = set()
    keys: set[str] = set()
    for section in sections:
        for block in section.get("value") or ():
            value = block.get("value") or {}
            if value.get("result"):
                wanted.add((value["result"], str(value.get("day"))))
            for number in numbers_in(block):
                if number.get("result"):
                    wanted.add((number["result"], str(number.get("day"))))
                    keys.add(str(number.get("entry")))
    found = _Found()
    names = {name for name, _day in wanted}
    for result in PublishedResult.objects.filter(name__in=names).defer("manifest").select_related("content"):
        if (result.name, result.day.isoformat()) in wanted:
            found.results[result.name, result.day.isoformat()] = result
    contents = {r.content_id for r in found.results.values()}
    for number in ResultNumber.objects.filter(content__in=contents, key__in=keys):
        found.entries[number.content_id, number.key] = number.entry
    if page is not None:
        kept = KeptResult.objects.filter(page_id=page, entry="").defer("manifest").select_related("content")
        found.kept = {k.block: k for k in kept}
    return found


def compose(page: int | None, sections: list[Any], lang: str, root: str = "") -> Shown:
    """The page with these raw sections, in the language that is active. Nothing but these sections is read.

    root: put before the addresses of files: empty for the public ones, the desk's own for what only the desk reads.
    """
    found = _look_up(page, sections)
    found.root = root
    out = []
    for section in sections:
        key = str(section.get("type"))
        pieces = tuple(_piece(block, found, lang) for block in section.get("value") or ())
        out.append(Section(key, str(OUTLINE.get(key, "")), pieces))
    return Shown(lang, tuple(out))


def _piece(block: Raw, found: _Found, lang: str) -> Piece:
    kind, value = str(block.get("type")), block.get("value") or {}
    ground = "" if is_public(block) else str(value.get("ground") or "")
    base = {"id": str(block.get("id") or ""), "kind": kind, "restricted": not is_public(block), "ground": ground}
    if kind == "text":
        return _text(base, value, numbers_in(block), found, lang)
    if kind == "number":
        return _number(base, numbers_in(block)[0], found, lang)
    return _result(base, value, found, lang)


def _entry(number: Mapping[str, Any], found: _Found) -> Mapping[str, Any] | None:
    result = found.results.get((str(number.get("result")), str(number.get("day"))))
    return found.entries.get((result.content_id, str(number.get("entry")))) if result else None


def _lineage(number: Mapping[str, Any], root: str) -> str:
    return f"{root}/results/{number['result']}/{number['day']}/{number['entry']}.json"


def _text(base: dict[str, Any], value: Raw, numbers: list[Any], found: _Found, lang: str) -> Piece:
    by_key = {str(number.get("key")): number for number in numbers}
    html = expand_db_html(str(value.get("text") or ""))

    def placed(match: Any) -> str:
        number = by_key.get(match[1])
        return str(match[0]) if number is None else _inline(number, found, lang)

    uses = tuple(_use(number) for number in numbers if number.get("result"))
    return Piece(**base, html=mark_safe(PLACE.sub(placed, html)), uses=uses)


def _use(number: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(number["result"]), str(number.get("day")), str(number.get("entry"))


def _inline(number: Mapping[str, Any], found: _Found, lang: str) -> str:
    text = render_number(number, lang)
    entry = _entry(number, found)
    if entry is None:
        return format_html('<span class="num">{}</span>', text)
    said = f"{entry['label'][lang]} · {_mark(entry['mark'], lang)}"
    return format_html('<a class="num" href="{}" title="{}">{}</a>', _lineage(number, found.root), said, text)


def _mark(mark: object, lang: Any) -> str:
    return MARKS[Mark(str(mark))][lang] if mark else ""


def _number(base: dict[str, Any], number: Mapping[str, Any], found: _Found, lang: Any) -> Piece:
    entry = _entry(number, found) or {}
    label = str(number.get("label") or (entry.get("label") or {}).get(lang, ""))
    day = date.fromisoformat(str(number["day"])) if number.get("day") else None
    gone = "" if entry else _("The result behind this number is no longer there.")
    files = (File(_("where it comes from"), _lineage(number, found.root)),) if entry else ()
    mark = str(entry.get("mark", ""))
    return Piece(
        **base, title=label, html=format_html("{}", render_number(number, lang)), mark=mark,
        mark_text=_mark(mark, lang), day=day, day_text=date_text(day, lang) if day else "", gone=gone, files=files,
        source=str(number.get("result") or ""), uses=(_use(number),) if number.get("result") else (),
    )  # fmt: skip


def _result(base: dict[str, Any], value: Raw, found: _Found, lang: Any) -> Piece:
    name, day = str(value.get("result")), str(value.get("day"))
    when = date_text(date.fromisoformat(day), lang)
    result = found.results.get((name, day))
    kept = found.kept.get(base["id"])
    if kept is not None and (kept.name, kept.day.isoformat()) != (name, day):
        kept = None
    if result is None and kept is None:
        gone = _("The result %(name)s of %(day)s is not there.") % {"name": name, "day": when}
        return Piece(**base, gone=gone, day=date.fromisoformat(day), day_text=when)
    gone = ""
    if result is None and kept is not None:
        said = {"day": when, "kept": date_text(kept.kept_at.date(), lang)}
        gone = (
            _("This result has been withdrawn. What stands here is of %(day)s, as last published on %(kept)s.") % said
        )
    content = result.content if result else kept.content  # type: ignore[union-attr]
    return _content(base, value, content, (name, day), gone, lang, f"{found.root}/results/{name}/{day}")


def _content(
    base: dict[str, Any], value: Raw, content: ResultContent, which: tuple[str, str], gone: str, lang: Any, folder: str
) -> Piece:
    name, day = which
    words, figure = content.words.get(lang, {}), name.partition(".")[2]
    shown = tables.tables_of(content, lang)
    if base["kind"] == "table":
        wanted = value.get("table") or (shown[0].name if shown else "")
        shown = [table for table in shown if table.name == wanted]
    files = [File(table.file, f"{folder}/{table.file}") for table in shown]
    files.append(File(_("manifest"), f"{folder}/{figure}.manifest.json"))
    source = content.source_nl if lang == "nl" else content.source_en
    drawn = base["kind"] != "table" and lang in content.pictures
    picture = f"{folder}/{figure}.{lang}.picture.svg" if drawn else ""
    if drawn:
        files.append(File("SVG", f"{folder}/{figure}.{lang}.svg"))
    caption = " ".join(part for part in (value.get("caption"), words.get("caption")) if part)
    when = date.fromisoformat(day)
    return Piece(
        **base, title=words.get("title", ""), subtitle=words.get("subtitle", ""), alt=words.get("alt", ""),
        size=_size(content.pictures[lang]) if picture else (0, 0), svg=content.pictures[lang] if picture else "",
        caption=caption, picture=picture, source=source,
        mark=content.mark, mark_text=_mark(content.mark, lang), day=when, day_text=date_text(when, lang), gone=gone,
        tables=tuple(shown), files=tuple(files), uses=((name, day, ""),),
    )  # fmt: skip


def _size(svg: str) -> tuple[int, int]:
    width, height = size_of(svg)
    return round(width), round(height)


def plain_text(shown: Shown) -> str:
    """All words of a page without mark-up: for the search index."""
    parts: list[str] = []
    for section in shown.sections:
        parts.append(section.title)
        for piece in section.pieces:
            parts += [piece.title, piece.alt, piece.caption, unescape(strip_tags(str(piece.html).replace("<", " <")))]
    return " ".join(" ".join(parts).split())
