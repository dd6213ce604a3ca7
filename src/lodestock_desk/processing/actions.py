"""Writes on project files: the file itself, what happened, checklists and permits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.core.writing import writing
from lodestock_desk.processing import clocks
from lodestock_desk.processing.access import own_projects, visible_tasks
from lodestock_desk.processing.models import ChecklistItem, ClockTask, Permit, Project, ProjectEvent
from lodestock_desk.processing.words import APPLICATION, CRITERIA, Finding, ItemState, Kind, Share

FIELDS = frozenset(
    {"name", "promoter_name", "material", "stage", "capacity_t", "capacity_source", "place", "country", "running"}
    | {"strategic", "impact_assessment", "start_year", "chance", "chance_source", "remarks"}
    | {"site", "phase", "cost_meur", "cost_source"}
)
PERMIT_FIELDS = frozenset(
    {"name", "authority", "law", "term", "term_unit", "applied_on", "decided_on", "outcome", "note"}
)
AHEAD = (90, 30, 7)
LONGEST = {"days": 4000, "weeks": 572, "months": 132}  # a term of more than eleven years is a slip


def keep_project(
    actor: Actor, values: Mapping[str, Any], *, project_id: str = "", promoter_id: str | None = None
) -> Project:
    """Open or change a project file; a capacity and a chance name their source. `promoter_id` None: unchanged."""
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    for field, needed in (("capacity_t", "capacity_source"), ("chance", "chance_source"), ("cost_meur", "cost_source")):
        if values.get(field) is not None and not values.get(needed):
            raise ValidationError({needed: _("A figure has a source: say where it comes from, or leave it open.")})
    with writing(actor, "project.keep") as audit:
        if project_id:
            project = own_projects(actor).select_for_update(of=("self",)).get(pk=project_id)
        else:
            project = Project(organisation=actor.organisation, owner=actor.membership, made_by=actor.user)
        for name, value in values.items():
            setattr(project, name, value)
        if promoter_id is not None:
            project.promoter = Organisation.objects.get(pk=promoter_id) if promoter_id else None
        if project_id:  # what was noted must still stand under the changed stage, country or status
            clocks.check(project, list(project.events.all()), None)
        project.save()
        audit.changed(project, "project.changed" if project_id else "project.opened")
    return project


def share_project(actor: Actor, project_id: str, *, share: str, reason: str) -> Project:
    """Say who may open the file, with the reason."""
    with writing(actor, "project.keep") as audit:
        project = own_projects(actor).select_for_update(of=("self",)).get(pk=project_id)
        project.share = Share(share)
        project.save(update_fields=["share"])
        audit.changed(project, "project.shared", reason=reason, share=share)
    return project


def add_event(
    actor: Actor, project_id: str, *, kind: str, on: date, reason: str = "", source: str = "",
    until: date | None = None, ground: str = "", clock: str = "", length: int | None = None,
) -> ProjectEvent:  # fmt: skip
    """Note what happened. Refused: a day before what must come first, a stop or extension without its reason."""
    with writing(actor, "project.keep") as audit:
        project = own_projects(actor).select_for_update(of=("self",)).get(pk=project_id)
        event = ProjectEvent(
            project=project, kind=Kind(kind), on=on, until=until, ground=ground, clock=clock, length=length,
            reason=reason, source=source, made_by=actor.user,
        )  # fmt: skip
        _follow(project, event)
        clocks.check(project, [*project.events.all(), event], event)
        event.save()
        audit.changed(event, "project.event", reason=reason, kind=kind, project=str(project.pk))
    return event


_STATUS = {
    Kind.RECOGNISED: "recognised",
    Kind.REFUSED: "refused",
    Kind.APPLIED: "applied",
    Kind.RECOGNITION_COMPLETE: "applied",
}


def _follow(project: Project, event: ProjectEvent) -> None:
    """The status of the project follows what happened, whatever is noted first; nobody keeps it twice."""
    kinds = {event.kind, *project.events.values_list("kind", flat=True)}
    status = next((word for kind, word in _STATUS.items() if kind in kinds), None)
    if event.kind in _STATUS and status:
        project.strategic = status
        project.save(update_fields=["strategic"])


def resume(actor: Actor, event_id: str, *, until: date) -> ProjectEvent:
    """The clock runs again: say the last day on which it stood still."""
    with writing(actor, "project.keep") as audit:
        found = ProjectEvent.objects.filter(project__in=own_projects(actor), kind=Kind.SUSPENDED)
        event = found.select_for_update(of=("self",)).select_related("project").get(pk=event_id)
        if event.until is not None:
            raise ValidationError({"until": _("This clock already runs again: it stood still until %(day)s.") % {
                "day": event.until}})  # fmt: skip
        event.until = until
        rest = [e for e in event.project.events.all() if e.pk != event.pk]
        clocks.check(event.project, [*rest, event], event)
        event.save(update_fields=["until"])
        audit.changed(event, "project.resumed", project=str(event.project_id))
    return event


def remove_event(actor: Actor, event_id: str, *, reason: str) -> None:
    """Take back an event that was noted by mistake, if what follows still stands without it."""
    with writing(actor, "project.keep") as audit:
        event = ProjectEvent.objects.filter(project__in=own_projects(actor)).get(pk=event_id)
        rest = [e for e in event.project.events.all() if e.pk != event.pk]
        clocks.check(event.project, rest, None)
        audit.removed(event, "project.event-removed", reason=reason, kind=event.kind, on=str(event.on))
        event.delete()


def set_item(actor: Actor, project_id: str, *, key: str, state: str, on: date | None, note: str = "") -> ChecklistItem:
    """Note the state of a criterion of article 6 or an item of article 7, with its day."""
    allowed = Finding.values if key in CRITERIA else ItemState.values if key in APPLICATION else None
    if allowed is None or state not in allowed:
        raise PermissionDenied(f"{key}={state}")
    if state == ItemState.RECEIVED and on is None:
        raise ValidationError({"on": _("Something received has a day on which it was received.")})
    with writing(actor, "project.keep") as audit:
        project = own_projects(actor).get(pk=project_id)
        item, _made = ChecklistItem.objects.update_or_create(
            project=project, key=key, defaults={"state": state, "on": on, "note": note}
        )
        audit.changed(item, "project.item", key=key, state=state)
    return item


def set_items(actor: Actor, project_id: str, rows: list[dict[str, Any]]) -> int:
    """Note several items at once; only those that differ are written."""
    before = {i.key: (i.state, i.on, i.note) for i in ChecklistItem.objects.filter(project_id=project_id)}
    changed = [r for r in rows if before.get(r["key"], ("unknown", None, "")) != (r["state"], r["on"], r["note"])]
    for row in changed:
        set_item(actor, project_id, **row)
    return len(changed)


def keep_permit(actor: Actor, project_id: str, values: Mapping[str, Any], *, permit_id: str = "") -> Permit:
    """Add or change a permit. Refused: decided before it was applied for, a term without its article."""
    if extra := set(values) - PERMIT_FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    applied, decided = values.get("applied_on"), values.get("decided_on")
    if applied and decided and decided < applied:
        raise ValidationError({"decided_on": _("Decided before it was applied for: check both days.")})
    if values.get("term") and not values.get("law"):
        raise ValidationError({"law": _("A clock has an article: name the law and article that sets this term.")})
    if (values.get("term") or 0) > LONGEST[values.get("term_unit") or "weeks"]:
        raise ValidationError({"term": _("A term of more than eleven years: check the number and the unit.")})
    if values.get("outcome") in ("granted", "refused") and not decided:
        raise ValidationError({"decided_on": _("A decision has a day.")})
    with writing(actor, "project.keep") as audit:
        project = own_projects(actor).get(pk=project_id)
        permit = project.permits.select_for_update().get(pk=permit_id) if permit_id else Permit(project=project)
        for name, value in values.items():
            setattr(permit, name, value)
        permit.save()
        audit.changed(permit, "permit.changed" if permit_id else "permit.added", project=str(project.pk))
    return permit


def make_tasks(actor: Actor, on: date | None = None) -> int:
    """Make the reminders that are due, 90, 30 and 7 days ahead; the owner of the file owns them.

    Reminders of a deadline that moved or of something that came are closed. Answers how many were made.
    """
    day = on or timezone.localdate()
    there = set(visible_tasks(actor).values_list("project_id", "clock", "deadline", "days_ahead"))
    files = clocks.files(own_projects(actor).select_related("owner"), day)
    wanted = [
        (file.project, clock.id, clock.deadline, ahead)
        for file in files
        for clock in file.running
        for ahead in AHEAD
        if clock.deadline is not None and (clock.deadline - day).days <= ahead
    ]
    missing = [row for row in wanted if (row[0].pk, *row[1:]) not in there]
    deadlines = {(file.project.pk, clock.id, clock.deadline) for file in files for clock in file.running}
    still_open = visible_tasks(actor).filter(done_on=None)
    outdated = [task for task in still_open if (task.project_id, task.clock, task.deadline) not in deadlines]
    if not missing and not outdated:
        return 0
    with writing(actor, "project.keep") as audit:
        for task in outdated:
            task.finding, task.done_on = _("The deadline moved, or what was due has come."), day
            task.save(update_fields=["finding", "done_on"])
            audit.changed(task, "project.task-outdated", clock=task.clock)
        for project, clock, deadline, ahead in missing:
            task = ClockTask.objects.create(
                project=project, clock=clock, deadline=deadline, days_ahead=ahead, owner=project.owner
            )
            audit.changed(task, "project.task-made", clock=clock, days_ahead=ahead)
    return len(missing)


def finish_task(actor: Actor, task_id: str, *, finding: str) -> ClockTask:
    """Note what was done; the other reminders of the same deadline are done with it."""
    with writing(actor, "project.keep") as audit:
        task = visible_tasks(actor).select_for_update(of=("self",)).get(pk=task_id)
        same = visible_tasks(actor).filter(project=task.project, clock=task.clock, deadline=task.deadline, done_on=None)
        for one in same:
            one.finding, one.done_on = finding, timezone.localdate()
            one.save(update_fields=["finding", "done_on"])
            audit.changed(one, "project.task-done")
        audit.changed(task, "project.task-found", reason=finding)
    return task
