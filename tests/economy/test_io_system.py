"""Input–output tables: defects by cell, sums that stay, and rescaling that keeps the year of the structure in sight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lodestock.economy import biproportional, io_system
from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.errors import DataError, InputError, UnknownNameError

from .conftest import made_up_table


def made_up(regions: int = 3, sectors: int = 4, seed: int = 2) -> InputOutputTable:
    z, final, _ = made_up_table(regions, sectors, seed)
    x = z.sum(axis=1) + final
    names = [f"R{r}" for r in range(regions)]
    split = np.random.default_rng(seed).dirichlet(np.ones(regions), x.size)
    return InputOutputTable(
        tuple(Industry(r, f"s{s}") for r in names for s in range(sectors)), tuple((r, "final") for r in names),
        z, final[:, None] * split, x - z.sum(axis=0), x, "MEUR", 2011, "made-up example",
    )  # fmt: skip


def test_a_sound_table_has_no_defects_and_says_its_year():
    table = made_up()
    assert io_system.defects(table) == []
    io_system.require_sound(table)
    assert "2011" in table.vintage.en
    assert "2011" in table.vintage.nl


def test_defects_are_named_by_cell_and_amount_largest_first():
    table = made_up()
    flows, output = table.flows.copy(), table.output.copy()
    flows[1, 6] = -40.0
    output[3] = -7.0
    found = io_system.defects(replace(table, flows=flows, output=output))
    kinds = {(defect.kind, defect.cell): defect.amount for defect in found}
    assert kinds[("negative flow", "R0.s1 → R1.s2")] == -40.0
    assert kinds[("negative output", "R0.s3")] == -7.0
    assert kinds[("sales minus output", "R0.s1")] == pytest.approx(-40.0 - table.flows[1, 6])
    assert [abs(defect.amount) for defect in found] == sorted((abs(d.amount) for d in found), reverse=True)
    with pytest.raises(DataError, match=r"R0\.s1 → R1\.s2: -40"):
        io_system.require_sound(replace(table, flows=flows))


def test_a_missing_cell_is_a_defect_and_not_zero():
    table = made_up()
    final = table.final.copy()
    final[2, 1] = np.nan
    with pytest.raises(DataError, match=r"final demand is not a number at R0\.s2 → R1 final"):
        io_system.require_sound(replace(table, final=final))


def test_aggregation_keeps_every_total():
    table = made_up()
    small = io_system.aggregate(
        table, {"R0": "NLD", "R1": "other", "R2": "other"}, {"s0": "a", "s1": "a", "s2": "b", "s3": "c"}
    )
    assert small.industries[0] == Industry("NLD", "a")
    assert small.flows.shape == (6, 6)
    assert small.final.shape == (6, 2)
    for part in ("flows", "final", "value_added", "output"):
        assert getattr(small, part).sum() == pytest.approx(getattr(table, part).sum(), rel=1e-13)
    both = table.flows[:2, :2].sum()
    assert small.flows[0, 0] == pytest.approx(both, rel=1e-13)
    assert io_system.defects(small) == []


def test_aggregation_drops_nothing_and_invents_nothing():
    with pytest.raises(InputError, match="R2"):
        io_system.aggregate(made_up(), {"R0": "NLD", "R1": "other"})
    with pytest.raises(UnknownNameError, match="R9"):
        io_system.aggregate(made_up(), {"R0": "a", "R1": "a", "R2": "a", "R9": "a"})
    with pytest.raises(UnknownNameError, match="s11"):
        made_up().index("R0", "s11")


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_rescaling_reaches_the_new_value_added_and_keeps_the_year_of_the_structure(seed):
    table = made_up(seed=seed)
    new = table.value_added * np.random.default_rng(seed + 1).uniform(0.8, 1.4, table.output.size)
    later = io_system.rescale(table, new, 2023)
    assert io_system.defects(later, share=1e-7, units=1e-6) == []
    np.testing.assert_allclose(later.output - later.flows.sum(axis=0), new, rtol=1e-6)
    assert (later.year, later.scaled_to) == (2011, 2023)
    assert "2011" in later.vintage.nl
    assert "2023" in later.vintage.nl


def test_rescaling_to_the_same_value_added_changes_nothing():
    table = made_up()
    again = io_system.rescale(table, table.value_added, 2011)
    np.testing.assert_allclose(again.flows, table.flows, rtol=1e-9)


def test_rescaling_with_a_missing_year_is_refused():
    new = made_up().value_added.copy()
    new[5] = np.nan
    with pytest.raises(DataError, match=r"R1\.s1, year 2023: nan"):
        io_system.rescale(made_up(), new, 2023)


def test_gras_on_the_example_of_junius_and_oosterhaven():
    """The 3 × 4 example with negative cells; totals and signs as in the paper's text, products checked by
    definition.
    """
    table = np.array([[7.0, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]])
    rows, columns = np.array([15.0, 26, -1]), np.array([9.0, 16, 17, -2])
    fitted = biproportional.fit_margins(table, rows, columns)
    np.testing.assert_allclose(fitted.sum(axis=1), rows, atol=1e-7)
    np.testing.assert_allclose(fitted.sum(axis=0), columns, atol=1e-7)
    assert (np.sign(fitted) == np.sign(table)).all()
    # Positive cells are multiplied by r·s, negative ones divided by it: the cross ratio of positives is unchanged.
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(7 * 9 / (3 * 2), rel=1e-9)


def test_ras_by_hand():
    """[[1, 2], [3, 4]] to rows (4, 6), columns (5, 5): cross ratio 2/3 kept, so t² /((4−t)(5−t))·… solved exactly."""
    fitted = biproportional.fit_margins(np.array([[1.0, 2], [3, 4]]), np.array([4.0, 6]), np.array([5.0, 5]))
    # t(1 + t) / ((4 − t)(5 − t)) = 2/3  ⇒  t² + 21t − 40 = 0
    t = (-21 + np.sqrt(21**2 + 4 * 40)) / 2
    np.testing.assert_allclose(fitted, [[t, 4 - t], [5 - t, 1 + t]], rtol=1e-9)


def test_contradicting_totals_are_refused():
    with pytest.raises(DataError, match="rows 3, columns 4"):
        biproportional.fit_margins(np.ones((2, 2)), np.array([1.0, 2]), np.array([2.0, 2]))
    with pytest.raises(DataError, match="row 1 has no positive cell"):
        biproportional.fit_margins(np.array([[1.0, 1], [0, 0]]), np.array([1.0, 2]), np.array([1.0, 2]))
