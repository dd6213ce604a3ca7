"""Example data of this room: a restricted block in the draft and on the page of the magnets, marked as invented."""

from __future__ import annotations

from copy import deepcopy

from wagtail.blocks import StreamValue

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.dossiers.editors import settle
from lodestock_desk.dossiers.models import DossierPage

TEXTS = {
    "nl": "<p>Voorbeeld (verzonnen): twee bedrijven meldden vertrouwelijk dat hun voorraad bijna op is.</p>",
    "en": "<p>Example (invented): two companies reported in confidence that their stock is nearly gone.</p>",
}


def make_example(organisations: dict[str, Organisation], people: dict[str, Actor]) -> None:
    """Let the example people edit, and put one restricted block into the dossier of the magnets."""
    for actor in people.values():
        settle(actor.user)
    for page in DossierPage.objects.filter(material="rare-earth-magnets").select_related("locale"):
        raw = deepcopy(page.sections)
        block = {
            "type": "text", "id": f"00000000-0000-4000-8000-{page.pk:012d}",
            "value": {"access": "restricted", "ground": "5.1.1.c", "text": TEXTS[page.lang], "numbers": []},
        }  # fmt: skip
        next(section for section in raw if section["type"] == "signals")["value"].append(block)
        page.body = StreamValue(page.body.stream_block, raw, is_lazy=True)
        page.save_revision(user=people["analist.nmo"].user).publish()
