"""Which NACE sector an industry of a published table is: so that exposure and criticality can be found in it.

FIGARO has NACE sectors already. EXIOBASE names its industries in words and CBS numbers them by division; both are
joined to NACE sectors when they are read, by the concordance that ships (reference/economy/concordance.csv) and by the
division numbers of NACE.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from lodestock.vocabulary import sectors
from lodestock.vocabulary.sectors import SectorLevel

_NUMBERED = re.compile(r"(?:[A-Ua-u][ .]?)?(\d{2})(?:\.\d+)?(?:\s*(?:-|–|_|/|t/m|T|\+)\s*[A-Ua-u]?(\d{2}))?(?!\d)")


def same_sector(name: str) -> str | None:
    """The NACE division that is meant by a section with one division (L → L68), or under which a sector is judged."""
    return _rows("nace").get(_plain(name))


def joins(provider: str, names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """NACE sector by industry name of a provider's table, and the names that have none (the table is then left as it
    is). FIGARO and WIOD need no joining.
    """
    if provider not in ("exiobase", "cbs"):
        return {}, []
    known = _rows(provider)
    found = {name: known.get(_plain(name)) or (numbered(name) if provider == "cbs" else None) for name in names}
    return {name: code for name, code in found.items() if code}, [name for name, code in found.items() if not code]


def numbered(label: str) -> str | None:
    """The A*64 sector of a label that begins with a NACE division or a span of them: 26 → C26, 10-12 → C10-C12.

    None where there is no number, or where the span holds divisions of several sectors.
    """
    found = _NUMBERED.match(label.strip())
    if found is None:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    codes = {a64 for division, a64 in _divisions().items() if first <= division <= last}
    return codes.pop() if len(codes) == 1 else None


@cache
def _divisions() -> dict[int, str]:
    return {int(item.code[1:]): item.a64 for item in sectors() if item.level is SectorLevel.DIVISION}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


@cache
def _rows(provider: str) -> dict[str, str]:
    text = resources.files("lodestock").joinpath("reference/economy/concordance.csv").read_text(encoding="utf-8")
    return {
        _plain(row["sector"]): row["to"] for row in csv.DictReader(text.splitlines()) if row["provider"] == provider
    }
