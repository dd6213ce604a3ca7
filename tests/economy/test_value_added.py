"""Value added of another year: two layouts, what is missing, and the rescaled table; and the tables of judgements."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lodestock.economy.checks import require_usable
from lodestock.economy.embedded import embedded_table
from lodestock.economy.families import product_families
from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.judgements import input_ratings, jobs, judged_industry, recapture, tier_uses
from lodestock.economy.regions import iso3, places, reduced
from lodestock.economy.value_added import read_value_added, rescale_to
from lodestock.errors import DataError, InputError
from lodestock.evidence.store import Store


def small(regions: tuple[str, ...] = ("NL", "CN"), sectors: tuple[str, ...] = ("C26", "C27")) -> InputOutputTable:
    rng = np.random.default_rng(9)
    n = len(regions) * len(sectors)
    flows, final = rng.uniform(1, 5, (n, n)), rng.uniform(20, 30, (n, len(regions)))
    output = flows.sum(axis=1) + final.sum(axis=1)
    names = tuple(Industry(region, sector) for region in regions for sector in sectors)
    users = tuple((region, "C") for region in regions)
    return InputOutputTable(names, users, flows, final, output - flows.sum(axis=0), output, "MEUR", 2015, "made up")


def test_own_layout_and_rescaling(tmp_path: Path) -> None:
    file = tmp_path / "va.csv"
    file.write_text("region,sector,year,value_added_meur\nNLD,C26,2023,200\nNLD,C27,2023,150\nNLD,C27,2022,1\n")
    cells = read_value_added(file, 2023)
    assert cells == {("NLD", "C26"): 200.0, ("NLD", "C27"): 150.0}
    table = small()
    with pytest.raises(DataError, match=r"2 industries have no value added(.|\n)*CN\.C26"):
        rescale_to(table, cells, 2023, alike=False)
    done = rescale_to(table, cells, 2023, alike=True)
    assert done.alike == ("CN.C26", "CN.C27")
    np.testing.assert_allclose(done.table.value_added[:2], [200.0, 150.0])
    growth = 350.0 / table.value_added[:2].sum()
    np.testing.assert_allclose(done.table.value_added[2:], growth * table.value_added[2:])
    assert (done.table.year, done.table.scaled_to, done.table.unit) == (2015, 2023, "MEUR")
    assert "2023" in done.table.vintage.en and "2015" in done.table.vintage.en
    require_usable(done.table)


def test_eurostat_layout_by_a64_on_the_industries_of_wiod(tmp_path: Path, store: Store) -> None:
    """C26 + C27 make c14; C13-C15 is split over c4 and c5 by the table's own value added; sections are left out."""
    head = "freq,unit,nace_r2,na_item,geo,TIME_PERIOD,OBS_VALUE\n"
    rows = [("C26", 5000), ("C27", 3000), ("C13-C15", 2000), ("C", 99999), ("TOTAL", 999999)]
    lines = [f"A,CP_MEUR,{code},B1G,NL,2023,{value}" for code, value in rows]
    lines += ["A,CP_MNAC,C26,B1G,NL,2023,1", "A,CP_MEUR,C26,P1,NL,2023,1", "A,CP_MEUR,C28,B1G,NL,2023,:"]
    file = tmp_path / "nama_10_a64.csv"
    file.write_text(head + "\n".join(lines) + "\n")
    cells = read_value_added(file, 2023)
    assert ("NLD", "C28") not in cells and ("NLD", "C") not in cells
    table = embedded_table(store).table
    done = rescale_to(table, cells, 2023, alike=True).table
    assert done.value_added[done.index("NLD", "c14")] == pytest.approx(8000.0)
    c4, c5 = (done.value_added[done.index("NLD", code)] for code in ("c4", "c5"))
    assert c4 + c5 == pytest.approx(2000.0)
    assert c4 / c5 == pytest.approx(
        table.value_added[table.index("NLD", "c4")] / table.value_added[table.index("NLD", "c5")]
    )
    with pytest.raises(InputError, match="no value added of 2024"):
        read_value_added(file, 2024)


def test_a_value_twice_or_a_word_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "va.csv"
    file.write_text("region,sector,year,value_added_meur\nNLD,C26,2023,200\nNL,C26,2023,150\n")
    with pytest.raises(InputError, match="twice"):
        read_value_added(file, 2023)
    file.write_text("region,sector,year,value_added_meur\nNLD,C26,2023,many\n")
    with pytest.raises(InputError, match=r"'many'(.|\n)*row 2"):
        read_value_added(file, 2023)
    file.write_text("region,sector,year,value_added_meur\nNLD,C26,2022,\nNLD,C26,2023,200\nNLD,c14,2023,\n")
    with pytest.raises(InputError, match=r"NLD c14 has no figure(.|\n)*row 4") as refused:
        read_value_added(file, 2023)  # named, so it does not silently grow as the others do
    assert "take the row out" in refused.value.mend
    file.write_text("region,year\nNLD,2023\n")
    with pytest.raises(InputError, match="lacks column 'sector'"):
        read_value_added(file, 2023)


