"""Public pages, edited in Wagtail: texts in Dutch and English."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.fields import StreamField
from wagtail.models import Page

_RICH = ("h2", "h3", "bold", "italic", "ol", "ul", "link")


class TextPage(Page):
    """A page of text; the home page is one too."""

    intro = StreamField([("text", RichTextBlock(features=_RICH))], blank=True, verbose_name=_("intro"))
    body = StreamField([("text", RichTextBlock(features=_RICH))], blank=True, verbose_name=_("text"))

    template = "site/text_page.html"
    content_panels = (*Page.content_panels, FieldPanel("intro"), FieldPanel("body"))
