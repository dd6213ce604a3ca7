"""Pages that were to go live and were refused: what the history of the page and the desk say of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import writing
from lodestock_desk.dossiers.mixing import Mixed
from lodestock_desk.dossiers.permissions import Refused, said_of_mixed

LOG = logging.getLogger(__name__)
BY_SCHEDULE = "wagtail.publish.scheduled"  # what Wagtail calls a publication whose day has come
REFUSED = "dossiers.publish.refused"


@dataclass(frozen=True, slots=True)
class Refusal:
    """When a page was to go live and did not, and why."""

    at: datetime
    reason: str


class Planned:
    """A page that may be planned: when its day comes and it is refused or fails, it stays as it is, which its history
    says, and the next ones that wait go on."""

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Go live. Raises ValidationError where a person publishes and it is refused."""
        above: Any = super()
        if kwargs.get("log_action") != BY_SCHEDULE:
            return above.publish(revision, *args, **kwargs)
        try:
            with transaction.atomic():
                return above.publish(revision, *args, **kwargs)
        except Exception as error:  # whatever is wrong with this page, the next ones go on
            if not isinstance(error, ValidationError):
                LOG.exception("a planned page did not go live: page %s", getattr(self, "pk", None))
            note(self, revision, error)


def note(page: Any, revision: Any, error: Exception) -> None:
    """Keep that a page did not go live on its day, and why; its plan ends, so that someone plans it anew."""
    found = [[one.result, list(one.pages)] for one in error.found] if isinstance(error, Refused) else []
    said = " ".join(error.messages) if isinstance(error, ValidationError) else ""  # else nothing that a reader can use
    kept = {"found": found} if found else {"said": said}
    with writing(Actor(system="publishing"), None) as audit:
        revision.approved_go_live_at = None
        revision.save(update_fields=["approved_go_live_at"])
        log(page, REFUSED, user=revision.user, revision=revision, data=kept)
        audit.changed(page, "dossier.publication-refused", results=[result for result, _pages in found])
    LOG.warning("a planned page did not go live: page %s is refused, see its history", page.pk)


def last_refusals(pages: Iterable[Any]) -> dict[int, Refusal]:
    """The pages that were refused when they were to go live, by key, while nobody wrote or published since."""
    found = {page.pk: page for page in pages}
    rows = PageLogEntry.objects.filter(action=REFUSED, page_id__in=list(found)).order_by("timestamp")
    since = {key: max(filter(None, (p.latest_revision_created_at, p.last_published_at)), default=None)
             for key, p in found.items()}  # fmt: skip
    return {
        row.page_id: Refusal(row.timestamp, reason_of(row.data))
        for row in rows if (after := since[row.page_id]) is None or row.timestamp > after
    }  # fmt: skip


def reason_of(kept: Mapping[str, Any]) -> str:
    """The reason as it was kept, in the language of the reader."""
    found = [Mixed(result, tuple(pages)) for result, pages in kept.get("found", ())]
    if found:
        return said_of_mixed(found)
    return str(kept.get("said") or "") or _("Something went wrong while publishing. Publish it by hand to see what.")
