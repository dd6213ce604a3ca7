"""Template words of this room: law, clocks and amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from lodestock.measures.finance_book import instruments
from lodestock.measures.law_book import law_book
from lodestock.measures.site_book import site_book
from lodestock_desk.core import vocab
from lodestock_desk.core.numbers import shown_number
from lodestock_desk.processing import shown, words

register = template.Library()


@register.filter
def running(state: Any) -> str:
    """What a clock does, in words."""
    return str(words.RUNNING.get(str(state), state))


@register.filter
def clock_note(note: Any) -> str:
    """What a reader must know about a clock, in words."""
    return str(words.NOTES.get(note, note))


@register.filter
def standing(key: str) -> str:
    """The most urgent of a project's clocks, in words."""
    return str(words.STANDING.get(key, key))


@register.filter
def who(key: str) -> str:
    """Who has to act."""
    return str(words.WHO.get(key, key))


@register.filter
def law(key: str) -> str:
    """The name of a version of the law."""
    if key not in law_book().versions:
        return _("national law")
    version = law_book().version(key)
    return version.title_en if vocab.lang() == "en" else version.title_nl


@register.filter
def rule_title(rule: Any) -> str:
    """What is due, in the language of the page."""
    return str(rule.title_en if vocab.lang() == "en" else rule.title_nl)


@register.filter
def ground(key: str) -> str:
    """A ground of suspension in the language of the page."""
    found = law_book().grounds.get(key)
    return f"{getattr(found.title, vocab.lang())} ({found.article})" if found else key


@register.filter
def law_event(key: str) -> str:
    """An event of the law book in the language of the page."""
    found = law_book().events.get(key)
    return str(getattr(found, vocab.lang())) if found else key


@register.filter
def meur(amount: Decimal | None) -> str:
    """Millions of euros; what is not known is said to be."""
    if amount is None:
        return _("not known")
    return formats.number_format(Decimal(f"{amount.normalize():f}"), use_l10n=True, force_grouping=True)


@register.filter
def in_box(amount: Decimal) -> str:
    """A number as it is typed again: without groups."""
    return shown_number(amount)


@register.filter
def tonnes(amount: Decimal) -> str:
    """A number of tonnes without needless noughts."""
    return meur(amount)


@register.filter
def million(euros: float | None) -> str:
    """Euros as millions of euros; what is not known is said to be."""
    return meur(None if euros is None else Decimal(str(round(euros / 1e6, 3))))


@register.filter
def named(item: Any) -> str:
    """The title of something of the library, in the language of the page."""
    return str(getattr(item.title, vocab.lang()))


@register.filter
def said(text: Any) -> str:
    """A text of the library in the language of the page."""
    return str(getattr(text, vocab.lang()))


@register.filter
def instrument(key: str) -> str:
    """The title of an instrument; an id that no longer ships is shown as it is."""
    found = instruments().get(key)
    return named(found) if found else key


@register.filter
def money_level(level: Any) -> str:
    """Whose money it is."""
    return str(words.Level(str(level)).label)


@register.filter
def money_kind(kind: Any) -> str:
    """What a project gets."""
    return str(words.KINDS.get(str(kind), kind))


@register.filter
def stages(keys: tuple[str, ...]) -> str:
    """Stages in words; none is not known."""
    return ", ".join(str(words.Stage(key).label) for key in keys) or _("stage not known")


@register.filter
def ticket(item: Any) -> str:
    """How much can be had, and which part of the costs, as far as the source says."""
    return "; ".join(shown.size(item)) or _("not known")


@register.filter
def window(item: Any) -> str:
    """From when until when, as far as the source says."""
    return shown.window(item) or _("not known")


@register.filter
def mark(key: Any) -> str:
    """How well something is known."""
    return str(words.MARKS.get(str(key), key))


@register.filter
def fits(answer: Any) -> str:
    """Whether an instrument fits."""
    return str(words.FITS[str(answer)])


@register.filter
def answer(key: Any) -> str:
    """Yes, no or not known."""
    return str(words.ANSWERS[str(key)])


@register.filter
def test_word(key: Any) -> str:
    """What is held against an instrument."""
    return str(words.TESTS.get(str(key), key))


@register.filter
def area(key: str, areas: dict[str, str]) -> str:
    """A country or union by name."""
    return str(areas.get(key, key))


@register.filter
def span(fact: Any) -> str:
    """A value, or a range where the lowest and the highest differ."""
    low, high = (formats.number_format(Decimal(f"{side:g}"), use_l10n=True) for side in (fact.low, fact.high))
    return low if low == high else f"{low} – {high}"


@register.filter
def site(key: str) -> str:
    """A site by name."""
    found = site_book().sites.get(key)
    return named(found) if found else key


@register.filter
def criterion(key: str) -> str:
    """A criterion by name."""
    found = site_book().criteria.get(key)
    return named(found) if found else key


@register.filter
def unit(key: str) -> str:
    """A unit in words."""
    return shown.unit(key)


@register.filter
def plain(number: float) -> str:
    """A number as it stands in an address."""
    return f"{number:g}"
