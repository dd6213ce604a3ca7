"""Countries by every code and name in use, among them those of trade data and of former states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from lodestock.errors import UnknownNameError
from lodestock.vocabulary import _tables


class CountryKind(StrEnum):
    """What kind of reporter a code stands for."""

    COUNTRY = "country"
    TERRITORY = "territory"
    HISTORICAL = "historical"
    TRADE_AREA = "trade_area"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Country(_tables.Bilingual):
    """A country, territory, former state or reporting area.

    iso3, iso2: ISO 3166-1 codes where there are; Kosovo, trade areas and 'not specified' have codes in common use.
    numeric:    the three-digit code as text, empty where there is none.
    valid_from, valid_until: set for states that began or ended in the years of the data.
    """

    iso3: str
    iso2: str
    numeric: str
    name_en: str
    name_nl: str
    kind: CountryKind
    valid_from: date | None
    valid_until: date | None
    note: str
    source: str
    mark: str


@cache
def _by_iso3() -> dict[str, Country]:
    return {
        row["iso3"]: Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            numeric=row["numeric"],
            name_en=row["name_en"],
            name_nl=row["name_nl"],
            kind=CountryKind(row["kind"]),
            valid_from=_tables.day(row["valid_from"]),
            valid_until=_tables.day(row["valid_until"]),
            note=row["note"],
            source=row["source"],
            mark=row["mark"],
        )
        for row in _tables.rows("country")
    }


@cache
def names() -> _tables.Names:
    """Every code and name in use, with the three-letter code it stands for."""
    own = ((name, c.iso3) for c in countries() for name in (c.iso3, c.iso2, c.numeric, c.name_en, c.name_nl))
    aliases = ((row["alias"], row["iso3"]) for row in _tables.rows("country_alias"))
    return _tables.index("country", [*own, *aliases])


def countries() -> tuple[Country, ...]:
    """All countries, territories, former states and reporting areas."""
    return tuple(_by_iso3().values())


def country(code_or_name: str) -> Country:
    """The country with this two- or three-letter code, numeric code, Dutch or English name or alias.

    'NA' is Namibia; 'S19' of BACI is treated as Taiwan; old World Bank codes (ROM, ZAR, TMP, KSV) are known.
    Footnote marks at the end of a name are not removed. Raises UnknownNameError with the nearest known names.
    """
    return _by_iso3()[names().find(code_or_name)]


def country_from_numeric(number: int) -> Country:
    """The country with this numeric code, of ISO 3166-1 or of United Nations trade statistics (842, 699, 490…)."""
    key = names().ids.get(f"{number:03d}")
    if key is None:
        raise UnknownNameError("numeric country code", str(number), [c.numeric for c in countries() if c.numeric])
    return _by_iso3()[key]
