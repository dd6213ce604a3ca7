"""How data of the library reads in the language of the page: sizes, windows, units, what an instrument asks."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

from lodestock.measures.finance import Instrument


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


def unit(key: str) -> str:
    """A unit of a criterion for people."""
    known = {"1": _("count"), "1000": _("thousands"), "months": _("months"), "MEUR": _("million euros")}
    return known.get(key, key)
