"""The licence regime of a scenario: published grant shares, the ridge they leave, and draws along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special

from lodestock.disruption.lead_time import Weibull, weibull
from lodestock.disruption.ridge import (
    AgeConvention,
    RidgeDraws,
    Snapshot,
    draw_ridge,
    mix_populations,
    ridge_scale,
    share_granted,
)
from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.evidence.store import Store
from lodestock.scenario.sampling import sobol
from lodestock.scenario.schema import EvidenceBlock, LicenceBlock, Scenario
from lodestock.scenario.summary import Variant
from lodestock.scenario.words import POPULATIONS

FloatArray = npt.NDArray[np.float64]
DAYS_PER_MONTH = 365.25 / 12
OBSERVED = "observed-cases"
OBSERVED_LABEL = Text("eigen, aanvaarde waarneming", "own, accepted observation")
REFERENCE: Variant = (AgeConvention.CONSTANT_INFLOW.value, "all")


@dataclass(frozen=True, slots=True)
class Published:
    """A published grant share as the ridge reads it; `statistic` is its id in the table licence_statistic."""

    statistic: str
    label: Text
    snapshot: Snapshot
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RegimeDraws:
    """Licence parameters of one variant, arrays of shape (draws,)."""

    never_granted: FloatArray
    law: Weibull


def published_shares(store: Store, wanted: Sequence[str], starts: date) -> tuple[Published, ...]:
    """The published grant shares with these ids, dated in months since the start of the regime.

    A date known to the month counts as its middle. Raises UnknownNameError with the nearest ids, and DataError where a
    row has no share that can be read.
    """
    table = store.table("licence_statistic").collect()
    known = table["statistic_id"].to_list()
    out = []
    for key in wanted:
        if key not in known:
            raise UnknownNameError("licence statistic", key, known, where="licence.populations")
        row = table.row(known.index(key), named=True)
        low, high = row["share_low"], row["share_high"]
        if low is None or high is None:
            raise DataError(f"licence statistic '{key}' has no share that can be read", where=str(row["locator"]))
        months = (_middle(row["date"], row["date_precision"]) - starts).days / DAYS_PER_MONTH
        if months <= 0:
            raise InputError(
                f"licence statistic '{key}' is dated {row['date']}, before the regime starts",
                where="licence.populations",
                why=f"the scenario starts on {starts}",
                mend="leave it out and give lead times under `evidence`, or let the scenario start earlier",
            )
        # counts are used only where granted and filed are both numbers; "just over half of 2,000" is not a count
        counted = row["granted"] is not None and row["filed"] is not None
        snapshot = Snapshot(
            population=key,
            months=months,
            share=row["granted"] / row["filed"] if counted else (low + high) / 2,
            half_width=0.0 if counted else (high - low) / 2,
            filed=row["filed"] if counted else None,
            granted=row["granted"] if counted else None,
        )
        label = next((text for part, text in POPULATIONS.items() if part in key), Text(key, key))
        lowest, highest = snapshot.share_range()
        out.append(Published(key, label, snapshot, lowest, highest))
    return tuple(out)


def _middle(text: str, precision: str) -> date:
    if precision == "day":
        return date.fromisoformat(text)
    if precision == "month":
        return date.fromisoformat(f"{text[:7]}-16")
    return date.fromisoformat(f"{text[:4]}-07-01")


def ridges(
    published: Sequence[Published], block: LicenceBlock, draws: int, seed: int
) -> dict[AgeConvention, tuple[RidgeDraws, ...]]:
    """Draws along the ridge of each published share, under both age conventions, from the same Sobol points."""
    prior = (block.never_granted_civil.a, block.never_granted_civil.b)
    shape = (block.lead_time_shape.low, block.lead_time_shape.high)
    points = sobol(4 * draws, 3 * len(published), seed)  # some points do not fit a high share; enough must be left
    snapshots = [item.snapshot for item in published]
    return {
        convention: draw_ridge(points, snapshots, convention, prior_never_granted=prior, prior_shape=shape)
        for convention in AgeConvention
    }


def observed_share(evidence: Sequence[EvidenceBlock]) -> tuple[Published, ...]:
    """Accepted months until half is granted as one more population where the file says `use: population`, else none."""
    return tuple(
        Published(OBSERVED, OBSERVED_LABEL, Snapshot(OBSERVED, item.months().value, 0.5), 0.5, 0.5)
        for item in evidence
        if item.use == "population"
    )


def with_observed(
    found: dict[AgeConvention, tuple[RidgeDraws, ...]], scenario: Scenario, draws: int
) -> dict[AgeConvention, tuple[RidgeDraws, ...]]:
    """The ridges with that of the accepted observation beside them, where the scenario says so; else as they were.

    Half of all applications is granted after m months, the accepted value: (1 − π)·F(m) = ½. The range of the evidence
    is that of cases, some quick and some slow, not doubt about their middle; the shape carries it already, so m is not
    drawn from it. The cases are dated, so both age conventions read them alike. π above ½ cannot be, and is left out.
    """
    shown = observed_share(scenario.evidence)
    if not shown:
        return found
    block, points = scenario.licence, sobol(4 * draws, 2, scenario.ensemble.seed + 900)
    never = special.betaincinv(block.never_granted_civil.a, block.never_granted_civil.b, points[:, 0])
    low, high = block.lead_time_shape.low, block.lead_time_shape.high
    shape = low + (high - low) * points[:, 1]
    scale = ridge_scale(0.5, np.full(never.size, shown[0].snapshot.months), never, shape, AgeConvention.ONE_AGE)
    keep = np.flatnonzero(np.isfinite(scale))
    half = np.full(keep.size, 0.5)
    return {
        convention: (
            *sets,
            RidgeDraws(
                shown[0].snapshot, convention, never[keep], shape[keep], scale[keep], half, keep.size / never.size, keep
            ),
        )
        for convention, sets in found.items()
    }


def variants(found: dict[AgeConvention, tuple[RidgeDraws, ...]], draws: int) -> dict[Variant, RegimeDraws]:
    """Licence draws by variant: each convention with every population, and with all populations equally often."""
    out: dict[Variant, RegimeDraws] = {}
    for convention, sets in found.items():
        for ridge in sets:
            if ridge.scale.size < draws:
                raise InputError(
                    f"too few draws fit the published share of '{ridge.snapshot.population}'",
                    where="licence.never_granted_civil",
                    why=f"{ridge.accepted:.0%} of the prior allows a granted share of {ridge.snapshot.share:.2g}",
                    mend="give a prior with a lower never-granted share, or leave the population out",
                )
        mixed = mix_populations(sets, draws)
        out[(convention.value, "all")] = RegimeDraws(mixed.never_granted, mixed.law())
        for ridge in sets:
            chosen = slice(0, draws)
            law = weibull(ridge.shape[chosen], ridge.scale[chosen])
            out[(convention.value, ridge.snapshot.population)] = RegimeDraws(ridge.never_granted[chosen], law)
    return out


def curve_table(found: dict[AgeConvention, tuple[RidgeDraws, ...]], months: int = 18) -> pl.DataFrame:
    """Share granted by month since the start, per convention and population: 5 %, median and 95 % of the draws."""
    rows = []
    at = np.arange(1.0, months + 1.0)
    for convention, sets in found.items():
        for ridge in sets:
            share = share_granted(ridge.law(), ridge.never_granted, at, convention)
            low, median, high = np.quantile(share, (0.05, 0.5, 0.95), axis=0)
            rows.append(
                pl.DataFrame(
                    {
                        "convention": [convention.value] * (months + 1),
                        "population": [ridge.snapshot.population] * (months + 1),
                        "month": np.concatenate([[0.0], at]),
                        "share_low": np.concatenate([[0.0], low]),
                        "share_median": np.concatenate([[0.0], median]),
                        "share_high": np.concatenate([[0.0], high]),
                    }
                )
            )
    return pl.concat(rows)


def observation_table(published: Sequence[Published]) -> pl.DataFrame:
    """The published shares as the figure shows them."""
    return pl.DataFrame(
        {
            "population": [item.snapshot.population for item in published],
            "label_nl": [item.label.nl for item in published],
            "label_en": [item.label.en for item in published],
            "month": [item.snapshot.months for item in published],
            "share_low": [item.low for item in published],
            "share": [item.snapshot.share for item in published],
            "share_high": [item.high for item in published],
        }
    )


def ridge_table(found: dict[AgeConvention, tuple[RidgeDraws, ...]], shape: float, steps: int = 40) -> pl.DataFrame:
    """The ridge itself: for each never-granted share the mean lead time that gives the published share, one shape."""
    rows = []
    for convention, sets in found.items():
        for ridge in sets:
            snapshot = ridge.snapshot
            never = np.linspace(0.0, min(0.85, 0.98 - snapshot.share), steps)
            scale = ridge_scale(snapshot.share, snapshot.months, never, shape, convention)
            mean = weibull(np.full(steps, shape), scale).mean()
            rows.append(
                pl.DataFrame(
                    {
                        "convention": [convention.value] * steps,
                        "population": [snapshot.population] * steps,
                        "never_granted": never,
                        "mean_lead_months": mean,
                    }
                )
            )
    return pl.concat(rows)
