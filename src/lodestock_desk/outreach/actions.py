"""Writes on outreach."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.access import associations, visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind
from lodestock_desk.core.writing import writing
from lodestock_desk.outreach.access import visible_campaigns, visible_clues, visible_imports
from lodestock_desk.outreach.importing import read_companies
from lodestock_desk.outreach.models import Call, Campaign, Clue, Import, Judgement


def add_clue(actor: Actor, *, material: str, kind: str, value: str, weight: int, reason: str) -> Clue:
    """Add a clue."""
    with writing(actor, "outreach.keep") as audit:
        if visible_clues(actor).filter(material=material, kind=kind, value=value).exists():
            raise ValidationError({"value": _("This clue is already there.")})
        clue = Clue.objects.create(
            organisation=actor.organisation, material=material, kind=kind, value=value, weight=weight, reason=reason
        )
        audit.changed(clue, "clue.added")
    return clue


def remove_clue(actor: Actor, clue_id: str, *, reason: str) -> None:
    """Remove a clue, with a reason."""
    with writing(actor, "outreach.keep") as audit:
        clue = visible_clues(actor).get(pk=clue_id)
        audit.removed(clue, "clue.removed", reason=reason, value=clue.value, material=clue.material)
        clue.delete()


def judge(actor: Actor, company_id: str, *, material: str, plausible: bool, reason: str) -> Judgement:
    """Keep a person's yes or no; earlier ones stay on record."""
    with writing(actor, "outreach.keep") as audit:
        judgement = Judgement.objects.create(
            organisation=actor.organisation,
            company=visible_companies(actor).get(pk=company_id),
            material=material,
            plausible=plausible,
            reason=reason,
            by=actor.user,
        )
        audit.changed(judgement, "company.judged", company=company_id, plausible=plausible)
    return judgement


def start_campaign(
    actor: Actor, *, title: str, material: str, cut: int, sample: int, questions: str, started: date
) -> Campaign:
    """Start a round of calls."""
    with writing(actor, "outreach.keep") as audit:
        campaign = Campaign.objects.create(
            organisation=actor.organisation,
            title=title,
            material=material,
            cut=cut,
            sample=sample,
            questions=questions,
            started=started,
        )
        audit.changed(campaign, "campaign.started")
    return campaign


def note_call(actor: Actor, campaign_id: str, company_id: str, *, score: int, result: str, note: str) -> Call:
    """Note a call and what it found."""
    with writing(actor, "outreach.keep") as audit:
        call = Call.objects.create(
            campaign=visible_campaigns(actor).get(pk=campaign_id),
            company=visible_companies(actor).get(pk=company_id),
            score=score,
            result=result,
            note=note,
            by=actor.user,
        )
        audit.changed(call, "call.noted", company=company_id, result=result)
    return call


def read_file(actor: Actor, *, name: str, content: bytes) -> Import:
    """Read a file of companies for a preview; nothing changes yet."""
    with writing(actor, "outreach.keep") as audit:
        rows = [row.plain() for row in read_companies(name, content)]
        made = Import.objects.create(organisation=actor.organisation, name=name[:120], rows=rows, by=actor.user)
        audit.changed(made, "import.read", rows=len(rows))
    return made


def apply_import(actor: Actor, import_id: str) -> tuple[int, int]:
    """Apply a previewed file: answers how many companies were made and changed. All or nothing; faults refuse it."""
    with writing(actor, "outreach.keep") as audit:
        waiting = visible_imports(actor).select_for_update().get(pk=import_id)
        if waiting.applied_at is not None:
            raise InputError(_("This file was already applied."))
        if any(row["faults"] for row in waiting.rows):
            raise InputError(_("There are faults in the file. Mend them and read it again."))
        made = changed = 0
        for row in waiting.rows:
            outcome = _apply(row["values"])
            made, changed = made + (outcome == "new"), changed + (outcome == "changed")
        waiting.applied_at = timezone.now()
        waiting.save(update_fields=["applied_at"])
        audit.changed(waiting, "import.applied", made=made, changed=changed)
    return made, changed


def _apply(values: dict[str, object]) -> str:
    company = Organisation.objects.filter(kind=Kind.COMPANY, kvk=values["kvk"]).first()
    outcome = "same"
    if company is None:
        company, outcome = Organisation(kind=Kind.COMPANY, kvk=values["kvk"], valid_from=timezone.localdate()), "new"
    for name in ("name", "sbi", "products"):
        if values[name] and getattr(company, name) != values[name]:
            setattr(company, name, values[name])
            outcome = outcome if outcome == "new" else "changed"
    company.save()
    if association := str(values["association"]):
        found = associations().filter(name__iexact=association) | associations().filter(
            abbreviation__iexact=association
        )
        company.memberships_of.add(*found)
    return outcome
