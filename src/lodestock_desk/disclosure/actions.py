"""Publishing a safe aggregate: one explicit step, with what the attack found kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import require, writing
from lodestock_desk.disclosure.compose import Cell, Composed, Key, compose
from lodestock_desk.disclosure.consents import agreed
from lodestock_desk.disclosure.counted import counted, months_between
from lodestock_desk.disclosure.models import Publication
from lodestock_desk.disclosure.policy import POLICY


def _base(actor: Actor, months: Sequence[str], earlier: Sequence[Publication]) -> dict[Key, int]:
    """Newly affected companies by material, effect, month: frozen where published, else counted from reports."""
    frozen: dict[Key, int] = {}
    done: set[str] = set()
    for publication in earlier:
        for text, count in publication.base.items():
            material, effect, month = text.split("|")
            frozen[material, effect, month] = count
        done.update(months_between(publication.first_month, publication.last_month))
    counts = dict(frozen)
    for row in counted(actor):
        key = (row.material, row.effect, row.month)
        if row.month in months and row.month not in done:
            counts[key] = counts.get(key, 0) + 1
    return counts


def preview(actor: Actor, first: str, last: str) -> tuple[Composed, dict[Key, int]]:
    """What would be published, without publishing it."""
    require(actor, "publication.keep")
    months = months_between(first, last)
    earlier = list(Publication.objects.filter(organisation=actor.organisation))
    before = [Cell.read(plain) for publication in earlier for plain in publication.table]
    base = _base(actor, months, earlier)
    return compose(base, months, before, POLICY, agreed(actor, months, base)), base


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
