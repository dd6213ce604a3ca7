"""How each duty of the act stands today: when it is due, who took it up, what was last done; joins data and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lodestock.measures.duties import Duty, duties, next_due
from lodestock.measures.law_book import IN_FORCE, LawVersion, law_book
from lodestock_desk.measures.duty_models import DutyNote, DutyState
from lodestock_desk.measures.words import Both


@dataclass(frozen=True, slots=True)
class Standing:
    """A duty on a day. due: next day, None where the law gives none or it was done for good; overdue: the day passed;
    taken: the note that took it up since it was last done; last: when it was last fulfilled; change: what another
    version of the law would change, empty under the law in force."""

    duty: Duty
    title: Both
    due: date | None
    overdue: bool
    taken: DutyNote | None
    last: DutyNote | None
    trigger: Both | None
    change: Both | None
    notes: tuple[DutyNote, ...]

    @property
    def national(self) -> bool:
        """Whether it binds the Member State, and not the Commission or companies."""
        return self.duty.bound == "Member State"


def versions() -> tuple[LawVersion, ...]:
    """The versions of the law that can be chosen."""
    return tuple(law_book().versions.values())


def version(asked: str) -> LawVersion:
    """The version asked for; the law in force for anything unknown."""
    found = law_book().versions
    return found[asked] if asked in found else found[IN_FORCE]


def standing(duty: Duty, notes: Iterable[DutyNote], today: date, law: str = IN_FORCE) -> Standing:
    """How one duty stands, from its notes in the order of their days."""
    rows = tuple(notes)
    done = [n for n in rows if n.state == DutyState.FULFILLED]
    last = done[-1] if done else None
    due = next_due(duty, done=last.on if last else None)
    after = [n for n in rows if n.state == DutyState.TAKEN_UP and (last is None or n.on >= last.on)]
    change = duty.change if law != IN_FORCE and duty.changed_by == law else None
    # a day that binds the Commission or a company is shown, but it is not ours to miss
    late = due is not None and due < today and duty.bound == "Member State"
    return Standing(
        duty, Both(duty.title.nl, duty.title.en), due, late, after[-1] if after else None, last,
        Both(duty.trigger.nl, duty.trigger.en) if duty.trigger else None,
        Both(change.nl, change.en) if change else None, rows,
    )  # fmt: skip


def all_standing(notes: Iterable[DutyNote], today: date, law: str = IN_FORCE) -> list[Standing]:
    """Every duty: overdue first, then by day, then those without a day."""
    by_duty: dict[str, list[DutyNote]] = {}
    for note in notes:
        by_duty.setdefault(note.duty, []).append(note)
    found = [standing(duty, by_duty.get(key, ()), today, law) for key, duty in duties().items()]
    return sorted(found, key=lambda s: (not s.overdue, s.due is None, s.due or today, s.duty.article))
