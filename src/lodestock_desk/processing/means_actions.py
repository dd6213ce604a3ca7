"""Writes on money, actions and agreements, sites and neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.measures.site_book import site_book
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.contacts.access import visible_contacts
from lodestock_desk.core.numbers import shown_number
from lodestock_desk.core.writing import writing
from lodestock_desk.processing.access import (
    fundable_projects,
    own_actions,
    own_neighbours,
    visible_figures,
    visible_funding,
    visible_projects,
)
from lodestock_desk.processing.models import FundingRow, Neighbour, SiteFigure, TableAction
from lodestock_desk.processing.shown import unit
from lodestock_desk.processing.words import Table

FUNDING_FIELDS = frozenset(
    {"year", "level", "asked_meur", "promised_meur", "instrument", "structural", "source", "on"}
)  # fmt: skip
ACTION_FIELDS = frozenset({"sort", "title", "party", "doer", "due_on", "source"})
NEIGHBOUR_FIELDS = frozenset({"country", "topic", "who", "what", "ours", "status", "source", "on"})
_KEEPS = {Table.FINANCE: "finance.keep", Table.PORTS: "siting.keep", Table.INDUSTRY: "siting.keep"}


def _only(values: Mapping[str, Any], known: frozenset[str]) -> None:
    if extra := set(values) - known:
        raise PermissionDenied(f"fields {sorted(extra)}")


def _sourced(values: Mapping[str, Any]) -> None:
    if not str(values.get("source", "")).strip():
        raise ValidationError({"source": _("Name the source: the letter, decision or report in which it stands.")})


def keep_funding(actor: Actor, project_id: str, values: Mapping[str, Any], *, row_id: str = "") -> FundingRow:
    """Note what is asked and promised for a project in a year. Refused: an amount without a source, an empty row."""
    _only(values, FUNDING_FIELDS)
    _sourced(values)
    if values.get("asked_meur") is None and values.get("promised_meur") is None:
        raise ValidationError({"asked_meur": _("Give what is asked, what is promised, or both.")})
    with writing(actor, "finance.keep") as audit:
        project = fundable_projects(actor).get(pk=project_id)
        row = project.funding.select_for_update().get(pk=row_id) if row_id else FundingRow(project=project)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        audit.changed(row, "funding.changed" if row_id else "funding.noted", project=str(project.pk))
    return row


def remove_funding(actor: Actor, row_id: str, *, reason: str) -> None:
    """Take back an amount that was noted by mistake."""
    with writing(actor, "finance.keep") as audit:
        row = visible_funding(actor).get(pk=row_id)
        audit.removed(row, "funding.removed", reason=reason, project=str(row.project_id), year=row.year)
        row.delete()


def keep_action(
    actor: Actor, values: Mapping[str, Any], *, table: str, project_id: str = "", action_id: str = ""
) -> TableAction:
    """Note or change an action or agreement; it has who does it and a day, and the one who notes it watches it."""
    _only(values, ACTION_FIELDS)
    with writing(actor, _KEEPS[Table(table)]) as audit:
        if action_id:
            item = own_actions(actor).select_for_update().get(pk=action_id, table=table)
        else:
            item = TableAction(organisation=actor.organisation, owner=actor.membership, table=table)
        for name, value in values.items():
            setattr(item, name, value)
        item.project = visible_projects(actor).get(pk=project_id) if project_id else None
        item.save()
        audit.changed(item, "table.changed" if action_id else "table.noted", table=table)
    return item


def finish_action(actor: Actor, action_id: str, *, outcome: str) -> TableAction:
    """Note what came of an action or agreement."""
    found = own_actions(actor).filter(pk=action_id).values_list("table", flat=True).first()
    with writing(actor, _KEEPS[Table(found)] if found else "finance.keep") as audit:
        item = own_actions(actor).select_for_update().get(pk=action_id)
        if item.done_on:
            raise ValidationError(_("This is done already."))
        item.done_on, item.outcome = timezone.localdate(), outcome
        item.save(update_fields=["done_on", "outcome"])
        audit.changed(item, "table.done", reason=outcome)
    return item


def add_figure(
    actor: Actor, *, site: str, criterion: str, low: float, high: float, source: str, on: date
) -> SiteFigure:
    """Note what is known of a site; the latest day counts, earlier ones stay on record."""
    _sourced({"source": source})
    if high < low:
        raise ValidationError({"high": _("The highest value cannot be below the lowest.")})
    scale = site_book().criteria[criterion]
    if low < min(0.0, scale.worst, scale.best):
        raise ValidationError({"low": _("Less than 0 is not possible here: check the number.")})
    if high > (most := 10 * max(scale.worst, scale.best)):
        text = _("More than %(most)s %(unit)s is not possible here: check the number and the unit.")
        raise ValidationError({"high": text % {"most": shown_number(most), "unit": unit(scale.unit)}})
    with writing(actor, "siting.keep") as audit:
        figure = SiteFigure.objects.create(
            organisation=actor.organisation, site=site, criterion=criterion, low=low, high=high, source=source, on=on
        )
        audit.changed(figure, "site.noted", site=site, criterion=criterion)
    return figure


def remove_figure(actor: Actor, figure_id: str, *, reason: str) -> None:
    """Take back a figure of the own organisation."""
    with writing(actor, "siting.keep") as audit:
        figure = visible_figures(actor).filter(organisation=actor.organisation).get(pk=figure_id)
        audit.removed(figure, "site.removed", reason=reason, site=figure.site, criterion=figure.criterion)
        figure.delete()


def keep_neighbour(
    actor: Actor, values: Mapping[str, Any], *, contact_ids: list[str], neighbour_id: str = ""
) -> Neighbour:
    """Note who does what elsewhere, with the contacts in which it came up."""
    _only(values, NEIGHBOUR_FIELDS)
    _sourced(values)
    with writing(actor, "siting.keep") as audit:
        if neighbour_id:
            row = own_neighbours(actor).select_for_update().get(pk=neighbour_id)
        else:
            row = Neighbour(organisation=actor.organisation)
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        row.contacts.set(visible_contacts(actor).filter(pk__in=contact_ids))
        audit.changed(row, "neighbour.changed" if neighbour_id else "neighbour.noted", contacts=contact_ids)
    return row
