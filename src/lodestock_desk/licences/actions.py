"""Writes on licence cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from lodestock_desk.accounts.access import receivers, visible_companies
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.roles import Role
from lodestock_desk.core.writing import Audit, writing
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.models import (
    DATES,
    DocumentAsked,
    Escalation,
    Hours,
    LicenceCase,
    Resubmission,
)
from lodestock_desk.licences.words import CaseOutcome
from lodestock_desk.signals.duplicates import company_key
from lodestock_desk.signals.tokens import new_reference

# What the person who keeps a case may set; consent to escalation is the company's alone.
FIELDS = frozenset(
    {"material", "product", "exporter", "importer", "tiers", "issuer", "number", "general_licence", "outcome"}
    | {"granted_share", "tonnes", "last_known_on", *DATES}
)


def check_case(values: Mapping[str, Any]) -> None:
    """The rules between the values of a case; ValidationError names the field."""
    faults: dict[str, str] = {}
    known = [(name, values[name]) for name in DATES if values.get(name)]
    for (_before, first), (name, second) in pairwise(known):
        if second < first:
            faults[name] = _("This day is before an earlier stage of the application.")
    outcome, share = values.get("outcome"), values.get("granted_share")
    if outcome != CaseOutcome.PENDING and not values.get("decided_on"):
        faults["decided_on"] = _("An outcome has a day. About is good enough.")
    if outcome == CaseOutcome.PENDING and values.get("decided_on"):
        faults["outcome"] = _("There is a day of decision, so the case is no longer pending.")
    if outcome == CaseOutcome.PARTLY and (share is None or not 0 < share < 100):
        faults["granted_share"] = _("Granted in part: give the share, more than 0 and less than 100 per cent.")
    if outcome in (CaseOutcome.PENDING, CaseOutcome.DENIED, CaseOutcome.WITHDRAWN) and share:
        faults["granted_share"] = _("Only what is granted has a share.")
    decided, checked = values.get("decided_on"), values.get("last_known_on")
    if decided and checked and checked < decided:
        faults["last_known_on"] = _("Last checked is before the decision.")
    if faults:
        raise ValidationError(faults)


def keep_case(
    actor: Actor,
    values: Mapping[str, Any],
    *,
    case_id: str = "",
    receiver_id: str = "",
    company_id: str = "",
    company_name: str = "",
) -> LicenceCase:
    """Make or change a case. A company keeps its own; a ministry or the observatory the cases it receives."""
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    check_case(values)
    with writing(actor, "case.keep") as audit:
        if case_id:
            case = _locked(actor, case_id)
        else:
            case = _new(actor, receiver_id, company_id, company_name)
        changed = [name for name, value in values.items() if getattr(case, name) != value]
        for name, value in values.items():
            setattr(case, name, value)
        case.save()
        audit.changed(case, "case.changed" if case_id else "case.made", fields=changed)
    return case


def _new(actor: Actor, receiver_id: str, company_id: str, company_name: str) -> LicenceCase:
    if actor.role == Role.COMPANY_USER:
        company, receiver = actor.organisation, receivers().get(pk=receiver_id)
    else:
        company = visible_companies(actor).get(pk=company_id) if company_id else None
        receiver = actor.organisation
        if company is None and not company_name:
            raise ValidationError({"company_name": _("Choose a company from the list or write its name.")})
    key = company_key(
        organisation_id=str(company.pk) if company else "", kvk=company.kvk if company else "", name=company_name
    )
    return LicenceCase(
        reference=new_reference(),
        receiver=receiver,
        company=company,
        company_name="" if company else company_name,
        company_key=key,
        made_by=actor.user,
    )


def _locked(actor: Actor, case_id: str) -> LicenceCase:
    return visible_cases(actor).select_for_update(of=("self",)).get(pk=case_id)


def _added(audit: Audit, case: LicenceCase, item: Any, verb: str) -> None:
    audit.changed(item, verb, case=str(case.pk))


def add_document(
    actor: Actor, case_id: str, *, name: str, document_class: str, asked_on: date, given: bool
) -> DocumentAsked:
    """Note a document that was asked for."""
    with writing(actor, "case.keep") as audit:
        case = _locked(actor, case_id)
        item = DocumentAsked.objects.create(
            case=case, name=name, document_class=document_class, asked_on=asked_on, given=given
        )
        _added(audit, case, item, "case.document")
    return item


def add_hours(actor: Actor, case_id: str, *, on: date, hours: Decimal, what: str) -> Hours:
    """Note hours spent."""
    with writing(actor, "case.keep") as audit:
        case = _locked(actor, case_id)
        item = Hours.objects.create(case=case, on=on, hours=hours, what=what)
        _added(audit, case, item, "case.hours")
    return item


def add_resubmission(actor: Actor, case_id: str, *, on: date, reason: str) -> Resubmission:
    """Note that the application had to be handed in again."""
    with writing(actor, "case.keep") as audit:
        case = _locked(actor, case_id)
        item = Resubmission.objects.create(case=case, on=on, reason=reason)
        _added(audit, case, item, "case.resubmitted")
    return item


def set_consent(actor: Actor, case_id: str, *, consent: bool) -> LicenceCase:
    """Give or withdraw consent that the case is raised with the issuer: only the company itself can."""
    with writing(actor, "case.keep") as audit:
        case = _locked(actor, case_id)
        if actor.role != Role.COMPANY_USER or case.company_id != actor.organisation.pk:
            raise PermissionDenied("consent is the company's")
        case.escalation_consent = consent
        case.save(update_fields=["escalation_consent"])
        audit.changed(case, "case.consent", consent=consent)
    return case


def escalate(actor: Actor, case_id: str, *, channel: str, on: date, message: str, consent_note: str) -> Escalation:
    """Note that a case was raised with the issuer; without the company's consent it is refused.

    consent_note: for a company without an account, who gave consent, how and when.
    """
    with writing(actor, "case.escalate") as audit:
        case = _locked(actor, case_id)
        if not case.escalation_consent and (case.company_id is not None or len(consent_note.strip()) < 20):
            raise ValidationError(_("The company has not given its consent to raise this case."))
        item = Escalation.objects.create(case=case, channel=channel, on=on, message=message, by=actor.user)
        audit.changed(item, "case.escalated", case=str(case.pk), channel=channel, reason=consent_note)
    return item
