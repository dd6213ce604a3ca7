"""How much to hold when a disruption comes with a known chance per year and the need in it has a known law.

The newsvendor with a chance of no need: the need is 0 with chance 1 − p, and follows a law (exponential or lognormal)
with chance p. A tonne held costs `carry` h [k€/t/yr], a tonne lacking costs `loss` v [k€/t]; hold until
P(need > q) = h/v. All arguments may be arrays and broadcast; quantities in t, money in k€/yr.

Source: MODEL §7.2, §7.7; verification V01, V25. Mean-CVaR: Rockafellar & Uryasev (2000), doi:10.21314/JOR.2000.038;
newsvendor: Arrow, Harris & Marschak (1951), doi:10.2307/1906813.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ExponentialNeed:
    """Need in a disruption is exponential with this mean [t]; a disruption comes with `probability` [1/yr]."""

    probability: npt.ArrayLike
    mean: npt.ArrayLike

    def exceedance_quantile(self, chance: npt.ArrayLike) -> FloatArray:
        """The need [t] that is exceeded with `chance` [–]; 0 where a disruption is itself less likely than that."""
        p, mean, c = _float(self.probability), _float(self.mean), _float(chance)
        with np.errstate(divide="ignore"):
            return np.asarray(mean * np.maximum(np.log(p / c), 0.0), dtype=np.float64)

    def expected_shortage(self, stock: npt.ArrayLike) -> FloatArray:
        """E[(need − stock)⁺] [t/yr]."""
        mean = _float(self.mean)
        return np.asarray(_float(self.probability) * mean * np.exp(-_float(stock) / mean), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class LognormalNeed:
    """Need in a disruption is lognormal: median [t], `spread` of its log [–]; it comes with `probability` [1/yr]."""

    probability: npt.ArrayLike
    median: npt.ArrayLike
    spread: npt.ArrayLike

    def exceedance_quantile(self, chance: npt.ArrayLike) -> FloatArray:
        """The need [t] that is exceeded with `chance` [–]; 0 where a disruption is itself less likely than that."""
        p, c = _float(self.probability), _float(chance)
        with np.errstate(divide="ignore"):
            tail = np.minimum(c / p, 1.0)
        return np.asarray(_float(self.median) * np.exp(-_float(self.spread) * special.ndtri(tail)), dtype=np.float64)

    def expected_shortage(self, stock: npt.ArrayLike) -> FloatArray:
        """E[(need − stock)⁺] [t/yr]: m·Φ(s − z) − q·Φ(−z) with z = ln(q/median)/s and m the mean."""
        q, s, median = _float(stock), _float(self.spread), _float(self.median)
        with np.errstate(divide="ignore"):
            z = (np.log(q) - np.log(median)) / s
        mean = median * np.exp(0.5 * s * s)
        return np.asarray(_float(self.probability) * (mean * special.ndtr(s - z) - q * special.ndtr(-z)))


Need = ExponentialNeed | LognormalNeed


@dataclass(frozen=True, slots=True, eq=False)
class OneShotStock:
    """The best stock [t] and what it does: cost and expected shortage with it, cost without any [k€/yr, t/yr]."""

    stock: FloatArray
    cost: FloatArray
    expected_shortage: FloatArray
    cost_without: FloatArray

    def avoided_loss(self, loss: npt.ArrayLike) -> FloatArray:
        """Expected loss that the stock avoids [k€/yr], before its own cost."""
        return np.asarray(self.cost_without - _float(loss) * self.expected_shortage, dtype=np.float64)

    def benefit_cost_ratio(self, carry: npt.ArrayLike, loss: npt.ArrayLike) -> FloatArray:
        """Avoided loss per euro of carry [€/€]; NaN where no stock is held."""
        held = _float(carry) * self.stock
        return np.asarray(self.avoided_loss(loss) / np.where(held > 0.0, held, np.nan), dtype=np.float64)


def expected_cost(need: Need, stock: npt.ArrayLike, carry: npt.ArrayLike, loss: npt.ArrayLike) -> FloatArray:
    """What a stock costs per year, its carry and the loss it leaves [k€/yr]: h·q + v·E[(need − q)⁺]."""
    return np.asarray(_float(carry) * _float(stock) + _float(loss) * need.expected_shortage(stock), dtype=np.float64)


def one_shot_stock(need: Need, carry: npt.ArrayLike, loss: npt.ArrayLike) -> OneShotStock:
    """How much to hold [t]: the stock with P(need > q) = carry/loss, or none where that is above the chance of need.

    carry: h [k€/t/yr] and loss: v [k€/t], above 0. For the exponential law q* = μ·ln(pv/h), cost hμ(1 + ln(pv/h)).
    Source: MODEL §7.2; V01-A, V01-B.
    """
    h, v = _above_zero("carry", carry), _above_zero("loss", loss)
    _check_need(need)
    stock = need.exceedance_quantile(h / v)
    none = np.zeros_like(stock)
    return OneShotStock(
        stock, expected_cost(need, stock, h, v), need.expected_shortage(stock), expected_cost(need, none, h, v)
    )


@dataclass(frozen=True, slots=True, eq=False)
class PrivateGap:
    """What a firm holds against what society wants [t], what that costs, and what would close the gap.

    deadweight: extra cost to society of leaving it to the firm [k€/yr]. subsidy: what makes the firm hold the social
    stock [k€/t/yr]. threshold: loss to the firm below which it holds nothing [k€/t].
    """

    social_stock: FloatArray
    private_stock: FloatArray
    obligation_gap: FloatArray
    deadweight: FloatArray
    subsidy: FloatArray
    threshold: FloatArray


def private_gap(
    need: Need,
    carry: npt.ArrayLike,
    social_loss: npt.ArrayLike,
    private_loss: npt.ArrayLike,
    *,
    private_carry: npt.ArrayLike | None = None,
) -> PrivateGap:
    """How far a firm that bears only `private_loss` [k€/t] stays below the social stock, and what closes the gap.

    carry: cost of holding [k€/t/yr]; private_carry: the firm's own, if it differs. subsidy = h_f − h·v_firm/v_social,
    which is h·(1 − v_private/v_social) at equal carry. Source: MODEL §7.7; V01-C.
    """
    h = _above_zero("carry", carry)
    h_firm = h if private_carry is None else _above_zero("private_carry", private_carry)
    v, v_firm = _above_zero("social_loss", social_loss), _above_zero("private_loss", private_loss)
    social = one_shot_stock(need, h, v)
    firm = need.exceedance_quantile(h_firm / v_firm)
    return PrivateGap(
        social.stock,
        firm,
        np.asarray(np.maximum(social.stock - firm, 0.0)),
        np.asarray(expected_cost(need, firm, h, v) - social.cost),
        np.asarray(np.maximum(h_firm - h * v_firm / v, 0.0)),
        np.asarray(h_firm / _float(need.probability), dtype=np.float64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class CrowdingOut:
    """What a public stock leaves of the private one [t]: the firm's stock, the total and what is really added."""

    private_stock: FloatArray
    total: FloatArray
    net_added: FloatArray


