"""One's own dated licence cases: read from a CSV file, checked row by row, turned into ages (MODEL §4.3).

Columns: id, submitted, outcome, decided, decided_from, decided_until, last_seen, fraction, material, end_use,
population. Dates are YYYY-MM-DD. outcome: granted, partly, denied, withdrawn or pending. A decision is given by
`decided`, or by `decided_from` and `decided_until` when only a window is known. Pending and withdrawn cases need
`last_seen` or, for a withdrawn one, `decided`. Rows with impossible dates are refused, all of them at once, by line.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lodestock.disruption.case_table import Row, header_of, read_lines, rows_of
from lodestock.errors import InputError, LodestockError, nearest
from lodestock.vocabulary import material

MONTH_DAYS = 365.25 / 12.0
FloatArray = npt.NDArray[np.float64]

REQUIRED = ("id", "submitted", "outcome")
OPTIONAL = (
    "decided",
    "decided_from",
    "decided_until",
    "last_seen",
    "fraction",
    "material",
    "end_use",
    "population",
)


class Outcome(StrEnum):
    """How an application stands."""

    GRANTED = "granted"
    PARTLY = "partly"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class LicenceCase:
    """One application. earliest, latest: the window of the decision, equal when the day is known.

    For pending and withdrawn cases both are the day on which it was last known to be open.
    fraction [0–1]: granted share of the volume, where there is a grant.
    """

    id: str
    submitted: dt.date
    outcome: Outcome
    earliest: dt.date
    latest: dt.date
    fraction: float | None
    material: str
    end_use: str
    population: str


@dataclass(frozen=True, slots=True, eq=False)
class Ages:
    """Cases as ages in months [n]: low ≤ high bound the age at decision; equal where it is known to the day.

    granted, denied: boolean [n]; the others are open at age `low`. fraction [n]: nan where there is no grant.
    """

    low: FloatArray
    high: FloatArray
    granted: npt.NDArray[np.bool_]
    denied: npt.NDArray[np.bool_]
    fraction: FloatArray


def read_cases(path: str | Path, *, today: dt.date | None = None) -> tuple[LicenceCase, ...]:
    """The licence cases in a CSV file; raises InputError with every faulty line. `today` refuses dates after it."""
    return parse_cases(read_lines(path, "cases"), where=Path(path).name, today=today)


def parse_cases(lines: Sequence[str], *, where: str, today: dt.date | None = None) -> tuple[LicenceCase, ...]:
    """The cases in the lines of a CSV table; see `read_cases`."""
    _check_header(header_of(lines, where), where)
    found: list[LicenceCase] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for row in rows_of(lines, where):
        number = row.line
        try:
            case = _case(row, today)
            if case.id in seen:
                raise InputError(f"id '{case.id}' already stands in line {seen[case.id]}")
        except InputError as fault:
            faults.append(f"line {number}: {fault.what}")
            continue
        seen[case.id] = number
        found.append(case)
    if faults:
        listed = "; ".join(faults[:20]) + (f"; and {len(faults) - 20} more" if len(faults) > 20 else "")
        raise InputError(
            f"{len(faults)} of the cases {'is' if len(faults) == 1 else 'are'} not possible",
            where=where,
            why=listed,
            mend="mend these lines",
        )
    if not found:
        raise InputError("the table holds no cases", where=where, mend="give one row per application")
    return _alike(found)


def same_material(name: str) -> str:
    """A key that names of one material share: `Dy` and `dysprosium`; what the vocabulary does not know, by itself."""
    try:
        return material(name).id
    except LodestockError:
        return name.casefold()


def _alike(cases: Sequence[LicenceCase]) -> tuple[LicenceCase, ...]:
    """The cases with one spelling for what is the same group: that which stands first."""
    ways: dict[tuple[str, str], str] = {}

    def first(column: str, name: str, key: str) -> str:
        return ways.setdefault((column, key), name)

    return tuple(
        replace(
            case,
            material=first("material", case.material, same_material(case.material) if case.material else ""),
            end_use=first("end_use", case.end_use, case.end_use.casefold()),
            population=first("population", case.population, case.population.casefold()),
        )
        for case in cases
    )


def _check_header(header: Sequence[str], where: str) -> None:
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in (*REQUIRED, *OPTIONAL)]
    if missing:
        raise InputError(
            "columns are missing", where=where, why=", ".join(missing), mend="see the columns of a case table"
        )
    if unknown:
        near = nearest(unknown[0], (*REQUIRED, *OPTIONAL))
        offer = f"did you mean {near[0]}?" if near else "leave it out"
        raise InputError(f"unknown column '{unknown[0]}'", where=where, mend=offer)


def _case(row: Row, today: dt.date | None) -> LicenceCase:
    if row.text(""):
        raise InputError(row.text(""))
    if not row.text("id"):
        raise InputError("no id")
    told = row.text("outcome").lower()
    if told not in list(Outcome):
        raise InputError(f"outcome '{row.text('outcome')}' is none of {', '.join(Outcome)}")
    outcome = Outcome(told)
    submitted = row.day("submitted")
    if submitted is None:
        raise InputError("no day of submission")
    earliest, latest = _window(row, outcome)
    if earliest < submitted:
        raise InputError(f"{earliest} lies before the submission on {submitted}")
    if latest < earliest:
        raise InputError(f"the window ends on {latest}, before it begins on {earliest}")
    if today is not None and max(submitted, latest) > today:
        raise InputError(f"{max(submitted, latest)} lies after {today}")
    names = (row.text(name) for name in ("material", "end_use", "population"))
    return LicenceCase(row.text("id"), submitted, outcome, earliest, latest, _fraction(row, outcome), *names)


def _window(row: Row, outcome: Outcome) -> tuple[dt.date, dt.date]:
    decided, last = row.day("decided"), row.day("last_seen")
    start, end = row.day("decided_from"), row.day("decided_until")
    if outcome in (Outcome.PENDING, Outcome.WITHDRAWN):
        day = last if outcome is Outcome.PENDING else decided or last
        if day is None:
            raise InputError(f"a {outcome} case needs last_seen")
        if outcome is Outcome.PENDING and (decided or start or end):
            raise InputError("a pending case has no day of decision")
        return day, day
    if decided is not None:
        if start or end:
            raise InputError("give either decided or a window, not both")
        return decided, decided
    if start is None or end is None:
        raise InputError(f"a {outcome} case needs decided, or decided_from and decided_until")
    return start, end


def _fraction(row: Row, outcome: Outcome) -> float | None:
    if outcome not in (Outcome.GRANTED, Outcome.PARTLY):
        if row.text("fraction"):
            raise InputError(f"a {outcome} case has no granted fraction")
        return None
    if not row.text("fraction"):
        return 1.0 if outcome is Outcome.GRANTED else None
    value = row.number("fraction")
    if not 0 < value <= 1:
        raise InputError(f"fraction {value:g} does not lie above 0 and up to 1")
    return value


def granted_part(cases: Sequence[LicenceCase]) -> tuple[float, float] | None:
    """Mean granted part of the volume of cases with a grant: lowest and highest [–]; None without grants.

    The two differ where a case was granted in part and nobody wrote down how much: it counts as nothing and as all.
    """
    parts = [case.fraction for case in cases if case.outcome in (Outcome.GRANTED, Outcome.PARTLY)]
    if not parts:
        return None
    known = sum(part for part in parts if part is not None)
    return known / len(parts), (known + parts.count(None)) / len(parts)


def ages(cases: Sequence[LicenceCase]) -> Ages:
    """Ages in months of 30.4375 days. A decision on the day of filing counts as half a day, since a law has no mass
    at 0.
    """
    half = 0.5 / MONTH_DAYS
    granted = np.array([case.outcome in (Outcome.GRANTED, Outcome.PARTLY) for case in cases], np.bool_)
    denied = np.array([case.outcome is Outcome.DENIED for case in cases], np.bool_)
    low = np.array([(case.earliest - case.submitted).days / MONTH_DAYS for case in cases])
    high = np.array([(case.latest - case.submitted).days / MONTH_DAYS for case in cases])
    exact = (low == high) & (granted | denied)
    low, high = np.where(exact, np.maximum(low, half), low), np.where(exact, np.maximum(high, half), high)
    fraction = np.array([np.nan if case.fraction is None else case.fraction for case in cases])
    return Ages(low, high, granted, denied, fraction)
