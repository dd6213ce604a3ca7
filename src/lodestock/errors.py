"""Errors that say what, where, why and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class LodestockError(Exception):
    """Something a user can mend; the command line prints it without a traceback and exits with 2.

    what:  what is wrong, in one sentence.
    where: file, row, column, key or cell.
    why:   the rule that was broken, or what was found instead.
    mend:  what to do about it.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", mend: str = "") -> None:
        self.what, self.where, self.why, self.mend = what, where, why, mend
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        parts += [f"  {name}: {text}" for name, text in self.parts().items() if name != "what" and text]
        return "\n".join(parts)

    def parts(self) -> dict[str, str]:
        """The four parts by name, for `--json`."""
        return {"what": self.what, "where": self.where, "why": self.why, "mend": self.mend}


class InputError(LodestockError):
    """A file, option or scenario that a user gave is not acceptable."""


class DataError(LodestockError):
    """Data in the store or in a table breaks its schema or a balance."""


_LISTED = 12  # so many names are printed whole


class UnknownNameError(LodestockError):
    """A name that is not in the vocabulary; the nearest known names are offered."""

    def __init__(self, kind: str, name: str, known: Iterable[str], *, where: str = "") -> None:
        known = list(known)
        self.nearest = nearest(name, known)
        names = sorted(set(known))
        if self.nearest:
            offer = f"did you mean {' or '.join(self.nearest)}?"
        elif 0 < len(names) <= _LISTED:
            offer = f"known: {', '.join(names)}"
        else:
            offer = f"none of the {len(names)} known {kind} names is near"
        super().__init__(f"unknown {kind} '{name}'", where=where, mend=offer)


class SolverError(LodestockError):
    """A solver stopped without proving its answer; the bound it had is in `why`."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names closest to `name` in spelling, best first; upper and lower case count as the same."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), candidate)
    found = difflib.get_close_matches(name.casefold(), by_fold, n=most, cutoff=0.55)
    return [by_fold[fold] for fold in found]
