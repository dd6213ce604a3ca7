"""Template words: names of materials, labels, safe numbers, query strings."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core import vocab
from lodestock_desk.signals.words import Share

register = template.Library()
_STATUS = {
    "not announced": _("not announced"),
    "announced": _("announced"),
    "in force": _("in force"),
    "suspended": _("suspended"),
    "ended": _("ended"),
    "not known": _("not known: its dates are not known to the day"),
    "to be checked": _("unknown until someone checks: a date has passed"),
}
_STAGES = {"extraction": _("extraction"), "processing": _("processing"), "manufacturing": _("manufacturing")}


@register.filter
def material(key: str) -> str:
    """The name of a material in the language of the page."""
    return vocab.material_name(key)


@register.filter
def bilingual(item: Any, field: str) -> str:
    """The Dutch or English text of an item that holds both."""
    return str(getattr(item, f"{field}_{vocab.lang()}") or getattr(item, f"{field}_nl") or getattr(item, f"{field}_en"))


@register.filter
def days_until(day: date) -> int:
    """Days from today to a day."""
    return (day - date.today()).days


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """The query string of this page with some values changed."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    text = query.urlencode()
    return f"?{text}" if text else "?"


@register.filter
def share_label(key: str) -> str:
    """The words of a consent."""
    return str(dict(Share.choices).get(key, key))


@register.filter
def control_status(status: str) -> str:
    """The state of a measure in words; what nobody has checked is said to be unknown."""
    return str(_STATUS.get(str(status), status))


@register.filter
def country(key: str) -> str:
    """The name of a country in the language of the page."""
    return vocab.country_name(key)


@register.filter
def stage(key: str) -> str:
    """A stage of the chain in words."""
    return str(_STAGES.get(key, key))


@register.filter
def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{100 * share:.0f}%"
