"""Who gets through in `processing`: view → people, objects for the addresses, what is public, what only posts."""

from __future__ import annotations

from lodestock_desk.processing import actions
from lodestock_desk.processing.models import ClockTask, Neighbour, Project, ProjectEvent, SiteFigure, TableAction

from .people import actor

INTAKE = {"ministry", "other ministry", "observatory"}
STATE = INTAKE | {"line", "signatory", "contact point"}
POINT = {"contact point"}
FINANCIERS = {"ministry", "other ministry", "contact point"}
SITERS = INTAKE | POINT

# The objects: a project of the contact point that it shares with the state, a stop of its clock, a permit and an amount
# of it; actions, a figure and a row on a neighbour of `ministry`.
ALLOWED: dict[str, set[str]] = {
    "processing:list": STATE,
    "processing:export": STATE,
    "processing:calendar": STATE,
    "processing:one": STATE,
    "processing:calendar_one": STATE,
    **{
        f"processing:{name}": POINT
        for name in ("new", "make_tasks", "finish_task", "change", "share", "event", "stop", "extension", "resume",
                     "take_back", "criteria", "application", "new_permit", "permit")
    },
    "processing:finance": STATE,
    "processing:finance_export": STATE,
    "processing:money": STATE,
    **{f"processing:{name}": FINANCIERS for name in ("new_funding", "funding", "remove_funding", "new_finance_action")},
    "processing:siting": STATE,
    "processing:siting_export": STATE,
    "processing:ports": STATE,
    "processing:neighbours": STATE,
    **{f"processing:{name}": SITERS for name in ("figure", "new_ports_action", "new_industry_action", "new_neighbour")},
    **{
        f"processing:{name}": {"ministry"}
        for name in ("finance_action", "finance_finish", "ports_action", "ports_finish", "industry_action",
                     "industry_finish", "remove_figure", "neighbour")
    },
}  # fmt: skip
PUBLIC: set[str] = set()
ONLY_POST: set[str] = {"processing:make_tasks"}


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view."""
    actions.make_tasks(actor("contactpunt"))
    project = Project.objects.get(name__startswith="Magneetrecycling")
    stop = ProjectEvent.objects.get(project=project, kind="suspended")
    common = {
        "pk": project.pk, "ending": "csv", "event": stop.pk, "permit": project.permits.first().pk,
        "row": project.funding.first().pk,
    }  # fmt: skip
    of = {
        table: {"pk": TableAction.objects.filter(table=table).first().pk} for table in ("finance", "ports", "industry")
    }
    return {
        "processing": common,
        "processing:finish_task": {"pk": ClockTask.objects.first().pk},
        **{f"processing:{table}_{what}": key for table, key in of.items() for what in ("action", "finish")},
        "processing:remove_figure": {"pk": SiteFigure.objects.first().pk},
        "processing:neighbour": {"pk": Neighbour.objects.first().pk},
    }
