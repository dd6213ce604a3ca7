"""Several scenarios at once: what their shortages stop together, between the largest and the sum (MODEL §6.1).

Two materials can stop the same machine, or two machines side by side; nobody counts which. So the loss is bounded: at
least the largest of the two in each industry and month, at most their sum. In between stands the rule of the model:
product families with the same name are the same products, other families of different tables overlap by chance.
Draw k of one scenario goes with draw k of the other: scenarios with one seed share their luck and their licence office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock.economy.allocation import overlap_bounds
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.library import Held
from lodestock.economy.methods import METHODS
from lodestock.economy.propagation import Model, Settings, follow
from lodestock.economy.representatives import medoids
from lodestock.economy.value_added import euros_per_unit
from lodestock.errors import InputError
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.scenario.baseline import prefix
from lodestock.scenario.impact import ALL_MODELS, ImpactRun, after_recapture, by_sector, draws_of, usable_models
from lodestock.scenario.impact_paths import MONTHS, Paths
from lodestock.scenario.impact_tables import industry_name
from lodestock.scenario.impact_words import MODELS, OVERLAPS
from lodestock.scenario.schema import Scenario

FloatArray = npt.NDArray[np.float64]


class Overlap(StrEnum):
    """Whether the materials stop the same products: all the same, by family, or all different."""

    SAME = "same"
    BY_FAMILY = "by-family"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Case:
    """One way to look at the shortages, a scenario alone or an overlap; value added of the country [MEUR].

    direct [D]: lost if nothing spread; lost, net: by model, by draw and industry of the country [D, S], before and
    after recapture.
    """

    direct: FloatArray
    lost: Mapping[Model, FloatArray]
    net: Mapping[Model, FloatArray]


@dataclass(frozen=True, slots=True)
class Together:
    """Several scenarios in one country. cases: a scenario's id or an Overlap → what it costs from `starts`, over
    `months`: from the first start to the earliest end. sectors [S]: the country's industries."""

    runs: tuple[ImpactRun, ...]
    held: Held
    table: InputOutputTable
    region: str
    starts: date
    months: int
    sectors: tuple[str, ...]
    cases: Mapping[str, Case]
    models: tuple[Model, ...]
    left_out: Mapping[Model, str]


def together(
    runs: Sequence[ImpactRun], *, models: Sequence[Model] = ALL_MODELS, most_paths: int = 12,
    settings: Settings | None = None,
) -> Together:  # fmt: skip
    """Follow the shortages of several runs through one economy, each alone and together, over the same months.

    runs: made with `run_impact(…, models=())` on one table for one country. Raises InputError where two scenarios are
    the same, have different numbers of draws, or share no month.
    """
    first = runs[0]
    starts, months = _window(runs)
    industries = np.array(sorted({int(k) for run in runs for k in run.paths.industries}), dtype=np.int64)
    each = np.stack([_on(run.paths, run, starts, months, industries) for run in runs], axis=-1)
    bounds = overlap_bounds(each)
    middle = np.clip(_by_family(runs, starts, months, industries), bounds.same_products, bounds.disjoint)
    losses: dict[str, FloatArray] = {run.run.scenario.id: each[..., k] for k, run in enumerate(runs)}
    losses |= {
        Overlap.SAME: bounds.same_products, Overlap.BY_FAMILY: np.asarray(middle), Overlap.APART: bounds.disjoint
    }  # fmt: skip
    given, usable, left_out = usable_models(first.table, first.region, models, settings or Settings())
    value = first.table.value_added[industries] * euros_per_unit(first.table)
    chosen, cluster = medoids((middle * value).reshape(middle.shape[0], -1), most_paths)
    carried = _carried(first.table, first.region, losses, industries, value, chosen, cluster, usable, given)
    cases = {
        name: Case(
            (loss.sum(axis=1) * value / MONTHS).sum(axis=1),
            {model: lost[name] for model, lost in carried.items()},
            {model: after_recapture(lost[name], first.recaptured) for model, lost in carried.items()},
        )
        for name, loss in losses.items()
    }
    return Together(
        tuple(runs), first.held, first.table, first.region, starts, months, first.sectors, cases, usable, left_out
    )


def require_different(ids: Sequence[str]) -> None:
    """Refuse one scenario, and a scenario that is given twice."""
    twice = next((name for k, name in enumerate(ids) if name in ids[:k]), None)
    if len(ids) < 2 or twice is not None:
        raise InputError(
            f"scenario '{twice}' is given twice" if twice else "one scenario is not several",
            why="the same tonnes would be lost twice", mend="give two or more different scenarios",
        )  # fmt: skip


