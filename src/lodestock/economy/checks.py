"""Is an input–output table fit for a run? Each fault is refused with the cell, the industry and the amount."""

from __future__ import annotations

import numpy as np

from lodestock.economy.io_system import InputOutputTable, require_sound
from lodestock.economy.leontief import input_coefficients, require_productive
from lodestock.errors import DataError


def require_usable(table: InputOutputTable) -> None:
    """Refuse a table that is not balanced, has negative output, an input share over 1, or cannot reproduce itself.

    The error names the worst cell and its amount [table unit] or share [–].
    """
    require_sound(table)
    idle = (table.output == 0) & (table.flows > 0).any(axis=0)
    if idle.any():
        at = int(np.argmax(idle))
        raise DataError(
            "an industry without output buys inputs",
            where=f"{table.industries[at]}: {table.flows[:, at].sum():,.6g} {table.unit}",
            mend="check the table, or join the industry with another",
        )
    a = input_coefficients(table.flows, table.output)
    if a.max() > 1.0:
        i, j = np.unravel_index(int(np.argmax(a)), a.shape)
        raise DataError(
            "an input share is over 1: an industry spends more on one input than it makes",
            where=f"{table.industries[i]} → {table.industries[j]}: {a[i, j]:.4f} of output",
            why=f"{table.flows[i, j]:,.6g} of input for {table.output[j]:,.6g} {table.unit} of output",
            mend="check the cell and the unit, or join the industries",
        )
    try:
        require_productive(a)
    except DataError as error:
        at = int(np.argmax(a.sum(axis=0)))
        raise DataError(
            error.what,
            where=f"{table.source}, largest column {table.industries[at]}: inputs {a[:, at].sum():.4f} of output",
            why=error.why,
            mend=error.mend,
        ) from None
