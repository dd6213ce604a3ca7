"""Whole numbers on the command line: `1.5` is refused, not rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lodestock.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cyclopts import Token


def whole_number(kind: Any, tokens: Sequence[Token]) -> int:
    """The whole number in an option; raises InputError for one with decimals, or no number."""
    text = tokens[0].value.strip()
    try:
        return int(text)
    except ValueError:
        where = tokens[0].keyword or ""
        raise InputError(f"'{text}' is no whole number", where=where, mend="give a whole number, such as 12") from None
