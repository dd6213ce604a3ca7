"""The table of financing instruments as data: `reference/finance/instruments.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lodestock.evidence.marks import Mark
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.finance import AidGround, Instrument, Kind, Level, Need
from lodestock.measures.yaml_lists import add, entries, named, optional_number, optional_words, top_entry, words

SCHEMA = "lodestock-instruments/1"
FILE = Path(__file__).parent.parent / "reference" / "finance" / "instruments.yml"
STAGES = ("extraction", "processing", "recycling")
PHASES = ("pilot", "demonstration", "first plant", "expansion")
_KEYS = (
    "id", "title", "level", "kind", "who", "what", "stages", "phases", "countries", "places", "ticket_low",
    "ticket_high", "cost_low", "share_high", "strategic", "opens", "until", "ground", "source", "mark", "note",
)  # fmt: skip


@cache
def instruments() -> dict[str, Instrument]:
    """The instruments that ship, by id in the order of the file."""
    return parse_instruments(FILE.read_text(encoding="utf-8"), where=FILE.name)


def parse_instruments(text: str, *, where: str) -> dict[str, Instrument]:
    """Instruments from YAML; every fault is told with its line. An instrument without a source is refused."""
    top = top_entry(text, where, SCHEMA, ("grounds", "instruments"))
    grounds: dict[str, AidGround] = {}
    for entry in entries(top, "grounds"):
        entry.only(("id", "nl", "en", "until", "source", "mark"))
        add(grounds, entry, _ground(entry))
    out: dict[str, Instrument] = {}
    for entry in entries(top, "instruments"):
        entry.only(_KEYS)
        add(out, entry, _instrument(entry, grounds))
    return out


def _ground(entry: Entry) -> AidGround:
    return AidGround(
        entry.text("id"), words(entry), entry.day("until"), entry.text("source"), entry.one_of("mark", Mark)
    )


def _some(entry: Entry, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(named({name: name for name in known}, name, key, entry.at(key)) for name in entry.texts(key))


def _instrument(entry: Entry, grounds: dict[str, AidGround]) -> Instrument:
    limit = 1e12
    return Instrument(
        entry.text("id"), words(entry.inner("title")), entry.one_of("level", Level), entry.one_of("kind", Kind),
        words(entry.inner("who")), words(entry.inner("what")),
        _some(entry, "stages", STAGES), _some(entry, "phases", PHASES),
        entry.texts("countries"), entry.texts("places"),
        optional_number(entry, "ticket_low", 0.0, limit), optional_number(entry, "ticket_high", 0.0, limit),
        optional_number(entry, "cost_low", 0.0, limit), optional_number(entry, "share_high", 0.0, 1.0),
        entry.one_of("strategic", Need) if "strategic" in entry.nodes else None,
        entry.day("opens"), entry.day("until"),
        named(grounds, entry.text("ground"), "State-aid ground", entry.at("ground")),
        entry.text("source"), entry.one_of("mark", Mark), optional_words(entry, "note"),
    )  # fmt: skip
