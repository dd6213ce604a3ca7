"""The editor of dossiers: reading restricted blocks back is recorded, and publishing many passes the same checks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.pages.revisions import RevisionsCompareView, RevisionsRevertView
from wagtail.admin.viewsets.pages import PageViewSet

from lodestock_desk.core.writing import reading
from lodestock_desk.dossiers import mixing
from lodestock_desk.dossiers.models import DossierPage, LivePage, ScenarioPage
from lodestock_desk.dossiers.permissions import said_of_mixed


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


@hooks.register("before_bulk_action")
def before_bulk_publish(request: HttpRequest, kind: str, items: list[Any], action: object) -> HttpResponse | None:
    """Several pages at once: say which result keeps one from going live, before anything is published."""
    if kind != "publish" or request.method != "POST":
        return None
    pages = [p.specific.get_latest_revision_as_object() for p in items if isinstance(p.specific, LivePage)]
    for page in pages:
        if found := mixing.mixed(mixing.Page(page.title, page.sections), page.others()):
            messages.error(request, said_of_mixed(found))
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
