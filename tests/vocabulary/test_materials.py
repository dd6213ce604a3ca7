"""Materials, groups and the dated lists."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from lodestock import vocabulary
from lodestock.errors import DataError, UnknownNameError
from lodestock.vocabulary import RawMaterialList, Relation, _tables

TODAY = date(2026, 11, 21)
IN_FORCE = date(2024, 5, 23)
HREE = {
    "dysprosium", "erbium", "europium", "gadolinium", "holmium",
    "lutetium", "terbium", "thulium", "ytterbium", "yttrium",
}  # fmt: skip
LREE = {"cerium", "lanthanum", "neodymium", "praseodymium", "samarium"}


def ids(materials: tuple[vocabulary.Material, ...]) -> set[str]:
    return {m.id for m in materials}


def test_lists_count_as_in_the_regulation() -> None:
    # Regulation (EU) 2024/1252, Annex II section 1 (a) to (ah) and Annex I section 1 (a) to (q).
    critical = vocabulary.critical_raw_materials(TODAY)
    strategic = vocabulary.strategic_raw_materials(TODAY)
    assert len(critical) == 34
    assert len(strategic) == 17
    assert len({e.material for e in critical}) == 34
    assert len({e.material for e in strategic}) == 17
    assert len({e.reference for e in (*critical, *strategic)}) == 51


@pytest.mark.parametrize(
    ("on", "critical", "strategic"),
    [
        (date(2011, 2, 1), 0, 0),
        (date(2011, 2, 2), 14, 0),
        (date(2014, 5, 26), 20, 0),
        (date(2017, 9, 13), 27, 0),
        (date(2020, 9, 3), 30, 0),
        (date(2024, 5, 22), 30, 0),
        (IN_FORCE, 34, 17),
    ],
)
def test_lists_are_dated(on: date, critical: int, strategic: int) -> None:
    assert len(vocabulary.critical_raw_materials(on)) == critical
    assert len(vocabulary.strategic_raw_materials(on)) == strategic


def test_each_entry_says_where_it_comes_from_and_when_it_is_reviewed() -> None:
    for entry in (*vocabulary.critical_raw_materials(TODAY), *vocabulary.strategic_raw_materials(TODAY)):
        assert entry.source and entry.reference
        assert entry.mark in _tables.MARKS
        assert entry.review_by == date(2027, 5, 24)  # Articles 3(3) and 4(3)
        assert vocabulary.material(entry.material)


def test_every_strategic_material_is_critical() -> None:
    # Article 4: all strategic raw materials are critical raw materials.
    for entry in vocabulary.strategic_raw_materials(TODAY):
        for name in (entry.material, *entry.also_covers):
            assert vocabulary.is_critical(name, TODAY), name


def test_groups_hold_the_elements_of_the_study() -> None:
    assert ids(vocabulary.members("HREE")) == HREE
    assert ids(vocabulary.members("LREE")) == LREE
    assert ids(vocabulary.members("REE")) == HREE | LREE | {"scandium"}
    assert {m.symbol for m in vocabulary.members("magnet-rare-earths")} == {"Nd", "Pr", "Tb", "Dy", "Gd", "Sm", "Ce"}
    assert {m.symbol for m in vocabulary.members("PGM")} >= {"Ir", "Pd", "Pt", "Rh", "Ru"}
    assert vocabulary.members("copper") == ()


@pytest.mark.parametrize(
    ("name", "critical", "strategic"),
    [
        ("Dy", True, True),
        ("Er", True, False),
        ("La", True, False),
        ("Pt", True, True),
        ("HREE", True, False),
        ("REE", True, False),
        ("PGM", True, True),
        ("bauxite", True, True),
        ("synthetic graphite", True, True),
        ("copper", True, True),
        ("titanium metal", True, True),
        ("titanium", False, False),
        ("indium", False, False),
        ("tin", False, False),
        ("magnets", False, False),
    ],
)
def test_who_is_on_the_lists_today(name: str, critical: bool, strategic: bool) -> None:
    assert vocabulary.is_critical(name, TODAY) is critical
    assert vocabulary.is_strategic(name, TODAY) is strategic


def test_criticality_depends_on_the_day() -> None:
    assert vocabulary.is_critical("indium", date(2024, 5, 22))
    assert not vocabulary.is_critical("indium", IN_FORCE)
    assert not vocabulary.is_critical("copper", date(2024, 5, 22))
    assert vocabulary.is_critical("copper", IN_FORCE)


def test_an_element_is_listed_through_its_group() -> None:
    (entry,) = vocabulary.list_entries_for("dysprosium", TODAY, RawMaterialList.CRITICAL)
    assert entry.name_en == "heavy rare earth elements"
    (entry,) = vocabulary.list_entries_for("neodymium", TODAY, RawMaterialList.STRATEGIC)
    assert entry.material == "magnet-rare-earths"
    assert {e.material for e in vocabulary.list_entries_for("REE", TODAY, RawMaterialList.CRITICAL)} == {
        "heavy-rare-earths",
        "light-rare-earths",
        "scandium",
    }


def test_grades_are_kept() -> None:
    grades = {e.material: e.grade for e in vocabulary.strategic_raw_materials(TODAY) if e.grade}
    assert grades == {
        "boron": "metallurgy",
        "lithium": "battery",
        "magnesium": "metal",
        "manganese": "battery",
        "natural-graphite": "battery",
        "nickel": "battery",
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dysprosium", "dysprosium"),
        ("DY", "dysprosium"),
        ("Kobalt", "cobalt"),
        ("zeldzame aarden", "rare-earths"),
        ("Magneten", "rare-earth-magnets"),
        ("NdFeB magnets", "ndfeb-magnets"),
        ("SmCo magnets", "smco-magnets"),
        ("NdFeB with Tb/Dy", "ndfeb-magnets-dy-tb"),
        ("graphite", "natural-graphite"),
        ("artificial graphite", "synthetic-graphite"),
        ("Bauxite/alumina/aluminium", "aluminium"),
        ("Natural Teak\nwood", "natural-teak-wood"),
        ("  natural_GRAPHITE ", "natural-graphite"),
        ("Silicium", "silicon-metal"),
        ("wolfram", "tungsten"),
    ],
)
def test_names_resolve(name: str, expected: str) -> None:
    assert vocabulary.material(name).id == expected


def test_every_name_of_a_material_leads_back_to_it() -> None:
    for own in vocabulary.materials():
        for name in filter(None, (own.id, own.symbol, own.name_en, own.name_nl, own.name_en.upper())):
            assert vocabulary.material(name) == own
    for row in _tables.rows("material_alias"):
        assert vocabulary.material(row["alias"]).id == row["material"]


@pytest.mark.parametrize(
    ("table", "own"),
    [
        ("material_alias", [n for m in vocabulary.materials() for n in (m.id, m.symbol, m.name_en, m.name_nl)]),
        (
            "country_alias",
            [n for c in vocabulary.countries() for n in (c.iso3, c.iso2, c.numeric, c.name_en, c.name_nl)],
        ),
        ("coalition_alias", [r[c] for r in _tables.rows("coalition") for c in ("id", "name_en", "name_nl")]),
    ],
)
def test_no_alias_stands_twice(table: str, own: list[str]) -> None:
    counts = Counter(_tables.fold(row["alias"]) for row in _tables.rows(table))
    assert [name for name, count in counts.items() if count > 1] == []
    assert sorted(counts.keys() & {_tables.fold(name) for name in own}) == []


def test_a_name_for_two_things_is_an_error() -> None:
    with pytest.raises(DataError, match="'Alpha' stands for 'a' and for 'b'"):
        _tables.index("material", [("alpha", "a"), ("Alpha", "b")])


def test_unknown_material_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean dysprosium"):
        vocabulary.material("disprosium")
    with pytest.raises(UnknownNameError):
        vocabulary.material("")


def test_products_know_what_they_contain() -> None:
    assert ids(vocabulary.related("SmCo", Relation.CONTAINS)) == {"samarium", "cobalt"}
    assert "dysprosium" not in ids(vocabulary.related("NdFeB", Relation.CONTAINS))
    assert {"dysprosium", "terbium"} <= ids(vocabulary.related("ndfeb-magnets-dy-tb", Relation.CONTAINS))
    assert ids(vocabulary.related("magnets", Relation.VARIANT)) == {"ndfeb-magnets", "smco-magnets"}


def test_relations_name_known_materials() -> None:
    known = {m.id for m in vocabulary.materials()}
    for row in _tables.rows("material_member"):
        assert {row["group"], row["member"]} <= known
    for row in _tables.rows("material_list"):
        assert {row["material"], *_tables.parts(row["also_covers"])} <= known


def test_shares_of_compounds_match_published_factors() -> None:
    # Conversion factors from element to compound as commonly tabulated in the trade.
    published = {"Nd2O3": 1.1664, "Dy2O3": 1.1477, "Tb4O7": 1.1762, "Li2CO3": 5.323, "V2O5": 1.7852, "Y2O3": 1.2699}
    for formula, factor in published.items():
        assert 1 / vocabulary.compound(formula).contained_share == pytest.approx(factor, rel=1e-3), formula
    assert vocabulary.compound("dysprosiumoxide").formula == "Dy2O3"
    assert all(0 < c.contained_share < 1 and vocabulary.material(c.material) for c in vocabulary.compounds())
