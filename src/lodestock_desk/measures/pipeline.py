"""The benchmarks of article 5 for one material, and what the projects that a reader may see would do to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lodestock.criticality.benchmarks_crma import TARGETS, crma_gauges
from lodestock.evidence.store import Store
from lodestock.measures.crma_pipeline import PipelineProject, StageEffect, pipeline_effect
from lodestock_desk.processing.models import Project

LARGEST = "largest third country"


@dataclass(frozen=True, slots=True)
class Gauge:
    """One gauge of today: share of consumption 0–1 (None: not known), its benchmark, and whether it is met."""

    value: float | None
    high: float | None
    target: float
    met: bool | None
    country: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A project with the tonnes a year to be expected of it by the year asked: chance × capacity, 0 if it starts later.

    tonnes is None where chance, capacity or start is not known; then it is not counted.
    """

    project: Project
    tonnes: float | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage: its gauges of today, its projects, and their effect; None while consumption or projects are missing."""

    stage: str
    own: Gauge
    largest: Gauge | None
    projects: tuple[Expected, ...]
    effect: StageEffect | None


def gauges(store: Store, material: str, on: date) -> dict[str, tuple[Gauge, Gauge | None]]:
    """The gauges of a strategic material by stage; empty for a material that is not on the list."""
    rows = [row for row in crma_gauges(store, on=on).to_dicts() if row["material"] == material]
    found: dict[str, dict[bool, Gauge]] = {}
    for row in rows:
        gauge = Gauge(row["value"], row["value_high"], row["target"], row["met"], row["largest"] or "")
        found.setdefault(row["stage"], {})[row["gauge"] == LARGEST] = gauge
    return {stage: (found[stage][False], found[stage].get(True)) for stage in TARGETS if stage in found}


def _known(project: Project) -> PipelineProject | None:
    """The project as the library takes it; None where its chance, capacity or start is not known."""
    if project.chance is None or project.capacity_t is None or project.start_year is None:
        return None
    year, tonnes = float(project.start_year), float(project.capacity_t)
    source = project.chance_source or project.capacity_source or str(project.pk)
    return PipelineProject(str(project.pk), project.chance / 100, (year, year, year), (tonnes, tonnes, tonnes), source)


def stages(
    store: Store, material: str, projects: Iterable[Project], *, year: int, consumption_t: float | None, on: date
) -> list[Stage]:
    """Each stage of a material with what its projects would do by a year.

    consumption_t: of the Union in that year [t]; without it the effect on a share is not known.
    """
    ours = [p for p in projects if p.material == material]
    out = []
    for stage, (own, largest) in gauges(store, material, on).items():
        here = [(p, _known(p)) for p in ours if p.stage == stage]
        known = [item for _p, item in here if item is not None]
        effect = None
        if consumption_t and known:
            effect = pipeline_effect(
                known, stage=stage, year=year, consumption=consumption_t, own_now=own.value,
                largest_now=largest.value if largest else None,
            )  # fmt: skip
        shares = dict(effect.by_project) if effect else {}
        expected = tuple(
            Expected(p, None if item is None else _tonnes(item, year), shares.get(str(p.pk))) for p, item in here
        )
        out.append(Stage(stage, own, largest, expected, effect))
    return out


def _tonnes(item: PipelineProject, year: int) -> float:
    return item.probability * item.capacity[1] if item.year[1] <= year else 0.0
