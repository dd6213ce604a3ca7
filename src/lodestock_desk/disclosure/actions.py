"""Publishing a safe aggregate: one explicit step, with what the attack found kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from django.db.models import Min
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import require, writing
from lodestock_desk.disclosure.compose import Cell, Composed, Key, compose
from lodestock_desk.disclosure.models import Publication
from lodestock_desk.disclosure.policy import POLICY
from lodestock_desk.signals.models import Report
from lodestock_desk.signals.states import State


def months_between(first: str, last: str) -> list[str]:
    """The months from first to last, both included, as yyyy-mm; only months that have passed."""
    start, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    if end < start:
        raise InputError(_("The last month is before the first."))
    if end >= timezone.localdate().replace(day=1):
        raise InputError(_("Only months that have passed can be published."))
    if (end.year - start.year) * 12 + end.month - start.month >= 12:
        raise InputError(_("Choose at most twelve months."))
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [f"{start.year + (start.month - 1 + n) // 12}-{(start.month - 1 + n) % 12 + 1:02d}" for n in range(count)]


def _base(actor: Actor, months: Sequence[str], earlier: Sequence[Publication]) -> dict[Key, int]:
    """Newly affected companies by material, effect, month: frozen where published, else counted from reports."""
    frozen: dict[Key, int] = {}
    done: set[str] = set()
    for publication in earlier:
        for text, count in publication.base.items():
            material, effect, month = text.split("|")
            frozen[material, effect, month] = count
        done.update(months_between(publication.first_month, publication.last_month))
    first = (
        Report.objects.filter(
            receiver=actor.organisation,
            state__in=(State.VERIFIED, State.LINKED, State.CLOSED),
            verified_at__isnull=False,
        )
        .exclude(material="")
        .exclude(company_key="")
        .exclude(effect="")
        .values("company_key", "material")
        .annotate(month=TruncMonth(Min("verified_at")), effect=Min("effect"))
    )
    counts = dict(frozen)
    for row in first:
        key = (row["material"], row["effect"], row["month"].strftime("%Y-%m"))
        if key[2] in months and key[2] not in done:
            counts[key] = counts.get(key, 0) + 1
    return counts


def preview(actor: Actor, first: str, last: str) -> tuple[Composed, dict[Key, int]]:
    """What would be published, without publishing it."""
    require(actor, "publication.keep")
    months = months_between(first, last)
    earlier = list(Publication.objects.filter(organisation=actor.organisation))
    before = [Cell.read(plain) for publication in earlier for plain in publication.table]
    base = _base(actor, months, earlier)
    return compose(base, months, before, POLICY), base


def publish(actor: Actor, *, first: str, last: str, reason: str) -> Publication:
    """Publish the safe table over these months; what is said is tested together with all that was said before."""
    with writing(actor, "publication.keep") as audit:
        if Publication.objects.filter(organisation=actor.organisation, first_month=first, last_month=last).exists():
            raise InputError(_("These months were already published; what was said stands."))
        composed, base = preview(actor, first, last)
        months = set(months_between(first, last))
        publication = Publication.objects.create(
            organisation=actor.organisation,
            first_month=first,
            last_month=last,
            fallback=composed.fallback,
            base={"|".join(key): count for key, count in base.items() if key[2] in months},
            table=[cell.plain() for cell in composed.cells],
            attack={"tested": composed.tested, "narrowest": composed.narrowest if composed.tested else None},
            policy=asdict(POLICY),
            reason=reason,
            by=actor.user,
        )
        audit.changed(publication, "publication.made", fallback=composed.fallback, reason=reason)
    return publication