@pytest.mark.parametrize(
    ("figure", "message"),
    [(-5.0, "not positive"), (0.0, "not positive"), (9.5e9, "a hundred times"), (9.5, "a hundred times")],
)
def test_a_figure_that_is_not_in_millions_is_refused_where_it_stands(store: Store, figure: float, message: str) -> None:
    """Others that grow alike would follow a slip of the pen: the cell is named, not the industries that follow it."""
    table = embedded_table(store).table
    with pytest.raises(DataError, match=message) as refused:
        rescale_to(table, {("NLD", "c14"): figure}, 2023, alike=True)
    assert refused.value.parts()["where"].startswith("NLD.c14, year 2023: ")


def test_part_of_the_rest_of_the_eu_is_not_taken_for_all_of_it(store: Store) -> None:
    table = embedded_table(store).table
    cells = {("AUT", "c14"): 10.0, ("NLD", "c14"): 9000.0}
    assert "REU.c14" in rescale_to(table, cells, 2023, alike=True).alike


def test_tables_that_cannot_be_used_are_refused_with_cell_and_amount() -> None:
    """Bad input of the issue: unbalanced, negative output, share over 1, spectral radius ≥ 1."""
    table = small()

    def changed(**values: np.ndarray) -> InputOutputTable:
        parts = {name: getattr(table, name).copy() for name in ("flows", "final", "value_added", "output")} | values
        return InputOutputTable(
            table.industries, table.users, parts["flows"], parts["final"], parts["value_added"], parts["output"],
            "MEUR", 2015, "made up",
        )  # fmt: skip

    require_usable(table)
    with pytest.raises(DataError, match=r"sales minus output at NL\.C26"):
        require_usable(changed(output=table.output + np.array([50.0, 0, 0, 0])))
    negative = table.output.copy()
    negative[2] = -5.0
    with pytest.raises(DataError, match=r"negative output at CN\.C26: -5"):
        require_usable(changed(output=negative))
    flows = table.flows.copy()
    flows[0, 3] = 1.5 * table.output[3]
    final = table.final.copy()
    final[0, 0] -= flows[0, 3] - table.flows[0, 3]
    with pytest.raises(DataError, match=r"NL\.C26 → CN\.C27: 1\.5000 of output"):
        require_usable(changed(flows=flows, final=final, value_added=table.output - flows.sum(axis=0)))
    heavy = np.full((4, 4), 0.26) * table.output
    whole = heavy.sum(axis=1)
    rest = np.stack([table.output - whole, np.zeros(4)], axis=1)
    with pytest.raises(DataError, match=r"largest column (.|\n)*1\.0400 of output"):
        require_usable(changed(flows=heavy, final=rest, value_added=table.output - heavy.sum(axis=0)))


def test_names_of_tables_find_their_judgements() -> None:
    named = {
        "c14": "c14",
        "C26": "c14",
        "C10T12": "c3",
        "C10-C12": "c3",
        "J59_60": "c34",
        "F": "c18",
        "households": None,
    }
    assert {name: judged_industry(name) for name in named} == named
    assert [iso3(code) for code in ("NL", "NLD", "EL", "GR", "FIGW1", "REU")] == [
        "NLD", "NLD", "GRC", "GRC", "ROW", "REU",
    ]  # fmt: skip
    ratings = input_ratings(["c17", "c21", "C26"], ["c14", "c33", "C28"])
    assert ratings[0].tolist() == [1.0, 1.0, 1.0]  # power, gas and water stop everyone
    assert ratings[1].tolist() == [0.0, 0.0, 0.0]
    assert ratings[2].tolist() == [1.0, 0.5, 1.0]
    with pytest.raises(DataError, match=r"no criticality ratings(.|\n)*households"):
        input_ratings(["households"], ["c14"])
    assert len(recapture()) == 35 and len(jobs("NLD", 2011)) == 35 and jobs("NLD", 2023) == {}
    known = {family.id for family in product_families("magnets-nl")}
    assert {use.family for use in tier_uses("magnets-nl")} <= known


def test_a_table_with_nace_divisions_needs_no_split_and_other_names_are_refused() -> None:
    families = product_families("magnets-nl")
    table = reduced(small(("NL", "CN"), ("C26", "C27", "C28", "C29", "C30")))
    assert table.regions == ("NLD", "CHN")
    found = places(table, "NLD", families)
    assert {place.sector: place.share for place in found} == dict.fromkeys(("C26", "C27", "C28", "C29", "C30"), 1.0)
    with pytest.raises(InputError, match="no industry for sector C27"):
        places(small(("NLD", "CHN"), ("machines", "other")), "NLD", families)
