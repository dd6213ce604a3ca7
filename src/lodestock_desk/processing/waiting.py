"""What waits for the officer of the contact point today: terms that are over or near, reminders."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.processing import clocks
from lodestock_desk.processing.access import own_projects, visible_tasks


def waiting_terms(actor: Actor) -> list[tuple[int, str, str]]:
    """(number, words, address) for the start page of who keeps project files; nothing for others."""
    if not actor.may("project.keep"):
        return []
    files, at = clocks.files(own_projects(actor), timezone.localdate()), reverse("processing:list")
    return [
        (sum(file.standing == "late" for file in files), _("projects with a term that is over"), f"{at}?standing=late"),
        (
            sum(file.standing == "near" for file in files),
            _("projects with a term within 30 days"),
            f"{at}?standing=near",
        ),
        (visible_tasks(actor).filter(done_on=None).count(), _("reminders to close"), at),
    ]
