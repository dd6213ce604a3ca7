"""When a page goes live or is withdrawn: what it shows of results is kept, and the audit record says so."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import Raw, blocks_of, is_public, table_of
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult

Wanted = dict[tuple[str, str], tuple[str, str, bool, Raw]]


def wanted_of(sections: list[Any]) -> Wanted:
    """What the blocks name: (block, entry) → (result, day, public, the block)."""
    out: Wanted = {}
    for _section, block in blocks_of(sections):
        key, public = str(block.get("id") or ""), is_public(block)
        value: Raw = block.get("value") or {}
        if value.get("result"):
            out[key, ""] = (value["result"], str(value.get("day")), public, block)
        for number in numbers_in(block):
            if number.get("result"):
                out[key, str(number.get("entry"))] = (number["result"], str(number.get("day")), public, block)
    return out


def keep_results(page: Any) -> None:
    """Keep what the page shows of results; of a result that is gone the last picture stays as it was kept before."""
    wanted = wanted_of(page.sections)
    kept = {(k.block, k.entry): k for k in KeptResult.objects.filter(page_id=page.pk)}
    names = {name for name, _day, _public, _block in wanted.values()}
    results = {
        (r.name, r.day.isoformat()): r
        for r in PublishedResult.objects.filter(name__in=names).select_related("content")
        if (r.name, r.day.isoformat()) in {(name, day) for name, day, _public, _block in wanted.values()}
    }
    for key, (name, day, public, block) in wanted.items():
        old, result = kept.pop(key, None), results.get((name, day))
        if result is not None:
            KeptResult.objects.update_or_create(
                page_id=page.pk, block=key[0], entry=key[1],
                defaults={"name": name, "day": result.day, "content_id": result.content_id, "public": public,
                          "table": table_of(block, result.content.tables),
                          "manifest": "" if key[1] else result.manifest, "kept_at": timezone.now()},
            )  # fmt: skip
        elif old is not None and (old.name, old.day) == (name, date.fromisoformat(day)):
            KeptResult.objects.filter(pk=old.pk).update(public=public, table=table_of(block, old.content.tables))
        elif old is not None:
            old.delete()
    KeptResult.objects.filter(pk__in=[k.pk for k in kept.values()]).delete()


def actor_of(revision: Revision | None) -> Actor:
    """Who made a revision; without a person it was the programme (a seed, a scheduled publication)."""
    user = revision.user if revision is not None else None
    if user is None:
        return Actor(system="publishing")
    return Actor(user=user, membership=current_memberships(user).first())


def published(sender: type, instance: Any, revision: Revision | None = None, **more: Any) -> None:
    """A page went live."""
    with writing(actor_of(revision), None) as audit:
        keep_results(instance)
        audit.changed(
            instance, "dossier.published", title=instance.title, language=instance.lang, restricted=instance.restricted
        )


def unpublished(sender: type, instance: Any, **more: Any) -> None:
    """A page was withdrawn from the site; its files with it."""
    with writing(Actor(system="publishing"), None) as audit:
        KeptResult.objects.filter(page_id=instance.pk).update(public=False)
        audit.changed(instance, "dossier.unpublished", title=instance.title, language=instance.lang)
