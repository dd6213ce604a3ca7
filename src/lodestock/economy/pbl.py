"""Partially binding Leontief production: which missing inputs stop an industry, and which only slow it down.

Source: Pichler, Pangallo, del Rio-Chanona, Lafond and Farmer, Journal of Economic Dynamics and Control 144 (2022)
104527, doi:10.1016/j.jedc.2022.104527; MODEL 6.2(c). Ratings: 1 critical, ½ important, 0 not needed.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import DataError, InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Variant(StrEnum):
    """How inputs bind, from hardest to softest (`linear` apart: only the sum of all inputs counts)."""

    LEONTIEF = "leontief"  # every input is critical
    STRONG = "strong"  # important inputs stop an industry as critical ones do
    HALF = "half"  # without an important input half of capacity remains
    WEAK = "weak"  # important inputs do not bind
    LINEAR = "linear"  # inputs replace each other freely


def check_ratings(ratings: Floats) -> None:
    """Refuse ratings other than 0, ½ and 1; a missing one is not known, and not 'not needed'."""
    wrong = ~np.isin(ratings, (0.0, 0.5, 1.0))
    if wrong.any():
        cell = tuple(int(c) for c in np.argwhere(wrong)[0])
        raise DataError(
            "a criticality rating is missing or not 0, ½ or 1", where=f"input and user {cell}: {ratings[cell]:g}",
            mend="rate each input of each user, or say in the rating table who must",
        )  # fmt: skip


def masks(ratings: Floats, variant: Variant) -> tuple[Bools, Bools]:
    """Which inputs are critical and which bind halfway [same shape as ratings], for a variant other than linear."""
    check_ratings(ratings)
    critical, important = ratings == 1.0, ratings == 0.5
    none = np.zeros_like(critical)
    match variant:
        case Variant.LEONTIEF:
            return np.ones_like(critical), none
        case Variant.STRONG:
            return critical | important, none
        case Variant.HALF:
            return critical, important
        case Variant.WEAK:
            return critical, none
        case Variant.LINEAR:
            raise InputError(
                "the linear variant has no input that binds by itself", mend="use input_limit, or another variant"
            )


def input_limit(stock: Floats, coefficient: Floats, capacity: Floats, ratings: Floats, variant: Variant) -> Floats:
    """Output [N] that inputs on hand allow, at most capacity [N].

    stock, coefficient, ratings [P, N]: amounts of input p on hand at user f, input per unit of output, rating. An input
    that is not used (coefficient 0) does not bind.
    """
    check_ratings(ratings)
    used = coefficient > 0
    if variant is Variant.LINEAR:
        need = coefficient.sum(axis=0)
        enough = np.divide(np.where(used, stock, 0.0).sum(axis=0), need, out=np.full_like(need, np.inf), where=need > 0)
        return np.asarray(np.minimum(capacity, enough))
    critical, half = masks(ratings, variant)
    reach = np.divide(stock, coefficient, out=np.full_like(stock, np.inf), where=used)
    hard = np.where(critical, reach, np.inf).min(axis=0)
    soft = np.where(half, 0.5 * (reach + capacity), np.inf).min(axis=0)
    return np.asarray(np.minimum(capacity, np.minimum(hard, soft)))
