"""The register of export controls as its file states it: one YAML file, every fault told with its line.

The file is read once here; `evidence/sources/controls.py` makes the tables of it, and `disruption/controls.py` says
what a measure means on a day. Every value is text until its field is checked, so that `NO` is Norway and a code keeps
its zeros.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml

from lodestock.errors import InputError, LodestockError, nearest
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.yaml_entry import Dated, Entry, compose, line_of
from lodestock.vocabulary import Form, MaterialKind, country, material

SCHEMA = "lodestock-controls/1"
SHIPPED = Path(__file__).resolve().parents[1] / "reference" / "sources" / "controls" / "controls.yml"
NOT_STATED = "not stated"
OUTCOMES = ("in force", "ended")
_FOUND = TypeVar("_FOUND")


class ControlKind(StrEnum):
    """What a measure does."""

    LICENCE = "licence"
    BAN = "ban"
    QUOTA = "quota"
    TAX = "tax"
    GENERAL_LICENCE = "general-licence"
    EXPORTER_LIST = "exporter-list"
    TECHNOLOGY = "technology"
    LEGAL_BASIS = "legal-basis"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as the measure names it, and what the source says that it covers; None where it does not say."""

    code: str
    covers: Text | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as the register states it. What it means on a day is told by `disruption.controls.Control`.

    announced, effective: as precisely as known. until, suspended_until: last days; None where no end was announced.
    suspended_from:  None where there is no suspension, or where its beginning is not known.
    materials, products: ids of the vocabulary; goods: what the vocabulary does not hold, in words.
    concerns:        ids of the materials or products that such goods serve: plant, technology. It does not cover them.
    codes_complete:  True only if the whole list of codes was read. destinations: empty means every destination.
    successor:       id of the measure that took its place, `in force` or `ended`; empty until someone read what applies
                     after the last day; `checked_on` is the day on which that was read.
    review_working_days: statutory term of a decision [working days], where the measure sets one.
    line:            where the entry begins in its file.
    """

    id: str
    issuer: str
    title: Text
    instrument: str
    kind: ControlKind
    announced: Dated
    effective: Dated
    until: date | None
    suspended_from: Dated | None
    suspended_until: date | None
    suspended_by: str
    materials: tuple[str, ...]
    products: tuple[str, ...]
    goods: tuple[Text, ...]
    concerns: tuple[str, ...]
    forms: tuple[str, ...]
    listed: tuple[Code, ...]
    codes_complete: bool
    control_codes: tuple[str, ...]
    destinations: tuple[str, ...]
    review_working_days: int | None
    scope: Text | None
    successor: str
    checked_on: date | None
    mark: Mark
    source: str
    line: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that were read, without what they cover."""
        return tuple(item.code for item in self.listed)


def read_measures(path: Path = SHIPPED) -> tuple[Measure, ...]:
    """The measures in a register file, in its order; a fault is refused with file, line, entry and nearest value.

    A successor may stand in another register: `successor_faults` tells, for registers that are used together.
    """
    return _shipped() if path == SHIPPED else _read(path, str(path))


def in_use(paths: Iterable[Path]) -> dict[str, tuple[Measure, Path]]:
    """The measures of registers that are used together, by id, each with its file; the last file that has it counts."""
    return {item.id: (item, path) for path in paths for item in read_measures(path)}


def entry_text(item: Measure, path: Path) -> str:
    """One entry as it stands in its file, as a register of its own: to copy, change and import."""
    lines = path.read_text(encoding="utf-8").splitlines()
    later = [other.line for other in read_measures(path) if other.line > item.line]
    entry = lines[item.line - 1 : min(later) - 1 if later else len(lines)]
    return "\n".join([f"schema: {SCHEMA}", "measures:", *entry]).rstrip() + "\n"


@lru_cache(maxsize=1)
def _shipped() -> tuple[Measure, ...]:
    return _read(SHIPPED, "reference/sources/controls/controls.yml")


