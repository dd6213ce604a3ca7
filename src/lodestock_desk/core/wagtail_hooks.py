"""The editor without script inside its pages: what Wagtail writes there is data, and one file of our own starts it.

The date boxes and panels are templates of their own (`templates/wagtailadmin`); the choosers of pages and images write
their script in Python, so their `render` is put in place here.
"""

from __future__ import annotations

import re
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail import hooks
from wagtail.admin.widgets.chooser import BaseChooser

_START = re.compile(r'(?:new )?(\w+)\("([^"\\]*)"(?:, (\{.*\}))?\);', re.DOTALL)


def render_without_script(
    chooser: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> SafeString:
    """A chooser with its start as data; Wagtail's own refusal of a chooser without id stays."""
    if not attrs or "id" not in attrs:
        raise TypeError("a chooser is rendered with an id")
    kept = chooser.get_value_data(value)
    start = _START.fullmatch(chooser.render_js_init(attrs["id"], name, kept))
    if start is None:
        raise TypeError(f"the start of {type(chooser).__name__} is not known")
    maker = {"maker": start[1], "first": start[2], "second": start[3] or "{}"}
    return mark_safe(chooser.render_html(name, kept, attrs) + render_to_string("wagtailadmin/desk_maker.html", maker))


BaseChooser.render = render_without_script


@hooks.register("insert_global_admin_js")
def starts_pickers() -> SafeString:
    """The file that starts what the pages hold as data."""
    return format_html('<script src="{}"></script>', static("desk/editor.js"))
