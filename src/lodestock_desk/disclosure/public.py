"""What anyone may know: the last published safe aggregate, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lodestock_desk.core import vocab
from lodestock_desk.disclosure.compose import Cell
from lodestock_desk.disclosure.models import Fallback, Publication


@dataclass(frozen=True, slots=True)
class Safe:
    """A sentence that may be said to anyone, and on what it rests."""

    sentence: str
    basis: str


def safe_information(material: str) -> Safe | None:
    """What the last publication says of a material; None where nothing can be told."""
    for publication in Publication.objects.exclude(fallback=Fallback.WITHHELD).order_by("-last_month", "-created_at")[
        :6
    ]:
        cells = [Cell.read(plain) for plain in publication.table]
        whole = [c for c in cells if c.material == material and not c.effect and c.low is not None]
        if whole:
            widest = max(whole, key=lambda c: len(c.months))
            return Safe(_sentence(widest), _basis(publication))
    return None


def in_words(cell: Cell) -> str:
    """A cell in words: a number, a band, or withheld."""
    if cell.low is None or cell.high is None:
        return _("withheld")
    low, high = int(cell.low), cell.high
    if cell.low == cell.high:
        return _("%(number)d (with consent of the companies)") % {"number": low} if cell.consent else str(low)
    if high == float("inf"):
        return _("%(low)d or more") % {"low": low}
    if low <= 1:
        return _("fewer than %(high)d") % {"high": int(high) + 1}
    return _("%(low)d to %(high)d") % {"low": low, "high": int(high)}


def _sentence(cell: Cell) -> str:
    months = len(cell.months)
    period = ngettext("in %(last)s", "from %(first)s to %(last)s", months) % {
        "first": cell.months[0],
        "last": cell.months[-1],
    }
    return _("Companies newly affected for %(material)s %(period)s: %(number)s.") % {
        "material": vocab.material_name(cell.material),
        "period": period,
        "number": in_words(cell),
    }


def _basis(publication: Publication) -> str:
    return _("Published by %(who)s; %(how)s.") % {
        "who": publication.organisation.name,
        "how": publication.get_fallback_display(),
    }
