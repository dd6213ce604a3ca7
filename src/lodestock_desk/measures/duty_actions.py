"""Writes for the duties of the act: notes, stocks held, sizes of companies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.measures.duties import duties
from lodestock_desk.accounts.access import visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.measures.access import own_measures
from lodestock_desk.measures.duties import version
from lodestock_desk.measures.duty_models import Answer, CompanyFact, DutyNote, DutyState, StockLot
from lodestock_desk.measures.large import TECHNOLOGIES

LOT_FIELDS = frozenset(
    {"as_of", "material", "amount_t", "consumption_t", "form", "purity", "holder", "ownership", "release_rules"}
)


def note_duty(
    actor: Actor, duty: str, *, law: str, state: str, on: date, note: str, reference: str = "", link: str = ""
) -> DutyNote:
    """Note that a duty was taken up, or fulfilled with evidence."""
    if duty not in duties():
        raise ValidationError(_("This duty is not in the list."))
    if on > timezone.localdate():
        raise ValidationError({"on": _("This date is in the future. Give today or an earlier day.")})
    if state == DutyState.FULFILLED and not (reference.strip() or link.strip()):
        raise ValidationError({"reference": _("A duty is fulfilled with evidence: give a reference or a link.")})
    if not note.strip():
        raise ValidationError({"note": _("Say what was done.")})
    with writing(actor, "duty.keep") as audit:
        last = DutyNote.objects.filter(duty=duty).last()
        if last and on < last.on:
            raise ValidationError(
                {"on": _("This is before the fact it follows, of %(day)s.") % {"day": last.on.strftime("%d-%m-%Y")}}
            )
        made = DutyNote.objects.create(
            duty=duty, law=version(law).id, state=DutyState(state), on=on, organisation=actor.organisation,
            owner=actor.membership, note=note.strip(), reference=reference.strip(), link=link.strip(), by=actor.user,
        )  # fmt: skip
        audit.changed(made, "duty.noted", duty=duty, done=state)
    return made


def add_lot(actor: Actor, measure_id: str, values: Mapping[str, Any], *, evidence_id: str) -> StockLot:
    """Note what is held on a day; refused while the register has no evidence that a stock is held on that day."""
    if extra := set(values) - LOT_FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    if values["as_of"] > timezone.localdate():
        raise ValidationError({"as_of": _("This date is in the future. Give today or an earlier day.")})
    with writing(actor, "measure.keep") as audit:
        measure = own_measures(actor).get(pk=measure_id)
        row = measure.stock_row(values["as_of"])
        if row is None or not row.holds:
            raise ValidationError(
                {"as_of": _("The register does not say, with evidence, that a stock is held on this day.")}
            )
        evidence = measure.evidence.filter(pk=evidence_id).first() if evidence_id else None
        if evidence is None:
            raise ValidationError({"evidence": _("What is held is only kept with evidence.")})
        lot = StockLot(measure=measure, evidence=evidence, by=actor.user, **values)
        lot.full_clean(exclude=["measure", "evidence", "by"])
        lot.save()
        audit.changed(lot, "stock.noted")
    return lot


def note_company(
    actor: Actor, company_id: str, *, year: int, staff: int | None, turnover_meur: Decimal | None, uses: str,
    makes: str, technologies: list[str], source: str,
) -> CompanyFact:  # fmt: skip
    """Note the size of a company and what it makes; what is not known stays open."""
    if unknown := set(technologies) - set(TECHNOLOGIES):
        raise ValidationError({"technologies": _("Not a listed technology: %s.") % ", ".join(sorted(unknown))})
    if technologies and makes != Answer.YES:
        raise ValidationError({"makes": _("A technology is ticked: then the answer is yes.")})
    if not source.strip():
        raise ValidationError({"source": _("Say where this comes from.")})
    with writing(actor, "duty.keep") as audit:
        company = visible_companies(actor).get(pk=company_id)
        fact = CompanyFact.objects.create(
            organisation=actor.organisation, company=company, year=year, staff=staff, turnover_meur=turnover_meur,
            uses=Answer(uses), makes=Answer(makes), technologies=sorted(technologies), source=source.strip(),
            by=actor.user,
        )  # fmt: skip
        audit.changed(fact, "company.noted")
    return fact
