"""Writes on results and dossiers."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from lodestock.vocabulary import material as known_material
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.dossiers.models import LivePage
from lodestock_desk.dossiers.numbers import number_of
from lodestock_desk.dossiers.results import newest, newest_number
from lodestock_desk.dossiers.shown import numbers_in
from lodestock_desk.dossiers.split import blocks_of
from lodestock_desk.dossiers.stored import KeptResult, PublishedResult, ResultContent, ResultNumber
from lodestock_desk.dossiers.take_in import Taken, read_folder


def take_in(actor: Actor, folder: Path, *, material: str, is_example: bool = False) -> list[PublishedResult]:
    """Take in the run in `folder` and its figures; what is there already with the same content is left as it is.

    A result of the same name and day with other content is refused: a published result is never replaced unseen.
    Raises InputError (the folder), UnknownNameError (the material), ValidationError (another result has that day).
    """
    material = known_material(material).id
    found = read_folder(folder)
    known = {r.name: r for r in PublishedResult.objects.filter(name__in=[t.name for t in found], day=found[0].day)}
    if other := [t.name for t in found if t.name in known and known[t.name].content_id != t.sha256]:
        said = {"names": ", ".join(other), "day": found[0].day.isoformat()}
        raise ValidationError(
            _("There are other results of %(day)s with these names: %(names)s. Withdraw those first, with the reason.")
            % said
        )
    new = [t for t in found if t.name not in known]
    if not new:
        return [known[t.name] for t in found]
    capability = None if actor.system else "dossier.edit"
    with writing(actor, capability) as audit:
        for taken in new:
            known[taken.name] = _kept(taken, material, is_example=is_example)
            audit.changed(known[taken.name], "result.taken_in", name=taken.name, sha256=taken.sha256)
    return [known[t.name] for t in found]


def _kept(taken: Taken, material: str, *, is_example: bool) -> PublishedResult:
    content, made = ResultContent.objects.get_or_create(sha256=taken.sha256, defaults=taken.content)
    if made:
        ResultNumber.objects.bulk_create(
            ResultNumber(content=content, key=key, entry=entry) for key, entry in taken.numbers.items()
        )
    return PublishedResult.objects.create(
        name=taken.name, day=taken.day, kind=taken.kind, material=material, content=content, manifest=taken.manifest,
        is_example=is_example,
    )  # fmt: skip


def withdraw_result(actor: Actor, result_id: str, *, reason: str) -> None:
    """Withdraw a result; pages that show it keep the last published picture and say so."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with writing(actor, "dossier.publish") as audit:
        result = PublishedResult.objects.select_for_update().get(pk=result_id)
        audit.removed(result, "result.withdrawn", reason=reason, name=result.name, day=result.day.isoformat())
        content = result.content
        result.delete()
        if not content.results.exists() and not KeptResult.objects.filter(content=content).exists():
            content.delete()


def adopt_newest(actor: Actor, page: LivePage, block_id: str) -> LivePage:
    """Put the newest results into one block of the draft of a page; it goes live when someone publishes it."""
    with writing(actor, "dossier.edit") as audit:
        draft = page.get_latest_revision_as_object()
        raw = deepcopy(draft.sections)
        block = next((b for _section, b in blocks_of(raw) if b.get("id") == block_id), None)
        if block is None:
            raise ValidationError(_("This block is no longer in the page."))
        days = _renew(block)
        draft.body = StreamValue(draft.body.stream_block, raw, is_lazy=True)
        draft.save_revision(user=actor.user, log_action=True)
        audit.changed(page, "dossier.newest_adopted", block=block_id, days=days)
    return page


def _renew(block: Any) -> list[str]:
    """Change a raw block to the newest results that it names; answers the days."""
    value, days = block["value"], []
    if value.get("result") and (last := newest(value["result"])) is not None:
        value["day"] = last.day.isoformat()
        days.append(value["day"])
    for number in numbers_in(block):
        if number.get("result") and newest_number(number["result"], number["entry"]) is not None:
            number.update(number_of(number["result"], number["entry"]))
            days.append(str(number["day"]))
    return days
