"""Blocks that any text of the desk may hold; `NumberBlock` is the one way in which a number stands in a text."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lodestock_desk.dossiers.numbers import (
    Checked,
    Number,
    State,
    check_number,
    number_of,
    render_number,
)

__all__ = ["Checked", "Number", "NumberBlock", "State", "check_number", "number_of", "render_number"]


class NumberBlock(blocks.StructBlock):
    """A number with its lineage. Value, unit and range are filled in from the result when they are left open."""

    key = blocks.RegexBlock(
        regex=r"^[a-z0-9_-]{1,40}$", required=False, label=_("name in the text"),
        help_text=_("Write {name} in the text to place the number there."),
        error_messages={"invalid": _("Use small letters, digits, - and _.")},
    )  # fmt: skip
    label = blocks.CharBlock(required=False, max_length=200, label=_("what it is"))
    value = blocks.FloatBlock(required=False, label=_("value"))
    unit = blocks.CharBlock(required=False, max_length=20, label=_("unit"))
    low = blocks.FloatBlock(required=False, label=_("low"))
    high = blocks.FloatBlock(required=False, label=_("high"))
    result = blocks.CharBlock(required=False, max_length=160, label=_("result"))
    entry = blocks.CharBlock(required=False, max_length=120, label=_("number in the result"))
    day = blocks.DateBlock(required=False, label=_("day of the result"))

    def clean(self, value: Any) -> Any:
        """Fill in what the result says where nothing was typed; a value that was typed stays and is checked later."""
        cleaned = super().clean(value)
        if cleaned["value"] is None and cleaned["result"] and cleaned["entry"]:
            try:
                found = number_of(cleaned["result"], cleaned["entry"], cleaned["day"] or "")
            except ValidationError as error:
                raise blocks.StructBlockValidationError(block_errors={"entry": error}) from error
            for name in ("value", "unit", "low", "high"):
                cleaned[name] = found[name]
            cleaned["day"] = self.child_blocks["day"].to_python(found["day"])
        return cleaned

    def render_basic(self, value: Any, context: Any = None) -> str:
        """The number as it is written in the language of the page."""
        return format_html('<span class="num">{}</span>', render_number(value, get_language() or "nl"))

    class Meta:
        icon = "order"
        label = _("Number")
