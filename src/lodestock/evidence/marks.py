"""How well a value is known: the evidence mark that every parameter and every published number carries."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Mark(StrEnum):
    """From strongest to weakest. A number derived from several values carries the weakest mark among them."""

    SEEN = "seen"  # read in the named source
    COMPUTED = "computed"  # computed from values that were seen
    PRESS = "press"  # reported by the press or a trade site; to be re-sourced
    PRIOR = "prior"  # a judgement or prior, ours or another's


_STRENGTH = {Mark.SEEN: 0, Mark.COMPUTED: 1, Mark.PRESS: 2, Mark.PRIOR: 3}


def weakest(marks: Iterable[Mark]) -> Mark:
    """The weakest of the given marks; an empty collection is an error, because then nothing is known."""
    return max(marks, key=_STRENGTH.__getitem__)
