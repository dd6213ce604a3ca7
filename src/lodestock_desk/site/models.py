"""Public pages, edited in Wagtail: texts in Dutch and English."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page

from lodestock_desk.dossiers.refusals import Planned
from lodestock_desk.site.language import InOwnLanguage

_RICH = ("h2", "h3", "bold", "italic", "ol", "ul", "link")


class TextPage(InOwnLanguage, Planned, Page):
    """A page of text; the home page is one too."""

    intro = StreamField([("text", RichTextBlock(features=_RICH))], blank=True, verbose_name=_("intro"))
    body = StreamField([("text", RichTextBlock(features=_RICH))], blank=True, verbose_name=_("text"))

    template = "site/text_page.html"
    content_panels = (*Page.content_panels, FieldPanel("intro"), FieldPanel("body"))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The home page also names the dossiers."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        if self.depth > 2:
            return context
        live = [p.specific for p in Page.objects.live().descendant_of(self).order_by("-last_published_at")]
        return context | {"is_home": True, "dossiers": [p for p in live if hasattr(p, "verdict")]}
