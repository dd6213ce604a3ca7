"""Sums by group over a stream of rows, with memory for the groups only: an open hash table, as pure functions.

A group is told by two independent 64-bit hashes of its keys; both must agree, so that two groups are taken for one with
a chance of about n²/2¹²⁹ (below 10⁻²⁰ for a thousand million groups). Source: open addressing with linear probing,
Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm L.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Floats, Ints

Hashes = NDArray[np.uint64]
FREE = -1.0


def empty_table(places: int) -> tuple[Hashes, Floats]:
    """A table without groups: hashes, shape (places, 2); sum and count of gaps, shape (places, 2), gaps −1 is free.

    places: a power of two.
    """
    return np.zeros((places, 2), dtype=np.uint64), np.full((places, 2), FREE)


@numba.njit(cache=True, nogil=True)
def tally(
    first: Hashes,
    second: Hashes,
    amount: Floats,
    start: int,
    hashes: Hashes,
    values: Floats,
    place_of: Ints,
    groups: int,
    new_rows: Ints,
) -> tuple[int, int, int]:
    """Add rows from `start` on to their groups, in place, until all are added or there is no room for a new group.

    first, second: shape (rows,), the hashes of each row's keys; amount: shape (rows,) [any unit], nan is not known.
    hashes, values: from `empty_table`; place_of: shape (room,), the place of each group, room below the places of the
    table; new_rows: shape (rows,), filled with the row that opened each new group. Returns the next row, the number of
    groups, and how many entries of new_rows are filled.
    """
    mask = np.uint64(hashes.shape[0] - 1)
    opened = 0
    for row in range(start, first.size):
        one, two = first[row], second[row]
        at = one & mask
        while values[at, 1] >= 0.0 and (hashes[at, 0] != one or hashes[at, 1] != two):
            at = (at + np.uint64(1)) & mask
        if values[at, 1] < 0.0:
            if groups >= place_of.size:
                return row, groups, opened
            hashes[at, 0], hashes[at, 1] = one, two
            values[at, 0], values[at, 1] = 0.0, 0.0
            place_of[groups] = at
            new_rows[opened] = row
            opened += 1
            groups += 1
        if np.isnan(amount[row]):
            values[at, 1] += 1.0
        else:
            values[at, 0] += amount[row]
    return first.size, groups, opened


@numba.njit(cache=True, nogil=True)
def move_groups(
    old_hashes: Hashes, old_values: Floats, place_of: Ints, groups: int, hashes: Hashes, values: Floats
) -> None:
    """Move groups 0 to groups − 1 into a larger, empty table, in place; `place_of` then names their new places."""
    mask = np.uint64(hashes.shape[0] - 1)
    for group in range(groups):
        old = place_of[group]
        at = old_hashes[old, 0] & mask
        while values[at, 1] >= 0.0:
            at = (at + np.uint64(1)) & mask
        hashes[at, 0], hashes[at, 1] = old_hashes[old, 0], old_hashes[old, 1]
        values[at, 0], values[at, 1] = old_values[old, 0], old_values[old, 1]
        place_of[group] = at
