"""What returns and what gives way: recycling, substitution, by-products of a host (MODEL §5.1)."""

from __future__ import annotations

import numpy as np

from lodestock.errors import InputError
from lodestock.network.faults import NegativeStockError
from lodestock.network.kernel_types import Floats


def end_of_life(sold: Floats, lifetime: Floats) -> Floats:
    """Material in products that reach their end, by month [t/mo]: Σ_τ sold(t−τ)·w(τ).

    sold [T] [t/mo]; lifetime [L]: share of a cohort that ends after τ = 0, 1, … months, sum at most 1.
    """
    if (sold < 0).any() or (lifetime < 0).any() or lifetime.sum() > 1 + 1e-9:
        raise NegativeStockError("sales and lifetime shares are 0 or more, and the shares sum to at most 1")
    return np.asarray(np.convolve(sold, lifetime)[: sold.size], np.float64)


def recycled(ended: Floats, collected: float, recovery: float, capacity: Floats | float) -> Floats:
    """Recycled tonnes by month [t/mo]: min(capacity, ended · collected · recovery); shares 0–1."""
    if not (0 <= collected <= 1 and 0 <= recovery <= 1):
        raise InputError("collection and recovery are shares from 0 to 1", why=f"{collected:g}, {recovery:g}")
    return np.asarray(np.minimum(capacity, ended * collected * recovery), np.float64)


def substitution(months_short: Floats, rate: float, ceiling: float) -> Floats:
    """Share of use that has been substituted: min(ceiling, rate · months short / 12); rate [share per year]."""
    return np.asarray(np.minimum(ceiling, rate * months_short / 12.0), np.float64)


def by_product(host: Floats, content: Floats, recovery: Floats) -> Floats:
    """Most that by-production allows [t/mo]: Σ over hosts of content [t per t host] · recovery [0–1] · host output.

    host [H, …] [t/mo]; content, recovery [H]; sums over the first axis (V05: 15 t of germanium, 12 after −20 %).
    """
    if (content < 0).any() or (recovery < 0).any() or (recovery > 1).any():
        raise InputError("content is 0 or more and recovery a share from 0 to 1")
    return np.asarray(np.tensordot(content * recovery, host, axes=(0, 0)), np.float64)


def by_product_share(host: Floats, host_base: Floats, content: Floats, recovery: Floats, made: float) -> Floats:
    """Share of by-product capacity that works, for a capacity shock: by_product now over base output, at most 1.

    A by-product cannot follow its own price: it stops with its host (MODEL §13-12). made [t/mo]: baseline output.
    """
    most = by_product(host_base[:, None], content, recovery)[0]
    if made > most * (1 + 1e-9):
        raise InputError("more by-product is made than its hosts hold", why=f"{made:g} t/mo against {most:g}")
    return np.asarray(np.minimum(1.0, by_product(host, content, recovery) / made), np.float64)
