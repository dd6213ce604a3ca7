"""Writes on a company's own risk assessment; all by the company itself."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.access import receivers
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.measures.access import own_assessments
from lodestock_desk.measures.risk import STEPS, missing
from lodestock_desk.measures.risk_models import RiskAssessment, RiskConsent, RiskState


def start(actor: Actor, *, title: str) -> RiskAssessment:
    """Begin an assessment of the actor's own company."""
    with writing(actor, "risk.keep") as audit:
        made = RiskAssessment.objects.create(
            company=actor.organisation, title=title.strip(), answers={}, made_by=actor.user
        )
        audit.changed(made, "risk.started")
    return made


def save_step(actor: Actor, assessment_id: str, step: str, answers: Any) -> RiskAssessment:
    """Keep what was filled in at a step, complete or not."""
    if step not in STEPS:
        raise ValidationError(_("There is no such step."))
    with writing(actor, "risk.keep") as audit:
        found = own_assessments(actor).select_for_update(of=("self",)).get(pk=assessment_id)
        if found.state == RiskState.FINISHED:
            raise ValidationError(_("This assessment is finished. Start a new one."))
        found.answers = {**found.answers, step: answers}
        found.save(update_fields=["answers"])
        audit.changed(found, "risk.saved", step=step)
    return found


def finish(actor: Actor, assessment_id: str) -> RiskAssessment:
    """Finish an assessment; refused with the list of what is still missing. 'Not known' counts as filled in."""
    with writing(actor, "risk.keep") as audit:
        found = own_assessments(actor).select_for_update(of=("self",)).get(pk=assessment_id)
        if found.state == RiskState.FINISHED:
            raise ValidationError(_("This assessment is finished. Start a new one."))
        if gaps := missing(found.answers):
            raise ValidationError([str(gap.text) for gap in gaps])
        found.state, found.finished_on = RiskState.FINISHED, timezone.localdate()
        found.save(update_fields=["state", "finished_on"])
        audit.changed(found, "risk.finished")
    return found


def share(actor: Actor, assessment_id: str, *, to_id: str, text: str) -> RiskConsent:
    """Let one ministry or the observatory read a finished assessment."""
    with writing(actor, "risk.keep") as audit:
        found = own_assessments(actor).select_for_update(of=("self",)).get(pk=assessment_id)
        if found.state != RiskState.FINISHED:
            raise ValidationError(_("Finish the assessment before you share it."))
        to = receivers().filter(pk=to_id).first()
        if to is None:
            raise ValidationError({"to": _("Choose a ministry or the observatory.")})
        if found.consents.filter(to=to, withdrawn_on__isnull=True).exists():
            raise ValidationError({"to": _("This organisation may read it already.")})
        made = RiskConsent.objects.create(
            assessment=found, to=to, given_on=timezone.localdate(), text=text.strip(), given_by=actor.user
        )
        audit.changed(made, "risk.shared", to=str(to.pk))
    return made


def take_back(actor: Actor, consent_id: str) -> RiskConsent:
    """Take a consent back; from now on nobody there reads it."""
    with writing(actor, "risk.keep") as audit:
        consent = RiskConsent.objects.select_for_update(of=("self",)).get(
            pk=consent_id, assessment__in=own_assessments(actor).values("pk"), withdrawn_on__isnull=True
        )
        consent.withdrawn_on = timezone.localdate()
        consent.save(update_fields=["withdrawn_on"])
        audit.changed(consent, "risk.taken_back", to=str(consent.to_id))
    return consent
