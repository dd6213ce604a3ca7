"""Checks of arguments that several modules of this room share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lodestock.errors import InputError

FloatArray = npt.NDArray[np.float64]


def share(name: str, value: npt.ArrayLike) -> FloatArray:
    """The value as float64 when every element lies from 0 to 1 [–]."""
    array = np.asarray(value, dtype=np.float64)
    if not bool(np.all((array >= 0.0) & (array <= 1.0))):
        raise InputError(
            f"{name} is a share", where=name, why="found a value outside 0…1", mend="give a share from 0 to 1"
        )
    return array


def volume(name: str, value: npt.ArrayLike) -> FloatArray:
    """The value as float64 when every element is finite and 0 or more [t or t/month]."""
    array = np.asarray(value, dtype=np.float64)
    if not bool(np.all(np.isfinite(array) & (array >= 0.0))):
        raise InputError(
            f"{name} holds a value that is negative, infinite or not a number", where=name, mend="give 0 or more"
        )
    return array
