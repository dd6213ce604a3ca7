"""A nota or piece as it is shown: one tree for the web page, the PDF and the DOCX, for the desk or for anyone."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation

from lodestock.publish.words import date_text
from lodestock_desk.dossiers.heldback import Held
from lodestock_desk.dossiers.results import newest, result_on
from lodestock_desk.dossiers.woo import Ground
from lodestock_desk.parliament.file import last_done_of
from lodestock_desk.parliament.models import Piece, Version
from lodestock_desk.parliament.numbers import written
from lodestock_desk.parliament.openly import open_version
from lodestock_desk.parliament.text import NUMBER, Block, Content, Type
from lodestock_desk.parliament.words import How, Kind, Part, StepKind

WORDS: dict[str, tuple[str, str]] = {
    "nota": ("Nota", "Nota"), "letter": ("Brief", "Letter"),
    "answers": ("Antwoorden op schriftelijke vragen", "Answers to written questions"),
    "to": ("Aan", "To"), "date": ("Datum", "Date"), "reference": ("Kenmerk", "Reference"),
    "concept": ("concept, niet verzonden", "draft, not sent"), "route": ("Parafenroute", "Route of initials"),
    "withdrawn": ("ingetrokken", "withdrawn"), "annexes": ("Bijlagen", "Annexes"),
    "numbers": ("Herkomst van de cijfers", "Where the numbers come from"), "question": ("Vraag", "Question"),
    "answer": ("Antwoord", "Answer"), "signed": ("ondertekend op", "signed on"), "open": ("nog niet", "not yet"),
    "on_behalf": ("mede namens", "also on behalf of"), "left_out": ("Niet openbaar", "Not public"),
    "holds": ("Dit document bevat passages die niet openbaar zijn", "This document holds passages that are not public"),
    "hidden": ("[niet openbaar]", "[not public]"), "coordination": ("ambtelijk afgestemd met", "coordinated with"),
    "agreement": ("met akkoord van", "with the agreement of"), "initials": ("paraaf", "initials"),
    "signature": ("ondertekening", "signature"), "number": ("Cijfer", "Number"), "value": ("Waarde", "Value"),
    "what": ("Wat het is", "What it is"), "source": ("Bron", "Source"),
    "result": ("Resultaat en dag", "Result and day"),
    "step": ("Stap", "Step"), "party": ("Wie", "Who"), "when": ("Wanneer", "When"), "page": ("Pagina", "Page"),
    "of": ("van", "of"), "deputy": ("waarnemend", "standing in"), "gone": ("De figuur is er niet meer.",
    "The figure is no longer there."), "press": ("krantenartikel", "press article"),
}  # fmt: skip


def word(key: str, lang: str) -> str:
    """A fixed word of the documents in Dutch or English."""
    return WORDS[key][lang == "en"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text; key: the number that it is, if it is one."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A block as shown. head: of a question or answer; svg: of a figure; mark: why it is restricted (desk only)."""

    type: str
    place: str
    spans: tuple[Span, ...] = ()
    items: tuple[tuple[Span, ...], ...] = ()
    head: str = ""
    level: int = 0
    svg: str = ""
    alt: str = ""
    mark: str = ""

    @property
    def svg64(self) -> str:
        """The picture for the source of an image on a web page."""
        return base64.b64encode(self.svg.encode("utf-8")).decode("ascii")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of the document."""

    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that a page, PDF or DOCX of a nota or piece shows, in one language, for one audience."""

    lang: str
    part: str
    kind: str
    title: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Shown, ...]
    senders: tuple[tuple[str, str], ...]
    route: tuple[Row, ...]
    annexes: tuple[str, ...]
    numbers: tuple[Row, ...]
    left_out: tuple[str, ...]
    made: date
    example: bool = False
    restricted: bool = False
    words: dict[str, str] = field(default_factory=dict)


def spans(text: str, content: Content, lang: str) -> tuple[Span, ...]:
    """The text with its numbers written out."""
    found, at = [], 0
    for hit in NUMBER.finditer(text):
        if hit.start() > at:
            found.append(Span(text[at : hit.start()]))
        number = content.numbers.get(hit[1], {})
        hidden = number.get("hidden")
        found.append(Span(word("hidden", lang)) if hidden else Span(written(number, lang), hit[1]))
        at = hit.end()
    if at < len(text):
        found.append(Span(text[at:]))
    return tuple(found)


def document(piece: Piece, version: Version, lang: str, *, public: bool) -> Document:
    """The document of a version. public: without what is restricted or held back, and without names of officials."""
    whole = version.text
    shown = open_version(whole) if public else None
    content = shown.content if shown else whole
    used = lang if content.blocks.get(lang) else "nl"
    return Document(
        lang=used, part=version.part,
        kind=word("nota" if version.part == Part.NOTA else piece.kind, used),
        title=content.title.get(used) or content.title.get("nl", ""),
        facts=tuple(_facts(piece, content, used)),
        blocks=tuple(_all(content, used)),
        senders=tuple(_senders(piece, content, used)) if version.part == Part.PIECE else (),
        route=tuple(_route(piece, used, public=public)) if version.part == Part.NOTA else (),
        annexes=tuple(_annex(annex, used) for annex in content.about.get("annexes", ())),
        numbers=tuple(_numbers(content, used)),
        left_out=tuple(_left_out(whole, used, shown.held.values())) if shown else (),
        made=piece.sent_on or version.created_at.date(),
        example=piece.organisation.is_example,
        restricted=not public and whole.restricted(),
        words={key: word(key, used) for key in WORDS},
    )  # fmt: skip


