"""Appearance forms of a stock and what each can do in a disruption (MODEL §7.4, case V22).

Appearance form (verschijningsvorm: ore, oxide, …) is not form of ownership (eigendomsvorm: public, private); the
latter is in `holders`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lodestock.errors import InputError, UnknownNameError

Array = NDArray[np.float64]


class Form(StrEnum):
    """The form in which a material lies in store, in the order of processing."""

    ORE = "ore"
    OXIDE = "oxide"
    METAL = "metal"
    ALLOY = "alloy"
    MAGNET = "magnet"


CHAIN = tuple(Form)
EVERYWHERE = "all"  # a disruption that hits every form at once


def form_of(name: str) -> Form:
    """The form of that name; UnknownNameError with the nearest names otherwise."""
    try:
        return Form(name)
    except ValueError:
        raise UnknownNameError("form", name, [form.value for form in Form]) from None


@dataclass(frozen=True, slots=True)
class Disruption:
    """One scenario of one material: yearly chance, stage that is hit (a form, or `all`), gap at the end of the chain
    [t], and for each conversion the capacity that stands idle through it [t]: step → tonnes."""

    chance: float
    stage: str
    gap: float
    idle: dict[Form, float]


def coverage(stored: Sequence[Form], stage: str) -> Array:
    """Which stored forms help when a stage is hit: (i,) of 0 and 1.

    A stored form helps against a disruption of its own stage and of those before it; when every stage is hit, all
    forms help, as far as conversion below them allows.
    """
    if stage == EVERYWHERE:
        return np.ones(len(stored))
    hit = CHAIN.index(form_of(stage))
    return np.array([1.0 if CHAIN.index(form) >= hit else 0.0 for form in stored])


def route(stored: Sequence[Form], steps: Sequence[Form]) -> NDArray[np.bool_]:
    """Which conversion steps a stored form must pass to reach the end of the chain: (i, j). A step is named after
    what it makes."""
    return np.array([[CHAIN.index(step) > CHAIN.index(form) for step in steps] for form in stored], dtype=bool).reshape(
        len(stored), len(steps)
    )


def idle_capacity(scenarios: Sequence[Disruption], steps: Sequence[Form]) -> Array:
    """Idle conversion capacity per step and scenario: (j, k) [t]; a step that a scenario does not name is an error,
    because missing capacity is not zero capacity."""
    missing = [(k, step) for k, scenario in enumerate(scenarios) for step in steps if step not in scenario.idle]
    if missing:
        raise InputError(
            "a conversion capacity is missing",
            where=f"scenario {missing[0][0]}, step '{missing[0][1]}'",
            mend="state the idle tonnes, 0 when there is no converter",
        )
    return np.array([[scenario.idle[step] for scenario in scenarios] for step in steps]).reshape(
        len(steps), len(scenarios)
    )
