"""Template words of this room: shares, stages and verdicts; what is not known is said so."""

from __future__ import annotations

from django import template
from django.utils.formats import localize
from django.utils.translation import gettext as _

from lodestock_desk.core import vocab
from lodestock_desk.measures.risk import STAGES

register = template.Library()


@register.filter
def share_text(share: float | None) -> str:
    """A share as a percentage with at most one decimal; 'not known' for what is not known."""
    if share is None:
        return _("not known")
    value = round(100 * share, 1)
    return f"{localize(int(value) if value == int(value) else value)}%"


@register.filter
def stage_name(key: str) -> str:
    """A stage in words."""
    return str(STAGES[key])


@register.filter
def met_text(met: bool | None) -> str:
    """Whether a benchmark is met."""
    if met is None:
        return _("cannot be said")
    return _("met") if met else _("not met")


@register.filter
def in_lang(value: object) -> str:
    """The text of the language of the page, out of a text kept in both."""
    return str(value.get(vocab.lang(), "")) if isinstance(value, dict) else ""


@register.filter
def country_name(code: str) -> str:
    """The name of a country in the language of the page; the code where there is none."""
    return dict(vocab.country_choices()).get(code, code)
