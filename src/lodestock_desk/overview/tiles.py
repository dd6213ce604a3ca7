"""A world of tiles, one of the same size for each country: shares by supplier without a map that needs a licence.

The positions (data/tiles.csv) are our own drawing: roughly where a country lies, not its borders. The same shares
belong in a table beside the picture; a country without a tile stands in the table alone.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from importlib import resources

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lodestock_desk.core import vocab

_SIZE, _GAP = 30, 2
# From this share on: fill, text. Text on fill has a contrast of 4.5 or more.
_CLASSES = (
    (0.65, "#7a1f1f", "#ffffff"),
    (0.20, "#1f5f99", "#ffffff"),
    (0.05, "#8fbde3", "#16202b"),
    (0.0, "#dbe8f4", "#16202b"),
)
_NONE = ("#eef1f4", "#5a6672")


@cache
def _places() -> dict[str, tuple[int, int]]:
    text = resources.files("lodestock_desk.overview").joinpath("data/tiles.csv").read_text(encoding="utf-8")
    return {row["iso3"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(text.splitlines())}


def _look(share: float | None) -> tuple[str, str]:
    if not share:
        return _NONE
    return next((fill, ink) for least, fill, ink in _CLASSES if share >= least)


def tile_map(title: str, shares: tuple[tuple[str, float], ...]) -> SafeString:
    """The tiles, coloured by share [0–1]; hovering tells name and share. Drawn once per content and language."""
    return _drawn(title, shares, vocab.lang())


@lru_cache(maxsize=256)
def _drawn(title: str, pairs: tuple[tuple[str, float], ...], _language: str) -> SafeString:
    names, shares = dict(vocab.country_choices()), dict(pairs)
    step = _SIZE + _GAP
    tiles = format_html_join(
        "",
        '<g><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>'
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text></g>',
        (
            (
                f"{names.get(key, key)}: {_percent(shares.get(key))}", x * step, y * step, _SIZE, _SIZE,
                _look(shares.get(key))[0], x * step + _SIZE / 2, y * step + _SIZE / 2 + 4, _look(shares.get(key))[1],
                key,
            )
            for key, (x, y) in _places().items()
        ),
    )  # fmt: skip
    width, height = (max(place[n] for place in _places().values()) * step + _SIZE for n in (0, 1))
    return format_html(
        '<svg viewBox="-4 -4 {} {}" role="img" aria-label="{}" font-size="11"><title>{}</title>{}{}</svg>',
        width + 8, height + 40, title, title, tiles, _legend(height + 12),
    )  # fmt: skip


def _legend(y: int) -> SafeString:
    labels = ((_NONE[0], _("none")), ("#dbe8f4", _("up to 5%")), ("#8fbde3", "5–20%"), ("#1f5f99", "20–65%"),
              ("#7a1f1f", _("65% or more")))  # fmt: skip
    return format_html_join(
        "",
        '<rect x="{}" y="{}" width="16" height="16" rx="2" fill="{}"/><text x="{}" y="{}" font-size="13" '
        'fill="#16202b">{}</text>',
        ((n * 135, y, fill, n * 135 + 22, y + 13, label) for n, (fill, label) in enumerate(labels)),
    )


def _percent(share: float | None) -> str:
    return f"{100 * share:.1f}%" if share else _("none")
