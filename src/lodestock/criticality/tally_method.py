"""Sums by two keys over a stream of rows, with memory for the sums only: pure functions on arrays.

Keys are 64-bit numbers. Each distinct key gets a number in order of appearance, through an open hash table that keeps
the key itself, so that two keys are never taken for one; the sums stand in a matrix by these numbers. Source: open
addressing with linear probing, Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm L; fibonacci
hashing, ibidem.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.indices import Ints

Keys = NDArray[np.uint64]
Amount = TypeVar("Amount", np.float64, np.int64)
GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # 2⁶⁴ divided by the golden ratio, odd
LEAST_PLACES = 1 << 10
SPARE = 8  # places for each key, so that most are found at the first look
AT_ONCE = 4096  # unknown rows that are looked through for new keys at a time: most are repeated
WORTH_RUNS = 4  # rows in a run from which it pays to look each run up once


@dataclass(frozen=True, slots=True)
class Numbers:
    """The keys that have a number.

    keys: shape (room,), the key of each number below `count`. places: shape (a power of two,), the number that stands
    at each place, −1 where the place is free.
    """

    keys: Keys
    places: Ints
    count: int


def no_numbers() -> Numbers:
    """No key has a number yet."""
    return Numbers(np.zeros(LEAST_PLACES, np.uint64), np.full(LEAST_PLACES, -1), 0)


def _place(keys: Keys, places: int) -> Ints:
    """Where the search for each key begins, shape of `keys` [0 to places − 1]."""
    shift = np.uint64(64 - (places.bit_length() - 1))
    out: Ints = ((keys * GOLDEN) >> shift).view(np.int64)
    return out


def find(known: Numbers, keys: Keys) -> Ints:
    """The number of each key, −1 where it has none; shape of `keys`."""
    size = known.places.size
    at = _place(keys, size)
    number = known.places.take(at)
    astray = np.flatnonzero((known.keys.take(number) != keys) & (number >= 0))
    while astray.size:
        at[astray] = (at[astray] + 1) & (size - 1)
        number[astray] = known.places[at[astray]]
        astray = astray[(known.keys.take(number[astray]) != keys[astray]) & (number[astray] >= 0)]
    return number


def _settle(places: Ints, keys: Keys, numbers: Ints) -> None:
    """Put numbers of keys that have no place yet at the first free one, in place."""
    at = _place(keys, places.size)
    while numbers.size:
        free = places[at] < 0
        places[at[free]] = numbers[free]  # of several at one place the last one stays
        out = places[at] != numbers
        at, numbers = (at[out] + 1) & (places.size - 1), numbers[out]


def enter(known: Numbers, keys: Keys) -> tuple[Numbers, Ints]:
    """Give numbers to keys that have none, in order of appearance; the row of `keys` that opened each, shape (new,)."""
    rows = np.sort(np.unique(keys, return_index=True)[1])
    new, count = keys[rows], known.count + rows.size
    room, size = known.keys.size, known.places.size
    while room < count:
        room *= 2
    while size < SPARE * count:
        size *= 2
    values = np.zeros(room, np.uint64)
    values[: known.count], values[known.count : count] = known.keys[: known.count], new
    if size == known.places.size:
        places = known.places.copy()
        _settle(places, new, np.arange(known.count, count))
    else:
        places = np.full(size, -1)
        _settle(places, values[:count], np.arange(count))
    return Numbers(values, places, count), rows


def _turns(keys: Keys) -> Ints:
    """The rows whose next row has another key."""
    return np.flatnonzero(keys[1:] != keys[:-1])


def number(known: Numbers, keys: Keys) -> tuple[Numbers, Ints, Ints]:
    """The number of each key, new ones entered: the numbers, shape (rows,), and the row that opened each new one.

    keys: shape (rows,). Rows that come in runs of the same key are looked up once a run.
    """
    if not keys.size:
        return known, np.empty(0, np.int64), np.empty(0, np.int64)
    starts = np.zeros(1, np.int64)
    runs = _turns(keys[:AT_ONCE]).size * WORTH_RUNS < min(AT_ONCE, keys.size)
    if runs:
        starts = np.concatenate([starts, _turns(keys) + 1])
    asked = keys[starts] if runs else keys
    found, opened = find(known, asked), [np.empty(0, np.int64)]
    unknown = np.flatnonzero(found < 0)
    while unknown.size:
        some = unknown[:AT_ONCE]
        known, rows = enter(known, asked[some])
        opened.append(some[rows])
        found[unknown] = find(known, asked[unknown])
        unknown = unknown[found[unknown] < 0]
    new = np.concatenate(opened)
    if runs:
        return known, np.repeat(found, np.diff(starts, append=keys.size)), starts[new]
    return known, found, new


def widened(sums: NDArray[Amount], rows: int, columns: int) -> NDArray[Amount]:
    """The same sums in a matrix of at least `rows` × `columns`, each side doubled until it fits; zeros are added."""
    both = zip(sums.shape, (rows, columns), strict=True)
    shape = tuple(have << max(0, (-(-want // have) - 1).bit_length()) for have, want in both)
    if shape == sums.shape:
        return sums
    out = np.zeros(shape, sums.dtype)
    out[: sums.shape[0], : sums.shape[1]] = sums
    return out


def add_up(sums: NDArray[Amount], rows: Ints, columns: Ints, amounts: NDArray[Amount] | int) -> None:
    """Add amounts to sums[rows, columns], in place; several may fall on the same place. All shape (n,)."""
    np.add.at(sums.reshape(-1), rows * sums.shape[1] + columns, amounts)
