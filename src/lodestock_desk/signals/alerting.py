"""Raises alerts for rules that are met, and drafts their texts; called inside the transaction of a triage step."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lodestock_desk.accounts.models import Organisation, in_force
from lodestock_desk.core import vocab
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.signals.models import Alert, AlertRule, Report
from lodestock_desk.signals.rules import Fact, Met, Rule, met
from lodestock_desk.signals.states import COUNTED
from lodestock_desk.signals.words import AlertState, Cause, RuleKind


def raise_alerts(report: Report) -> list[Alert]:
    """The alerts that the rules of the report's receiver now call for; open ones get the new evidence."""
    rules = AlertRule.objects.filter(in_force(timezone.localdate()), organisation=report.receiver_id)
    rules = list(rules)
    facts = _facts(report.receiver, max((rule.window_days for rule in rules), default=0))
    raised = []
    for rule in rules:
        plain = Rule(rule.kind, rule.material, rule.threshold, rule.window_days, tuple(rule.sectors))
        for found in met(plain, facts, timezone.now()):
            if str(report.pk) in found.reports:
                raised.append(_raise(rule, found))
    return raised


def _facts(receiver: Organisation, days: int) -> list[Fact]:
    """What was verified within the longest window of any rule."""
    since = timezone.now() - timedelta(days=days)
    rows = Report.objects.filter(receiver=receiver, state__in=COUNTED, verified_at__gte=since).exclude(material="")
    return [
        Fact(str(r.pk), r.company_key, vocab.wider(r.material), r.sector, r.stock_days, r.verified_at)
        for r in rows.only("pk", "company_key", "material", "sector", "stock_days", "verified_at")
    ]


def _raise(rule: AlertRule, found: Met) -> Alert:
    reports = Report.objects.filter(pk__in=found.reports)
    licence = reports.filter(cause__in=(Cause.LICENCE_PENDING, Cause.LICENCE_REFUSED)).exists()
    texts = {}
    for language in ("nl", "en"):
        with translation.override(language):
            texts[f"notification_{language}"] = notification(rule, found, licence=licence)
            texts[f"warning_{language}"] = warning(found.material, licence=licence)
    alert, _made = Alert.objects.update_or_create(
        rule=rule,
        material=found.material,
        state=AlertState.RAISED,
        defaults={"organisation": rule.organisation, "count": found.companies, **texts},
    )
    alert.reports.set(reports)
    return alert


def notification(rule: AlertRule, found: Met, *, licence: bool) -> str:
    """The draft notification to the Commission. The number of companies is given only where it is safe."""
    number = POLICY.count_in_words(found.companies)
    if rule.kind == RuleKind.STOCK_DAYS:
        fact = _("%(number)s reported less than %(days)d days of stock.") % {"number": number, "days": rule.threshold}
    else:
        fact = _("In the past %(days)d days %(number)s reported a disruption that we verified.") % {
            "number": number,
            "days": rule.window_days,
        }
    parts = [
        _("Draft notification to the European Commission"),
        _("Regulation (EU) 2024/1252, article 20(2): serious risk of disruption"),
        "",
        _("Material: %s") % vocab.material_name(found.material),
        _("Reason: %s") % fact,
        _licence_sentence() if licence else "",
        _("Company data are confidential and are not part of this notification."),
        _("To be completed before sending: measures taken, contact person, day."),
    ]
    return "\n".join(part for part in parts if part or part == "")


def warning(material: str, *, licence: bool) -> str:
    """The draft warning to companies that are registered for the material; it names no company and no number."""
    parts = [
        _("Several signals point to disrupted deliveries of %s.") % vocab.material_name(material),
        _licence_sentence() if licence else "",
        _(
            "What you can do: check your stock in days, ask your supplier for the stage of the application, "
            "and report here."
        ),
    ]
    return " ".join(part for part in parts if part)


def _licence_sentence() -> str:
    return _(
        "The signals concern an export licence obligation: deliveries are delayed or granted in part. "
        "It is unclear when and to what extent licences are granted."
    )
