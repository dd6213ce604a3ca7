"""The checks before sending: what in a text is stale, without lineage, restricted, wrongly worded or promised. Pure.

Each check takes the text and the context that it needs and gives back findings with the place where they stand. They go
by closed lists of words and patterns: they catch what is usual and are no proof that a text is right.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from lodestock_desk.parliament import patterns
from lodestock_desk.parliament.text import LANGUAGES, NUMBER, Block, Content, Type
from lodestock_desk.parliament.words import Finding, Part

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]?")
_WORD = re.compile(r"[^\W\d_]{6,}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure of the register whose last day has passed unread. names: what a text calls it; goods: what it is on."""

    id: str
    names: tuple[str, ...]
    goods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment on file: its words and the day on which it is due."""

    text: str
    due: date


@dataclass(frozen=True, slots=True)
class Context:
    """What the checks know beside the text.

    today:     the day of checking.
    stale:     number name → why it is stale, for numbers whose result says something else now.
    undecided: names of numbers of a difference that cannot be told apart.
    rules:     measures that are to be checked. secrets: names that may not stand in a text (companies that reported).
    promised:  the commitments on file. grounds: the grounds of the Woo that may be named.
    marks:     why a number is stale → the same in Dutch, so that a finding stays the same one in either language.
    held:      name of a number or figure that a dossier holds back → on which ground, and which dossier.
    stock:     finds sentences that word a planned stock as existing: (sentence, what may be said), for a language.
    """

    today: date
    stale: Mapping[str, str] = field(default_factory=dict)
    undecided: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = ()
    secrets: tuple[str, ...] = ()
    promised: tuple[Promised, ...] = ()
    grounds: frozenset[str] = frozenset()
    held: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    stock: Callable[[str, str], Iterable[tuple[str, str]]] = lambda _text, _lang: ()


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: what, in which document, at which block (`nl-3`: the fourth Dutch block), on which words.

    mark: what tells it apart where the words are in the language of the reader.
    """

    kind: Finding
    part: Part
    place: str
    words: str
    mark: str = ""

    @property
    def key(self) -> str:
        """The same for the same words in the same document, wherever they stand; changes with the words."""
        said = self.mark or " ".join(self.words.split())
        said = "\x1f".join((self.kind, self.part, self.place.partition("-")[0], said))
        return hashlib.sha256(said.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class _At:
    """A block with its language and place."""

    lang: str
    place: str
    block: Block

    @property
    def text(self) -> str:
        """The words without the names of numbers."""
        return _spaced(self.block.plain())


def _spaced(text: str) -> str:
    """The text with ordinary spaces: a space that does not break a line separates words too."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def check(part: Part, content: Content, context: Context) -> list[Found]:
    """All findings in a document, in the order of the text, each once."""
    blocks = [
        _At(lang, f"{lang}-{place}", block)
        for lang in LANGUAGES
        for place, block in enumerate(content.blocks.get(lang, ()))
    ]
    found: list[Found] = []
    for at in blocks:
        for kind, words in _of_block(at, content, context, part):
            mark = context.marks.get(words.partition(": ")[2], "") if kind is Finding.STALE_NUMBER else ""
            mark = f"{words.partition(': ')[0]}: {mark}" if mark else ""
            found.append(Found(kind, part, at.place, words[:300], mark))
    found += [Found(kind, part, place, words[:300]) for kind, place, words in _of_whole(blocks, content, context)]
    return list({one.key: one for one in found}.values())


def _of_block(at: _At, content: Content, context: Context, part: Part) -> Iterator[tuple[Finding, str]]:
    yield from numbers(at.block, context)
    yield from ((Finding.NO_LINEAGE, words) for words in bare_digits(at.text))
    yield from ((Finding.RULE_PAST_DATE, words) for words in old_rules(at.text, context.rules))
    yield from ((Finding.RESTRICTED, words) for words in restricted(at.block, context, part))
    yield from ((Finding.HELD_BACK, words) for words in held_back(at.block, context))
    if at.block.type is Type.FIGURE and not re.search(r"[^\W\d_]{3,}", at.block.alt.replace(at.block.key, "")):
        yield Finding.NO_ALT, at.block.key
    for sentence, say in context.stock(at.text, at.lang):
        yield Finding.PLANNED_AS_EXISTING, f"{sentence} → {say}"
    if at.block.type is not Type.QUESTION:  # what members ask is theirs
        yield from ((Finding.LICENCE_AS_BAN, words) for words in bans(at.text, _plain(content, at.lang)))
        yield from ((Finding.PROMISE, words) for words in promises(at.text, context))


def _of_whole(blocks: list[_At], content: Content, context: Context) -> Iterator[tuple[Finding, str, str]]:
    for lang in LANGUAGES:
        for place, short in abbreviations([(a.place, a.text) for a in blocks if a.lang == lang]):
            yield Finding.ABBREVIATION, place, short
    yield from ((Finding.TRANSLATION, "en-0", words) for words in translation(content))


def _plain(content: Content, lang: str) -> str:
    return " ".join([content.title.get(lang, ""), *(block.plain() for block in content.blocks.get(lang, ()))])


def sentences(text: str) -> list[str]:
    """The sentences of a text; a full stop inside a number or reference ends none."""
    return [match[0].strip() for match in _SENTENCE.finditer(_spaced(text)) if match[0].strip()]


def numbers(block: Block, context: Context) -> Iterator[tuple[Finding, str]]:
    """Numbers whose result says something else now, and conclusions on a difference that cannot be told apart."""
    for key in dict.fromkeys(block.numbers()):
        if key in context.stale:
            yield Finding.STALE_NUMBER, f"{{{key}}}: {context.stale[key]}"
    for sentence in (s for part in block.plain().split("\n") for s in sentences(part)):
        weak = [key for key in NUMBER.findall(sentence) if key in context.undecided]
        if weak and patterns.CONCLUSION.search(sentence) and not patterns.UNDECIDED.search(sentence):
            yield Finding.NOT_DISTINGUISHABLE, sentence


def bare_digits(text: str) -> Iterator[str]:
    """Digits that are no date, no reference and no number with lineage."""
    rest = NUMBER.sub(" ", _spaced(text))
    for allowed in (patterns.REFERENCES, patterns.DATES):
        rest = allowed.sub(" § ", rest)
    for hit in patterns.DIGITS.finditer(rest):
        around = rest[max(0, hit.start() - 20) : hit.end() + 20].replace("§", "…")
        yield " ".join(around.split())


def old_rules(text: str, rules: Iterable[Rule]) -> Iterator[str]:
    """Mentions of a measure whose last day has passed and of which nobody has read what applies now."""
    for rule in rules:
        named = next((name for name in rule.names if _stands(name, text)), None)
        goods = (
            next((name for name in rule.goods if _stands(name, text)), None) if patterns.LICENCE.search(text) else None
        )
        if named or goods:
            yield f"{named or goods} ({rule.id})"


def _stands(words: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def restricted(block: Block, context: Context, part: Part) -> Iterator[str]:
    """Restricted text in a piece that goes to the House, unknown grounds, and secrets in open text."""
    if block.ground:
        if part is Part.PIECE:
            yield f"[woo {block.ground}] {block.plain()[:120]}"
        elif block.ground not in context.grounds:
            yield f"[woo {block.ground}]"
        return
    text = f"{block.plain()} {block.alt}"
    for name in context.secrets:
        if _stands(name, text):
            yield name
    for hit in patterns.MAIL.finditer(text):
        yield hit[0]


def held_back(block: Block, context: Context) -> Iterator[str]:
    """Numbers and figures in an open block that a dossier holds back, with its ground."""
    if block.ground:
        return
    for key in dict.fromkeys(block.numbers()):
        if key in context.held:
            yield f"{{{key}}}: {context.held[key]}"
    if block.type is Type.FIGURE and block.key in context.held:
        yield f"[figure {block.key}]: {context.held[block.key]}"


def bans(text: str, whole: str) -> Iterator[str]:
    """Words for a stop or ban in a document that is about a licence, unless the text says that it is none."""
    if not patterns.LICENCE.search(whole):
        return
    for sentence in sentences(text):
        for hit in patterns.BAN.finditer(sentence):
            if not patterns.NOT_A.search(sentence[: hit.start()]):
                yield sentence
                break


def promises(text: str, context: Context) -> Iterator[str]:
    """Sentences that promise something by a time to come, with no commitment on the same subject due by then."""
    for sentence in sentences(text):
        if not patterns.WILL.search(sentence):
            continue
        for words, first, last in patterns.times(sentence, context.today):
            if last >= context.today and not any(_kept(p, sentence, first, last) for p in context.promised):
                yield f"{words}: {sentence}"
                break


def _kept(promised: Promised, sentence: str, first: date, last: date) -> bool:
    shared = {w[:7] for w in _WORD.findall(sentence.lower())} & {w[:7] for w in _WORD.findall(promised.text.lower())}
    return first <= promised.due <= last and bool(shared)


def abbreviations(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Abbreviations that the text uses and nowhere explains: 'full words (ABC)' or 'ABC (full words)'."""
    texts = list(texts)
    whole = "\n".join(text for _place, text in texts)
    seen = set(patterns.KNOWN_ABBREVIATIONS)
    for place, text in texts:
        for hit in patterns.ABBREVIATION.finditer(NUMBER.sub(" ", text)):
            if hit[0] not in seen:
                seen.add(hit[0])
                if not _explained(hit[0], whole):
                    yield place, hit[0]


def _explained(short: str, whole: str) -> bool:
    own = re.escape(short)
    return re.search(rf"[^\W\d_]{{2,}}\s+\({own}\)|(?<!\w){own}\s+\([^()]*[^\W\d_]{{4,}}[^()]*\)", whole) is not None


def translation(content: Content) -> Iterator[str]:
    """Numbers that only one language cites, and blocks that only one language restricts; nothing without English."""
    dutch, english = (content.blocks.get(lang, ()) for lang in LANGUAGES)
    if not english:
        return
    cited = [{key for block in blocks for key in block.numbers()} for blocks in (dutch, english)]
    for key in sorted(cited[0] ^ cited[1]):
        yield f"{{{key}}}"
    grounds = [sorted(b.ground for b in blocks if b.ground) for blocks in (dutch, english)]
    if grounds[0] != grounds[1]:
        yield f"[woo] {len(grounds[0])} ≠ {len(grounds[1])}"
