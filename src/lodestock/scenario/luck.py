"""Chance alone: how far the shortage would still vary if every parameter of the regime were known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lodestock.disruption.lead_time import weibull
from lodestock.disruption.licence import granted_by_month
from lodestock.disruption.lots import GrantedFraction, draw_usable_licences
from lodestock.disruption.tank import tank
from lodestock.scenario.chain import CIVIL, ChainInput, run_chain, segment_flows

FloatArray = npt.NDArray[np.float64]


def central(given: ChainInput) -> ChainInput:
    """The median of each parameter, as one draw; the lead-time law keeps its median shape and median mean."""
    names = [name for name in given.__dataclass_fields__ if name != "law"]
    point = {name: np.array([float(np.median(getattr(given, name)))]) for name in names}
    shape = np.array([float(np.median(given.law.shape))])
    scale = float(np.median(given.law.mean())) / weibull(shape, np.array([1.0])).mean()
    return ChainInput(**point, law=weibull(shape, scale))


def shortage_by_chance(given: ChainInput, lots: int, months: int, draws: int, seed: int) -> FloatArray:
    """Tonnes short over the horizon in `draws` histories that differ by luck only, shape (draws,).

    given: one draw of the parameters. lots: civil applications a month, of equal size; each is decided on its own
    (MODEL §4.2, stochastic version). Defence applications and inspection are few or mechanical and stay as expected.
    """
    expected = run_chain(given, months)
    segments, flow = segment_flows(given)
    need, bought = float(segments[0, CIVIL]), float(flow[0, CIVIL])
    part = float(given.fraction[0])
    # a fraction of part of the lots: Beta with this mean and two pseudo-observations, wide as nothing is published
    fraction = GrantedFraction(2.0 * part, 2.0 * (1.0 - part))
    law = weibull(given.law.shape[0], given.law.scale[0])
    came = draw_usable_licences(
        np.random.default_rng(seed),
        np.full(months, lots),
        bought / lots,
        never_granted=float(given.never_civil[0]),
        fraction=fraction,
        law=law,
        draws=draws,
    )
    start = need * float(given.stock[0])
    lucky = tank(np.full(months, need), need - bought + came, np.full(draws, start)).total()
    smooth = bought * (1.0 - float(given.never_civil[0])) * part * granted_by_month(law, months)
    steady = tank(np.full(months, need), need - bought + smooth, np.array(start)).total()
    return np.asarray(expected.total_short()[0] - steady + lucky, dtype=np.float64)
