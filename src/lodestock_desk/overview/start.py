"""What waits for a person today: a few numbers, each a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.measures.waiting import WaitingDuty, counted
from lodestock_desk.processing.waiting import waiting_terms
from lodestock_desk.signals.access import triageable_reports, visible_alerts, visible_reports, visible_warnings
from lodestock_desk.signals.states import State
from lodestock_desk.signals.words import AlertState


@dataclass(frozen=True, slots=True)
class Card:
    """A number with its words and where it leads."""

    number: int
    label: str
    address: str


def start_for(actor: Actor, duties: list[WaitingDuty]) -> list[Card]:
    """The cards of an actor's start page. duties: those of the act that wait for whoever may see them."""
    cards: list[Card] = []
    if actor.may("report.triage"):
        own = triageable_reports(actor)
        at = reverse("signals:list")
        cards.append(Card(own.filter(state=State.NEW).count(), _("new signals"), f"{at}?state=new"))
        cards.append(
            Card(own.filter(state=State.UNDER_REVIEW).count(), _("signals under review"), f"{at}?state=under_review")
        )
    if actor.may("report.supplement"):
        cards.append(Card(visible_reports(actor).count(), _("reports of yours"), reverse("signals:list")))
    if actor.may("alert.see"):
        raised = visible_alerts(actor).filter(state=AlertState.RAISED).count()
        cards.append(Card(raised, _("alerts to decide"), reverse("signals:alerts")))
    if actor.may("warning.see"):
        unread = visible_warnings(actor).filter(read_at=None).count()
        cards.append(Card(unread, _("unread warnings"), reverse("signals:warnings")))
    cards += [Card(*waiting) for waiting in (*waiting_terms(actor), *counted(actor, duties))]
    return cards
