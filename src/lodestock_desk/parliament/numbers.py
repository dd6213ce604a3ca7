"""Numbers of a piece: from results of runs (dossiers) and from the register of measures, each with its lineage.

A number is plain data as in `dossiers.numbers`. One from the register of measures has the result `REGISTER` and as
entry `budget.ID` (an amount) or `measures.STATUS` (how many measures have that status on the day).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.measures.robustness import SHARE_NEEDED, Verdict
from lodestock_desk.dossiers.blocks import State, check_number, number_of, render_number
from lodestock_desk.dossiers.results import number_in
from lodestock_desk.measures.access import all_measures
from lodestock_desk.measures.changes import euros
from lodestock_desk.measures.models import BudgetLine
from lodestock_desk.measures.words import STATUS_WORDS

REGISTER = "register-of-measures"
_SOURCE = {"source_nl": "register van maatregelen", "source_en": "register of measures"}
_UNKNOWN = {"nl": "onbekend", "en": "unknown"}


def number_for(result: str, entry: str, day: date | str = "") -> dict[str, Any]:
    """The number `entry` of `result` on `day` (the newest without a day), with its label, source and evidence mark."""
    if result == REGISTER:
        return _from_register(entry, day)
    number = number_of(result, entry, day)
    held: Any = number_in(result, number["day"], entry) or {}
    label: Mapping[str, str] = held.get("label") or {}
    computed = [str(held.get("method", "")), result]
    told = {"nl": f"berekend ({', '.join(filter(None, computed))})",
            "en": f"computed ({', '.join(filter(None, computed))})"}  # fmt: skip
    english = str(held.get("source") or told["en"])
    return number | {
        "label_nl": label.get("nl", entry), "label_en": label.get("en", entry), "mark": str(held.get("mark", "")),
        "source_nl": str(held.get("source_nl") or held.get("source") or told["nl"]), "source_en": english,
        "undecided": undecided(entry, held),
    }  # fmt: skip


def _from_register(entry: str, day: date | str) -> dict[str, Any]:
    on = date.fromisoformat(str(day)) if day else timezone.localdate()
    kind, _dot, rest = entry.partition(".")
    common: dict[str, Any] = {"low": None, "high": None, "result": REGISTER, "entry": entry, "day": on.isoformat(),
                              "mark": "seen", "undecided": False, **_SOURCE}  # fmt: skip
    if kind == "measures" and rest in STATUS_WORDS:
        count = sum(1 for m in all_measures() if (row := m.status_row(on)) and row.status == rest)
        said = STATUS_WORDS[rest]
        return common | {"value": count, "unit": "count", "label_nl": f"maatregelen: {said.nl}",
                         "label_en": f"measures: {said.en}"}  # fmt: skip
    line = _line(rest) if kind == "budget" else None
    if line is None:
        raise ValidationError(_("The register of measures has no such number: %s.") % entry)
    said = {"label_nl": f"{line.measure.title_nl}, {line.year}", "label_en": f"{line.measure.title_en}, {line.year}"}
    source = {"source_nl": line.source, "source_en": line.source}
    return common | said | source | {"value": float(line.amount_eur), "unit": "EUR"}


def _line(key: str) -> BudgetLine | None:
    try:
        return BudgetLine.objects.select_related("measure").filter(pk=UUID(key)).first()
    except ValueError:
        return None


def undecided(entry: str, held: Mapping[str, Any]) -> bool:
    """Whether the number is of a difference that cannot be told apart: the run says so, or its range holds both signs.

    A share of draws in which a choice is better decides only from `SHARE_NEEDED` (0.9) up, or as much the other way.
    """
    said = " ".join([str(held.get("note", "")), *map(str, held.get("flags") or ())])
    if Verdict.NOT_DISTINGUISHABLE in said:
        return True
    value, low, high = (held.get(name) for name in ("value", "low", "high"))
    if entry.endswith("share_better"):
        return value is not None and 1 - SHARE_NEEDED < float(value) < SHARE_NEEDED
    return low is not None and high is not None and float(low) < 0 < float(high)


def why_stale(number: Mapping[str, Any]) -> str:
    """Why a number is stale; empty while its lineage still says what it says."""
    if number.get("result") == REGISTER:
        return _register_stale(number)
    found = check_number(number)
    match found.state:
        case State.AGREES:
            return ""
        case State.NEWER:
            return _("the result of %(day)s says %(value)s") % {"day": found.newer_day, "value": _told(found.newer)}
        case State.DIFFERS:
            return _("its own result says %s") % _told(found.held)
        case State.GONE:
            return _("its result is no longer there")
        case _:
            return _("it names no result")


def _register_stale(number: Mapping[str, Any]) -> str:
    entry = str(number.get("entry", ""))
    try:
        own, now = _from_register(entry, str(number.get("day", ""))), _from_register(entry, "")
    except (ValidationError, ValueError):
        return _("its result is no longer there")
    if own["value"] != number.get("value"):
        return _("its own result says %s") % _told(own["value"])
    line = _line(entry.partition(".")[2]) if entry.startswith("budget.") else None
    if line is not None and hasattr(line, "replaced_by"):
        return _("the result of %(day)s says %(value)s") % {
            "day": line.replaced_by.decided_on, "value": euros(line.replaced_by.amount_eur),
        }  # fmt: skip
    if now["value"] != own["value"]:
        return _("the result of %(day)s says %(value)s") % {"day": now["day"], "value": _told(now["value"])}
    return ""


def _told(value: float | None) -> str:
    return _("unknown") if value is None else f"{value:g}"


def written(number: Mapping[str, Any], lang: str) -> str:
    """The number as a text shows it: rounded as in every brief; an amount of the register to the euro."""
    value = number.get("value")
    if number.get("result") != REGISTER:
        return render_number(number, lang)
    if value is None:
        return _UNKNOWN[lang]
    if number.get("unit") == "count":
        return str(int(value))
    said = euros(Decimal(repr(float(value))))
    return said.en if lang == "en" else said.nl
