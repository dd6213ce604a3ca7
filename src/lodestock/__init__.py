"""Lodestock: supply security of critical raw materials, from a trade row to a sentence that can be signed."""

__version__ = "0.1.0"
