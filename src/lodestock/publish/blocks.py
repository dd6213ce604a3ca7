"""What a brief consists of once its text is read: blocks of spans, the same for HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """What a piece of a sentence is; only `TEXT` may not hold a digit."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    REFERENCE = "reference"
    BADGE = "badge"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; a number names the ledger entry that it was written from, a badge its evidence mark."""

    kind: SpanKind
    text: str
    entry: str = ""
    mark: str = ""
    strong: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the title of the brief."""

    level: int
    spans: Spans
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` is the one-sentence answer."""

    spans: Spans
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A small table with one header row; the first column heads its row."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """The place of a figure, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of something made from data: 'headline', 'assumptions', 'sources' or 'appendix'."""

    name: str


@dataclass(frozen=True, slots=True)
class Box:
    """A short explanation set apart; the first block is its title."""

    title: Spans
    blocks: tuple[Paragraph | Bullets, ...]


Block = Heading | Paragraph | Bullets | Table | FigureBlock | Slot | Box


def spans_of(block: Block) -> Iterator[Span]:
    """Every span of a block, in reading order."""
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            yield from spans
        case Bullets(items=items):
            for item in items:
                yield from item
        case Table(header=header, rows=rows):
            for cell in header:
                yield from cell
            for row in rows:
                for cell in row:
                    yield from cell
        case Box(title=title, blocks=blocks):
            yield from title
            for inner in blocks:
                yield from spans_of(inner)
        case FigureBlock() | Slot():
            return


def numbers_in(blocks: tuple[Block, ...]) -> list[str]:
    """Ids of the ledger entries whose numbers stand in the text, in order of first mention."""
    return list(dict.fromkeys(s.entry for b in blocks for s in spans_of(b) if s.entry))
