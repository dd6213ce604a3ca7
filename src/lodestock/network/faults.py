"""The named mistakes of a network or a scenario, each an input error that says how to mend it."""

from __future__ import annotations

from lodestock.errors import InputError


class StageCycleError(InputError):
    """Stages feed each other in a circle, or a stage feeds an earlier one."""


class ShutsTooMuchError(InputError):
    """A scenario takes away more than there is."""


class NegativeStockError(InputError):
    """A stock, flow, use or capacity is below zero."""


class UnreachableDemandError(InputError):
    """Use or conversion in a country that no arc and no recycling reaches."""


class UnbalancedError(InputError):
    """Production, trade and use cannot be made to close."""


class MissingFiguresError(InputError):
    """A material whose figures show neither output nor trade: there is nothing to simulate."""
