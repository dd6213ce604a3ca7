"""The statutory clock: 45 working days on the issuer's calendar. Outside the calendar's years nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from lodestock.disruption.calendar import WorkingCalendar, read_calendar
from lodestock.errors import LodestockError

STATUTORY_DAYS = 45
_CALENDARS = {"CHN": "cn"}


@dataclass(frozen=True, slots=True)
class Clock:
    """When the term started and ends, and how many working days have gone. ends None: the calendar does not say."""

    starts: date
    ends: date | None
    gone: int | None

    @property
    def late(self) -> bool:
        """Whether the term has run out."""
        return self.gone is not None and self.gone > STATUTORY_DAYS


@cache
def _calendar(issuer: str) -> WorkingCalendar | None:
    name = _CALENDARS.get(issuer)
    return read_calendar(name) if name else None


def clock(issuer: str, accepted: date | None, until: date) -> Clock | None:
    """The clock of a case accepted on a day, as it stands on `until`; None if it has not started or is not known."""
    calendar = _calendar(issuer)
    if accepted is None or calendar is None or until < accepted:
        return None
    try:
        gone: int | None = calendar.between(accepted, until)
    except LodestockError:
        gone = None
    try:
        ends: date | None = calendar.add(accepted, STATUTORY_DAYS)
    except LodestockError:
        ends = None
    return Clock(accepted, ends, gone)
