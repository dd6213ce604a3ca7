"""Who sees which clues, campaigns, calls and judgements: ministry and observatory each have their own outreach."""

from __future__ import annotations

from django.db.models import QuerySet

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.outreach.models import Call, Campaign, Clue, Import, Judgement


def visible_clues(actor: Actor) -> QuerySet[Clue]:
    """The team's own clues."""
    own = Clue.objects.filter(organisation=actor.organisation)
    return own if actor.may("outreach.see") else own.none()


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """The team's own campaigns."""
    own = Campaign.objects.filter(organisation=actor.organisation)
    return own if actor.may("outreach.see") else own.none()


def visible_calls(actor: Actor) -> QuerySet[Call]:
    """The calls of the team's own campaigns."""
    own = Call.objects.filter(campaign__organisation=actor.organisation).select_related("company", "campaign")
    return own if actor.may("outreach.see") else own.none()


def visible_judgements(actor: Actor) -> QuerySet[Judgement]:
    """The team's own judgements."""
    own = Judgement.objects.filter(organisation=actor.organisation)
    return own if actor.may("outreach.see") else own.none()


def visible_imports(actor: Actor) -> QuerySet[Import]:
    """The team's own files that wait or were applied."""
    own = Import.objects.filter(organisation=actor.organisation)
    return own if actor.may("outreach.keep") else own.none()
