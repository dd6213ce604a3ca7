"""Composes a safe table of newly affected companies by material, effect and month, with what was told before. Pure.

A company is counted once per material, in the month in which it was first verified, so months add up and a month that
was published never changes. Levels are tried mildest first: months, the period as a whole, bands, nothing. Each is
attacked together with all that was told before, and the first that holds and still says something is taken. Where that
is bands or nothing, the total of a material is told as a number if every company in it consented and the attack holds.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from lodestock_desk.disclosure.bands import band
from lodestock_desk.disclosure.policy import Policy
from lodestock_desk.disclosure.suppress import needed_width, sensitive_counts, withheld
from lodestock_desk.disclosure.system import BoolArray, FloatArray, System, bounds, incidence, too_narrow

Key = tuple[str, str, str]  # material, effect, month


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: material, effect ('' for all), the months it sums, and what is told: a range, or nothing.

    consent: it is told because every company in it agreed.
    """

    material: str
    effect: str
    months: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    consent: bool = False

    def plain(self) -> dict[str, Any]:
        """As it is stored and shown; an open top is null in `high` with `low` given."""
        high = None if self.high is None or math.isinf(self.high) else self.high
        return {
            "material": self.material,
            "effect": self.effect,
            "months": list(self.months),
            "low": self.low,
            "high": high,
            **({"consent": True} if self.consent else {}),
        }

    @staticmethod
    def read(plain: Mapping[str, Any]) -> Cell:
        """From its stored form."""
        low, high = plain["low"], plain["high"]
        if low is not None and high is None:
            high = math.inf
        return Cell(plain["material"], plain["effect"], tuple(plain["months"]), low, high, plain.get("consent", False))


@dataclass(frozen=True, slots=True)
class Composed:
    """A safe table and what the attack found: the narrowest interval of a sensitive cell, and how many were tested."""

    fallback: str
    cells: tuple[Cell, ...]
    tested: int
    narrowest: float


def compose(
    base: Mapping[Key, int],
    months: Sequence[str],
    before: Sequence[Cell],
    policy: Policy,
    consented: Collection[str] = (),
) -> Composed:
    """The mildest table over `months` that is safe together with the cells told `before`.

    consented: materials of which every company counted in these months agreed that their number is told.
    """
    materials = sorted({key[0] for key in base if key[2] in months})
    effects = sorted({key[1] for key in base if key[2] in months})
    full = _layout(materials, effects, [(m,) for m in months] + ([tuple(months)] if len(months) > 1 else []))
    whole = _layout(materials, effects, [tuple(months)])
    totals = [Cell(m, "", tuple(months)) for m in materials]
    for name, layout in (("none", full), ("longer", whole)):
        made = _try_counts(base, layout, before, policy)
        if made is not None:
            return Composed(name, *made)
    made = _try_bands(base, totals, before, policy)
    plain = Composed("bands", *made) if made is not None else Composed("withheld", (), 0, math.inf)
    return _with_consent(base, [c for c in totals if c.material in consented], plain, before, policy)


def _with_consent(
    base: Mapping[Key, int], agreed: Sequence[Cell], plain: Composed, before: Sequence[Cell], policy: Policy
) -> Composed:
    """Each agreed total as a number, one after another, as long as the attack on the whole still holds."""
    found = plain
    for total in agreed:
        value = float(sum(n for key, n in base.items() if key[0] == total.material and key[2] in total.months))
        cell = replace(total, low=value, high=value, consent=True)
        others = [c for c in found.cells if c.material != total.material]
        made = _attacked(base, sorted([*others, cell], key=lambda c: c.material), before, policy)
        if made is not None:
            found = Composed("consent", *made)
    return found


def _layout(materials: Sequence[str], effects: Sequence[str], periods: Sequence[tuple[str, ...]]) -> list[Cell]:
    return [Cell(m, e, p) for m in materials for p in periods for e in (*effects, "")]


def _system(base: Mapping[Key, int], cells: Sequence[Cell]) -> System:
    """The system of these cells over every base cell that any of them sums; unseen combinations are base zeros."""
    materials = sorted({c.material for c in cells})
    months = sorted({m for c in cells for m in c.months})
    effects = sorted({k[1] for k in base} | {c.effect for c in cells if c.effect})
    keys = [(m, e, t) for m in materials for e in effects for t in months]
    place = {key: i for i, key in enumerate(keys)}
    sums = [[place[c.material, e, t] for e in ((c.effect,) if c.effect else effects) for t in c.months] for c in cells]
    return System(incidence(sums, len(keys)), np.array([float(base.get(key, 0)) for key in keys]))


def _told(cells: Sequence[Cell]) -> tuple[FloatArray, FloatArray]:
    low = np.array([-math.inf if c.low is None else c.low for c in cells])
    high = np.array([math.inf if c.high is None else c.high for c in cells])
    return low, high


