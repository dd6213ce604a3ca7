"""When a page goes live or is withdrawn: what it shows of results is kept, and the audit record says so."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from lodestock_desk.accounts.access import current_memberships
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.dossiers.mixing import held_back, tells
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import Raw, blocks_of, is_public, table_of
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult

Wanted = dict[tuple[str, str, str, str], Raw]


def wanted_of(sections: list[Any]) -> Wanted:
    """What the blocks name: (block, entry, result, day) → the block; the entry is empty for a figure or table."""
    out: Wanted = {}
    for _section, block in blocks_of(sections):
        key = str(block.get("id") or "")
        value: Raw = block.get("value") or {}
        if value.get("result"):
            out[key, "", str(value["result"]), str(value.get("day"))] = block
        for number in numbers_in(block):
            if number.get("result") and number.get("entry"):  # without an entry it would be the whole run
                out[key, str(number.get("entry")), str(number["result"]), str(number.get("day"))] = block
    return out


def keep_results(page: Any) -> None:
    """Keep what the page shows of results; of a result that is gone the last picture stays as it was kept before."""
    wanted = wanted_of(page.sections)
    held = KeptResult.objects.filter(page_id=page.pk).select_related("content")
    kept = {(k.block, k.entry, k.name, k.day.isoformat()): k for k in held}
    days = {(name, day) for _block, _entry, name, day in wanted}
    found = PublishedResult.objects.filter(name__in={name for name, _day in days}).select_related("content")
    results = {(r.name, r.day.isoformat()): r for r in found if (r.name, r.day.isoformat()) in days}
    for key, raw in wanted.items():
        block, entry, name, day = key
        old, result = kept.pop(key, None), results.get((name, day))
        if result is not None:
            KeptResult.objects.update_or_create(
                page_id=page.pk, block=block, entry=entry, name=name, day=result.day,
                defaults={"content_id": result.content_id, "public": is_public(raw),
                          "table": table_of(raw, result.content.tables),
                          "manifest": "" if entry else result.manifest, "kept_at": timezone.now()},
            )  # fmt: skip
        elif old is not None:
            old.public, old.table = is_public(raw), table_of(raw, old.content.tables)
            old.save(update_fields=("public", "table"))
    KeptResult.objects.filter(pk__in=[k.pk for k in kept.values()]).delete()
    restricted = held_back(page.sections)
    for other in KeptResult.objects.filter(public=True).exclude(page_id=page.pk) if restricted else ():
        # another live page may still show it until its draft is published: no files that tell it now
        if tells((other.name, other.day.isoformat(), other.entry), restricted):
            other.public = False
            other.save(update_fields=("public",))


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
