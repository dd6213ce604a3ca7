"""From marked-up text to blocks; a digit that no helper wrote is refused, so that no number comes without lineage.

The mark-up, line by line (blank lines part blocks):

    # Title              the title (once); `## Section [#anchor]` and `### Part` below it
    !answer Sentence.    the one-sentence answer
    - item               a list; `| cell | cell |` a table, its first row the header
    > **Title**          a box: title, then paragraphs and `> - items`
    !figure id           a figure; `!headline`, `!assumptions`, `!sources`, `!appendix` what is made from data
    anything else        a paragraph; its lines are joined; **strong** inside a line

Helpers write their spans as markers between two private-use signs; a template cannot type those by accident.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from lodestock.errors import InputError
from lodestock.publish.blocks import (
    Block,
    Box,
    Bullets,
    FigureBlock,
    Heading,
    Paragraph,
    Slot,
    Span,
    SpanKind,
    Spans,
    Table,
)

OPEN, CLOSE = "\ue000", "\ue001"
SLOTS = ("headline", "assumptions", "sources", "appendix")
_MARKER = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_PIECES = re.compile(f"({OPEN}[^{CLOSE}]*{CLOSE}|\\*\\*)")
_ANCHOR = re.compile(r"\s*\[#([a-z-]+)\]\s*$")


class Marked(str):
    """Text that a helper made: markers, and nothing else that holds a digit."""

    __slots__ = ()


def marker(span: Span) -> Marked:
    """The marker of one span, to stand in rendered text."""
    body = {"kind": span.kind.value, "text": span.text, "entry": span.entry, "mark": span.mark}
    packed = json.dumps(body, ensure_ascii=False).replace("|", "\\u007c")
    return Marked(f"{OPEN}{packed.replace(OPEN, '').replace(CLOSE, '')}{CLOSE}")


def bare_digit(text: str) -> str | None:
    """The first word with a digit outside all markers, or None."""
    for word in _MARKER.sub(" ", text).split():
        if any(sign.isdigit() for sign in word):
            return word
    return None


def refuse_bare_digits(text: str, where: str) -> None:
    """Raise InputError when `text` holds a digit that no helper wrote."""
    word = bare_digit(text)
    if word is not None:
        raise InputError(
            f"the text says '{word}', a number without lineage",
            where=where,
            why="each number in a brief is written from a ledger entry",
            mend="write n('entry.id'), d(date) for a date, or ref('...') for a code or a law; spell out small counts",
        )


def read_spans(text: str, where: str) -> Spans:
    """The spans of one line of text."""
    refuse_bare_digits(text, where)
    out: list[Span] = []
    strong = False
    for piece in _PIECES.split(text):
        if piece == "**":
            strong = not strong
        elif piece.startswith(OPEN):
            body = json.loads(piece[1:-1])
            kind = SpanKind(body["kind"])
            out.append(Span(kind, body["text"], body["entry"], body["mark"], strong))
        elif piece:
            out.append(Span(SpanKind.TEXT, piece, strong=strong))
    if strong:
        raise InputError("a '**' in the text is not closed", where=where, why=text[:80])
    return tuple(out)


def _heading(line: str, where: str) -> Heading:
    level = len(line) - len(line.lstrip("#"))
    body = line[level:].strip()
    found = _ANCHOR.search(body)
    anchor = found.group(1) if found else ""
    return Heading(level, read_spans(_ANCHOR.sub("", body), where), anchor)


def _cells(line: str, where: str) -> tuple[Spans, ...]:
    return tuple(read_spans(cell.strip(), where) for cell in line.strip().strip("|").split("|"))


def _table(lines: list[str], where: str) -> Table:
    rows = [_cells(line, where) for line in lines if not re.fullmatch(r"[|\s:-]+", line)]
    if any(len(row) != len(rows[0]) for row in rows):
        raise InputError("a table in the text has rows of different length", where=where, why=lines[0])
    return Table(rows[0], tuple(rows[1:]))


def _bullets(lines: list[str], where: str) -> Bullets:
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += " " + line.strip()
    return Bullets(tuple(read_spans(item, where) for item in items))


def _box(lines: list[str], where: str) -> Box:
    inner = [line[1:].removeprefix(" ").rstrip() for line in lines]
    blocks: list[Paragraph | Bullets] = []
    for group in _groups("\n".join(inner[1:])):
        if group[0].startswith("- "):
            blocks.append(_bullets(group, where))
        else:
            blocks.append(Paragraph(read_spans(" ".join(part.strip() for part in group), where)))
    title = tuple(replace(span, strong=False) for span in read_spans(inner[0], where))
    return Box(title, tuple(blocks))


def _directive(line: str, where: str) -> Block:
    name, _, rest = line[1:].partition(" ")
    if name == "answer":
        return Paragraph(read_spans(rest.strip(), where), lead=True)
    if name == "figure":
        return FigureBlock(rest.strip())
    if name in SLOTS:
        return Slot(name)
    raise InputError(
        f"the text has an unknown directive '!{name}'", where=where, mend=f"one of figure, answer, {SLOTS}"
    )


def _continues(kind: str, first: str, raw: str, head: str) -> bool:
    """Whether a line goes on with the group that `head` began."""
    if first in "#!":
        return False
    if first == kind:
        return True
    if first == "p":
        return (kind == "-" and raw.startswith("  ")) or (kind == "!" and head.startswith("!answer"))
    return False


def _groups(text: str) -> list[list[str]]:
    """Lines parted by blank lines, and wherever a heading, a directive or another kind of line begins."""
    groups: list[list[str]] = []
    kind = ""
    for raw in text.splitlines():
        line = raw.rstrip()
        if not line:
            kind = ""
            continue
        first = line[0] if line[0] in "#!-|>" else "p"
        if kind and _continues(kind, first, raw, groups[-1][0]):
            groups[-1].append(line)
        else:
            groups.append([line])
            kind = first
    return groups


def read_blocks(text: str, where: str) -> tuple[Block, ...]:
    """The blocks of a rendered text; `where` names the template in error messages."""
    out: list[Block] = []
    for group in _groups(text):
        head = group[0]
        match head[0]:
            case "#":
                out.append(_heading(head, where))
            case "!":
                out.append(_directive(" ".join(part.strip() for part in group), where))
            case "-":
                out.append(_bullets(group, where))
            case "|":
                out.append(_table(group, where))
            case ">":
                out.append(_box(group, where))
            case _:
                out.append(Paragraph(read_spans(" ".join(part.strip() for part in group), where)))
    return tuple(out)
