"""The appendix of a brief: where each number comes from, down to rows of a source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lodestock.evidence.ledger import Entry, Rows, Scalar
from lodestock.publish.model import BriefInput, Lang
from lodestock.publish.numbers import bracket_text, full_text, interval_text, number_text, parts_text, range_text
from lodestock.publish.text import unknown_reason
from lodestock.publish.words import KINDS, MARKS, MARKS_LONG, sentence, word


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about a number: its name and what it says."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one number comes from, in the words of the reader; `inputs` are ids of other entries of the appendix."""

    id: str
    label: str
    short: str
    mark: str
    badge: str
    facts: tuple[Fact, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One headline number with its range, its structural bracket and the mark of its weakest link."""

    id: str
    label: str
    value: str
    unit: str
    interval: str
    bracket: str
    mark: str
    badge: str
    reason: str


def _conditions(where: Mapping[str, Scalar | Sequence[Scalar]]) -> str:
    parts = []
    for column, found in where.items():
        values = found if isinstance(found, (list, tuple)) else [found]
        parts.append(f"{column} = {', '.join(str(value) for value in values)}")
    return "; ".join(parts)


def _row_facts(rows: Rows, lang: Lang) -> list[Fact]:
    locators = ", ".join(rows.locators[:6]) + (" …" if len(rows.locators) > 6 else "")
    counted = number_text(rows.count, "count", lang)
    if rows.missing:
        counted += f" ({number_text(rows.missing, 'count', lang)} {word('rows_missing', lang)})"
    facts = [
        Fact(word("table", lang), f"{rows.table}: {rows.how} ({rows.column}); {_conditions(rows.where)}"),
        Fact(word("rows", lang), counted),
    ]
    if rows.snapshots:  # an imported table is no snapshot of the store: its source says which file it is
        facts.append(Fact(word("snapshot", lang), ", ".join(rows.snapshots)))
    return [*facts, Fact(word("locators", lang), locators)] if locators else facts


def origin(run: BriefInput, entry: Entry, lang: Lang) -> Origin:
    """One entry of the appendix, with the value to full precision."""
    facts = [Fact(word("value", lang), full_text(entry.value, entry.unit, lang))]
    if entry.low is not None and entry.high is not None and entry.low != entry.high:
        ends = [full_text(end, entry.unit, lang, digits=6) for end in (entry.low, entry.high)]
        facts.append(Fact(word("range", lang), " – ".join(ends)))
    if entry.bracket is not None and entry.bracket[0] != entry.bracket[1]:
        ends = [full_text(end, entry.unit, lang, digits=6) for end in entry.bracket]
        facts.append(Fact(word("bracket", lang), " – ".join(ends)))
    facts += [
        Fact(word("unit", lang), word("share_one", lang) if entry.unit == "1" else entry.unit),
        Fact(word("evidence", lang), MARKS_LONG[entry.mark][lang]),
        Fact(word("kind", lang), KINDS[entry.kind][lang]),
    ]
    if entry.method:
        method = entry.method
        facts.append(Fact(word("method", lang), f"{method.title_in(lang)} – {method.source} ({method.code})"))
    if entry.rows:
        facts += _row_facts(entry.rows, lang)
    if entry.source:
        facts.append(Fact(word("source", lang), entry.source_in(lang)))
    note = unknown_reason(run, entry, lang) if entry.value is None else entry.note
    if note:
        facts.append(Fact(word("note", lang), note))
    if entry.flags:
        facts.append(Fact(word("flags", lang), ", ".join(entry.flags)))
    badge = MARKS[entry.mark][lang]
    short = range_text(entry, lang)
    return Origin(entry.id, sentence(entry.label[lang]), short, entry.mark.value, badge, tuple(facts), entry.inputs)


def chain_of(run: BriefInput, ids: Iterable[str]) -> list[str]:
    """The given entries in order, followed by everything under them that was not named itself; each once."""
    named = list(dict.fromkeys(ids))
    under = [entry.id for key in named for _, entry in run.ledger.chain(key)]
    return list(dict.fromkeys([*named, *under]))


def origins(run: BriefInput, ids: Iterable[str], lang: Lang) -> list[Origin]:
    """The appendix for the given entries and all that they were computed from."""
    return [origin(run, run.ledger[key], lang) for key in chain_of(run, ids)]


def card(run: BriefInput, key: str, lang: Lang) -> Card:
    """One headline number, ready to show."""
    entry = run.ledger[key]
    number, unit = parts_text(entry.value, entry.unit, lang)
    return Card(
        id=key,
        label=sentence(entry.label[lang]),
        value=number,
        unit=unit,
        interval=interval_text(entry, lang) or word("no_bracket", lang),
        bracket=bracket_text(entry, lang) or word("no_bracket", lang),
        mark=entry.mark.value,
        badge=MARKS[entry.mark][lang],
        reason=unknown_reason(run, entry, lang) if entry.value is None else "",
    )
