"""Everything that an actor may know of one material, put together from the access functions of each room."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.cache import cache
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
from lodestock_desk.core.paging import Bounded, bounded, window
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.licences.access import visible_cases
from lodestock_desk.licences.portfolio import curve
from lodestock_desk.scenarios.access import visible_evidence
from lodestock_desk.signals.access import report_parts, visible_alerts, visible_events
from lodestock_desk.signals.states import OPEN

COUNTS_KEPT = 20  # seconds


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
    parts = [part.filter(material__in=keys, state__in=OPEN) for part in report_parts(actor)]
    still_open = window([part.select_related("company") for part in parts], None, 10)
    return {
        "product": vocab.is_product(key),
        "critical": is_critical(key, today),
        "strategic": is_strategic(key, today),
        "controls": controls,
        "reports": still_open.rows,
        "open_reports": still_open.count,
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
        "since": a_week_ago(),
        "changed": _changed_on(actor, keys, events, contacts),
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


def _changed_on(actor: Actor, keys: set[str], events: list[Any], contacts: list[Any]) -> list[tuple[str, Bounded]]:
    """What came in on these materials since a week ago."""
    moment = _start_of(a_week_ago())
    after = {"created_at__gte": moment, "material__in": keys}
    return [
        (_("signals"), bounded([part.filter(**after) for part in report_parts(actor)])),
        (_("alerts"), bounded([visible_alerts(actor).filter(**after)])),
        (_("events"), Bounded(sum(row.created_at >= moment for row in events))),
        (_("call-outs"), bounded([visible_callouts(actor).filter(**after)])),
        (_("licence cases"), bounded([visible_cases(actor).filter(**after)])),
        (_("contacts"), Bounded(sum(row.created_at >= moment for row in contacts))),
    ]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def changed_since(actor: Actor, since: date) -> list[tuple[str, Bounded]]:
    """What came in since a day, as far as this actor may see it; counted no further than a bound."""
    after = {"created_at__gte": _start_of(since)}
    rooms: tuple[tuple[str, list[QuerySet[Any]]], ...] = (
        (_("signals"), list(report_parts(actor))),
        (_("alerts"), [visible_alerts(actor)]),
        (_("events"), [visible_events(actor)]),
        (_("call-outs"), [visible_callouts(actor)]),
        (_("licence cases"), [visible_cases(actor)]),
        (_("contacts"), [visible_contacts(actor)]),
    )
    return [(name, bounded([part.filter(**after) for part in parts])) for name, parts in rooms]


def materials_in_use(actor: Actor) -> tuple[list[tuple[str, str, int]], datetime]:
    """Materials with anything to see: (key, name, open signals), most signals first; and when they were counted."""
    still_open, at = _open_by_material(actor)
    keys = set(still_open) | {m for c in read_register() for m in (*c.materials, *c.products)}
    found = [(key, vocab.material_name(key), still_open.get(key, 0)) for key in keys if vocab.resolve(key) == key]
    return sorted(found, key=lambda row: (-row[2], row[1].casefold())), at


def _open_by_material(actor: Actor) -> tuple[dict[str, int], datetime]:
    """Open signals by material as this actor sees them; kept for some seconds, so the page tells the moment."""
    key = f"open-by-material:{actor.organisation_key}:{actor.role}"
    kept = cache.get(key)
    if kept is None:
        counts: Counter[str] = Counter()
        for part in report_parts(actor):
            rows = part.filter(state__in=OPEN).exclude(material="").order_by()
            counts.update(dict(rows.values_list("material").annotate(count=Count("*"))))
        kept = (dict(counts), timezone.localtime())
        cache.set(key, kept, COUNTS_KEPT)
    return kept


def a_week_ago() -> date:
    """The day a week ago."""
    return timezone.localdate() - timedelta(days=7)
