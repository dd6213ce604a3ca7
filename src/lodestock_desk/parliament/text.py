"""The text of a piece or nota as blocks: read from plain writing, written back, compared, cut to what is public. Pure.

Plain writing, blocks apart by an empty line:

    # Heading                        ## Smaller heading
    A paragraph with a number {import-2024} from the list of numbers of the piece.
    - a point                        (each line of the block begins with a dash)
    Vraag 1 / Question 1             (the rest of the block is the question)
    Antwoord 1 / Answer 1            (the rest of the block begins the answer)
    [figure chain-map: what the picture shows]
    [woo 5.1.2.b: why]                (as the first line: this block is restricted, on this ground)
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from lodestock.errors import InputError

LANGUAGES = ("nl", "en")
HIDDEN: Mapping[str, Any] = {"hidden": True}  # stands for a number that may not be told
NUMBER = re.compile(r"\{([a-z0-9_-]{1,40})\}")
_RESTRICTED = re.compile(r"\[woo ([^:\]]{1,40}): ?([^\]]{3,300})\]", re.IGNORECASE)
_FIGURE = re.compile(r"\[(?:figure|figuur) ([A-Za-z0-9_.@-]{1,180})(?:: ?([^\]]*))?\]", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML, and so a DOCX, cannot hold these
_TURN = re.compile(r"(vraag|question|antwoord|answer) (\d{1,3})[.:]?", re.IGNORECASE)
_ABOUT = {
    "addressees": {"nl": "Aan", "en": "To"}, "senders": {"nl": "Afzender", "en": "Sender"},
    "annexes": {"nl": "Bijlage", "en": "Annex"},
}  # fmt: skip
_HOW = {"signs": {"nl": "tekent", "en": "signs"}, "on_behalf": {"nl": "mede namens", "en": "also on behalf of"}}
_WORDS = {"question": {"nl": "Vraag", "en": "Question"}, "answer": {"nl": "Antwoord", "en": "Answer"}}


class Type(StrEnum):
    """What a block is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    QUESTION = "question"
    ANSWER = "answer"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Block:
    """A block of text. ground: why it is restricted under the Woo; empty means public.

    number: of a question or answer; level: of a heading (1, 2); alt: description of a picture named by `key`.
    """

    type: Type
    text: str = ""
    items: tuple[str, ...] = ()
    level: int = 0
    number: int = 0
    key: str = ""
    alt: str = ""
    ground: str = ""
    ground_reason: str = ""

    def plain(self) -> str:
        """All words of the block."""
        return "\n".join((self.text, *self.items)).strip()

    def numbers(self) -> tuple[str, ...]:
        """The names of the numbers that the block cites, in order."""
        return tuple(NUMBER.findall(self.plain()))

    def as_dict(self) -> dict[str, Any]:
        """The block as it is kept: only what it has."""
        return {name: value for name, value in asdict(self).items() if value not in ("", 0, ())}


def read_block(kept: Mapping[str, Any]) -> Block:
    """A block as it was kept."""
    values = dict(kept) | {"type": Type(kept["type"]), "items": tuple(kept.get("items", ()))}
    return Block(**values)


def clean(value: Any) -> Any:
    """The value with a space for each control character that no document can hold, in whatever it is made of."""
    if isinstance(value, str):
        return _UNPRINTABLE.sub(" ", value)
    if isinstance(value, Mapping):
        return {key: clean(one) for key, one in value.items()}
    return [clean(one) for one in value] if isinstance(value, (list, tuple)) else value


def parse(writing: str) -> tuple[Block, ...]:
    """The blocks of plain writing; what cannot be read is refused with the line."""
    blocks = []
    for chunk in re.split(r"\n[ \t]*\n", clean(writing.replace("\r\n", "\n")).strip()):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        if lines:
            blocks.append(_block(lines))
    return tuple(blocks)


def _block(lines: list[str]) -> Block:
    ground = reason = ""
    if found := _RESTRICTED.fullmatch(lines[0]):
        ground, reason, lines = found[1].strip(), found[2].strip(), lines[1:]
        if not lines:
            raise InputError(_("A ground stands without the text it is about."), where=found[0])
    elif lines[0].lower().startswith("[woo"):
        raise InputError(
            _("This ground cannot be read."),
            where=lines[0],
            mend=_("Write it as [woo 5.1.2.b: why this is restricted]."),
        )
    if late := [line for line in lines if "[woo" in "".join(line.split()).lower()]:
        raise InputError(_("A ground stands above its block, as its first line."), where=late[0])
    return _typed(lines, {"ground": ground, "ground_reason": reason})


def _typed(lines: list[str], more: dict[str, str]) -> Block:
    first, rest = lines[0], lines[1:]
    if (turn := _TURN.fullmatch(first)) and (rest or turn[1].lower() in ("antwoord", "answer")):
        kind = Type.QUESTION if turn[1].lower() in ("vraag", "question") else Type.ANSWER
        return Block(kind, text=" ".join(rest), number=int(turn[2]), **more)
    if figure := _FIGURE.fullmatch(" ".join(lines)):
        return Block(Type.FIGURE, key=figure[1], alt=(figure[2] or "").strip(), **more)
    if first.startswith("#") and not rest:
        level = 2 if first.startswith("##") else 1
        return Block(Type.HEADING, text=first.lstrip("#").strip(), level=level, **more)
    if all(line.startswith("- ") for line in lines):
        return Block(Type.BULLETS, items=tuple(line[2:].strip() for line in lines), **more)
    return Block(Type.PARAGRAPH, text=" ".join(lines), **more)


