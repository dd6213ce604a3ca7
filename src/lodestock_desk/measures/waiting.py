"""Which duties of the act wait: overdue, or due within 7, 30 or 90 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.access import visible_notes
from lodestock_desk.measures.duties import Standing, all_standing

AHEAD = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class WaitingDuty:
    """A duty of the Member State whose day has passed or is near. days: until that day, below 0 when it has passed."""

    standing: Standing
    days: int

    @property
    def late(self) -> int:
        """For how many days it is overdue; 0 while it is not."""
        return max(-self.days, 0)

    @property
    def within(self) -> int:
        """The shortest of the reminders that it falls in: 7, 30 or 90 days; 0 when it is overdue."""
        return 0 if self.late else next(ahead for ahead in AHEAD if self.days <= ahead)


def waiting_duties(actor: Actor, today: date) -> list[WaitingDuty]:
    """The duties that an actor may see and that are overdue or due within 90 days, the longest overdue first."""
    if not actor.may("duty.see"):
        return []
    found = [
        WaitingDuty(standing, (standing.due - today).days)
        for standing in all_standing(visible_notes(actor), today)
        if standing.due is not None and standing.national
    ]
    return sorted((one for one in found if one.days <= AHEAD[-1]), key=lambda one: one.days)


def counted(actor: Actor, waiting: list[WaitingDuty]) -> list[tuple[int, str, str]]:
    """(number, words, address) for the start page of who may see the duties; nothing for others."""
    if not actor.may("duty.see"):
        return []
    late, at = sum(1 for one in waiting if one.late), reverse("measures:duties")
    return [
        (late, _("overdue duties of the raw-materials act"), at),
        (len(waiting) - late, _("duties of the raw-materials act due within 90 days"), at),
    ]
