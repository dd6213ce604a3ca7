"""Writes on call-outs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.access import associations
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.callouts.access import visible_callouts, visible_returns
from lodestock_desk.callouts.models import Asked, CallOut, Question
from lodestock_desk.core.writing import writing
from lodestock_desk.signals.access import visible_events


def ask(
    actor: Actor,
    *,
    title: str,
    material: str,
    text: str,
    closes_on: date,
    association_ids: Sequence[str],
    questions: Sequence[str],
    event_id: str = "",
) -> CallOut:
    """Ask named associations, with questions and a closing date."""
    with writing(actor, "callout.ask") as audit:
        asked = list(associations().filter(pk__in=association_ids))
        if not asked or len(asked) != len(set(association_ids)):
            raise ValidationError({"associations": _("Choose at least one association from the list.")})
        callout = CallOut.objects.create(
            organisation=actor.organisation,
            asked_by=actor.user,
            title=title,
            material=material,
            text=text,
            closes_on=closes_on,
            event=visible_events(actor).get(pk=event_id) if event_id else None,
        )
        for place, question in enumerate(questions):
            Question.objects.create(callout=callout, place=place, text=question)
        for association in asked:
            Asked.objects.create(callout=callout, association=association)
        audit.changed(callout, "callout.asked", associations=[str(a.pk) for a in asked])
    return callout


def answer(
    actor: Actor,
    callout_id: str,
    *,
    approached: int,
    answered: int,
    affected: int,
    no_problem: int,
    answers: Mapping[str, str],
    remarks: str,
) -> Asked:
    """Return counts and answers; may be corrected until the closing date has passed."""
    with writing(actor, "callout.answer") as audit:
        asked = visible_returns(actor).select_for_update(of=("self",)).get(callout_id=callout_id)
        if timezone.localdate() > asked.callout.closes_on:
            raise ValidationError(_("The closing date has passed. Ask the organisation that asked you."))
        if answered > approached:
            raise ValidationError({"answered": _("More answered than were approached.")})
        if affected + no_problem > answered:
            raise ValidationError({"no_problem": _("Affected and no problem together are more than answered.")})
        known = {str(q.pk) for q in asked.callout.questions.all()}
        asked.approached, asked.answered, asked.affected, asked.no_problem = approached, answered, affected, no_problem
        asked.answers = {key: text for key, text in answers.items() if key in known}
        asked.remarks, asked.returned_at, asked.returned_by = remarks, timezone.now(), actor.user
        asked.save()
        audit.changed(asked, "callout.answered")
    return asked


def extend(actor: Actor, callout_id: str, *, closes_on: date, reason: str) -> CallOut:
    """Give a call-out another closing date, with a reason."""
    with writing(actor, "callout.ask") as audit:
        callout = (
            visible_callouts(actor).select_for_update(of=("self",)).get(pk=callout_id, organisation=actor.organisation)
        )
        if closes_on < timezone.localdate():
            raise ValidationError({"closes_on": _("Choose today or a later day.")})
        callout.closes_on = closes_on
        callout.save(update_fields=["closes_on"])
        audit.changed(callout, "callout.extended", reason=reason)
    return callout
