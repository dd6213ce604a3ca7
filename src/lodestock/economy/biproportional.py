"""Biproportional fitting of a matrix to new row and column totals, with negative cells kept negative (GRAS)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import DataError

Floats = NDArray[np.float64]


def fit_margins(
    matrix: Floats, rows: Floats, columns: Floats, *, tolerance: float = 1e-10, rounds: int = 5000
) -> Floats:
    """The matrix [I, J] scaled by row and column factors to the totals rows [I] and columns [J].

    With only positive cells this is RAS; a negative cell is divided by the factors instead of multiplied, so that it
    keeps its sign. Stops when every total is met to `tolerance` relative to the largest total. Raises DataError if the
    totals contradict each other or a total asks something of an empty row or column.
    Source: Junius and Oosterhaven, Economic Systems Research 15 (2003) 87-96, doi:10.1080/0953531032000056954;
    formula of Lenzen, Wood and Gallego, Economic Systems Research 19 (2007) 461-465, doi:10.1080/09535310701698613.
    """
    scale = max(float(np.abs(rows).max()), float(np.abs(columns).max()))
    if abs(rows.sum() - columns.sum()) > 1e-6 * scale:
        raise DataError(
            "row totals and column totals add up to different sums",
            where=f"rows {rows.sum():.10g}, columns {columns.sum():.10g}", mend="make the totals agree first",
        )  # fmt: skip
    up, down = np.maximum(matrix, 0.0), np.maximum(-matrix, 0.0)
    for name, axis, totals in (("row", 1, rows), ("column", 0, columns)):
        empty = (up.sum(axis=axis) == 0) & (totals > tolerance * scale)
        if empty.any():
            i = int(np.argmax(empty))
            raise DataError(f"{name} {i} has no positive cell but must add up to {totals[i]:g}")
    r, s = np.ones(rows.size), np.ones(columns.size)
    worst = np.inf
    for _ in range(rounds):
        r = _factors(up @ s, down @ (1.0 / s), rows)
        s = _factors(r @ up, (1.0 / r) @ down, columns)
        reached = r * (up @ s) - (down @ (1.0 / s)) / r
        worst = float(np.abs(reached - rows).max()) / scale
        if worst <= tolerance:
            return np.asarray(r[:, None] * up * s - down / r[:, None] / s)
    raise DataError(
        "the table cannot be fitted to the new totals",
        why=f"a row total still misses {worst:.3g} of the largest total",
        mend="check the totals, or join industries with very different growth",
    )  # fmt: skip


def _factors(up: Floats, down: Floats, total: Floats) -> Floats:
    """The positive root r of r·up − down/r = total; 1 where there is nothing to scale."""
    root = np.sqrt(total * total + 4.0 * up * down)
    out = np.ones_like(total)
    np.divide(total + root, 2.0 * up, out=out, where=up > 0)
    # Without a positive part, −down / r = total gives r directly.
    only_down = (up == 0) & (down > 0) & (total < 0)
    out[only_down] = -down[only_down] / total[only_down]
    return np.maximum(out, 1e-300)
