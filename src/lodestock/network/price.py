"""What price would clear the traded part, and what a buyer loses (MODEL §5.4): a diagnostic beside the tonnes.

Isoelastic areas explode for ε_d > −1 as the served quantity goes to zero; the willingness to pay is capped by the value
per tonne of the economy module. Prices and quantities are relative to the baseline: P⁰ = Q⁰ = 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from lodestock.errors import InputError, SolverError
from lodestock.network.kernel_types import Floats


@dataclass(frozen=True, slots=True)
class Clearing:
    """price [P/P⁰], quantity [Q/Q⁰]; lost_use [P⁰Q⁰]: area under demand that is no longer served."""

    price: float
    quantity: float
    lost_use: float


def clearing_price(loss: Floats, demand: Floats, supply: Floats) -> Floats:
    """P/P⁰ after a share `loss` [0–1) of world supply is gone: (1−δ)^(1/(ε_d−ε_s)), arrays of a common shape (V06)."""
    return np.asarray((1.0 - loss) ** (1.0 / (demand - supply)), np.float64)


def clear(loss: float, demand: float, supply: float, ceiling: float | None = None) -> Clearing:
    """The price after a share `loss` of world supply is gone (MODEL §5.4; V06-A, V06-B).

    loss [0–1); demand: elasticity < 0; supply: elasticity ≥ 0; ceiling [Q/Q⁰]: most that the others can make, if known.
    """
    if not 0 <= loss < 1 or demand >= 0 or supply < 0:
        raise InputError(
            "a clearing price needs a loss from 0 to below 1, a demand elasticity below 0 and a supply elasticity of 0 "
            "or more",
            why=f"{loss:g}, {demand:g}, {supply:g}",
        )
    price = float(clearing_price(np.array(loss), np.array(demand), np.array(supply)))
    quantity = price**demand
    if ceiling is not None and quantity > ceiling:
        if ceiling <= 0:
            raise InputError("nothing is left to trade at any price", why=f"ceiling {ceiling:g}", mend="cap the value")
        price, quantity = ceiling ** (1.0 / demand), ceiling
    return Clearing(price, quantity, lost_use(quantity, demand))


def lost_use(quantity: float, demand: float, cap: float = np.inf) -> float:
    """Area under the demand curve from `quantity` to 1 [P⁰Q⁰], willingness to pay capped at `cap` [P⁰] (V06-A).

    [1 − q^(1+1/ε)]/(1+1/ε), and −ln q at ε = −1; where the curve lies above `cap` the cap counts.
    """
    if not 0 < quantity <= 1 and not (quantity == 0 and np.isfinite(cap)):
        raise InputError(
            "a served quantity lies above 0 and not above 1", why=f"{quantity:g}", mend="cap the value at 0"
        )
    edge = cap**demand if np.isfinite(cap) else 0.0
    low = min(1.0, max(quantity, edge))
    power = 1.0 + 1.0 / demand
    area = -np.log(low) if abs(power) < 1e-12 else (1.0 - low**power) / power
    return float(area + (cap * (low - quantity) if low > quantity else 0.0))


@dataclass(frozen=True, slots=True)
class SurplusChange:
    """An importer's loss and its parts [P⁰Q⁰]: loss = lost_use − purchase_saved + terms_of_trade (V06-D)."""

    loss: float
    lost_use: float
    purchase_saved: float
    terms_of_trade: float


def consumer_loss(price: float, demand: float) -> SurplusChange:
    """What an importer of every tonne loses when the price rises from 1 to `price` (MODEL §6.3; V06-D).

    `loss` is the area between the prices under demand; the parts are the lost use, the purchases no longer made, and
    what is paid more for the tonnes still bought.
    """
    if price <= 0 or demand >= 0:
        raise InputError("a price above 0 and a demand elasticity below 0 are needed", why=f"{price:g}, {demand:g}")
    quantity = price**demand
    power = 1.0 + demand
    loss = np.log(price) if abs(power) < 1e-12 else (price**power - 1.0) / power
    return SurplusChange(float(loss), lost_use(quantity, demand), 1.0 - quantity, (price - 1.0) * quantity)


def demand_steps(demand: float, steps: int, cap: float, lowest: float = 0.0) -> tuple[Floats, Floats]:
    """Isoelastic demand as value steps for the planner: values [steps] [P⁰], falling, and widths [Q⁰] (MODEL §5.4).

    Each step carries the exact mean of the capped curve over its width, so that areas are kept.
    """
    edges = np.linspace(lowest, 1.0, steps + 1)
    area = np.array([lost_use(float(q), demand, cap) for q in edges])
    widths = np.diff(edges)
    return (area[:-1] - area[1:]) / widths, widths


@dataclass(frozen=True, slots=True)
class SpatialPrice:
    """Two or more markets served from sources: bought [n] [t], price [n] [k€/t], flow [m, n] [t]."""

    bought: Floats
    price: Floats
    flow: Floats


def spatial_price(intercept: Floats, slope: Floats, supply: Floats, freight: Floats, steps: int = 2000) -> SpatialPrice:
    """Prices by market when goods flow where they are worth most (Samuelson 1952, doi:10.2307/1810381; V06-C).

    Linear demand P = intercept − slope·q by market [n] (k€/t), supply [m] (t), freight [m, n] (k€/t). A linear
    programme with `steps` steps of the demand curve a market, so prices are exact to slope·width of a step.
    """
    m, n = freight.shape
    width = intercept / slope / steps
    middle = (np.arange(steps) + 0.5)[None, :] * width[:, None]
    value = intercept[:, None] - slope[:, None] * middle
    cost = np.concatenate([freight.ravel(), -value.ravel()])
    use = np.zeros((n, m * n + n * steps))
    give = np.zeros((m, m * n + n * steps))
    for j in range(n):
        use[j, j : m * n : n] = -1.0
        use[j, m * n + j * steps : m * n + (j + 1) * steps] = 1.0
    for i in range(m):
        give[i, i * n : (i + 1) * n] = 1.0
    upper = np.concatenate([np.full(m * n, np.inf), np.repeat(width, steps)])
    right = np.concatenate([np.zeros(n), supply])
    found = linprog(cost, np.vstack([use, give]), right, bounds=np.column_stack([np.zeros(cost.size), upper]))
    if found.status != 0:
        raise SolverError("the spatial price programme did not finish", why=str(found.message))
    flow = found.x[: m * n].reshape(m, n)
    return SpatialPrice(flow.sum(axis=0), -found.ineqlin.marginals[:n], flow)