def crowding_out(public_stock: npt.ArrayLike, private_stock_alone: npt.ArrayLike) -> CrowdingOut:
    """How much a public stock adds when it is released first at the same trigger: private stock falls tonne for tonne.

    Both in tonnes. Source: MODEL §7.7; V01-E.
    """
    public, alone = _float(public_stock), _float(private_stock_alone)
    firm = np.maximum(alone - public, 0.0)
    total = np.asarray(public + firm, dtype=np.float64)
    return CrowdingOut(np.asarray(firm, dtype=np.float64), total, np.asarray(total - alone, dtype=np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class MeanCvarStock:
    """The stock that is best for a mix of mean and tail [t], its objective and its CVaR [k€/yr]."""

    stock: FloatArray
    objective: FloatArray
    cvar: FloatArray


def cvar_of_cost(
    need: ExponentialNeed, stock: npt.ArrayLike, carry: npt.ArrayLike, loss: npt.ArrayLike, level: npt.ArrayLike
) -> FloatArray:
    """What the worst 1 − level of years cost on average [k€/yr] with this stock: CVaR of h·q + v·(need − q)⁺.

    level: α [–], 0 ≤ α < 1. Closed form for the exponential law. Source: MODEL §7.2; V01-D.
    """
    q, h, v, tail = _float(stock), _float(carry), _float(loss), 1.0 - _level(level)
    quantile = need.exceedance_quantile(tail)
    in_tail = need.expected_shortage(np.maximum(q, quantile)) / tail
    return np.asarray(h * q + v * (in_tail + np.maximum(quantile - q, 0.0)), dtype=np.float64)


def mean_cvar_stock(
    need: ExponentialNeed, carry: npt.ArrayLike, loss: npt.ArrayLike, weight: npt.ArrayLike, level: npt.ArrayLike
) -> MeanCvarStock:
    """How much to hold [t] when (1 − weight)·mean + weight·CVaR_level of the yearly cost counts.

    weight: λ 0…1 [–]; level: α [–], 0 ≤ α < 1. P(need > q) = h/(vk), k = (1 − λ) + λ/(1 − α), if that q is at least
    VaR_α(need); otherwise P(need > q) = (h/v − λ)/(1 − λ). Pure CVaR is the newsvendor with carry (1 − α)h.
    Source: MODEL §7.2; V01-D.
    """
    h, v, lam, alpha = _above_zero("carry", carry), _above_zero("loss", loss), _float(weight), _level(level)
    _check_need(need)
    if not bool(np.all((lam >= 0.0) & (lam <= 1.0))):
        raise InputError("the weight of CVaR is a share", where="weight", mend="give 0 (mean only) to 1 (tail only)")
    beyond = need.exceedance_quantile(h / (v * ((1.0 - lam) + lam / (1.0 - alpha))))
    quantile = need.exceedance_quantile(1.0 - alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.where(lam < 1.0, np.maximum(h / v - lam, 0.0) / (1.0 - lam), 0.0)
    within = np.minimum(need.exceedance_quantile(chance), quantile)
    stock = np.where(beyond >= quantile, beyond, within)
    cvar = cvar_of_cost(need, stock, h, v, alpha)
    return MeanCvarStock(stock, np.asarray((1.0 - lam) * expected_cost(need, stock, h, v) + lam * cvar), cvar)


def value_of_knowing_probability(
    probabilities: npt.ArrayLike, weights: npt.ArrayLike, mean: npt.ArrayLike, carry: npt.ArrayLike, loss: npt.ArrayLike
) -> FloatArray:
    """What it is worth per year [k€/yr] to know the chance of a disruption before choosing the stock: EVPI.

    probabilities: [1/yr], shape (…, n), with weights summing to 1; mean: exponential need [t], shape (…).
    Where a stock is held in every case this is hμ(ln E p − E ln p). Source: MODEL §7.2; V25.
    """
    p, w = _float(probabilities), _float(weights)
    if not bool(np.all(w >= 0.0)) or not np.allclose(w.sum(axis=-1), 1.0, rtol=0.0, atol=1e-9):
        raise InputError(
            "weights must not be negative and must add up to 1", where="weights", mend="divide them by their sum"
        )
    average = np.asarray((p * w).sum(axis=-1), dtype=np.float64)
    mu, h, v = _float(mean), _float(carry), _float(loss)
    blind = one_shot_stock(ExponentialNeed(average, mu), h, v).cost
    informed = one_shot_stock(ExponentialNeed(p, mu[..., None]), h[..., None], v[..., None]).cost
    return np.asarray(blind - (informed * w).sum(axis=-1), dtype=np.float64)


def _float(value: npt.ArrayLike) -> FloatArray:
    return np.asarray(value, dtype=np.float64)


def _above_zero(name: str, value: npt.ArrayLike) -> FloatArray:
    array = _float(value)
    if not bool(np.all(np.isfinite(array) & (array > 0.0))):
        raise InputError(
            f"the {name.replace('_', ' ')} must be finite and above 0", where=name, mend="give a value above 0"
        )
    return array


def _level(level: npt.ArrayLike) -> FloatArray:
    alpha = _float(level)
    if not bool(np.all((alpha >= 0.0) & (alpha < 1.0))):
        raise InputError("the level of CVaR lies from 0 up to 1", where="level", mend="give for instance 0.95")
    return alpha


def _check_need(need: Need) -> None:
    p = _float(need.probability)
    if not bool(np.all((p >= 0.0) & (p <= 1.0))):
        raise InputError("a chance lies from 0 to 1", where="probability", mend="give a chance per year from 0 to 1")
    size = need.mean if isinstance(need, ExponentialNeed) else need.median
    _above_zero("mean" if isinstance(need, ExponentialNeed) else "median", size)
    if isinstance(need, LognormalNeed):
        _above_zero("spread", need.spread)
