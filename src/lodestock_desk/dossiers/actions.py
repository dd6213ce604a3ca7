"""Writes on results and dossiers."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from lodestock.vocabulary import material as known_material
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.dossiers.models import PublishedResult, ResultContent, ResultNumber
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