def write(blocks: Iterable[Block], lang: str) -> str:
    """Plain writing that reads back as the same blocks."""
    return "\n\n".join(_written(block, lang) for block in blocks)


def _written(block: Block, lang: str) -> str:
    before = f"[woo {block.ground}: {block.ground_reason}]\n" if block.ground else ""
    match block.type:
        case Type.HEADING:
            return f"{before}{'#' * block.level} {block.text}"
        case Type.BULLETS:
            return before + "\n".join(f"- {item}" for item in block.items)
        case Type.QUESTION | Type.ANSWER:
            return f"{before}{_WORDS[block.type][lang]} {block.number}\n{block.text}".rstrip()
        case Type.FIGURE:
            return f"{before}[figure {block.key}: {block.alt}]"
        case _:
            return before + block.text


@dataclass(frozen=True, slots=True)
class Content:
    """One version of a document: titles, blocks in both languages, numbers, and what else is signed with it.

    numbers: by name, each with value, unit, year, source and lineage as it stood when the version was made.
    about: senders, addressees, annexes – plain values that belong to what is approved.
    """

    title: Mapping[str, str]
    blocks: Mapping[str, tuple[Block, ...]]
    numbers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The version as it is kept."""
        return {
            "title": dict(self.title),
            "blocks": {lang: [b.as_dict() for b in self.blocks.get(lang, ())] for lang in LANGUAGES},
            "numbers": {key: dict(value) for key, value in self.numbers.items()},
            "about": dict(self.about),
        }

    def cited(self) -> tuple[str, ...]:
        """The names of all numbers that the text cites, each once."""
        found = (key for lang in LANGUAGES for block in self.blocks.get(lang, ()) for key in block.numbers())
        return tuple(dict.fromkeys(found))

    def restricted(self) -> bool:
        """Whether any block or annex is restricted."""
        blocks = any(b.ground for lang in LANGUAGES for b in self.blocks.get(lang, ()))
        return blocks or any(annex.get("ground") for annex in self.about.get("annexes", ()))


def read_content(kept: Mapping[str, Any]) -> Content:
    """A version as it was kept."""
    blocks = {lang: tuple(read_block(b) for b in kept["blocks"].get(lang, ())) for lang in LANGUAGES}
    return Content(kept["title"], blocks, kept.get("numbers", {}), kept.get("about", {}))


def content_hash(kept: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a version (hexadecimal)."""
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def joint_hash(*hashes: str) -> str:
    """One fingerprint for documents that are approved together."""
    return hashlib.sha256("\n".join(hashes).encode("ascii")).hexdigest()


def public_part(content: Content) -> Content:
    """The content without what is restricted: no text, alt text, number or annex of it remains.

    A question or answer that is restricted leaves its number behind, so that the numbering of the rest stays right.
    """
    blocks = {lang: tuple(_shown(b) for b in content.blocks.get(lang, ()) if _stays(b)) for lang in LANGUAGES}
    open_ = Content(content.title, blocks, {}, {})
    cited = set(open_.cited())
    about = dict(content.about)
    about["annexes"] = [annex for annex in about.get("annexes", ()) if not annex.get("ground")]
    return Content(content.title, blocks, {k: v for k, v in content.numbers.items() if k in cited}, about)


def _stays(block: Block) -> bool:
    return not block.ground or block.type in (Type.QUESTION, Type.ANSWER)


def _shown(block: Block) -> Block:
    return Block(block.type, number=block.number, ground=block.ground) if block.ground else block


def masked(content: Content, names: Collection[str]) -> Content:
    """The content without the numbers and figures of these names; where one stood, something hidden stands.

    A hidden number is `HIDDEN`; a hidden figure is a block without name and description.
    """
    blocks = {
        lang: tuple(Block(Type.FIGURE) if b.type is Type.FIGURE and b.key in names else b for b in found)
        for lang, found in content.blocks.items()
    }
    numbers = {key: HIDDEN if key in names else number for key, number in content.numbers.items()}
    return replace(content, blocks=blocks, numbers=numbers)


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a difference: mark is "+", "-" or " "."""

    mark: str
    text: str


def difference(old: Content, new: Content, lang: str) -> tuple[Change, ...]:
    """What changed between two versions, by block; a number that changed shows as its value before and after."""
    before, after = _lines(old, lang), _lines(new, lang)
    found = []
    for line in difflib.ndiff(before, after):
        if line[:1] in "+- " and line[2:].strip():
            found.append(Change(line[0], line[2:].rstrip("\n")))
    return tuple(found)


def _lines(content: Content, lang: str) -> list[str]:
    lines = [content.title.get(lang, "")]
    for block in content.blocks.get(lang, ()):
        lines += _written(block, lang).split("\n")
    for key, number in content.numbers.items():
        day = f", {number['day']}" if number.get("day") else ""
        lines.append(f"{{{key}}} = {number.get('value')} {number.get('unit', '')}{day}")
    for name, value in content.about.items():
        label = _ABOUT.get(name, {}).get(lang, name)
        lines += [f"{label}: {_flat(one, lang)}" for one in (value if isinstance(value, list) else [value]) if one]
    return lines


def _flat(value: Any, lang: str) -> str:
    """A sender, addressee or annex on one line, in one language."""
    if not isinstance(value, Mapping):
        return str(value)
    if "office" in value:
        return f"{value.get(f'title_{lang}', '')} ({_HOW.get(str(value.get('how')), {}).get(lang, value.get('how'))})"
    return ", ".join(str(v) for k, v in value.items() if v and k != "kind")
