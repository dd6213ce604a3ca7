"""Example data of this room, made through its actions: facts with their source, and what is invented marked so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from django.utils import timezone

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.measures import actions, duty_actions, risk_actions
from lodestock_desk.measures.duty_models import Answer, DutyState
from lodestock_desk.measures.words import DATA, Step

_DAY = date(2025, 12, 9)
_NOTE = "De dag is een voorbeeld: de bron noemt alleen dat het zo is."
_WITH = ["I&W", "BZ", "KGG", "SZW", "DEF"]  # the ministries with which the letter was agreed


def make_example(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """The measures that the memos name."""
    ez = people["beleid.ez"]
    for row in yaml.safe_load((DATA / "examples.yml").read_text(encoding="utf-8")):
        _measure(ez, row)
    _duties(ez)
    _companies(ez, organisations)
    _risk(people["wind"])


def _measure(ez: Actor, row: dict[str, Any]) -> None:
    values = {name: row.get(name, "") for name in actions.FIELDS - {"source_on", "ministry", "with_ministries"}}
    values |= {"source_on": row.get("source_on"), "ministry": "EZ", "with_ministries": _WITH}
    made = actions.add_measure(
        ez, values, status=row["status"], effective_on=_DAY, reason=row.get("status_note", _NOTE)
    )
    key = str(made.pk)
    if row.get("stock") == "no":
        actions.set_stock(
            ez, key, holds=False, effective_on=_DAY, reason="Er zijn nog geen voorraden aangelegd, zegt de bron."
        )
    for line in row.get("money", ()):
        actions.set_budget(
            ez, key, year=line["year"], amount_eur=Decimal(line["amount"]), level=line["level"],
            structural=line["structural"], source="verzonnen begrotingsregel (voorbeeld)", decided_on=_DAY,
            reason="Verzonnen bedrag (voorbeeld).",
        )  # fmt: skip
    if plan := row.get("milestone"):
        _milestone(ez, key, plan)


def _milestone(ez: Actor, key: str, plan: dict[str, Any]) -> None:
    today = timezone.localdate()
    made = actions.add_milestone(
        ez, key, title_nl=plan["nl"], title_en=plan["en"], on=plan["set"], due_on=plan["due"],
        reason=plan.get("reason", "Voorbeeld."),
    )  # fmt: skip
    if "moved" in plan and plan["moved_on"] <= today:
        actions.move_milestone(
            ez, str(made.pk), kind=Step.MOVED, on=plan["moved_on"], due_on=plan["moved"],
            reason="Er is meer tijd nodig (voorbeeld).",
        )  # fmt: skip
    if "reached" in plan and plan["reached"] <= today:
        item = actions.add_evidence(
            ez, key, on=plan["reached"], what="Verslag van de vaststelling (voorbeeld)", reference="voorbeelddossier 1"
        )
        actions.move_milestone(
            ez, str(made.pk), kind=Step.REACHED, on=plan["reached"], reason="Vastgesteld (voorbeeld).",
            evidence_id=str(item.pk),
        )  # fmt: skip


def _duties(ez: Actor) -> None:
    duty_actions.note_duty(
        ez, "contact-point", law="2024-1252", state=DutyState.FULFILLED, on=_DAY,
        note="RVO is het contactpunt, zegt het memo; de dag is een voorbeeld.", reference="memo bij de Kamerbrief",
    )  # fmt: skip
    duty_actions.note_duty(
        ez, "monitoring", law="2024-1252", state=DutyState.TAKEN_UP, on=_DAY, note="Opgepakt (voorbeeld)."
    )


def _companies(ez: Actor, organisations: dict[str, Organisation]) -> None:
    """Sizes of companies that do not exist: one large, one small, one half known."""
    rows = (
        ("c1", 620, Decimal(210), Answer.YES, Answer.YES, ["robotics"]),
        ("c2", 1400, None, Answer.UNKNOWN, Answer.YES, ["renewables"]),
        ("c8", 45, Decimal(9), Answer.NO, Answer.NO, []),
    )
    for key, staff, turnover, uses, makes, technologies in rows:
        duty_actions.note_company(
            ez, str(organisations[key].pk), year=2024, staff=staff, turnover_meur=turnover, uses=uses, makes=makes,
            technologies=technologies, source="verzonnen jaarverslag (voorbeeld)",
        )  # fmt: skip


def _risk(company: Actor) -> None:
    """A draft of an assessment, half filled in."""
    draft = risk_actions.start(company, title="Generatoren met magneten (voorbeeld)")
    key = str(draft.pk)
    risk_actions.save_step(
        company, key, "scope",
        {"products": "generatoren (voorbeeld)", "technologies": ["renewables"],
         "materials": ["neodymium", "dysprosium"]},
    )  # fmt: skip
    row = {"stage": "processing", "country": "CHN", "share": None, "source": "leverancier (voorbeeld)"}
    risk_actions.save_step(
        company, key, "origin", [{"material": "neodymium", **row}, {"material": "dysprosium", **row}]
    )
