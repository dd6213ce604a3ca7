"""Example signals: filed, triaged, linked, with an alert."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.signals import actions, alert_actions
from lodestock_desk.signals.drafts import PressDraft, ReportDraft
from lodestock_desk.signals.models import Event, Report
from lodestock_desk.signals.states import State
from lodestock_desk.signals.words import Cause, Effect, RuleKind, Severity, Share

# who files, company, to whom, what, material, effect, cause, severity, days since, stock days, words
_REPORTS = (
    (
        "servo",
        "c1",
        "ez",
        "magneten voor servomotoren",
        "ndfeb-magnets",
        Effect.DELAYED,
        Cause.LICENCE_PENDING,
        Severity.HIGH,
        40,
        18,
        "Onze leverancier wacht sinds april op een vergunning. De stukken zijn compleet; een datum is er niet.",
    ),
    (
        "wind",
        "c2",
        "ez",
        "NdFeB-magneten met dysprosium",
        "ndfeb-magnets",
        Effect.PARTIAL,
        Cause.LICENCE_PENDING,
        Severity.MEDIUM,
        35,
        60,
        "Van twaalf aanvragen is er een toegekend, voor een kwart van de hoeveelheid.",
    ),
    (
        "loket.a",
        "c9",
        "ez",
        "magneten in robotarmen",
        "ndfeb-magnets",
        Effect.DELAYED,
        Cause.LICENCE_PENDING,
        Severity.MEDIUM,
        30,
        45,
        "Lid meldt vertraging; verwacht zonder levering in de zomer stilstand van een lijn.",
    ),
    (
        "loket.b",
        "c6",
        "nmo",
        "SmCo-magneten voor sensoren",
        "smco-magnets",
        Effect.DELAYED,
        Cause.LICENCE_PENDING,
        Severity.HIGH,
        28,
        12,
        "Alternatief ontwerp duurt negen maanden.",
    ),
    (
        "analist.nmo",
        "c3",
        "nmo",
        "gadolinium voor contrastmiddel en spoelen",
        "gadolinium",
        Effect.RISK,
        Cause.UNKNOWN,
        Severity.LOW,
        20,
        120,
        "In gesprek: nog geen hinder, wel zorgen over het najaar.",
    ),
    (
        "loket.b",
        "c5",
        "ez",
        "magneetpompen",
        "rare-earth-magnets",
        Effect.DELAYED,
        Cause.SUPPLIER,
        Severity.MEDIUM,
        15,
        None,
        "Leverancier noemt geen reden.",
    ),
)


def make_signals(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """Reports of several channels, a press item, an event, a rule and the alert that it raises."""
    ez, nmo = people["beleid.ez"], people["analist.nmo"]
    _rules(ez)
    event = actions.keep_event(
        ez,
        title="Exportvergunningsverplichting zeven zeldzame aardmetalen en magneten (voorbeeld)",
        materials=["rare-earth-magnets"],
        started=date(2025, 4, 4),
        ended=None,
        control="cn-2025-18",
        description="Aankondiging 18 van 2025: een vergunningsverplichting, geen exportstop.",
    )
    filed = [_file(organisations, people, row) for row in _REPORTS]
    for report in filed[:4]:
        _triage(ez if report.receiver == organisations["ez"] else nmo, report, event)
    actions.take_step(ez, str(filed[5].pk), to=State.UNDER_REVIEW, reason="Naar leverancier gevraagd.")
    _press(ez)
    for name in ("servo", "wind"):
        alert_actions.watch(people[name], "rare-earth-magnets")


def _rules(ez: Actor) -> None:
    alert_actions.add_rule(
        ez,
        name="Drie bedrijven in 45 dagen (voorbeeld)",
        kind=RuleKind.VERIFIED_COMPANIES,
        material="rare-earth-magnets",
        threshold=3,
        window_days=45,
        sectors=[],
        reason="Eén bedrijf kan pech hebben; drie wijzen op de keten.",
        valid_from=date(2025, 1, 1),
        valid_until=None,
    )
    alert_actions.add_rule(
        ez,
        name="Minder dan 30 dagen voorraad (voorbeeld)",
        kind=RuleKind.STOCK_DAYS,
        material="",
        threshold=30,
        window_days=30,
        sectors=[],
        reason="Binnen een maand dreigt stilstand.",
        valid_from=date(2025, 1, 1),
        valid_until=None,
    )


def _file(organisations: dict[str, Organisation], people: dict[str, Actor], row: tuple) -> Report:
    who, company, to, words, material, effect, cause, severity, days, stock, text = row
    draft = ReportDraft(
        submission=uuid4(),
        receiver_id=str(organisations[to].pk),
        company_name=organisations[company].name,
        material=material,
        product_words=words,
        effect=effect,
        cause=cause,
        severity=severity,
        since=timezone.localdate() - timedelta(days=days),
        stock_days=stock,
        description=f"{text} (voorbeeld)",
        share=(Share.OBSERVATORY,) if to == "ez" else (),
        language="nl",
    )
    report, _token = actions.file_report(people[who], draft, company_id=str(organisations[company].pk))
    return report


def _triage(actor: Actor, report: Report, event: Event) -> None:
    actions.take_step(actor, str(report.pk), to=State.UNDER_REVIEW, reason="Gebeld met het bedrijf (voorbeeld).")
    actions.take_step(
        actor, str(report.pk), to=State.VERIFIED, reason="Orderbevestiging en bericht van de leverancier gezien."
    )
    actions.take_step(
        actor, str(report.pk), to=State.LINKED, reason="Hoort bij aankondiging 18.", event_id=str(event.pk)
    )


def _press(ez: Actor) -> None:
    actions.file_press(
        ez,
        PressDraft(
            submission=uuid4(),
            outlet="Voorbeeldkrant",
            published_on=date(2025, 5, 18),
            address="https://krant.example/aardmetalen",
            claim="Fabrieken in Europa zouden binnen weken zonder magneten zitten (voorbeeld).",
            material="rare-earth-magnets",
        ),
    )
