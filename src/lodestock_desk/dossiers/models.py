"""Dossiers and scenario pages (Wagtail), and what was last published of the results in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from lodestock_desk.core import vocab
from lodestock_desk.core.writing import reading
from lodestock_desk.disclosure.public import safe_information
from lodestock_desk.dossiers import mixing, permissions, refusals
from lodestock_desk.dossiers.content import COUNTS, SectionBlock, body_blocks, empty_body, in_order
from lodestock_desk.dossiers.shown import Shown, compose, plain_text
from lodestock_desk.dossiers.split import holds_restricted, public_raw
from lodestock_desk.dossiers.stored import (  # noqa: F401 - Django looks for the models of a room here
    KeptResult,
    PublishedResult,
    ResultContent,
    ResultKind,
    ResultNumber,
)
from lodestock_desk.site.language import InOwnLanguage

_NO_COUNT = _("No safe count of reports on this material has been published.")
DESK = "/desk/dossiers"  # where the desk serves files of results that are not public


class DossierIndexPage(InOwnLanguage, refusals.Planned, Page):
    """The list of dossiers in one language."""

    parent_page_types = ("desk_site.TextPage",)
    subpage_types = ("dossiers.DossierPage",)
    template = "site/dossiers.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The live dossiers."""
        return super().get_context(request, *args, **kwargs) | {"dossiers": DossierPage.objects.child_of(self).live()}


class ScenarioIndexPage(InOwnLanguage, refusals.Planned, Page):
    """The list of scenario pages in one language."""

    parent_page_types = ("desk_site.TextPage",)
    subpage_types = ("dossiers.ScenarioPage",)
    template = "site/scenarios.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The live scenario pages."""
        return super().get_context(request, *args, **kwargs) | {"scenarios": ScenarioPage.objects.child_of(self).live()}


class LivePage(InOwnLanguage, refusals.Planned, Page):
    """A page of blocks with live figures, partly public. What outsiders see starts from `public_sections`."""

    material = models.CharField(_("material"), max_length=60, db_index=True)
    as_of = models.DateField(_("as of"))
    verdict = models.TextField(_("in one sentence (public)"), max_length=600)

    base_form_class = permissions.LivePageForm
    settings_panels: tuple[Any, ...] = ()

    class Meta:
        abstract = True

    @property
    def lang(self) -> str:
        """The language of the page: nl or en."""
        return "en" if self.locale.language_code.startswith("en") else "nl"

    @property
    def sections(self) -> list[Any]:
        """All sections as raw data, restricted blocks too: for the desk only."""
        return list(self.body.raw_data)

    @property
    def public_sections(self) -> list[dict[str, Any]]:
        """The sections as raw data with only what is public."""
        return public_raw(self.sections)

    @property
    def restricted(self) -> bool:
        """Whether the page holds a restricted block."""
        return holds_restricted(self.sections)

    def shown(self, *, full: bool = False) -> Shown:
        """The page as it is shown: to outsiders, or `full` to those who may see everything."""
        sections, root = (self.sections, DESK) if full else (self.public_sections, "")
        with override(self.lang):
            return compose(self.pk, sections, self.lang, root)

    def public_text(self) -> str:
        """What the search index may hold: public blocks only."""
        with override(self.lang):
            return f"{self.verdict} {plain_text(self.shown())}"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The public page, without the restricted blocks in any form."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | {"shown": self.shown(), "material_name": vocab.material_name(self.material)}

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """As outsiders will see it, first; and with everything, for editors."""
        return [("public", _("As everyone sees it")), ("full", _("With restricted blocks"))]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The preview; only the mode that asks for it shows restricted blocks, and never to someone who may not."""
        context = self.get_context(request)
        if mode_name == "full" and permissions.user_may(getattr(request, "user", None), "dossier.edit"):
            if self.restricted:
                reading(request.actor, self, "dossier.read", preview=True)
            context |= {"shown": self.shown(full=True), "full": True}
        return TemplateResponse(request, self.get_preview_template(request, mode_name), context)

    def others(self) -> Iterator[mixing.Page]:
        """What the newest drafts of all other dossiers and scenario pages say."""
        return newest_drafts(but=self.pk)

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse to go live – by hand, by schedule, as a copy – with a result that is also held back somewhere.

        Raises ValidationError: which results, on which pages, and what to do.
        """
        whole = kwargs.get("update_fields") is None
        if self.live and whole and (found := mixing.mixed(mixing.Page(self.title, self.sections), self.others())):
            raise permissions.Refused(found)
        return super().save(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Only roles that may edit dossiers edit, preview or read back this page, whatever Wagtail's groups say."""
        return permissions.Tester(user, self)


def newest_drafts(but: int | None = None) -> Iterator[mixing.Page]:
    """What the newest drafts of all dossiers and scenario pages say, but for one."""
    for model in (DossierPage, ScenarioPage):
        for page in model.objects.exclude(pk=but):
            newest = page.get_latest_revision_as_object() if page.has_unpublished_changes else page
            yield mixing.Page(newest.title, newest.sections, page.live)


class DossierPage(LivePage):
    """What is known of one material, in a fixed outline."""

    body = StreamField(body_blocks(), block_counts=COUNTS, default=empty_body, verbose_name=_("sections"))

    parent_page_types = ("dossiers.DossierIndexPage",)
    subpage_types: tuple[str, ...] = ()
    template = "site/dossier.html"
    content_panels = (*Page.content_panels, *(FieldPanel(name) for name in ("material", "as_of", "verdict", "body")))
    search_fields = (*Page.search_fields, index.SearchField("public_text"), index.FilterField("material"))

    @property
    def sections(self) -> list[Any]:
        """All sections, in the order of the outline."""
        return in_order(self.body.raw_data)

    def shown(self, *, full: bool = False) -> Shown:
        """The page with the last safe count of signals, where one may be told."""
        shown = super().shown(full=full)
        with override(self.lang):
            safe = safe_information(self.material)
            if safe is not None:
                return shown.with_text("signals", f"{safe.sentence} {safe.basis}")
            return shown.with_text("signals", _NO_COUNT) if not shown.section("signals").pieces else shown


class ScenarioPage(LivePage):
    """One scenario: what was asked, what came out, how sure it is."""

    run = models.CharField(_("run"), max_length=160)
    body = StreamField([("scenario", SectionBlock(label=_("Blocks")))], verbose_name=_("blocks"))

    parent_page_types = ("dossiers.ScenarioIndexPage",)
    subpage_types: tuple[str, ...] = ()
    template = "site/scenario.html"
    content_panels = (
        *Page.content_panels, *(FieldPanel(name) for name in ("material", "as_of", "verdict", "run", "body"))
    )  # fmt: skip
    search_fields = (*Page.search_fields, index.SearchField("public_text"), index.FilterField("material"))
