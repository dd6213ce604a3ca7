"""Writes on tasks: made ahead of a date, done with a finding."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from lodestock.disruption.controls import Control, read_register
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.overview.access import visible_tasks
from lodestock_desk.overview.models import LapseTask

AHEAD = (90, 30, 7)


def wanted(on: date, register: tuple[Control, ...]) -> list[tuple[str, date, int]]:
    """Which tasks there must be on a day: (measure, last known day, days ahead); an overdue end keeps all three."""
    found = []
    for control in register:
        end = control.lapses_on()
        if end is None or (control.successor and control.checked_on):
            continue
        found += [(control.id, end, ahead) for ahead in AHEAD if (end - on).days <= ahead]
    return found


def make_tasks(actor: Actor, on: date | None = None) -> int:
    """Make the tasks that are due; the actor owns the new ones. Answers how many were made."""
    day = on or timezone.localdate()
    there = set(visible_tasks(actor).values_list("control", "lapses_on", "days_ahead"))
    missing = [task for task in wanted(day, read_register()) if task not in there]
    if not missing:
        return 0
    with writing(actor, "task.keep") as audit:
        for control, end, ahead in missing:
            task = LapseTask.objects.create(
                organisation=actor.organisation,
                control=control,
                lapses_on=end,
                days_ahead=ahead,
                owner=actor.membership,
            )
            audit.changed(task, "task.made", control=control, days_ahead=ahead)
    return len(missing)


def finish_task(actor: Actor, task_id: str, *, finding: str) -> LapseTask:
    """Note what applies after the date; the other tasks on the same date are done with it."""
    with writing(actor, "task.keep") as audit:
        task = visible_tasks(actor).select_for_update(of=("self",)).get(pk=task_id)
        same = visible_tasks(actor).filter(control=task.control, lapses_on=task.lapses_on, done_on=None)
        for one in same:
            one.finding, one.done_on = finding, timezone.localdate()
            one.save(update_fields=["finding", "done_on"])
            audit.changed(one, "task.done")
        audit.changed(task, "task.found", reason=finding)
    return task
