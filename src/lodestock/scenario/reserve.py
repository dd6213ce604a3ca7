"""The strategic stock of a scenario: what bridges the delay, what costs least, and the chance at which it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lodestock.stock.carry import break_even_probability

ALLOCATION = "allocation"
"""First part of the variants that value a lacking tonne by another allocation than pro rata."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReserveDraws:
    """Per draw: carry cost [k€/t/yr], value per tonne [k€/t], break-even chance [1/yr], and the cheapest stock [t]."""

    carry: FloatArray
    value: FloatArray
    break_even: FloatArray
    optimum: FloatArray


def reserve(
    *,
    price: FloatArray,
    carry_rate: FloatArray,
    yearly_chance: FloatArray,
    value_per_tonne: FloatArray,
    shortage: FloatArray,
) -> ReserveDraws:
    """The one-shot stock against a regime that comes with a yearly chance.

    price [k€/t], carry_rate [1/yr], yearly_chance [1/yr], value_per_tonne [k€/t], shortage: tonnes short if the regime
    comes [t], all (draws,). The tonnes short are uncertain, so the cheapest stock q of a draw's price, chance and value
    is the quantile P(shortage > q | regime) = h / (chance · v) over all draws; zero where h ≥ chance · v.
    Break-even chance of the first tonne: p* = h / v. Source: MODEL §7.1, §7.2 (newsvendor).
    """
    carry = price * carry_rate
    # a tonne that only serves uses without value never pays: the chance at which it would lies far above one
    break_even = break_even_probability(carry, np.maximum(value_per_tonne, 1e-9))
    exceed = np.divide(break_even, yearly_chance, out=np.full_like(carry, np.inf), where=yearly_chance > 0)
    quantile = np.quantile(shortage, np.clip(1.0 - exceed, 0.0, 1.0))
    return ReserveDraws(carry, value_per_tonne, break_even, np.where(exceed < 1.0, quantile, 0.0))
