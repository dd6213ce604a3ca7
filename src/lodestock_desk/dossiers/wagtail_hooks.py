"""The editor of dossiers: reading restricted blocks back is recorded; publishing many skips what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.revisions import RevisionsCompareView, RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from lodestock_desk.core.writing import reading
from lodestock_desk.dossiers import mixing
from lodestock_desk.dossiers.models import DossierPage, LivePage, ScenarioPage, newest_drafts
from lodestock_desk.dossiers.permissions import said_of_mixed
from lodestock_desk.dossiers.refusals import REFUSED, reason_of


class Compare(RevisionsCompareView):
    """Two versions side by side; restricted blocks in either are recorded as read."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The comparison, after it is on record."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if context["revision_a"].restricted or context["revision_b"].restricted:
            said = f"{self.revision_id_a}...{self.revision_id_b}"
            reading(self.request.actor, self.object, "dossier.read", compared=said)
        return context


class Revert(RevisionsRevertView):
    """An earlier version in the editor; restricted blocks of it are recorded as read."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor, after it is on record."""
        if self.page.restricted:
            reading(request.actor, self.page, "dossier.read", revision=str(self.revision_id))
        return super().get(request, *args, **kwargs)


class Recorded(PageViewSet):
    """The views of a page whose restricted blocks are not read unseen; the lists of pages stay as they are."""

    revisions_compare_view_class = Compare
    revisions_revert_view_class = Revert
    parent_models = ()


@hooks.register("register_admin_viewset")
def views_that_record() -> list[PageViewSet]:
    """The views of dossiers and of scenario pages."""
    return [Recorded(f"recorded-{model.__name__.lower()}", model=model) for model in (DossierPage, ScenarioPage)]


@hooks.register("register_bulk_action", order=100)
class PublishSome(PublishBulkAction):
    """Several pages at once, with what lies under them; Wagtail's own stops at the first refusal.

    One that is refused stays as it is, and the others go live.
    """

    def __init__(self, request: HttpRequest, model: type) -> None:
        super().__init__(request, model)
        self.refused: dict[int, tuple[str, str]] = {}

    def get_execution_context(self) -> dict[str, Any]:
        """What Wagtail gives, and where to note what was refused."""
        return {**super().get_execution_context(), "refused": self.refused}

    @classmethod
    def execute_action(
        cls, objects: Iterable[Page], include_descendants: bool = False, user: Any = None,
        refused: dict[int, tuple[str, str]] | None = None, **more: Any,
    ) -> tuple[int, int]:  # fmt: skip
        """Publish; answers how many of those that were chosen went live, and how many under them."""
        notes = {} if refused is None else refused
        chosen = under = 0
        for page in objects:
            chosen += _published(page.specific, user, notes)
            found = page.get_descendants().not_live().specific() if include_descendants else ()
            under += sum(
                _published(one, user, notes) for one in found
                if user is None or one.permissions_for_user(user).can_publish()
            )  # fmt: skip
        return chosen, under

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many went live; beside it, one message for each page that did not, with the reason."""
        for title, reason in self.refused.values():
            said = {"title": title, "reason": reason}
            messages.warning(self.request, _("“%(title)s” was not published. %(reason)s") % said)
        done = num_parent_objects + num_child_objects
        return super().get_success_message(num_parent_objects, num_child_objects) if done else None


def _published(page: Page, user: Any, refused: dict[int, tuple[str, str]]) -> bool:
    """Publish the newest draft of a page; a refusal is noted, and nothing of the page changes."""
    try:
        with transaction.atomic():
            (page.get_latest_revision() or page.save_revision(user=user)).publish(user=user)
    except ValidationError as error:
        refused[page.pk] = page.title, " ".join(error.messages)
        return False
    return True


@hooks.register("before_copy_page", order=100)
def before_copy(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy or alias that would be live at once passes the same check; else it can still be copied as a draft."""
    if request.method != "POST" or not (request.POST.get("publish_copies") or request.POST.get("alias")):
        return None
    under = page.get_descendants().live().specific() if request.POST.get("copy_subpages") else ()
    for one in (page.specific, *under):
        if not isinstance(one, LivePage) or not one.live:
            continue
        if found := mixing.mixed(mixing.Page(one.title, one.sections), newest_drafts()):
            said = {"title": one.title, "reason": said_of_mixed(found)}
            messages.error(request, _("“%(title)s” was not copied: the copy cannot be live. %(reason)s") % said)
            return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name in the history of a page that it did not go live on its day, and why."""

    @actions.register_action(REFUSED)
    class _Refused(LogFormatter):
        label = gettext_lazy("Publication refused")

        def format_message(self, log_entry: Any) -> str:
            said: str = _("Did not go live on its day, and is planned no more. %s")
            return said % reason_of(log_entry.data)
