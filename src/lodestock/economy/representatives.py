"""A few paths that stand for many: k-medoids, so that each representative is one of the draws and not a mixture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def medoids(features: Floats, count: int, *, rounds: int = 20) -> tuple[Ints, Ints]:
    """Draws that stand for all, and which of them stands for each: members [k ≤ count], cluster of each draw [D].

    features [D, Q] in one unit, so that distances mean something. Starts from the draws at even ranks of their total
    (no chance involved), then alternates: each draw goes to the nearest representative, and the member with the least
    total distance to its cluster becomes the representative (Kaufman and Rousseeuw 1990, doi:10.1002/9780470316801,
    with the alternating steps of Park and Jun 2009, doi:10.1016/j.eswa.2008.01.039). Equal draws share one.
    """
    draws = features.shape[0]
    if draws == 0 or count < 1:
        raise InputError("representatives need at least one draw and one place", where=f"{draws} draws, {count} asked")
    order = np.argsort(features.sum(axis=1), kind="stable")
    ranks = np.unique(np.round((np.arange(count) + 0.5) / count * draws - 0.5).astype(np.int64))
    chosen = _distinct(features, order[ranks])
    cluster = _nearest(features, chosen)
    for _ in range(rounds):
        better = np.array([_centre(features, np.flatnonzero(cluster == k)) for k in range(chosen.size)])
        if np.array_equal(better, chosen):
            break
        chosen = better
        cluster = _nearest(features, chosen)
    return chosen, cluster


def _distinct(features: Floats, chosen: Ints) -> Ints:
    _, first = np.unique(features[chosen], axis=0, return_index=True)
    return np.asarray(chosen[np.sort(first)])


def _nearest(features: Floats, chosen: Ints) -> Ints:
    """The nearest representative of each draw; a representative always stands for itself, so no cluster is empty."""
    distance = np.stack([np.abs(features - features[k]).sum(axis=1) for k in chosen])
    cluster = distance.argmin(axis=0)
    cluster[chosen] = np.arange(chosen.size)
    return np.asarray(cluster, dtype=np.int64)


def _centre(features: Floats, members: Ints) -> int:
    """The member with the least total distance to the others; of large clusters 512 members at even ranks compete."""
    inside = features[members]
    step = max(1, members.size // 512)
    rivals = inside[::step]
    total = np.array([np.abs(inside - rival).sum() for rival in rivals])
    return int(members[::step][int(total.argmin())])
