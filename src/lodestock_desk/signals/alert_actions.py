"""Writes on alerts, rules, watches and warnings."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core import vocab
from lodestock_desk.core.writing import writing
from lodestock_desk.signals.access import visible_alerts, visible_rules, visible_warnings
from lodestock_desk.signals.models import Alert, AlertRule, AlertStep, Warned, Watch
from lodestock_desk.signals.words import AlertState

_STEPS = {
    AlertState.RAISED: (AlertState.CONFIRMED, AlertState.DISMISSED),
    AlertState.CONFIRMED: (AlertState.NOTIFIED, AlertState.DISMISSED),
    AlertState.NOTIFIED: (),
    AlertState.DISMISSED: (),
}


def next_alert_states(state: str) -> tuple[AlertState, ...]:
    """What may follow on a state of an alert."""
    return _STEPS[AlertState(state)]


def add_rule(
    actor: Actor,
    *,
    name: str,
    kind: str,
    material: str,
    threshold: int,
    window_days: int,
    sectors: list[str],
    reason: str,
    valid_from: date,
    valid_until: date | None,
) -> AlertRule:
    """Add an alert rule; the actor becomes its owner."""
    with writing(actor, "alert.keep") as audit:
        rule = AlertRule.objects.create(
            name=name,
            kind=kind,
            material=material,
            threshold=threshold,
            window_days=window_days,
            sectors=sectors,
            reason=reason,
            valid_from=valid_from,
            valid_until=valid_until,
            owner=actor.membership,
            organisation=actor.organisation,
        )
        audit.changed(rule, "rule.added", reason=reason)
    return rule


def end_rule(actor: Actor, rule_id: str, *, reason: str) -> AlertRule:
    """End a rule today, with a reason."""
    with writing(actor, "alert.keep") as audit:
        rule = visible_rules(actor).select_for_update(of=("self",)).get(pk=rule_id)
        rule.valid_until = max(timezone.localdate(), rule.valid_from)
        rule.save(update_fields=["valid_until"])
        audit.changed(rule, "rule.ended", reason=reason)
    return rule


def decide_alert(actor: Actor, alert_id: str, *, to: str, reason: str) -> Alert:
    """Confirm an alert (which warns the registered companies), note that it was notified, or dismiss it."""
    with writing(actor, "alert.keep") as audit:
        alert = visible_alerts(actor).select_for_update(of=("self",)).get(pk=alert_id)
        if to not in _STEPS[AlertState(alert.state)]:
            raise InputError(_("This step is not possible."))
        if len(reason.strip()) < 3:
            raise InputError(_("Give a reason for this step."))
        alert.state = to
        alert.save(update_fields=["state"])
        AlertStep.objects.create(alert=alert, after=to, reason=reason.strip(), by=actor.user)
        warned = _warn(alert) if to == AlertState.CONFIRMED else 0
        audit.changed(alert, f"alert.{to}", reason=reason.strip(), warned=warned)
    return alert


def _warn(alert: Alert) -> int:
    """Put a warning ready for each company that watches the material or a wider group of it."""
    keys = set(vocab.wider(alert.material))
    companies = Watch.objects.filter(material__in=keys).values_list("company", flat=True).distinct()
    Warned.objects.bulk_create(
        [Warned(alert=alert, company_id=company) for company in companies], ignore_conflicts=True
    )
    return len(companies)


def edit_texts(actor: Actor, alert_id: str, **texts: str) -> Alert:
    """Change the draft texts of an alert before anything is sent."""
    allowed = {"notification_nl", "notification_en", "warning_nl", "warning_en"}
    if set(texts) - allowed:
        raise PermissionDenied("fields")
    with writing(actor, "alert.keep") as audit:
        alert = visible_alerts(actor).select_for_update(of=("self",)).get(pk=alert_id)
        if alert.state not in (AlertState.RAISED, AlertState.CONFIRMED):
            raise InputError(_("This alert is decided; its texts stay as they were."))
        for name, text in texts.items():
            setattr(alert, name, text)
        alert.save(update_fields=list(texts))
        audit.changed(alert, "alert.texts-changed")
    return alert


def watch(actor: Actor, material: str) -> None:
    """Register the own company for warnings on a material."""
    with writing(actor, "watch.keep") as audit:
        kept, _made = Watch.objects.get_or_create(company=actor.organisation, material=material)
        audit.changed(kept, "watch.added", material=material)


def unwatch(actor: Actor, watch_id: str) -> None:
    """Stop warnings on a material."""
    with writing(actor, "watch.keep") as audit:
        kept = Watch.objects.get(pk=watch_id, company=actor.organisation)
        audit.removed(kept, "watch.removed", reason="by the company", material=kept.material)
        kept.delete()


def mark_read(actor: Actor, warned_id: str) -> Warned:
    """Note that the company has read a warning."""
    with writing(actor, "warning.see") as audit:
        warned = visible_warnings(actor).get(pk=warned_id)
        if warned.read_at is None:
            warned.read_at = timezone.now()
            warned.save(update_fields=["read_at"])
        audit.changed(warned, "warning.read")
    return warned
