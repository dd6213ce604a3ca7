"""Example licence cases, call-outs, outreach, contacts and evidence."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.callouts import actions as callouts
from lodestock_desk.contacts import actions as contacts
from lodestock_desk.contacts.models import Level
from lodestock_desk.licences import actions as licences
from lodestock_desk.licences.words import CaseOutcome, DocumentClass
from lodestock_desk.outreach import actions as outreach
from lodestock_desk.outreach.models import CallResult, ClueKind
from lodestock_desk.signals.models import Event

Organisations = dict[str, Organisation]
People = dict[str, Actor]

# company, days ago complete, days until decision (None: pending), outcome, share, hours
_CASES: tuple[tuple[str, int, int | None, str, int | None, str], ...] = (
    ("c1", 180, 62, CaseOutcome.GRANTED, 100, "14"),
    ("c1", 120, None, CaseOutcome.PENDING, None, "9.5"),
    ("c2", 200, 95, CaseOutcome.PARTLY, 25, "22"),
    ("c2", 150, None, CaseOutcome.PENDING, None, "6"),
    ("c2", 90, None, CaseOutcome.PENDING, None, "4"),
    ("c9", 170, 48, CaseOutcome.GRANTED, 100, "11"),
    ("c9", 60, None, CaseOutcome.PENDING, None, ""),
    ("c5", 160, 110, CaseOutcome.DENIED, None, "30"),
    ("c10", 140, 80, CaseOutcome.GRANTED, 100, "8"),
    ("c10", 40, None, CaseOutcome.PENDING, None, ""),
    ("c4", 190, 130, CaseOutcome.GRANTED, 60, "12"),
    ("c4", 75, None, CaseOutcome.PENDING, None, "5"),
)
_CLUES: tuple[tuple[str, str, int, str], ...] = (
    (ClueKind.SBI, "27.11", 5, "maakt elektromotoren en generatoren"),
    (ClueKind.SBI, "28.11", 4, "maakt turbines"),
    (ClueKind.SBI, "26.5", 2, "maakt meetinstrumenten"),
    (ClueKind.PRODUCT, "motor", 4, "motoren hebben vaak permanente magneten"),
    (ClueKind.PRODUCT, "luidspreker", 4, "luidsprekers hebben magneten"),
    (ClueKind.PRODUCT, "magneet", 5, "noemt magneten zelf"),
    (ClueKind.ASSOCIATION, "BMI", 1, "maakindustrie"),
)


def make_casework(organisations: Organisations, people: People) -> None:
    """Everything but signals."""
    event = Event.objects.order_by("created_at").first()
    _cases(organisations, people)
    _callouts(organisations, people, str(event.pk) if event else "")
    _outreach(organisations, people)
    _contacts(people, str(event.pk) if event else "")


def _cases(organisations: Organisations, people: People) -> None:
    today, ez = timezone.localdate(), people["beleid.ez"]
    for company, ago, after, outcome, share, hours in _CASES:
        complete = today - timedelta(days=ago)
        values = {
            "material": "ndfeb-magnets",
            "product": "magneten (voorbeeld)",
            "exporter": "Voorbeeldexporteur",
            "importer": "Voorbeeldimporteur",
            "tiers": ["Voorbeeldexporteur", "Voorbeeldmagneetmaker", "Voorbeeldimporteur"],
            "issuer": "CHN",
            "number": "",
            "general_licence": False,
            "ordered_on": complete - timedelta(days=20),
            "complete_on": complete,
            "decided_on": complete + timedelta(days=after) if after is not None else None,
            "outcome": outcome,
            "granted_share": Decimal(share) if share else None,
            "tonnes": Decimal("1.5"),
            "last_known_on": today,
        }
        case = licences.keep_case(ez, values, company_id=str(organisations[company].pk))
        if hours:
            licences.add_hours(ez, str(case.pk), on=complete, hours=Decimal(hours), what="stukken verzamelen")
        licences.add_document(
            ez, str(case.pk), name="eindgebruikersverklaring", document_class=DocumentClass.CUSTOMER,
            asked_on=complete, given=True,
        )  # fmt: skip
        if outcome == CaseOutcome.DENIED:
            licences.add_document(
                ez, str(case.pk), name="tekening van de rotor", document_class=DocumentClass.TECHNICAL,
                asked_on=complete, given=False,
            )  # fmt: skip
            licences.add_resubmission(ez, str(case.pk), on=complete + timedelta(days=40), reason="stempel ontbrak")


def _callouts(organisations: Organisations, people: People, event: str) -> None:
    callout = callouts.ask(
        people["beleid.ez"],
        title="Leveringen van magneten (voorbeeld)",
        material="rare-earth-magnets",
        text="Hoeveel leden merken hinder van de vergunningsverplichting?",
        closes_on=timezone.localdate() + timedelta(days=14),
        association_ids=[str(organisations[key].pk) for key in ("assoc-a", "assoc-b")],
        questions=["Welke producten raakt het het meest?"],
        event_id=event,
    )
    callouts.answer(
        people["loket.a"], str(callout.pk), approached=48, answered=31, affected=9, no_problem=19, answers={},
        remarks="Drie leden weten het nog niet (voorbeeld).",
    )  # fmt: skip


def _outreach(organisations: Organisations, people: People) -> None:
    nmo = people["analist.nmo"]
    for kind, value, weight, reason in _CLUES:
        outreach.add_clue(nmo, material="rare-earth-magnets", kind=kind, value=value, weight=weight, reason=reason)
    campaign = outreach.start_campaign(
        nmo, title="Belronde magneten (voorbeeld)", material="rare-earth-magnets", cut=4, sample=3,
        questions="Gebruikt u permanente magneten? Welke? Hoeveel dagen voorraad?", started=timezone.localdate(),
    )  # fmt: skip
    for company, score, result in (
        ("c1", 10, CallResult.USES), ("c2", 5, CallResult.USES), ("c4", 4, CallResult.USES_NOT),
        ("c9", 5, CallResult.NOT_REACHED), ("c8", 0, CallResult.USES_NOT),
    ):  # fmt: skip
        outreach.note_call(
            nmo, str(campaign.pk), str(organisations[company].pk), score=score, result=result, note="(voorbeeld)"
        )
    outreach.judge(
        nmo,
        str(organisations["c8"].pk),
        material="rare-earth-magnets",
        plausible=False,
        reason="bakt brood (voorbeeld)",
    )


def _contacts(people: People, event: str) -> None:
    ez = people["beleid.ez"]
    contacts.keep_contact(
        ez,
        {
            "on": date(2025, 6, 3),
            "level": Level.POLITICAL,
            "speaker": "Eurocommissaris voor Handel",
            "speaker_for": "Europese Commissie",
            "counterpart": "minister van Handel",
            "counterpart_for": "China",
            "country": "CHN",
            "subject": "Exportvergunningen voor zeldzame aardmetalen",
            "materials": ["rare-earth-magnets"],
            "message": "De situatie rond de vergunningen is besproken.",
            "outcome": "",
            "follow_up": "",
            "due_on": None,
            "source": "memo over de Kamervragen",
            "restricted": False,
        },
        event_id=event,
    )
    contacts.keep_contact(
        ez,
        {
            "on": timezone.localdate() - timedelta(days=12),
            "level": Level.OFFICIAL,
            "speaker": "Handelsraad (voorbeeld)",
            "speaker_for": "Nederland",
            "counterpart": "afdeling uitvoercontrole (voorbeeld)",
            "counterpart_for": "China",
            "country": "CHN",
            "subject": "Doorlooptijden en gevraagde stukken (voorbeeld)",
            "materials": ["rare-earth-magnets"],
            "message": "Voorspelbaarheid en duidelijkheid voor bedrijven gevraagd.",
            "outcome": "Er komt een overzicht van gevraagde stukken.",
            "follow_up": "Overzicht opvragen",
            "due_on": timezone.localdate() + timedelta(days=10),
            "source": "",
            "restricted": False,
        },
        event_id=event,
    )
    contacts.set_line(
        ez,
        subject="Exportvergunningen China (voorbeeld)",
        material="rare-earth-magnets",
        text_nl="Het is een exportvergunningsverplichting, geen exportstop. "
        "Onze inzet: onnodige verstoring vermijden en bedrijven voorspelbaarheid en duidelijkheid geven.",
        text_en="It is an export licence obligation, not an export stop. We aim to avoid needless disruption "
        "and to obtain predictability and clarity for companies.",
        valid_from=date(2025, 6, 1),
    )
