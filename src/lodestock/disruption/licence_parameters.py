"""A set of licence parameters: which published grant shares it uses and what it assumes beside them, as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

import yaml

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark, weakest
from lodestock.evidence.yaml_entry import Entry, compose

SCHEMA = "lodestock-licence-parameters/1"
_KEYS = (
    "schema", "id", "title", "starts", "controls", "calendar", "statistics", "never_granted", "lead_time_shape",
    "granted_fraction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assumed:
    """Numbers that are assumed, with their evidence mark and the reason."""

    values: tuple[float, ...]
    mark: Mark
    source: Text


@dataclass(frozen=True, slots=True)
class LicenceParameters:
    """A parameter set.

    starts:           first day of the regime. controls: measures it is about. calendar: of the office, may be empty.
    statistics:       ids in the table licence_statistic.
    never_granted:    a and b of the Beta prior on the never-granted share.
    lead_time_shape:  lowest and highest Weibull shape [–], uniform between them.
    granted_fraction: lowest, most plausible and highest granted part of the volume of a granted application [–].
    """

    id: str
    title: Text
    starts: date
    controls: tuple[str, ...]
    calendar: str
    statistics: tuple[str, ...]
    never_granted: Assumed
    lead_time_shape: Assumed
    granted_fraction: Assumed

    @property
    def mark(self) -> Mark:
        """The weakest mark of the assumptions."""
        return weakest(item.mark for item in (self.never_granted, self.lead_time_shape, self.granted_fraction))


def shipped() -> dict[str, Path]:
    """Parameter sets that ship: id → file."""
    folder = Path(str(resources.files("lodestock").joinpath("reference/parameters")))
    return {path.stem: path for path in sorted(folder.glob("*.yml")) if not path.name.endswith(".origin.yml")}


def read_parameters(name: str) -> LicenceParameters:
    """The parameter set with this id, or in this file; faults are refused with file, line and key."""
    path = Path(name)
    if path.suffix not in (".yml", ".yaml"):
        known = shipped()
        if name not in known:
            raise UnknownNameError("parameter set", name, known)
        path = known[name]
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError("the parameter set cannot be read", where=str(path), why=error.strerror or "") from None
    except UnicodeDecodeError:
        raise InputError("the parameter set is not UTF-8 text", where=str(path), mend="save it as UTF-8") from None
    return parse_parameters(text, path.name)


def parse_parameters(text: str, where: str) -> LicenceParameters:
    """The parameter set in a YAML text."""
    root = compose(text, where)
    if not isinstance(root, yaml.MappingNode):
        raise InputError("not a parameter set", where=where, mend=f"begin with schema: {SCHEMA}")
    entry = Entry(root, where)
    if entry.text("schema", "") != SCHEMA:
        raise InputError("not a parameter set", where=where, why="another schema", mend=f"begin with schema: {SCHEMA}")
    entry.only(_KEYS)
    starts = entry.day("starts")
    if starts is None:
        raise InputError("the first day of the regime is absent", where=entry.at("starts"), mend="write starts: a day")
    statistics = entry.texts("statistics")
    if not statistics:
        raise InputError("no published grant share is named", where=entry.at("statistics"), mend="name at least one")
    return LicenceParameters(
        id=entry.text("id"),
        title=_words(entry, "title"),
        starts=starts,
        controls=entry.texts("controls"),
        calendar=entry.text("calendar", ""),
        statistics=statistics,
        never_granted=_assumed(entry, "never_granted", ("a", "b"), 0.01, 1000.0),
        lead_time_shape=_ordered(entry, "lead_time_shape", ("low", "high"), 0.1, 10.0),
        granted_fraction=_ordered(entry, "granted_fraction", ("low", "value", "high"), 0.0, 1.0),
    )


def _assumed(entry: Entry, key: str, names: tuple[str, ...], low: float, high: float) -> Assumed:
    inner = entry.inner(key)
    inner.only((*names, "mark", "source"))
    values = tuple(inner.number(name, low, high) for name in names)
    return Assumed(values, inner.one_of("mark", Mark), _words(inner, "source"))


def _ordered(entry: Entry, key: str, names: tuple[str, ...], low: float, high: float) -> Assumed:
    found = _assumed(entry, key, names, low, high)
    if list(found.values) != sorted(found.values):
        raise InputError(
            f"{' ≤ '.join(names)} does not hold", where=entry.at(key), mend="write them from lowest to highest"
        )
    return found


def _words(entry: Entry, key: str) -> Text:
    inner = entry.inner(key)
    inner.only(("nl", "en"))
    return Text(inner.text("nl"), inner.text("en"))
