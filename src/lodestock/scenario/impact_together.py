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
from lodestock.economy.propagation import Model, Settings, follow
from lodestock.economy.representatives import medoids
from lodestock.economy.value_added import euros_per_unit
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.scenario.impact import ALL_MODELS, ImpactRun, after_recapture, by_sector, draws_of, usable_models
from lodestock.scenario.impact_paths import MONTHS, Paths
from lodestock.scenario.impact_tables import industry_name
from lodestock.scenario.impact_words import OVERLAPS
from lodestock.scenario.schema import Scenario
from lodestock.vocabulary import product_code

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
    settings: Settings


def together(
    runs: Sequence[ImpactRun], *, models: Sequence[Model] = ALL_MODELS, most_paths: int = 12,
    settings: Settings | None = None,
) -> Together:  # fmt: skip
    """Follow the shortages of several runs through one economy, each alone and together, over the same months.

    runs: made with `run_impact(…, models=())` on one table for one country. Raises InputError where they are not, and
    what `shared_months` refuses.
    """
    starts, months = shared_months([run.run.scenario for run in runs])
    first = runs[0]
    _require_one_economy(runs)
    industries = np.array(sorted({int(k) for run in runs for k in run.paths.industries}), dtype=np.int64)
    each = np.stack([_on(run.paths, run, starts, months, industries) for run in runs], axis=-1)
    bounds = overlap_bounds(each)
    middle = np.clip(_by_family(runs, starts, months, industries), bounds.same_products, bounds.disjoint)
    losses: dict[str, FloatArray] = {run.run.scenario.id: each[..., k] for k, run in enumerate(runs)}
    losses |= {
        Overlap.SAME: bounds.same_products, Overlap.BY_FAMILY: np.asarray(middle), Overlap.APART: bounds.disjoint
    }  # fmt: skip
    made_up = recaptured(runs)
    given, usable, left_out = usable_models(first.table, first.region, models, settings or Settings())
    value = first.table.value_added[industries] * euros_per_unit(first.table)
    chosen, cluster = medoids((middle * value).reshape(middle.shape[0], -1), most_paths)
    carried = _carried(first.table, first.region, losses, industries, value, chosen, cluster, usable, given)
    cases = {
        name: Case(
            (loss.sum(axis=1) * value / MONTHS).sum(axis=1),
            {model: lost[name] for model, lost in carried.items()},
            {model: after_recapture(lost[name], made_up[name]) for model, lost in carried.items()},
        )
        for name, loss in losses.items()
    }
    return Together(
        tuple(runs), first.held, first.table, first.region, starts, months, first.sectors, cases, usable, left_out,
        given,
    )  # fmt: skip


def recaptured(runs: Sequence[ImpactRun]) -> dict[str, FloatArray]:
    """Share of lost output that is made up later by case, by draw and industry [D, S].

    A scenario alone has its own draws. What an industry makes up is one fact, however many shortages stop it, so the
    cases together have one draw of it for all scenarios: that of the smallest seed, whatever their order.
    """
    joint = min(runs, key=lambda run: run.run.scenario.ensemble.seed).recaptured
    return {run.run.scenario.id: run.recaptured for run in runs} | {name.value: joint for name in Overlap}


def shared_months(scenarios: Sequence[Scenario]) -> tuple[date, int]:
    """The first month and the number of months that every scenario reaches; before its start a scenario lacks nothing.

    Raises InputError for one scenario, one given twice, two of the same product (no sum would bound its tonnes), other
    numbers of draws, and scenarios that share no month.
    """
    _require_different([item.id for item in scenarios])
    _require_other_products(scenarios)
    draws = {item.id: item.ensemble.draws for item in scenarios}
    if len(set(draws.values())) > 1:
        raise InputError(
            "the scenarios have different numbers of draws", where=", ".join(f"{k}: {v}" for k, v in draws.items()),
            mend="give them the same ensemble.draws",
        )  # fmt: skip
    begin, end = min(_month(item) for item in scenarios), min(_month(item) + item.horizon_months for item in scenarios)
    late = next((item.id for item in scenarios if _month(item) >= end), None)
    if late is not None:
        raise InputError(
            f"scenario '{late}' starts after another has ended", where="starts, horizon_months",
            why="what they stop together is known only for months that all of them reach",
            mend="give the earlier one a longer horizon_months",
        )  # fmt: skip
    return date(begin // 12, begin % 12 + 1, 1), end - begin


def _require_different(ids: Sequence[str]) -> None:
    twice = next((name for k, name in enumerate(ids) if name in ids[:k]), None)
    if len(ids) < 2 or twice is not None:
        raise InputError(
            f"scenario '{twice}' is given twice" if twice else "one scenario is not several",
            why="the same tonnes would be lost twice", mend="give two or more different scenarios",
        )  # fmt: skip
    taken = next((name for name in ids if name in list(Overlap)), None)
    if taken is not None:
        raise InputError(
            f"a scenario beside others cannot be called '{taken}'", where="id", why="so is one of the answers",
            mend="give it another id",
        )  # fmt: skip


def _require_other_products(scenarios: Sequence[Scenario]) -> None:
    follows: dict[str, str] = {}
    for scenario in scenarios:
        for code in (product_code(name).code for name in scenario.product.codes):
            if code in follows:
                raise InputError(
                    f"'{follows[code]}' and '{scenario.id}' follow the same product", where=f"product code {code}",
                    why="the same tonnes would be lost twice",
                    mend="give scenarios of different products, or one scenario with both measures",
                )  # fmt: skip
            follows[code] = scenario.id


def _require_one_economy(runs: Sequence[ImpactRun]) -> None:
    used = {(run.held.id, run.region) for run in runs}
    if len(used) > 1:
        raise InputError(
            "the scenarios were run in different economies",
            where=", ".join(f"{region} in {name}" for name, region in sorted(used)),
            why="their losses fall in different industries", mend="run them with one table for one country",
        )  # fmt: skip


def _month(scenario: Scenario) -> int:
    return scenario.starts.year * 12 + scenario.starts.month - 1


def _on(made: Paths, run: ImpactRun, starts: date, months: int, industries: npt.NDArray[np.int64]) -> FloatArray:
    """A run's losses [D, months, M] on the months and industries of all."""
    return _placed(made.loss(), run, starts, months, industries)


def _placed(
    loss: FloatArray, run: ImpactRun, starts: date, months: int, industries: npt.NDArray[np.int64]
) -> FloatArray:
    begin = _month(run.run.scenario) - (starts.year * 12 + starts.month - 1)
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
