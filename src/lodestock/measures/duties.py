"""What the raw-materials act asks of a Member State, and when: articles 9, 18 to 24 and 45 as tasks with dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from lodestock.evidence.ledger import Text
from lodestock.evidence.yaml_entry import Entry
from lodestock.measures.law_book import FOLDER, IN_FORCE, law_book
from lodestock.measures.legal_clocks import add_months
from lodestock.measures.yaml_lists import add, entries, named, optional_words, top_entry, words

SCHEMA = "lodestock-duties/1"
_KEYS = ("id", "article", "title", "due", "every_months", "trigger", "bound", "note", "changed_by", "change")


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty. due: first day, None when the law was not read to give one; every_months: how often after that; trigger:
    what else calls for it; bound: who; changed_by: version of the law that would change it, and what it would change.
    """

    id: str
    article: str
    title: Text
    due: dt.date | None
    every_months: int | None
    trigger: Text | None
    bound: str
    note: str
    changed_by: str
    change: Text | None


def next_due(duty: Duty, *, done: dt.date | None = None) -> dt.date | None:
    """By when the duty must be done, or done again; done: day on which it was last done.

    The first date of its series after that day; a first date that passed undone is answered as it is, so that it shows
    as late. None when no date is known, or when it was done and does not come back.
    """
    if duty.due is None:
        return None if done is None or duty.every_months is None else add_months(done, duty.every_months)
    if done is None:
        return duty.due
    if duty.every_months is None:
        return None
    turn = duty.every_months  # what was done covers at least the first date
    while add_months(duty.due, turn) <= done:
        turn += duty.every_months
    return add_months(duty.due, turn)


@cache
def duties() -> dict[str, Duty]:
    """The duties that ship, by id in the order of the articles."""
    file = FOLDER / "duties.yml"
    return parse_duties(file.read_text(encoding="utf-8"), where=file.name)


def parse_duties(text: str, *, where: str) -> dict[str, Duty]:
    """Duties from YAML; a duty without an article is refused with its line."""
    out: dict[str, Duty] = {}
    for entry in entries(top_entry(text, where, SCHEMA, ("duties",)), "duties"):
        add(out, entry, _duty(entry))
    return out


def _duty(entry: Entry) -> Duty:
    entry.only(_KEYS)
    changed = entry.text("changed_by", "")
    if changed:
        named(law_book().versions, changed, "version of the law", entry.at("changed_by"))
    return Duty(
        entry.text("id"), entry.text("article"), words(entry.inner("title")), entry.day("due"),
        entry.whole("every_months"), optional_words(entry, "trigger"), entry.text("bound", "Member State"),
        entry.text("note", ""), changed, optional_words(entry, "change"),
    )  # fmt: skip


def changed_under(law: str) -> list[Duty]:
    """The duties that a version of the law would change; empty for the law as it stands."""
    law_book().version(law)
    return [] if law == IN_FORCE else [duty for duty in duties().values() if duty.changed_by == law]
