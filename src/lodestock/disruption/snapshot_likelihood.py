"""How likely published grant shares are, with both age conventions and an effect per reporting population (MODEL §4.3).

Two snapshots cannot tell the never-granted share from slowness: the likelihood is flat along a ridge (V04). Reports of
different populations (an association, a chamber, a ministry) do not share one curve either, so each may sit above or
below it by its own amount on the logit scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from lodestock.disruption.lead_time import weibull
from lodestock.disruption.ridge import AgeConvention, Snapshot, share_granted, snapshot_log_likelihood
from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


def snapshots_log_likelihood(
    snapshots: Sequence[Snapshot],
    never: npt.ArrayLike,
    shape: npt.ArrayLike,
    scale: npt.ArrayLike,
    convention: AgeConvention,
    *,
    spread: float = 0.0,
    nodes: int = 40,
) -> FloatArray:
    """Log-likelihood of counted snapshots, of the shape of the parameters, binomial without its constant.

    never [0–1], shape [–], scale [months]: Weibull cure law; spread [–]: standard deviation of the populations' own
    effects on the logit scale (0: all on one curve), integrated by Gauss–Hermite quadrature with `nodes` points.
    Raises InputError for a snapshot without counts: a bare percentage has no likelihood.
    """
    never_a, shape_a, scale_a = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (never, shape, scale)))
    law = weibull(shape_a, scale_a)
    bare = [snapshot.population for snapshot in snapshots if snapshot.filed is None or snapshot.granted is None]
    if bare:
        raise InputError("a snapshot without counts has no likelihood", where=bare[0], mend="give filed and granted")
    total = np.zeros(never_a.shape)
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    log_weights = np.log(weights / weights.sum())
    for population in dict.fromkeys(snapshot.population for snapshot in snapshots):
        effects = points * spread if spread > 0 else np.zeros(1)
        parts = np.zeros((*never_a.shape, effects.size))
        for item in (s for s in snapshots if s.population == population):
            filed, granted = int(item.filed or 0), int(item.granted or 0)
            share = share_granted(law, never_a, item.months, convention)
            with np.errstate(divide="ignore"):
                moved = special.expit(special.logit(share)[..., None] + effects)
            parts = parts + snapshot_log_likelihood(filed, granted, moved)
        total = total + (special.logsumexp(parts + log_weights, axis=-1) if spread > 0 else parts[..., 0])
    return total
