"""How data of the library reads in the language of the page: sizes, windows, units, what an instrument asks."""

from __future__ import annotations

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from lodestock.measures.finance import Instrument, Need, Test
from lodestock.measures.site_book import site_book
from lodestock_desk.core import vocab
from lodestock_desk.processing import words


def _euros(amount: float) -> str:
    millions = amount / 1e6
    digits = 0 if millions == int(millions) else 3
    text = formats.number_format(round(millions, 3), decimal_pos=digits, use_l10n=True)
    return _("€ %(amount)s million") % {"amount": text.rstrip("0").rstrip(",.") if digits else text}


def size(item: Instrument) -> list[str]:
    """How much can be had and which part of the costs; empty where the source does not say."""
    found = []
    if item.ticket_low is not None and item.ticket_high is not None:
        found.append(_("%(low)s to %(high)s") % {"low": _euros(item.ticket_low), "high": _euros(item.ticket_high)})
    elif item.ticket_low is not None:
        found.append(_("from %(low)s") % {"low": _euros(item.ticket_low)})
    elif item.ticket_high is not None:
        found.append(_("up to %(high)s") % {"high": _euros(item.ticket_high)})
    if item.cost_low is not None:
        found.append(_("project costs above %(low)s") % {"low": _euros(item.cost_low)})
    if item.share_high is not None:
        found.append(_("at most %(share)s of the costs") % {"share": f"{item.share_high:.0%}"})
    return found


def window(item: Instrument) -> str:
    """From when until when; empty where the source does not say."""
    opens, until = (formats.date_format(day, "j F Y") if day else "" for day in (item.opens, item.until))
    if opens and until:
        return _("%(opens)s to %(until)s") % {"opens": opens, "until": until}
    if until:
        return _("until %(until)s") % {"until": until}
    return _("from %(opens)s") % {"opens": opens} if opens else ""


def asks(test: Test, item: Instrument) -> str:
    """What an instrument asks on one condition; empty where its source does not say."""
    if test is Test.STAGE:
        return ", ".join(str(words.Stage(key).label) for key in item.stages)
    if test is Test.PHASE:
        return ", ".join(str(words.Phase(key).label) for key in item.phases)
    if test is Test.PLACE:
        return ", ".join([_area(key) for key in item.countries] + [_site(key) for key in item.places])
    if test is Test.AMOUNT:
        return "; ".join(size(item)[: -1 if item.share_high is not None else None])
    if test is Test.SHARE:
        return "; ".join(size(item)[-1:]) if item.share_high is not None else ""
    if test is Test.STRATEGIC:
        asked = {Need.REQUIRED: _("only Strategic Projects"), Need.HELPS: _("being a Strategic Project helps")}
        return asked[item.strategic] if item.strategic else ""
    return window(item)


def _area(key: str) -> str:
    return {"EU27": _("European Union"), "EU": _("European Union")}.get(
        key, dict(vocab.country_choices()).get(key, key)
    )


def _site(key: str) -> str:
    found: Any = site_book().sites.get(key)
    return str(getattr(found.title, vocab.lang())) if found else key


def unit(key: str) -> str:
    """A unit of a criterion for people."""
    known = {"1": _("count"), "1000": _("thousands"), "months": _("months"), "MEUR": _("million euros")}
    return known.get(key, key)
