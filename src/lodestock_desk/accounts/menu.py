"""The menu: what an actor may open, in the order of the day's work."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lodestock_desk.accounts.actor import Actor

_ENTRIES = (
    (gettext_noop("Overview"), "overview:list", "overview.see"),
    (gettext_noop("Signals"), "signals:list", "report.see"),
    (gettext_noop("Events"), "signals:events", "event.see"),
    (gettext_noop("Alerts"), "signals:alerts", "alert.see"),
    (gettext_noop("Warnings"), "signals:warnings", "warning.see"),
    (gettext_noop("Call-outs"), "callouts:list", "callout.see"),
    (gettext_noop("Licence cases"), "licences:list", "case.see"),
    (gettext_noop("Portfolio"), "licences:portfolio", "portfolio.see"),
    (gettext_noop("Outreach"), "outreach:list", "outreach.see"),
    (gettext_noop("Contacts"), "contacts:list", "contact.see"),
    (gettext_noop("Projects"), "processing:list", "project.see"),
    (gettext_noop("Measures"), "measures:list", "measure.see"),
    (gettext_noop("Risk assessment"), "measures:risks", "risk.keep"),
    (gettext_noop("Letters and answers"), "parliament:list", "piece.see"),
    (gettext_noop("Dossiers"), "dossiers:list", "dossier.see"),
    (gettext_noop("Publication"), "disclosure:list", "publication.keep"),
    (gettext_noop("Consent"), "disclosure:consents", "consent.give"),
    (gettext_noop("Evidence for scenarios"), "scenarios:list", "evidence.keep"),
    (gettext_noop("People"), "accounts:members", "account.keep"),
    (gettext_noop("Keys"), "keys:list", "key.keep"),
    (gettext_noop("Offices"), "parliament:offices", "account.keep"),
    (gettext_noop("Audit"), "accounts:audit", "audit.see"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    label: str
    address: str
    here: bool


def menu_for(actor: Actor, path: str) -> tuple[Entry, ...]:
    """The entries that this actor may open."""
    if actor.membership is None:
        return ()
    found = ((label, reverse(view)) for label, view, capability in _ENTRIES if actor.may(capability))
    return tuple(Entry(_(label), address, path.startswith(address)) for label, address in found)