def _read(path: Path, where: str) -> tuple[Measure, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError("the control register cannot be read", where=where, why=error.strerror or "") from None
    except UnicodeDecodeError:
        raise InputError("the control register is not UTF-8 text", where=where, mend="save it as UTF-8") from None
    return parse_measures(text, where)


def parse_measures(text: str, where: str) -> tuple[Measure, ...]:
    """The measures in the text of a register."""
    mend = f"begin with 'schema: {SCHEMA}' and 'measures:', as the register that ships does"
    root = compose(text, where)
    if not isinstance(root, yaml.MappingNode):
        raise InputError("not a control register", where=where, why="the file holds no keys and values", mend=mend)
    top = Entry(root, where)
    entries = top.nodes.get("measures")
    if top.text("schema", "") != SCHEMA or not isinstance(entries, yaml.SequenceNode):
        raise InputError("not a control register", where=where, why=f"schema {SCHEMA} or measures is absent", mend=mend)
    top.only(("schema", "measures"))
    found = tuple(_measure(node, where, number) for number, node in enumerate(entries.value, start=1))
    _check_ids(found, where)
    return found


def _check_ids(found: tuple[Measure, ...], where: str) -> None:
    lines: dict[str, int] = {}
    for item in found:
        place = f"{where}, line {item.line} ({item.id})"
        if item.id in lines:
            first = f"the first is in line {lines[item.id]}"
            raise InputError("two measures have the same id", where=place, why=first, mend="rename one")
        lines[item.id] = item.line


def successor_faults(found: Iterable[tuple[Measure, Path]], known: Iterable[str] = ()) -> tuple[InputError, ...]:
    """Which successors are no outcome and no measure of `found` or `known`, or lead back to where they began.

    found: the measures of registers that are used together, each with its file (see `in_use`).
    """
    held = {item.id: (item, path) for item, path in found}
    names = (*OUTCOMES, *held, *known)
    faults = []
    for item, path in held.values():
        place = f"{path}, line {item.line} ({item.id}), successor"
        if item.successor and item.successor not in names:
            near = nearest(item.successor, [name for name in names if name != item.id])
            offer = f"did you mean {' or '.join(near)}? If not, " if near else ""
            faults.append(InputError(
                f"the successor '{item.successor}' stands in no register",
                where=place, why="neither in this file, nor in the register that ships, nor in one that was imported",
                mend=f"{offer}import first the register that holds it, or put both entries in one file",
            ))  # fmt: skip
        elif item.id in _line_of_succession(item.id, held):
            faults.append(InputError(
                f"'{item.id}' would be its own successor", where=place, why="the successors lead back to it",
                mend="name what applies now",
            ))  # fmt: skip
    return tuple(faults)


def _line_of_succession(key: str, held: Mapping[str, tuple[Measure, Path]]) -> list[str]:
    """What followed on a measure, one after the other, as far as it does not come round."""
    line: list[str] = []
    while key in held and (key := held[key][0].successor) not in line:
        line.append(key)
    return line


_REQUIRED = (
    "id",
    "issuer",
    "title",
    "instrument",
    "kind",
    "announced",
    "effective",
    "codes_complete",
    "mark",
    "source",
)
_OPTIONAL = (
    "until", "suspended_from", "suspended_until", "suspended_by", "materials", "products", "goods", "concerns", "forms",
    "codes", "covers_nl", "control_codes", "destinations", "review_working_days", "scope", "successor", "checked_on",
)  # fmt: skip


def _measure(node: yaml.Node, where: str, number: int) -> Measure:
    entry = Entry(node, f"{where}, entry {number}")
    entry.only((*_REQUIRED, *_OPTIONAL))
    lacking = [key for key in _REQUIRED if key not in entry.nodes]
    if lacking:
        place = f"{entry.place}, line {line_of(node)}"
        raise InputError(f"keys are missing: {', '.join(lacking)}", where=place, mend="add them to the entry")
    entry.place = f"{where}, entry {number} ({entry.text('id')})"
    title = Entry(entry.nodes["title"], entry.at("title"))
    title.only(("nl", "en"))
    found = Measure(
        id=entry.text("id"),
        issuer=_countries(entry, "issuer", (entry.text("issuer"),))[0],
        title=Text(title.text("nl"), title.text("en")),
        instrument=entry.text("instrument"),
        kind=entry.one_of("kind", ControlKind),
        announced=entry.dated("announced"),
        effective=entry.dated("effective"),
        until=entry.day("until"),
        suspended_from=entry.dated("suspended_from") if "suspended_from" in entry.nodes else None,
        suspended_until=entry.day("suspended_until"),
        suspended_by=entry.text("suspended_by", ""),
        materials=_materials(entry, "materials"),
        products=_materials(entry, "products"),
        goods=entry.boths("goods"),
        concerns=_concerns(entry),
        forms=tuple(entry.choice("forms", text, Form) for text in entry.texts("forms")),
        listed=tuple(_codes(entry)),
        codes_complete=entry.flag("codes_complete"),
        control_codes=entry.texts("control_codes"),
        destinations=_countries(entry, "destinations", entry.texts("destinations")),
        review_working_days=entry.whole("review_working_days"),
        scope=entry.both("scope"),
        successor=entry.text("successor", ""),
        checked_on=entry.day("checked_on"),
        mark=entry.one_of("mark", Mark),
        source=entry.text("source"),
        line=line_of(node),
    )
    _check_sense(found, entry)
    return found


def _check_sense(found: Measure, entry: Entry) -> None:
    def refuse(what: str, key: str, mend: str) -> None:
        raise InputError(what, where=entry.at(key), mend=mend)

    if not (found.materials or found.products or found.goods):
        refuse("the measure covers nothing", "materials", "name materials or products, or describe the goods")
    if found.concerns and not found.goods:
        refuse("it is not said which goods concern these materials", "concerns", "describe the goods under goods")
    if found.effective.last < found.announced.first:
        refuse("a measure takes effect before it is announced", "effective", "correct one of the two dates")
    if found.until and found.until < found.effective.first:
        refuse("a measure ends before it takes effect", "until", "correct one of the two dates")
    if found.suspended_from and not found.suspended_until:
        refuse("a suspension has no last day", "suspended_from", "give suspended_until")
    if found.suspended_until and found.suspended_from and found.suspended_until < found.suspended_from.first:
        refuse("a suspension ends before it begins", "suspended_until", "correct one of the two dates")
    if found.suspended_until and not found.suspended_by:
        refuse("it is not said what suspends the measure", "suspended_until", "give suspended_by")
    if bool(found.successor) != bool(found.checked_on):
        refuse(
            "what applies after the last day needs both what was read and when",
            "successor" if found.successor else "checked_on",
            "give successor and checked_on",
        )
    if found.successor and not (found.until or found.suspended_until):
        refuse("a measure without a last day has no successor", "successor", "give until or suspended_until")
    if found.successor == "in force" and not found.suspended_until:
        refuse("a measure that goes on has not ended", "successor", "give it a later last day under until")


def _known(entry: Entry, key: str, find: Callable[[str], _FOUND], name: str) -> _FOUND:
    """What the vocabulary knows under a name; an unknown name is told with its line and the nearest."""
    try:
        return find(name)
    except LodestockError as error:
        raise InputError(error.what, where=entry.at(key), why=error.why, mend=error.mend) from None


def _countries(entry: Entry, key: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_known(entry, key, country, name).iso3 for name in names)


def _materials(entry: Entry, key: str) -> tuple[str, ...]:
    out = []
    for name in entry.texts(key):
        found = _known(entry, key, material, name)
        is_product = found.kind is MaterialKind.PRODUCT
        if is_product != (key == "products"):
            right = "products" if is_product else "materials"
            raise InputError(f"'{name}' does not stand under {key}", where=entry.at(key), mend=f"put it under {right}")
        out.append(found.id)
    return tuple(out)


def _concerns(entry: Entry) -> tuple[str, ...]:
    return tuple(_known(entry, "concerns", material, name).id for name in entry.texts("concerns"))


def _codes(entry: Entry) -> Iterator[Code]:
    """`codes` is a list, or a mapping from what the codes cover to a list of them."""
    node = entry.nodes.get("codes")
    if isinstance(node, yaml.MappingNode):
        by_cover = Entry(node, entry.place)
        pairs = [(covers, code) for covers in by_cover.nodes for code in by_cover.texts(covers)]
    else:
        pairs = [("", code) for code in entry.texts("codes")]
    dutch = entry.inner("covers_nl") if "covers_nl" in entry.nodes else None
    if dutch is not None:
        dutch.only(tuple(dict.fromkeys(covers for covers, _ in pairs if covers)))
    seen: set[str] = set()
    for covers, text in pairs:
        code = text.replace(" ", "").replace(".", "")
        if not re.fullmatch(r"\d{4}(\d{2}){0,3}", code):
            mend = "write 4, 6, 8 or 10 digits between quotes"
            raise InputError(f"'{text}' is no trade code", where=entry.at("codes"), mend=mend)
        if code in seen:
            raise InputError(f"code {code} stands twice", where=entry.at("codes"), mend="keep one of them")
        seen.add(code)
        said = covers not in ("", NOT_STATED)
        yield Code(code, Text(dutch.text(covers, covers) if dutch else covers, covers) if said else None)
