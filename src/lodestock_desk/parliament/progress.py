"""A progress letter begins from the register of measures: what changed since the last one, amounts as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from lodestock.publish.words import date_text
from lodestock_desk.measures.access import all_measures
from lodestock_desk.measures.changes import Change, ChangeKind, changes_since, euros
from lodestock_desk.measures.models import BudgetLine, Measure
from lodestock_desk.measures.wording import stock_wording
from lodestock_desk.measures.words import Both, Subject
from lodestock_desk.parliament.numbers import REGISTER, number_for

_HEAD = Both("Voortgang sinds {day}", "Progress since {day}")
_LATE = Both("Van eerdere datum, sinds {day} vastgelegd", "Of an earlier date, put on record since {day}")
_NONE = Both("Sinds {day} is in het register geen wijziging vastgelegd.", "No change is on record since {day}.")
_STOCK = Both("Stand van de voorraadvorming", "Where stockpiling stands")
_WITH_REASON = (
    ChangeKind.STATUS,
    ChangeKind.MILESTONE_MOVED,
    ChangeKind.MILESTONE_MISSED,
    ChangeKind.MILESTONE_DROPPED,
)
"""Changes that the House is told the reason of; what the register notes beside anything else stays in the register."""


def since(day: date, until: date) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Plain writing in both languages of what changed from `day` to `until`, and the numbers that it cites."""
    measures = {measure.pk: measure for measure in all_measures()}
    changes = changes_since(day, until=until, late=True)
    numbers: dict[str, dict[str, Any]] = {}
    names = {change: _name(change, measures, numbers, until) for change in changes if change.kind is ChangeKind.BUDGET}
    return {lang: _writing(lang, day, changes, measures, names) for lang in ("nl", "en")}, numbers


def _writing(
    lang: str, day: date, changes: Sequence[Change], measures: dict[Any, Measure], names: dict[Change, str]
) -> str:
    said = {"day": date_text(day, lang)}
    blocks = [] if changes else [f"# {_in(_HEAD, lang).format(**said)}", _in(_NONE, lang).format(**said)]
    for head, late in ((_HEAD, False), (_LATE, True)):
        held = [change for change in changes if change.late is late]
        blocks += [f"# {_in(head, lang).format(**said)}"] if held else []
        for title in dict.fromkeys(change.measure for change in held):
            rows = [change for change in held if change.measure == title]
            blocks.append(f"## {_in(title, lang)}")
            blocks.append("\n".join(f"- {_line(change, lang, names)}" for change in rows))
    stocks = [m for m in measures.values() if m.subject == Subject.STOCK]
    if stocks:
        blocks.append(f"# {_in(_STOCK, lang)}")
        blocks.append("\n".join(f"- {_in(m.title, lang)}: {_in(stock_wording(m).say, lang)}" for m in stocks))
    return "\n\n".join(blocks)


def _in(both: Both, lang: str) -> str:
    return both.en if lang == "en" else both.nl


def _line(change: Change, lang: str, names: dict[Change, str]) -> str:
    parts = [_in(change.kind_words, lang)]
    if _in(change.what, lang) != "–":
        parts.append(_in(change.what, lang))
    after = f"{{{names[change]}}}" if names.get(change) else _in(change.after, lang)
    before = _in(change.before, lang)
    if change.kind is not ChangeKind.BUDGET and before != "–" and after != "–":
        parts.append(f"{before} → {after}")
    elif after != "–":
        parts.append(after)
    told = change.kind in _WITH_REASON or before != "–"
    reason = f" ({change.reason.rstrip('.')})" if told and change.reason and lang == "nl" else ""
    return f"{date_text(change.on, lang)}: {', '.join(parts)}{reason}."


def _name(change: Change, measures: dict[Any, Measure], numbers: dict[str, dict[str, Any]], until: date) -> str:
    """The name under which the amount of a change is cited, after it was put among the numbers."""
    line = _budget(change, measures[change.measure_id])
    if line is None:
        return ""
    name = f"bedrag-{len(numbers) + 1}"
    numbers[name] = number_for(REGISTER, f"budget.{line.pk}", until)
    return name


def _budget(change: Change, measure: Measure) -> BudgetLine | None:
    for line in measure.budget_lines.all():
        if line.decided_on == change.on and euros(line.amount_eur) == change.after and str(line.year) in change.what.nl:
            return line
    return None