def _try_counts(
    base: Mapping[Key, int], layout: Sequence[Cell], before: Sequence[Cell], policy: Policy
) -> tuple[tuple[Cell, ...], int, float] | None:
    """Numbers with withheld cells; None if it cannot be made safe or withholds too much."""
    cells = [*layout, *before]
    system = _system(base, cells)
    new = np.arange(len(cells)) < len(layout)
    low, high = _told(cells)
    same = _told_already(layout, before)
    told = (~new & (low == high)) | np.array([*(same[i] for i in range(len(layout))), *([False] * len(before))])
    sensitive = sensitive_counts(system.values, policy) & ~told
    try:
        hidden = withheld(system, sensitive, policy, told=told)
    except ValueError:
        return None
    inner = np.array([bool(c.effect) and v > 0 for c, v in zip(cells, system.values, strict=True)]) & new
    if not inner.any() or hidden[inner].mean() > policy.most_suppressed:
        return None
    agreed = {(c.material, c.effect, c.months) for c in before if c.consent}  # not repeated: it may be taken back
    hidden |= np.array([(c.material, c.effect, c.months) in agreed for c in cells])
    out = tuple(
        Cell(c.material, c.effect, c.months, None if hidden[i] else float(v), None if hidden[i] else float(v))
        for i, (c, v) in enumerate(zip(layout, system.values, strict=False))
    )
    return _attacked(base, out, before, policy)


def _told_already(layout: Sequence[Cell], before: Sequence[Cell]) -> list[bool]:
    known = {(c.material, c.effect, c.months) for c in before if c.low is not None and c.low == c.high}
    return [(c.material, c.effect, c.months) in known for c in layout]


def _try_bands(
    base: Mapping[Key, int], totals: Sequence[Cell], before: Sequence[Cell], policy: Policy
) -> tuple[tuple[Cell, ...], int, float] | None:
    system = _system(base, totals)
    out = tuple(Cell(c.material, "", c.months, *band(v)) for c, v in zip(totals, system.values, strict=True))
    return _attacked(base, out, before, policy) if out else None


def _attacked(
    base: Mapping[Key, int], made: Sequence[Cell], before: Sequence[Cell], policy: Policy
) -> tuple[tuple[Cell, ...], int, float] | None:
    """The table with the attack's findings, or None if any sensitive sum can be pinned down too narrowly.

    Attacked are the sensitive base cells, and every sensitive cell and total of this and earlier tables. A cell within
    one that was told with consent must keep what that number alone leaves it: from zero to the number.
    """
    told = [*made, *before]
    targets = _targets(base, told)
    system = _system(base, [*told, *targets])
    low, high = _told([*told, *targets])
    place = np.arange(len(told), len(told) + len(targets))
    values = system.values
    sensitive: BoolArray = sensitive_counts(values, policy)[place]
    cells = place[sensitive]
    if cells.size == 0:
        return tuple(made), 0, math.inf
    interval = bounds(system, low, high, list(map(int, cells)), most=2.0 * float(values.max()) + 100.0)
    agreed = [i for i, c in enumerate(told) if c.consent]
    if bool(too_narrow(interval, _needed(system, cells, agreed, policy)).any()):
        return None
    return tuple(made), int(cells.size), float((interval[:, 1] - interval[:, 0]).min())


def _needed(system: System, cells: npt.NDArray[np.int64], agreed: Sequence[int], policy: Policy) -> FloatArray:
    """How wide the interval of each of `cells` must stay [k], where the rows `agreed` were told with consent.

    The agreed cell itself needs nothing; one wholly within it no more than its number; every other the whole rule.
    """
    needed = needed_width(system.values[cells], policy)
    sums = system.cells[cells].toarray() > 0
    for row in agreed:
        within = system.cells[[row]].toarray()[0] > 0
        inside = ~(sums & ~within).any(axis=1)
        same = inside & (sums.sum(axis=1) == within.sum())
        needed = np.where(same, 0.0, np.where(inside, np.minimum(needed, system.values[row]), needed))
    return np.asarray(needed)


def _targets(base: Mapping[Key, int], told: Sequence[Cell]) -> list[Cell]:
    """What an attacker may want to know: every base cell, and every cell of the tables, each once."""
    seen: dict[tuple[str, str, tuple[str, ...]], Cell] = {}
    materials, months = {c.material for c in told}, {m for c in told for m in c.months}
    for material, effect, month in base:
        if material in materials and month in months:
            seen.setdefault((material, effect, (month,)), Cell(material, effect, (month,)))
    for c in told:
        seen.setdefault((c.material, c.effect, c.months), Cell(c.material, c.effect, c.months))
    return list(seen.values())
