"""Everything that an actor may know of one material, put together from the access functions of each room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.disruption.controls import Control, find, read_register
from lodestock.vocabulary import is_critical, is_strategic
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import in_force
from lodestock_desk.callouts.access import visible_callouts
from lodestock_desk.contacts.access import visible_contacts, visible_lines
from lodestock_desk.core import vocab
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.portfolio import curve
from lodestock_desk.scenarios.access import visible_evidence
from lodestock_desk.signals.access import visible_alerts, visible_events, visible_reports
from lodestock_desk.signals.states import OPEN


@dataclass(frozen=True, slots=True)
class Moment:
    """A point on the timeline."""

    on: date
    kind: str
    text: str


def family(key: str) -> set[str]:
    """A material with what is wider and what is narrower than it: its page shows them together."""
    return set(vocab.wider(key)) | {m for m, _name in vocab.choices() if key in vocab.wider(m)}


def _holding(rows: QuerySet[Any], keys: set[str]) -> list[Any]:
    """Rows whose list of materials holds one of these; JSON lists are searched here, as the databases differ in it."""
    return [row for row in rows if keys & set(row.materials)]


def about(actor: Actor, key: str) -> dict[str, Any]:
    """What the page of a material shows."""
    today, keys = timezone.localdate(), family(key)
    events = _holding(visible_events(actor)[:300], keys)
    contacts = _holding(visible_contacts(actor)[:300], keys)
    controls = _controls(key, today)
    cases = list(visible_cases(actor).filter(material__in=keys))
    return {
        "product": vocab.is_product(key),
        "critical": is_critical(key, today),
        "strategic": is_strategic(key, today),
        "controls": controls,
        "reports": visible_reports(actor).filter(material__in=keys, state__in=OPEN)[:10],
        "open_reports": visible_reports(actor).filter(material__in=keys, state__in=OPEN).count(),
        "alerts": visible_alerts(actor).filter(material__in=keys)[:5],
        "events": events[:10],
        "callouts": visible_callouts(actor).filter(material__in=keys)[:10],
        "cases": len(cases),
        "curve": curve(cases) if cases else None,
        "contacts": contacts[:10],
        "lines": visible_lines(actor).filter(in_force(today)).filter(Q(material__in=keys)),
        "evidence": visible_evidence(actor).filter(material__in=keys)[:5],
        "safe": safe_information(key),
        "timeline": _timeline(controls, events, contacts),
    }


def _controls(key: str, today: date) -> list[tuple[Control, str]]:
    return [(c, str(c.status(today))) for c in reversed(find(material_name=key))]


def _timeline(controls: list[tuple[Control, str]], events: list[Any], contacts: list[Any]) -> list[Moment]:
    moments = [Moment(c.effective.first, _("measure"), getattr(c.title, vocab.lang())) for c, _status in controls]
    moments += [
        Moment(end, _("known until"), getattr(c.title, vocab.lang()))
        for c, _status in controls
        if (end := c.lapses_on())
    ]
    moments += [Moment(e.started, _("event"), e.title) for e in events]
    moments += [Moment(c.on, _("contact"), f"{c.speaker} – {c.counterpart}: {c.subject}") for c in contacts]
    return sorted(moments, key=lambda m: m.on, reverse=True)


def changed_since(actor: Actor, since: date) -> list[tuple[str, int]]:
    """What came in since a day, as far as this actor may see it."""
    after = {"created_at__date__gte": since}
    return [
        (_("signals"), visible_reports(actor).filter(**after).count()),
        (_("alerts"), visible_alerts(actor).filter(**after).count()),
        (_("events"), visible_events(actor).filter(**after).count()),
        (_("call-outs"), visible_callouts(actor).filter(**after).count()),
        (_("licence cases"), visible_cases(actor).filter(**after).count()),
        (_("contacts"), visible_contacts(actor).filter(**after).count()),
    ]


def materials_in_use(actor: Actor) -> list[tuple[str, str, int]]:
    """Materials with anything to see: (key, name, open signals), those with most open signals first."""
    still_open = visible_reports(actor).filter(state__in=OPEN).exclude(material="").order_by()
    from_reports = dict(still_open.values_list("material").annotate(count=Count("pk")))
    keys = set(from_reports) | {m for c in read_register() for m in (*c.materials, *c.products)}
    rows = [(key, vocab.material_name(key), from_reports.get(key, 0)) for key in keys if vocab.resolve(key) == key]
    return sorted(rows, key=lambda row: (-row[2], row[1].casefold()))


def a_week_ago() -> date:
    """The day a week ago."""
    return timezone.localdate() - timedelta(days=7)
