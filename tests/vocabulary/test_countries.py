"""Countries, coalitions and regions."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from lodestock import vocabulary
from lodestock.errors import InputError, UnknownNameError
from lodestock.vocabulary import _tables

PRINTED = Path(__file__).parent / "printed_names.csv"
TODAY = date(2026, 11, 21)


def test_every_name_printed_in_the_sources_resolves() -> None:
    """Names as printed in the EU study, BACI, the governance indicators and the USGS summaries.

    What each means was read by hand where it differs from the name, and compared with an independent name matcher.
    """
    with PRINTED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["kind"] for row in rows} == {"material", "country", "sector"}
    found = {
        "material": lambda name: vocabulary.material(name).id,
        "country": lambda name: vocabulary.country(name).iso3,
        "sector": lambda name: vocabulary.sector(name).code,
    }
    wrong = [row for row in rows if found[row["kind"]](row["name"]) != row["expected"]]
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("NA", "NAM"),
        ("na", "NAM"),
        ("NO", "NOR"),
        ("S19", "TWN"),
        ("XK", "XKX"),
        ("KSV", "XKX"),
        ("ROM", "ROU"),
        ("ZAR", "COD"),
        ("TMP", "TLS"),
        ("Burma", "MMR"),
        ("Congo", "COG"),
        ("Congo, D.R.", "COD"),
        ("Korea, Republic of", "KOR"),
        ("Côte d’Ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("United\u00a0States", "USA"),
        ("Turkyie", "TUR"),
        ("Brasil", "BRA"),
        ("nederland", "NLD"),
        ("Verenigde Staten", "USA"),
        ("EL", "GRC"),
        ("516", "NAM"),
    ],
)
def test_countries_by_every_name(name: str, iso3: str) -> None:
    assert vocabulary.country(name).iso3 == iso3


def test_namibia_is_not_missing() -> None:
    namibia = vocabulary.country("NAM")
    assert namibia.iso2 == "NA"
    assert namibia.name("nl") == "Namibië"


def test_missing_values_are_no_country() -> None:
    for text in ("", "nan", "None", "n/a", "Other countries"):
        with pytest.raises(UnknownNameError):
            vocabulary.country(text)


@pytest.mark.parametrize(
    ("number", "iso3"), [(528, "NLD"), (4, "AFG"), (490, "TWN"), (842, "USA"), (699, "IND"), (58, "BLX")]
)
def test_numeric_codes(number: int, iso3: str) -> None:
    assert vocabulary.country_from_numeric(number).iso3 == iso3


def test_unknown_numeric_code() -> None:
    with pytest.raises(UnknownNameError):
        vocabulary.country_from_numeric(999)


def test_codes_are_well_formed_and_unique() -> None:
    all_countries = vocabulary.countries()
    assert len({c.iso3 for c in all_countries}) == len(all_countries)
    assert sum(c.source.startswith("ISO 3166-1") for c in all_countries) == 249
    for own in all_countries:
        assert len(own.iso3) == 3
        assert len(own.iso2) in (0, 2)
        assert len(own.numeric) in (0, 3)
        for name in filter(None, (own.iso3, own.iso2, own.numeric, own.name_en, own.name_nl)):
            assert vocabulary.country(name) == own


def test_former_states_are_dated() -> None:
    assert vocabulary.country("SCG").valid_until == date(2006, 6, 2)
    assert vocabulary.country("ANT").valid_until == date(2010, 10, 9)
    assert vocabulary.country("SSD").valid_from == date(2011, 7, 9)


def test_unknown_country_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean Nederland"):
        vocabulary.country("Nederlnd")


@pytest.mark.parametrize(
    ("on", "count", "within", "without"),
    [
        (date(1995, 1, 1), 15, "AUT", "POL"),
        (date(2004, 4, 30), 15, "SWE", "POL"),
        (date(2004, 5, 1), 25, "POL", "ROU"),
        (date(2007, 1, 1), 27, "ROU", "HRV"),
        (date(2013, 6, 30), 27, "GBR", "HRV"),
        (date(2013, 7, 1), 28, "HRV", "NOR"),
        (date(2020, 1, 31), 28, "GBR", "NOR"),
        (date(2020, 2, 1), 27, "HRV", "GBR"),
    ],
)
def test_the_union_by_date(on: date, count: int, within: str, without: str) -> None:
    members = vocabulary.coalition("EU", on).members
    assert len(members) == count
    assert within in members
    assert without not in members


def test_names_with_a_number_hold_only_in_their_years() -> None:
    assert "GBR" in vocabulary.coalition("EU28", date(2019, 1, 1)).members
    for name, on in (("EU28", date(2021, 1, 1)), ("EU27", date(2019, 1, 1)), ("EU15", date(2005, 1, 1))):
        with pytest.raises(InputError, match="EU27_2020"):
            vocabulary.coalition(name, on)
    looked_back = vocabulary.coalition("EU27_2020", date(2011, 1, 1)).members
    assert looked_back == vocabulary.coalition("EU27", TODAY).members
    assert len(looked_back) == 27


@pytest.mark.parametrize(
    ("iso3", "first"),
    [
        ("FIN", date(2023, 4, 4)),
        ("SWE", date(2024, 3, 7)),
        ("MKD", date(2020, 3, 27)),
        ("MNE", date(2017, 6, 5)),
    ],
)
def test_nato_by_date(iso3: str, first: date) -> None:
    assert iso3 in vocabulary.coalition("NATO", first).members
    assert iso3 not in vocabulary.coalition("NATO", date.fromordinal(first.toordinal() - 1)).members


def test_sizes_of_nato_and_the_iea() -> None:
    assert len(vocabulary.coalition("NAVO", TODAY).members) == 32
    assert len(vocabulary.coalition("IEA", date(2014, 12, 31)).members) == 29  # as the agency's page said
    assert len(vocabulary.coalition("IEA", TODAY).members) == 32


def test_a_member_whose_day_of_joining_is_unknown_is_named_and_not_counted() -> None:
    iea = vocabulary.coalition("IEA", date(2025, 6, 1))
    assert iea.uncertain == ("LVA",)
    assert "LVA" not in iea.members
    assert "LVA" in vocabulary.coalition("IEA", TODAY).members


def test_members_are_known_countries() -> None:
    for row in _tables.rows("coalition_member"):
        assert vocabulary.country(row["iso3"]).iso3 == row["iso3"]
        assert row["coalition"] in vocabulary.coalition_ids()
        assert row["valid_from"] <= row["certain_from"]


def test_regions() -> None:
    assert vocabulary.region("NLD", TODAY).members == ("NLD",)
    assert vocabulary.region("Nederland", TODAY).id == "NLD"
    assert len(vocabulary.region("EU27", TODAY).members) == 27
    assert vocabulary.region("BENELUX-DE-FR", TODAY).members == ("BEL", "DEU", "FRA", "LUX", "NLD")
    with pytest.raises(UnknownNameError, match="EU27"):
        vocabulary.region("EU72", TODAY)
    with pytest.raises(InputError, match="choose a later day"):
        vocabulary.region("NATO", date(1940, 5, 10))
