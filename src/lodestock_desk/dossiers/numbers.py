"""A number with its lineage: how it is written, and whether the result that it came from still says so.

A number is plain data, so that every text can hold it: `value`, `unit`, `low` and `high` (its range, or None), the
`result` (name of a run), the `entry` of its ledger, and the `day` of that run (ISO). `value` None is "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lodestock.evidence.ledger import Entry, Kind, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.numbers import UNITS, full_text, range_text
from lodestock_desk.dossiers.results import newest_number, number_in

Number = Mapping[str, Any]


class State(StrEnum):
    """What is known of a number's lineage."""

    AGREES = "agrees"
    NEWER = "newer"
    DIFFERS = "differs"
    GONE = "gone"
    NO_LINEAGE = "no lineage"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a number found. `held` is what its own result says; `newer` what the newest one says."""

    state: State
    label_nl: str = ""
    label_en: str = ""
    mark: str = ""
    held: float | None = None
    newer: float | None = None
    newer_day: date | None = None

    @property
    def stale(self) -> bool:
        """Whether someone has to look: anything but 'agrees'."""
        return self.state is not State.AGREES


def _day(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def number_of(result: str, entry: str, day: date | str = "") -> dict[str, Any]:
    """The number `entry` of the run `result` as it stands on `day` (the newest when no day is given).

    Raises ValidationError when no such result was taken in.
    """
    if not day:
        last = newest_number(result, entry)
        day, found = last if last else ("", None)
    else:
        found = number_in(result, day, entry)
    if found is None:
        said = {"entry": entry, "result": result, "day": _day(day) or "–"}
        raise ValidationError(_("There is no number “%(entry)s” in the result “%(result)s” of %(day)s.") % said)
    return {
        "value": found.get("value"), "unit": found["unit"], "low": found.get("low"), "high": found.get("high"),
        "result": result, "entry": entry, "day": _day(day),
    }  # fmt: skip


def render_number(number: Number, lang: str) -> str:
    """The number as it is written: '150 ton (32–410 ton)', '38%', 'onbekend'; rounded as in every brief."""
    value, unit = number.get("value"), str(number.get("unit") or "")
    tongue: Any = "en" if lang.startswith("en") else "nl"
    if unit not in UNITS:
        return full_text(value, unit, tongue, 3)
    low, high = number.get("low"), number.get("high")
    entry = Entry("shown", Kind.PARAMETER, Text("", ""), value, unit, Mark.COMPUTED, low, high)
    return range_text(entry, tongue)


def check_number(number: Number) -> Checked:
    """Whether the number still says what its result says, and whether a newer result says something else.

    NO_LINEAGE: no result or entry is named. GONE: the result of that day is no longer there. DIFFERS: the result of
    that day says something else (value, unit or range). NEWER: a later result has another value.
    """
    result, key, day = (_day(number.get(name)) for name in ("result", "entry", "day"))
    if not (result and key and day):
        return Checked(State.NO_LINEAGE)
    own, last = number_in(result, day, key), newest_number(result, key)
    newer_day, newer = (last[0], last[1]) if last and last[0].isoformat() > day else (None, None)
    known = own or newer or {}
    label: Any = known.get("label") or {}
    facts: dict[str, Any] = {
        "label_nl": label.get("nl", ""), "label_en": label.get("en", ""), "mark": str(known.get("mark", "")),
        "held": own.get("value") if own else None, "newer": newer.get("value") if newer else None,
        "newer_day": newer_day,
    }  # fmt: skip
    if own is None:
        return Checked(State.GONE, **facts)
    if any(_value(number.get(name)) != _value(own.get(name)) for name in ("value", "unit", "low", "high")):
        return Checked(State.DIFFERS, **facts)
    if newer is not None and newer.get("value") != own.get("value"):
        return Checked(State.NEWER, **facts)
    return Checked(State.AGREES, **facts)


def _value(value: object) -> object:
    return None if value in (None, "") else float(value) if isinstance(value, int) else value
