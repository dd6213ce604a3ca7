"""What projects in the pipeline would do to the benchmarks 10/40/25/65 of the raw-materials act, with uncertainty.

A project succeeds or not (its probability), from a year that is uncertain, with a capacity that is uncertain. The gauge
of today comes from `criticality.benchmarks_crma` and is a stand-in for capacity, not capacity itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lodestock.criticality.benchmarks_crma import LARGEST, TARGETS
from lodestock.errors import InputError

Array = NDArray[np.float64]
DRAWS = 8192


@dataclass(frozen=True, slots=True)
class PipelineProject:
    """A project of the pipeline for one material and stage. probability: chance that it is built [0–1]; year: low,
    mode, high of the first whole year of production; capacity: low, mode, high [t/yr of the material]."""

    id: str
    probability: float
    year: tuple[float, float, float]
    capacity: tuple[float, float, float]
    source: str

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise InputError("a project without a source", where=self.id, mend="name where the figures come from")
        if not 0.0 <= self.probability <= 1.0:
            raise InputError("a probability lies from 0 to 1", where=self.id, why=str(self.probability))
        for name, (low, mode, high) in (("year", self.year), ("capacity", self.capacity)):
            if not 0.0 <= low <= mode <= high < float("inf"):
                raise InputError(f"the {name} needs low ≤ mode ≤ high", where=self.id, why=f"{low}, {mode}, {high}")


@dataclass(frozen=True, slots=True)
class Spread:
    """5th, 50th and 95th percentile and mean."""

    low: float
    median: float
    high: float
    mean: float


@dataclass(frozen=True, slots=True)
class StageEffect:
    """What the pipeline does to one material and stage in a year. added: share of consumption made by the projects;
    by_project: expected share of each, summing to the mean of `added`; own: share made in the Union, None when the
    gauge of today is not known; chance: that the benchmark is met then; largest: lowest and highest share of the
    largest third country (what the new tonnes displace is not known), None when not known; largest_chance: that it is
    at most 65 %, under the one and the other."""

    year: int
    added: Spread
    by_project: tuple[tuple[str, float], ...]
    own: Spread | None
    chance: float | None
    largest: tuple[Spread, Spread] | None
    largest_chance: tuple[float, float] | None


def pipeline_effect(
    projects: Sequence[PipelineProject],
    *,
    stage: str,
    year: int,
    consumption: float,
    own_now: float | None,
    largest_now: float | None,
    draws: int = DRAWS,
    seed: int = 0,
) -> StageEffect:
    """The effect of the projects of one material and stage on its benchmarks in a year.

    consumption: of the Union in that year [t/yr]; own_now, largest_now: shares of consumption today 0–1, None when not
    known. Each project has its own random numbers, so that adding one does not change what the others do. Raises
    InputError for a stage without a benchmark, a consumption that is not positive, or the same project twice.
    """
    if stage not in TARGETS:
        raise InputError("the act has no benchmark for this stage", why=stage, mend=f"one of {', '.join(TARGETS)}")
    if not 0.0 < consumption < float("inf"):
        raise InputError("the consumption must be above 0", why=str(consumption), mend="give tonnes a year")
    if len({project.id for project in projects}) != len(projects):
        raise InputError("a project stands twice", mend="give each project once per material and stage")
    for name, share in (("own", own_now), ("largest", largest_now)):
        if share is not None and not 0.0 <= share <= 1.0:
            raise InputError(f"the share {name} lies from 0 to 1", why=str(share))
    made = np.array([_made(project, year, draws, seed) for project in projects]).reshape(len(projects), draws)
    added = made.sum(axis=0) / consumption
    by_project = tuple((item.id, float(row.mean() / consumption)) for item, row in zip(projects, made, strict=True))
    own = None if own_now is None else own_now + added
    largest = None if own_now is None or largest_now is None else displaced(own_now, largest_now, added)
    return StageEffect(
        year,
        _spread(added),
        by_project,
        None if own is None else _spread(own),
        None if own is None else float((own >= TARGETS[stage]).mean()),
        None if largest is None else (_spread(largest[0]), _spread(largest[1])),
        None if largest is None else (float((largest[0] <= LARGEST).mean()), float((largest[1] <= LARGEST).mean())),
    )


def displaced(own: float, largest: float, added: Array) -> tuple[Array, Array]:
    """The lowest and highest share of the largest third country when the Union makes `added` more of its consumption.

    Shares of consumption 0–1. Lowest: the new tonnes take its place first; highest: they take the others' place first,
    and no import can be more than what is still imported.
    """
    imported = np.maximum(1.0 - own - added, 0.0)
    return np.maximum(np.minimum(largest - added, imported), 0.0), np.minimum(largest, imported)


def _made(project: PipelineProject, year: int, draws: int, seed: int) -> Array:
    """Tonnes made in the year, one per draw."""
    rng = np.random.default_rng([seed, zlib.crc32(project.id.encode())])
    built = rng.random(draws) < project.probability
    low, mode, high = project.year
    first = _triangular(rng.random(draws), low, mode + 0.5, high + 1.0)  # a year is the interval up to the next one
    capacity = _triangular(rng.random(draws), *project.capacity)
    return np.asarray(np.where(built & (np.floor(first) <= year), capacity, 0.0))


def _triangular(chance: Array, low: float, mode: float, high: float) -> Array:
    width = high - low
    if width == 0.0:
        return np.full_like(chance, low)
    rising = low + np.sqrt(chance * width * (mode - low))
    falling = high - np.sqrt((1.0 - chance) * width * (high - mode))
    return np.asarray(np.where(chance < (mode - low) / width, rising, falling))


def _spread(values: Array) -> Spread:
    low, median, high = np.percentile(values, [5.0, 50.0, 95.0])
    return Spread(float(low), float(median), float(high), float(values.mean()))