def _facts(piece: Piece, content: Content, lang: str) -> Iterator[tuple[str, str]]:
    if content.about.get("addressees"):
        yield word("to", lang), "; ".join(content.about["addressees"])
    sent = date_text(piece.sent_on, lang) if piece.sent_on else word("concept", lang)
    if piece.withdrawn_on:
        sent = f"{sent}; {word('withdrawn', lang)} {date_text(piece.withdrawn_on, lang)}"
    yield word("date", lang), sent
    if piece.house_reference:
        yield word("reference", lang), piece.house_reference


def _all(content: Content, lang: str) -> Iterator[Shown]:
    """The blocks, with headings that never skip a level: questions stand under a heading, or are the first level."""
    top = False
    for index, block in enumerate(content.blocks.get(lang, ())):
        level = 0
        if block.type is Type.HEADING:
            level = block.level if top else 1
            top = True
        elif block.type in (Type.QUESTION, Type.ANSWER):
            level = 2 if top else 1
        yield _shown(block, index, level, content, lang)


def _shown(block: Block, index: int, level: int, content: Content, lang: str) -> Shown:
    place = f"{lang}-{index}"
    head = f"{word(block.type, lang)} {block.number}" if block.type in (Type.QUESTION, Type.ANSWER) else ""
    hidden = head and not block.text and block.ground
    text = word("hidden", lang) if hidden else block.text
    svg = _picture(block.key, lang) if block.type is Type.FIGURE and block.key else ""
    mark = f"Woo {block.ground}: {block.ground_reason}" if block.ground and not hidden else ""
    if block.type is Type.FIGURE and not svg:
        text = word("gone" if block.key else "hidden", lang)
    return Shown(
        block.type.value, place, spans(text, content, lang), tuple(spans(i, content, lang) for i in block.items), head,
        level, svg, block.alt, mark,
    )  # fmt: skip


def _picture(key: str, lang: str) -> str:
    name, _at, day = key.partition("@")
    found = result_on(name, day) if day else newest(name)
    return str(found.content.pictures.get(lang, "")) if found else ""


def _senders(piece: Piece, content: Content, lang: str) -> Iterator[tuple[str, str]]:
    """Who sends, first those who sign: the line of the letter, and when it was signed."""
    steps = {str(s.office_id): s for s in piece.steps.all() if s.kind == StepKind.SIGNATURE}
    text, acts = piece.text_hash(), last_done_of(steps.values())
    for sender in content.about.get("senders", ()):
        title = sender[f"title_{lang}"]
        if sender["how"] == How.ON_BEHALF:
            yield f"{word('on_behalf', lang)} {_with_article(title, lang)}", ""
            continue
        step = steps.get(sender["office"])
        done = acts.get(str(step.pk)) if step and step.done_hash == text else None
        when = f"{word('signed', lang)} {date_text(done.on, lang)}" if done else word("concept", lang)
        yield f"{'De' if lang == 'nl' else 'The'} {title}", when


def _with_article(title: str, lang: str) -> str:
    return f"de {title}" if lang == "nl" else f"the {title}"


def _route(piece: Piece, lang: str, *, public: bool) -> Iterator[Row]:
    steps = list(piece.steps.select_related("office", "ministry"))
    text, acts = piece.text_hash(), last_done_of(steps)
    for step in steps:
        act = acts.get(str(step.pk)) if step.done_hash and step.done_hash == text else None
        name = (step.office.title_en if lang == "en" else step.office.title_nl) if step.office else step.ministry.name
        who = f", {act.person.name}" if act and not public else ""
        standing_in = f" ({word('deputy', lang)})" if act and act.deputy else ""
        when = f"{date_text(act.on, lang)}{who}{standing_in}" if act else word("open", lang)
        yield Row((word(step.kind, lang), name, when))


def _annex(annex: dict[str, Any], lang: str) -> str:
    kind = word("press", lang) if annex.get("kind") == "press" else ""
    day = date_text(date.fromisoformat(annex["on"]), lang) if annex.get("on") else ""
    parts = [annex.get("title", ""), kind, annex.get("outlet", ""), day, annex.get("address", "")]
    mark = f"[Woo {annex['ground']}]" if annex.get("ground") else ""
    return ", ".join(part for part in (*parts, mark) if part)


def _numbers(content: Content, lang: str) -> Iterator[Row]:
    for key in content.cited():
        number = content.numbers.get(key, {})
        if number.get("hidden"):
            continue
        day = date_text(date.fromisoformat(number["day"]), lang) if number.get("day") else ""
        where = ", ".join(filter(None, (number.get("result", ""), number.get("entry", ""), day)))
        yield Row((key, written(number, lang), str(number.get(f"label_{lang}", "")),
                   str(number.get(f"source_{lang}", "")), where))  # fmt: skip


def _left_out(whole: Content, lang: str, held: Iterable[Held]) -> Iterator[str]:
    """The grounds on which something was left out, each once; not what, and not how much."""
    used = {b.ground for b in whole.blocks.get(lang, ()) if b.ground}
    used |= {annex["ground"] for annex in whole.about.get("annexes", ()) if annex.get("ground")}
    used |= {ground for why in held for ground in why.grounds}
    for ground in sorted(used):
        with translation.override(lang):
            yield f"Woo {Ground(ground).label}" if ground in Ground.values else f"Woo {ground}"


def kind_of(piece: Piece) -> str:
    """The kind of a piece, for a file name."""
    return "antwoorden" if piece.kind == Kind.ANSWERS else "brief"