def require_other_products(scenarios: Sequence[Scenario]) -> None:
    """Refuse scenarios that follow the same product: its tonnes would be lost twice, and no sum would bound them."""
    follows: dict[str, str] = {}
    for scenario in scenarios:
        for code in scenario.product.codes:
            if code in follows:
                raise InputError(
                    f"'{follows[code]}' and '{scenario.id}' follow the same product", where=f"product code {code}",
                    why="the same tonnes would be lost twice",
                    mend="give scenarios of different products, or one scenario with both measures",
                )  # fmt: skip
            follows[code] = scenario.id


def _window(runs: Sequence[ImpactRun]) -> tuple[date, int]:
    """The first month and the number of months that every scenario reaches; before its start a scenario lacks
    nothing."""
    require_different([run.run.scenario.id for run in runs])
    draws = {run.run.scenario.id: run.run.scenario.ensemble.draws for run in runs}
    if len(set(draws.values())) > 1:
        raise InputError(
            "the scenarios have different numbers of draws", where=", ".join(f"{k}: {v}" for k, v in draws.items()),
            mend="give them the same ensemble.draws",
        )  # fmt: skip
    begin, end = min(_month(run) for run in runs), min(_month(run) + _length(run) for run in runs)
    late = next((run.run.scenario.id for run in runs if _month(run) >= end), None)
    if late is not None:
        raise InputError(
            f"scenario '{late}' starts after another has ended", where="starts, horizon_months",
            why="what they stop together is known only for months that all of them reach",
            mend="give the earlier one a longer horizon_months",
        )  # fmt: skip
    return date(begin // 12, begin % 12 + 1, 1), end - begin


def _month(run: ImpactRun) -> int:
    return run.run.scenario.starts.year * 12 + run.run.scenario.starts.month - 1


def _length(run: ImpactRun) -> int:
    return run.run.scenario.horizon_months


def _on(made: Paths, run: ImpactRun, starts: date, months: int, industries: npt.NDArray[np.int64]) -> FloatArray:
    """A run's losses [D, months, M] on the months and industries of all."""
    return _placed(made.loss(), run, starts, months, industries)


def _placed(
    loss: FloatArray, run: ImpactRun, starts: date, months: int, industries: npt.NDArray[np.int64]
) -> FloatArray:
    begin = _month(run) - (starts.year * 12 + starts.month - 1)
    out = np.zeros((loss.shape[0], months, industries.size))
    at = np.searchsorted(industries, run.paths.industries)
    out[:, begin:, at] = loss[:, : months - begin]
    return out


def _by_family(runs: Sequence[ImpactRun], starts: date, months: int, industries: npt.NDArray[np.int64]) -> FloatArray:
    """The rule of the model [D, months, M]: the largest inside a family of one name, independent across tables."""
    names = [{(family.id, family.sector) for family in run.paths.families if family.sector} for run in runs]
    common = {key for k, own in enumerate(names) for key in own if any(key in other for other in names[:k])}
    largest: dict[tuple[str, str], FloatArray] = {}
    kept = np.ones((runs[0].paths.short.shape[0], months, industries.size))
    for run in runs:
        made, rest = run.paths, np.zeros((*run.paths.short.shape, run.paths.industries.size))
        for k, family in enumerate(made.families):
            loss = (made.short * made.stopped[:, k, None])[:, :, None] * made.split[k]
            key = (family.id, family.sector)
            if key in common:
                placed = _placed(loss, run, starts, months, industries)
                largest[key] = np.maximum(largest[key], placed) if key in largest else placed
            else:
                rest += loss
        kept *= 1.0 - _placed(np.minimum(rest, 1.0), run, starts, months, industries)
    return np.asarray(np.minimum(sum(largest.values(), np.zeros_like(kept)) + 1.0 - kept, 1.0))


def _carried(
    table: InputOutputTable, region: str, losses: Mapping[str, FloatArray], industries: npt.NDArray[np.int64],
    value: FloatArray, chosen: npt.NDArray[np.int64], cluster: npt.NDArray[np.int64], models: Sequence[Model],
    settings: Settings,
) -> dict[Model, dict[str, FloatArray]]:  # fmt: skip
    """All cases through each model on the representatives, carried to the draws they stand for [D, S]."""
    shape = (chosen.size, next(iter(losses.values())).shape[1], len(table.industries))
    ceiling = np.ones((len(losses), *shape))
    for k, loss in enumerate(losses.values()):
        ceiling[k][:, :, industries] -= loss[chosen]
    here = np.array([item.region == region for item in table.industries])
    rate, out = euros_per_unit(table), {}
    for model, (lost, _) in follow(table, ceiling.reshape(-1, *shape[1:]), models, settings).items():
        own = (lost[:, :, here] * rate).sum(axis=1).reshape(len(losses), chosen.size, -1)
        out[model] = {
            name: draws_of(own[k], by_sector(loss.sum(axis=1) * value / MONTHS, industries, here), chosen, cluster)
            for k, (name, loss) in enumerate(losses.items())
        }
    return out


def record_together(found: Together) -> tuple[Ledger, str]:
    """A ledger of the bounded totals; the bracket of each runs from same to different products. Also their start."""
    ledger, start, vintage = Ledger(), f"together.{prefix(found.region)}", found.table.vintage
    for run in found.runs:
        scenario = run.run.scenario
        values = found.cases[scenario.id].direct
        ledger.parameter(
            f"{start}.alone.{scenario.id}",
            Text(f"direct verlies van {scenario.title.nl} alleen, {vintage.nl}",
                 f"direct loss of {scenario.title.en} alone, {vintage.en}"),
            float(np.median(values)), "MEUR", mark=Mark.PRIOR,
            source=f"scenario {scenario.id}, sha256 {run.run.info.scenario_sha256}; its own lineage: "
            f"lodestock impact {scenario.id} --out FOLDER",
            low=float(np.quantile(values, 0.05)), high=float(np.quantile(values, 0.95)), note=vintage.en,
        )  # fmt: skip
    alone = [f"{start}.alone.{run.run.scenario.id}" for run in found.runs]
    direct = {name: case.direct for name, case in found.cases.items()}
    _bounded(ledger, found, f"{start}.direct", Text("direct verlies samen", "direct loss together"), alone, direct)
    for model in found.models:
        name = MODELS[model]
        label = Text(f"verlies samen, {name.nl}", f"loss together, {name.en}")
        lost = {key: case.lost[model].sum(axis=1) for key, case in found.cases.items()}
        _bounded(ledger, found, f"{start}.lost.{model}", label, [f"{start}.direct"], lost)
        label = Text(f"verlies samen na inhalen, {name.nl}", f"loss together after recapture, {name.en}")
        net = {key: case.net[model].sum(axis=1) for key, case in found.cases.items()}
        _bounded(ledger, found, f"{start}.net.{model}", label, [f"{start}.lost.{model}"], net)
    return ledger, start


def _bounded(
    ledger: Ledger, found: Together, key: str, label: Text, inputs: Sequence[str], values: Mapping[str, FloatArray]
) -> None:
    vintage = found.table.vintage
    least, most = (float(np.median(values[name])) for name in (Overlap.SAME, Overlap.APART))
    low, middle, high = (float(v) for v in np.quantile(values[Overlap.BY_FAMILY], (0.05, 0.5, 0.95)))
    ledger.computed(
        key, Text(f"{label.nl}, {vintage.nl}", f"{label.en}, {vintage.en}"), middle, "MEUR",
        method=METHODS["overlap-bounds"], inputs=inputs, low=low, high=high, bracket=(least, most),
        note=f"{vintage.en}; bracket: all materials stop the same products … each stops other products",
    )  # fmt: skip


def tables_together(found: Together) -> dict[str, pl.DataFrame]:
    """Loss by case and model, and by case, model and industry of the country: medians over the draws [MEUR]."""
    rows: list[tuple[str | float | None, ...]] = []
    falls = []
    for name, case in found.cases.items():
        title = _title(found, name)
        rows.append((name, title.nl, title.en, "direct", *_quantiles(case.direct), None))
        for model in found.models:
            total, net = case.lost[model].sum(axis=1), case.net[model].sum(axis=1)
            rows.append((name, title.nl, title.en, model.value, *_quantiles(total), float(np.median(net))))
            for k, code in enumerate(found.sectors):
                words = industry_name(code)
                middle = float(np.median(case.lost[model][:, k]))
                falls.append((name, model.value, code, words.nl, words.en, middle))
    heads = ["case", "case_nl", "case_en", "model", "lost_meur", "lost_low_meur", "lost_high_meur"]
    return {
        "together": pl.DataFrame(
            rows, schema={**{h: pl.Float64 if "meur" in h else pl.String for h in heads},
                          "after_recapture_meur": pl.Float64}, orient="row",
        ),
        "together_by_sector": pl.DataFrame(
            falls, schema=["case", "model", "industry", "name_nl", "name_en", "lost_meur"], orient="row"
        ),
    }  # fmt: skip


def _title(found: Together, name: str) -> Text:
    if name in list(Overlap):
        return OVERLAPS[name]
    scenario = next(run.run.scenario for run in found.runs if run.run.scenario.id == name)
    return Text(scenario.title.nl, scenario.title.en)


def _quantiles(values: FloatArray) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    return middle, low, high
