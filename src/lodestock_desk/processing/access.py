"""Who sees which project files, money, actions, sites and neighbours."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.processing.models import (
    ClockTask,
    FundingRow,
    Neighbour,
    Project,
    SiteFigure,
    TableAction,
)
from lodestock_desk.processing.words import Share, Table


def visible_projects(actor: Actor) -> QuerySet[Project]:
    """The own organisation's files, and those that their contact point shares with the state."""
    projects = Project.objects.select_related("organisation", "owner__user", "promoter")
    if not actor.may("project.see"):
        return projects.none()
    return projects.filter(Q(organisation=actor.organisation) | Q(share=Share.STATE))


def own_projects(actor: Actor) -> QuerySet[Project]:
    """The files that this actor keeps."""
    projects = Project.objects.filter(organisation=actor.organisation)
    return projects if actor.may("project.keep") else projects.none()


def fundable_projects(actor: Actor) -> QuerySet[Project]:
    """The projects for which this actor may note money: those that the actor sees."""
    return visible_projects(actor) if actor.may("finance.keep") else Project.objects.none()


def visible_tasks(actor: Actor) -> QuerySet[ClockTask]:
    """Reminders of the files of the own organisation."""
    tasks = ClockTask.objects.select_related("owner__user", "project")
    if not actor.may("project.see"):
        return tasks.none()
    return tasks.filter(project__organisation=actor.organisation)


def visible_funding(actor: Actor) -> QuerySet[FundingRow]:
    """Amounts of the projects that this actor sees."""
    if not actor.may("finance.see"):
        return FundingRow.objects.none()
    return FundingRow.objects.filter(project__in=visible_projects(actor)).select_related("project")


def visible_actions(actor: Actor) -> QuerySet[TableAction]:
    """Actions and agreements; one that hangs on a project file shows to those who see the file."""
    actions = TableAction.objects.select_related("owner__user", "owner__organisation", "project", "organisation")
    tables = [Table.FINANCE] if actor.may("finance.see") else []
    tables += [Table.PORTS, Table.INDUSTRY] if actor.may("siting.see") else []
    return actions.filter(Q(project=None) | Q(project__in=visible_projects(actor)), table__in=tables)


def own_actions(actor: Actor) -> QuerySet[TableAction]:
    """The actions that this actor may change: those of the own organisation."""
    tables = [Table.FINANCE] if actor.may("finance.keep") else []
    tables += [Table.PORTS, Table.INDUSTRY] if actor.may("siting.keep") else []
    return TableAction.objects.filter(organisation=actor.organisation, table__in=tables)


def visible_figures(actor: Actor) -> QuerySet[SiteFigure]:
    """What is known of sites; shared within the state."""
    if not actor.may("siting.see"):
        return SiteFigure.objects.none()
    # Of two figures of the same day the one noted last counts: the library takes the later of the two.
    return SiteFigure.objects.select_related("organisation").order_by("site", "criterion", "on", "created_at")


def visible_neighbours(actor: Actor) -> QuerySet[Neighbour]:
    """Who does what elsewhere; shared within the state."""
    rows = Neighbour.objects.select_related("organisation").prefetch_related("contacts")
    return rows if actor.may("siting.see") else rows.none()


def own_neighbours(actor: Actor) -> QuerySet[Neighbour]:
    """The rows that this actor may change."""
    rows = Neighbour.objects.filter(organisation=actor.organisation)
    return rows if actor.may("siting.keep") else rows.none()
