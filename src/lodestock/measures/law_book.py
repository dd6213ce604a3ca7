"""The clocks of the law as data: versions, events, grounds of suspension and rules, read from a YAML file.

The file that ships is `reference/law/clocks.yml`; a jurist can add a version or a clock there without code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.legal_clocks import ClockRule, Unit
from lodestock.measures.yaml_lists import add, entries, named, optional_words, top_entry, words

SCHEMA = "lodestock-clocks/1"
FOLDER = Path(__file__).parent.parent / "reference" / "law"
IN_FORCE = "2024-1252"
_CLOCK_KEYS = (
    "id", "title", "who", "article", "unit", "length", "extension", "extension_article", "starts_on", "start_mark",
    "grounds", "note", "mark", "source", "law", "extension_notice",
)  # fmt: skip
_VERSION_KEYS = (
    "id", "standing", "title", "valid_from", "valid_until", "published", "read", "mark", "source", "changes", "settle",
    "steps",
)  # fmt: skip


class Standing(StrEnum):
    """Whether a version of the law binds."""

    LAW = "law"
    PROPOSAL = "proposal, not law"


@dataclass(frozen=True, slots=True)
class LawStep:
    """A step of a proposal on its way to law, with the day and where that was read."""

    on: dt.date
    title: Text
    source: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class LawVersion:
    """A version of the law. valid_from: first day on which it binds, None for a proposal; read: whether its clocks were
    read; changes: what is known of it; settle: what would tell what is not known; steps: how far a proposal is."""

    id: str
    standing: Standing
    title_nl: str
    title_en: str
    valid_from: dt.date | None
    valid_until: dt.date | None
    published: dt.date | None
    read: bool
    source: str
    mark: Mark
    changes: Text | None = None
    settle: Text | None = None
    steps: tuple[LawStep, ...] = ()

    @property
    def proposal(self) -> bool:
        """True for what is proposed and not law."""
        return self.standing is Standing.PROPOSAL


@dataclass(frozen=True, slots=True)
class Ground:
    """What may suspend a clock, with the article that says so; mark prior: not read in the law."""

    id: str
    title: Text
    article: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class LawBook:
    """The versions of the law with their clocks. clocks: rules by (version, clock); a version that was not read holds
    none of its own, and `rule` answers with a rule of unknown length."""

    versions: Mapping[str, LawVersion]
    events: Mapping[str, Text]
    grounds: Mapping[str, Ground]
    clocks: Mapping[tuple[str, str], ClockRule]

    def version(self, name: str) -> LawVersion:
        """A version of the law by its id."""
        return named(self.versions, name, "version of the law")

    def names(self) -> tuple[str, ...]:
        """The ids of all clocks, in the order of the file."""
        return tuple(dict.fromkeys(clock for _, clock in self.clocks))

    def rule(self, clock: str, law: str = IN_FORCE) -> ClockRule:
        """The rule of a clock under a version; its length is None where that version was not read."""
        version = self.version(law)
        found = self.clocks.get((law, clock))
        if found is not None:
            return found
        if clock not in self.names():
            raise UnknownNameError("clock", clock, self.names())
        if version.read:
            raise InputError(
                "this version of the law has no such clock", where=f"{law}, {clock}", mend="choose another version"
            )
        known = next(rule for (_, name), rule in self.clocks.items() if name == clock)
        return replace(
            known, law=law, length=None, extension=None, extension_article="", extension_notice=0, grounds=(),
            unread_grounds=(), proposal=version.proposal, mark=version.mark, source=version.source,
            note=version.changes.en if version.changes else "",
        )  # fmt: skip

    def rules(self, clock: str) -> tuple[ClockRule, ...]:
        """The rule of a clock under every version that has it or was not read, oldest first."""
        return tuple(
            self.rule(clock, law)
            for law, version in self.versions.items()
            if (law, clock) in self.clocks or not version.read
        )


def permit_clock(stage: str, *, running: bool) -> str:
    """Which permit clock a project has: stage extraction, processing or recycling; running: whether the procedure ran
    before the recognition, or the project extends one that has its permit (art. 11(2)).

    A project that also extracts has the clock of extraction (art. 11(1)(b): processing or recycling only).
    """
    kinds = {"extraction": "extraction", "processing": "processing", "recycling": "processing"}
    kind = named(kinds, stage, "stage of a project")
    return f"permit-{kind}-running" if running else f"permit-{kind}"


@cache
def law_book() -> LawBook:
    """The law book that ships."""
    file = FOLDER / "clocks.yml"
    return parse_law_book(file.read_text(encoding="utf-8"), where=file.name)


def parse_law_book(text: str, *, where: str) -> LawBook:
    """A law book from YAML; every fault is told with its line. A clock without an article is refused."""
    top = top_entry(text, where, SCHEMA, ("versions", "events", "grounds", "clocks"))
    versions: dict[str, LawVersion] = {}
    for entry in entries(top, "versions"):
        add(versions, entry, _version(entry))
    events: dict[str, Text] = {}
    for entry in entries(top, "events"):
        add(events, entry, words(entry))
    grounds: dict[str, Ground] = {}
    for entry in entries(top, "grounds"):
        add(grounds, entry, _ground(entry))
    clocks: dict[tuple[str, str], ClockRule] = {}
    for entry in entries(top, "clocks"):
        rule = _clock(entry, versions, events, grounds)
        if (rule.law, rule.id) in clocks:
            raise InputError("a clock stands twice in one version", where=entry.at("id"), why=rule.id)
        clocks[(rule.law, rule.id)] = rule
    return LawBook(versions, events, grounds, clocks)


def _version(entry: Entry) -> LawVersion:
    entry.only(_VERSION_KEYS)
    title = entry.inner("title")
    steps = entries(entry, "steps") if "steps" in entry.nodes else ()
    return LawVersion(
        entry.text("id"), entry.one_of("standing", Standing), title.text("nl"), title.text("en"),
        entry.day("valid_from"), entry.day("valid_until"), entry.day("published"), entry.flag("read"),
        entry.text("source"), entry.one_of("mark", Mark),
        optional_words(entry, "changes"), optional_words(entry, "settle"), tuple(_step(step) for step in steps),
    )  # fmt: skip


def _step(entry: Entry) -> LawStep:
    entry.only(("on", "nl", "en", "source", "mark"))
    day = entry.day("on")
    if day is None:
        raise InputError("a step without a day", where=entry.at("nl"), mend="write on: and its day")
    return LawStep(day, words(entry), entry.text("source"), entry.one_of("mark", Mark))


def _ground(entry: Entry) -> Ground:
    entry.only(("id", "nl", "en", "article", "mark"))
    return Ground(entry.text("id"), words(entry), entry.text("article"), entry.one_of("mark", Mark))


def _clock(
    entry: Entry, versions: Mapping[str, LawVersion], events: Mapping[str, Text], grounds: Mapping[str, Ground]
) -> ClockRule:
    entry.only(_CLOCK_KEYS)
    if not entry.text("article", ""):
        raise InputError(
            "a clock without an article",
            where=entry.at("id"),
            why="every term rests on a law",
            mend="write article: and the article",
        )
    title, law = entry.inner("title"), entry.text("law", IN_FORCE)
    version = named(versions, law, "version of the law", entry.at("law"))
    starts = entry.text("starts_on")
    named(events, starts, "event", entry.at("starts_on"))
    stops = entry.texts("grounds")
    found = [named(grounds, name, "ground of suspension", entry.at("grounds")) for name in stops]
    start_mark = entry.choice("start_mark", entry.text("start_mark", Mark.SEEN), Mark)
    return ClockRule(
        entry.text("id"), law, entry.text("article"), entry.one_of("unit", Unit), entry.whole("length"), starts,
        title.text("nl"), title.text("en"), entry.text("who"),
        entry.choice("mark", entry.text("mark", version.mark), Mark), entry.text("source", version.source),
        stops, tuple(ground.id for ground in found if ground.mark is Mark.PRIOR),
        entry.whole("extension"), entry.text("extension_article", ""), start_mark, version.proposal,
        entry.text("note", ""), entry.whole("extension_notice") or 0,
    )  # fmt: skip
