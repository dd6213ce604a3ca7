"""Example data of this room, made through its actions. Nothing in it is real; every name carries "(voorbeeld)"."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.contacts.access import visible_contacts
from lodestock_desk.processing import actions
from lodestock_desk.processing import means_actions as means
from lodestock_desk.processing.words import Kind, Share, Stage, Strategic

_SOURCE = "voorbeeld, geen echt cijfer"
_PROJECTS: tuple[dict[str, Any], ...] = (
    {"name": "Magneetrecycling Noord (voorbeeld)", "promoter_name": "Voorbeeld Magneetkring",
     "material": "ndfeb-magnets", "stage": Stage.RECYCLING, "capacity_t": Decimal(600), "place": "Delfzijl",
     "site": "groningen", "phase": "first plant", "cost_meur": Decimal(90), "strategic": Strategic.RECOGNISED,
     "start_year": 2029, "chance": 60},
    {"name": "Galliumraffinage Zeeland (voorbeeld)", "promoter_name": "Voorbeeld Raffinage", "material": "gallium",
     "stage": Stage.PROCESSING, "place": "Vlissingen", "site": "zeeland", "phase": "demonstration",
     "strategic": Strategic.RECOGNISED, "running": True, "start_year": 2028},
    {"name": "Germanium uit reststromen (voorbeeld)", "promoter_name": "Voorbeeld Reststoffen",
     "material": "germanium", "stage": Stage.RECYCLING, "capacity_t": Decimal(4), "place": "Rotterdam",
     "site": "rotterdam", "phase": "pilot", "cost_meur": Decimal(12), "strategic": Strategic.APPLIED,
     "start_year": 2030, "chance": 40},
    {"name": "Batterijterugwinning Limburg (voorbeeld)", "promoter_name": "Voorbeeld Batterijkring",
     "material": "lithium", "stage": Stage.RECYCLING, "capacity_t": Decimal(1500), "place": "Geleen",
     "site": "chemelot", "strategic": Strategic.UNKNOWN},
)  # fmt: skip
_SHARED = (True, True, False, True)
# project, year, level, asked, promised [million euros], instrument, structural
_MONEY: tuple[tuple[int, int, str, str, str, str, bool], ...] = (
    (0, 2027, "national", "15", "10", "invest-nl", False),
    (0, 2027, "EU", "20", "0", "jtf", False),
    (0, 2028, "EU", "18", "", "innovation-fund", False),
    (1, 2027, "national", "8", "8", "invest-nl", False),
    (2, 2027, "national", "3.5", "1", "dei-plus", False),
)
_ACTIONS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("finance", "action", "Uitzoeken of de JTF-ronde ook magneetrecycling dekt (voorbeeld)", "", "RVO (voorbeeld)", 20),
    ("finance", "action", "Gesprek over deelneming in de eerste fabriek (voorbeeld)", "Voorbeeldfinancier",
     "Invest-NL (voorbeeld)", -5),
    ("ports", "agreement", "Kavel in zware milieucategorie vrijhouden (voorbeeld)", "Voorbeeldhaven",
     "Voorbeeldhaven", 90),
    ("industry", "action", "Inzameling van afgedankte motoren bespreken (voorbeeld)", "Brancheorganisatie (voorbeeld)",
     "Ministerie (voorbeeld)", 30),
)  # fmt: skip
_NEIGHBOURS: tuple[tuple[str, str, str, str, str, str], ...] = (
    ("BEL", "Recycling van magneten (voorbeeld)", "gewest (voorbeeld)", "steunt een proeffabriek (voorbeeld)",
     "steunt een eerste fabriek (voorbeeld)", "overlap"),
    ("DEU", "Voorraad van gallium (voorbeeld)", "ministerie (voorbeeld)", "onderzoekt een voorraad (voorbeeld)", "",
     "talking"),
    ("FRA", "Afname door de defensie-industrie (voorbeeld)", "niet bekend", "niet bekend", "", "gap"),
    ("EU", "Financiering van strategische projecten (voorbeeld)", "Europese Commissie",
     "bundelt vragen om geld (voorbeeld)", "levert projecten aan (voorbeeld)", "split"),
)  # fmt: skip


def make_example(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """Four project files in different phases, with money, actions, sites and neighbours."""
    officer, ez = people["contactpunt"], people["beleid.ez"]
    made = [_project(officer, row, shared) for row, shared in zip(_PROJECTS, _SHARED, strict=True)]
    _magnets(officer, made[0])
    _gallium(officer, made[1])
    _germanium(officer, made[2])
    _batteries(officer, made[3])
    _means(officer, ez, made)


def _project(officer: Actor, row: dict[str, Any], shared: bool) -> str:
    sources = {"capacity_t": "capacity_source", "chance": "chance_source", "cost_meur": "cost_source"}
    values = {
        **row, **{name: _SOURCE for field, name in sources.items() if field in row}, "country": "NLD",
        "impact_assessment": True, "remarks": "Vertrouwelijke aantekening (voorbeeld).",
    }  # fmt: skip
    project = actions.keep_project(officer, values)
    if shared:
        actions.share_project(officer, str(project.pk), share=Share.STATE, reason="aanvrager stemt in (voorbeeld)")
    return str(project.pk)


def _means(officer: Actor, ez: Actor, made: list[str]) -> None:
    today = timezone.localdate()
    for index, year, level, asked, promised, instrument, structural in _MONEY:
        means.keep_funding(
            officer, made[index],
            {"year": year, "level": level, "asked_meur": Decimal(asked), "instrument": instrument, "on": today,
             "promised_meur": Decimal(promised) if promised else None, "structural": structural, "source": _SOURCE},
        )  # fmt: skip
    for table, sort, title, party, doer, days in _ACTIONS:
        means.keep_action(
            ez, {"sort": sort, "title": title, "party": party, "doer": doer, "due_on": today + timedelta(days=days)},
            table=table,
        )  # fmt: skip
    means.add_figure(ez, site="rotterdam", criterion="plot", low=30, high=60, source=_SOURCE, on=today)
    means.add_figure(ez, site="antwerp", criterion="plot", low=10, high=35, source=_SOURCE, on=today)
    contact = visible_contacts(ez).first()
    for country, topic, who, what, ours, status in _NEIGHBOURS:
        means.keep_neighbour(
            ez, {"country": country, "topic": topic, "who": who, "what": what, "ours": ours, "status": status,
                 "source": _SOURCE, "on": today},
            contact_ids=[str(contact.pk)] if contact and country == "EU" else [],
        )  # fmt: skip


def _ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def _note(officer: Actor, project: str, *happened: tuple[str, int]) -> None:
    for kind, days in happened:
        actions.add_event(officer, project, kind=kind, on=_ago(days), source="brief (voorbeeld)")


def _magnets(officer: Actor, project: str) -> None:
    """Recognised, permit under way, stopped once: the long file."""
    _note(
        officer, project, (Kind.APPLIED, 640), (Kind.RECOGNITION_COMPLETE, 600), (Kind.RECOGNISED, 520),
        (Kind.SCOPING_ASKED, 500), (Kind.SCOPING_GIVEN, 450), (Kind.SUBMITTED, 380), (Kind.COMPLETE, 345),
        (Kind.EIA_COMPLETE, 60),
    )  # fmt: skip
    actions.add_event(
        officer, project, kind=Kind.SUSPENDED, on=_ago(200), until=_ago(140), ground="waiting-for-promoter",
        reason="gegevens over stof en geluid aangevuld (voorbeeld)",
    )  # fmt: skip
    for name, authority, law, term, ago in (
        (
            "Omgevingsvergunning milieu (voorbeeld)",
            "Gedeputeerde staten (voorbeeld)",
            "Awb art. 3:18",
            6,
            345,
        ),
        ("Watervergunning (voorbeeld)", "Waterschap (voorbeeld)", "", None, 300),
        ("Netaansluiting (voorbeeld)", "Netbeheerder (voorbeeld)", "", None, None),
    ):
        actions.keep_permit(
            officer, project,
            {"name": name, "authority": authority, "law": law, "term": term, "term_unit": "months",
             "applied_on": _ago(ago) if ago else None, "outcome": "pending" if ago else "not_asked"},
        )  # fmt: skip
    for key in ("evidence", "unfc", "timetable", "acceptance", "control", "business", "jobs"):
        actions.set_item(officer, project, key=key, state="received", on=_ago(640))
    for key in ("restoration", "location", "indigenous"):
        actions.set_item(officer, project, key=key, state="not_needed", on=None, note="geen winning, geen natuurgebied")
    for key in ("supply", "feasible", "sustainable", "cross_border"):
        actions.set_item(officer, project, key=key, state="met", on=None)
    actions.set_item(officer, project, key="mutual", state="not_needed", on=None)


def _gallium(officer: Actor, project: str) -> None:
    """The permit procedure ran already: 12 months from the recognition, and they are over."""
    _note(officer, project, (Kind.SUBMITTED, 700), (Kind.COMPLETE, 660), (Kind.RECOGNISED, 400))


def _germanium(officer: Actor, project: str) -> None:
    """Waits for the Commission; two items miss."""
    _note(officer, project, (Kind.APPLIED, 100), (Kind.RECOGNITION_COMPLETE, 70))
    for key in ("evidence", "timetable", "control", "business"):
        actions.set_item(officer, project, key=key, state="received", on=_ago(100))
    actions.set_item(officer, project, key="jobs", state="missing", on=None, note="opgevraagd (voorbeeld)")


def _batteries(officer: Actor, project: str) -> None:
    """Only just known: nothing runs, most is not known."""
    actions.keep_permit(
        officer, project,
        {"name": "Omgevingsvergunning bouwen (voorbeeld)", "authority": "Gemeente (voorbeeld)", "outcome": "not_asked"},
    )  # fmt: skip
