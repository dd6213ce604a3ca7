"""What a shortage costs a country: the scenario's draws through three models of the economy, side by side.

The same representative paths go into every model. What a model adds to the direct loss is found on the path that stands
for a draw and applied to that draw's own direct loss, so that the range over draws keeps its tail. The spread between
models is structure: it is shown and never averaged (MODEL §6.2, §12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from lodestock.economy.families import product_families
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.judgements import Judged, input_ratings, jobs, judged_industry, recapture
from lodestock.economy.library import Held
from lodestock.economy.propagation import Model, Settings, follow
from lodestock.economy.regions import Place, places, reduced, require_region
from lodestock.economy.representatives import medoids
from lodestock.economy.value_added import euros_per_unit
from lodestock.errors import DataError, InputError, LodestockError
from lodestock.evidence.store import Store
from lodestock.scenario.impact_paths import MONTHS, Paths, paths
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.load import LoadedScenario, load
from lodestock.scenario.run import ImporterRun, ScenarioRun, run_scenario
from lodestock.scenario.sampling import triangular
from lodestock.scenario.schema import Scenario
from lodestock.scenario.simulate_schema import is_what_if
from lodestock.scenario.value import draw_exposure

FloatArray = npt.NDArray[np.float64]
MOST_PATHS = 50
ALL_MODELS = tuple(Model)


@dataclass(frozen=True, slots=True)
class Followed:
    """One model's answer in the country of the run [MEUR over the months].

    lost, net [D, S]: value added lost by draw and industry of the country, before and after recapture. job_years [D]:
    that go with the net loss, None where jobs are not known for the year. On the middle path: by_month [P], by_region
    {region: loss}, and by_allocation {best, pro_rata, worst: loss of the country}.
    """

    lost: FloatArray
    net: FloatArray
    job_years: FloatArray | None
    by_month: FloatArray
    by_region: Mapping[str, float]
    by_allocation: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ImpactRun:
    """The scenario's run and what it costs. `middle`: the draw with the median direct loss among the representatives.

    sectors [S]: the country's industries; weights [K]: share of the draws for which each representative stands.
    left_out: models that could not run, with the reason.
    """

    run: ScenarioRun
    held: Held
    table: InputOutputTable
    region: str
    found: tuple[Place, ...]
    paths: Paths
    focus: ImporterRun
    regimes: Mapping[tuple[str, str], FloatArray]
    sectors: tuple[str, ...]
    representatives: npt.NDArray[np.int64]
    weights: FloatArray
    middle: int
    models: Mapping[Model, Followed]
    settings: Settings
    recaptured: FloatArray
    left_out: Mapping[Model, str]


def load_licence(name: str) -> LoadedScenario:
    """The licence scenario with this id or in this file; a what-if of the trade network is refused with what to do."""
    if is_what_if(name):
        raise InputError(
            f"'{name}' is a what-if of the trade network", where="lodestock impact",
            why="its shortage is in tonnes of a material; which products stop without them was not judged, so it has "
            "no amount in euros",
            mend=f"lodestock simulate {name} gives its tonnes; for euros write a scenario of the product that lacks, "
            "with economy.exposure (docs/how-to/write-a-scenario.md)",
        )  # fmt: skip
    return load(name)


def run_impact(
    loaded: LoadedScenario,
    store: Store,
    held: Held,
    *,
    region: str,
    models: Sequence[Model] = ALL_MODELS,
    most_paths: int = 12,
    as_of: date | None = None,
    settings: Settings | None = None,
) -> ImpactRun:
    """Run a scenario and follow its shortage through the economy of one country.

    settings: how the models run (steps, stocks, variant of pbl); region and ratings are filled in. Raises InputError
    where the exposure table was not judged for the country, and DataError where the table lacks an industry or a rate.
    Models that lack judgements are left out with their reason when several were asked for.
    """
    scenario = loaded.scenario
    _judged_for(scenario, region)
    if not 1 <= most_paths <= MOST_PATHS:
        raise InputError(f"{most_paths} representative paths", mend=f"ask for 1 to {MOST_PATHS}")
    table = reduced(held.table)
    require_region(table, region)
    run = run_scenario(loaded, store, as_of=as_of)
    focus = run.draws.of(region)
    families = product_families(scenario.economy.exposure)
    found = places(table, region, families)
    ones = {family.sector: 1.0 for family in families if family.sector}
    exposure = draw_exposure(families, ones, scenario.ensemble.draws, scenario.ensemble.seed + 3)
    out = focus.out[REFERENCE]
    made = paths(out.shortage, out.need, exposure, found, table)
    settings, usable, left_out = usable_models(table, region, models, settings or Settings())
    chosen, cluster = medoids((made.loss() * made.value).reshape(scenario.ensemble.draws, -1), most_paths)
    direct = made.direct().sum(axis=1)
    middle = int(np.argmin(np.abs(direct[chosen] - np.median(direct))))
    recaptured = _recapture_draws(table, region, scenario)
    followed = _follow(table, region, made, chosen, cluster, middle, usable, settings)
    return ImpactRun(
        run, held, table, region, found, made, focus, _variants(focus, made), _sectors(table, region), chosen,
        np.bincount(cluster, minlength=chosen.size) / cluster.size, int(chosen[middle]),
        {model: _closed(item, recaptured, table, region, scenario) for model, item in followed.items()},
        settings, recaptured, left_out,
    )  # fmt: skip


def _judged_for(scenario: Scenario, region: str) -> None:
    if region != scenario.economy.region:
        raise InputError(
            f"the exposed product families were not judged for {region}",
            where=f"scenario {scenario.id}, economy.exposure: {scenario.economy.exposure}",
            why=f"they were judged for {scenario.economy.region}; another country makes other products",
            mend=f"use --for {scenario.economy.region}, or give the scenario an exposure table for {region}",
        )


def usable_models(
    table: InputOutputTable, region: str, models: Sequence[Model], given: Settings
) -> tuple[Settings, tuple[Model, ...], dict[Model, str]]:
    """The settings with region and ratings filled in, the models that can run, and why others cannot.

    Raises what is wrong where only one model was asked for.
    """
    ratings, left_out = None, {}
    if Model.PBL in models:
        try:
            ratings = input_ratings(table.sectors, [item.sector for item in table.industries])
        except LodestockError as error:
            if len(models) == 1:
                raise
            left_out[Model.PBL] = f"{error.what}: {error.parts()['where']}"
    usable = tuple(model for model in models if model not in left_out)
    return replace(given, focus=region, ratings=ratings), usable, left_out


@dataclass(frozen=True, slots=True)
class _Open:
    """A model's answer before recapture."""

    lost: FloatArray
    by_month: FloatArray
    by_region: Mapping[str, float]
    by_allocation: Mapping[str, float]


def _follow(
    table: InputOutputTable,
    region: str,
    made: Paths,
    chosen: npt.NDArray[np.int64],
    cluster: npt.NDArray[np.int64],
    middle: int,
    models: Sequence[Model],
    settings: Settings,
) -> dict[Model, _Open]:
    """The representatives, and the middle path under the best and the worst allocation, through each model."""
    shared = made.allocated(int(chosen[middle]))
    extra = [made.loss_of(int(chosen[middle]), shared[name]) for name in ("best", "worst")]
    loss = np.concatenate([made.loss()[chosen], np.stack(extra)])
    ceiling = np.ones((*loss.shape[:2], len(table.industries)))
    ceiling[:, :, made.industries] -= loss
    here = np.array([item.region == region for item in table.industries])
    direct = by_sector(made.direct(), made.industries, here)
    rate = euros_per_unit(table)
    out = {}
    for model, (lost, _) in follow(table, ceiling, models, settings).items():
        money = lost * rate
        own = money[: chosen.size, :, here].sum(axis=1)
        sums = money[middle].sum(axis=0)
        regions = {name: float(sums[_rows(table, name)].sum()) for name in table.regions}
        country = money[:, :, here].sum(axis=(1, 2))
        triple = {
            "best": float(country[chosen.size]), "pro_rata": float(country[middle]), "worst": float(country[-1])
        }  # fmt: skip
        out[model] = _Open(draws_of(own, direct, chosen, cluster), money[middle][:, here].sum(axis=1), regions, triple)
    return out


def draws_of(
    own: FloatArray, direct: FloatArray, chosen: npt.NDArray[np.int64], cluster: npt.NDArray[np.int64]
) -> FloatArray:
    """What the representatives lose, own [K, S], carried to the draws they stand for [D, S].

    An industry that is hit itself loses its own direct loss in the draw, direct [D, S], times what the representative
    lost per euro of its direct loss; another industry the draw's whole direct loss times what it lost per euro of the
    representative's. Where the representative lost nothing, the direct loss stands.
    """
    hit = (direct > 0.0).any(axis=0)
    base, whole = direct[chosen], direct.sum(axis=1, keepdims=True)
    by_itself = np.divide(own, base, out=np.ones_like(own), where=base > 0)
    by_whole = np.divide(own, whole[chosen], out=np.zeros_like(own), where=whole[chosen] > 0)
    return np.where(hit, direct * by_itself[cluster], whole * by_whole[cluster])


def by_sector(direct: FloatArray, industries: npt.NDArray[np.int64], here: npt.NDArray[np.bool_]) -> FloatArray:
    """Direct loss by industry hit [D, M] laid out over all industries of the country [D, S]; here [N]: which those
    are."""
    out = np.zeros((direct.shape[0], int(here.sum())))
    out[:, (np.cumsum(here) - 1)[industries]] = direct
    return out


def _rows(table: InputOutputTable, region: str) -> list[int]:
    return [k for k, item in enumerate(table.industries) if item.region == region]


def _sectors(table: InputOutputTable, region: str) -> tuple[str, ...]:
    return tuple(item.sector for item in table.industries if item.region == region)


def _recapture_draws(table: InputOutputTable, region: str, scenario: Scenario) -> FloatArray:
    """Share of lost output made up later, by draw and industry [D, S]: one draw moves all industries together."""
    known = recapture()
    judged = [_judgement(known, sector) for sector in _sectors(table, region)]
    chance = _chances(scenario, 500)
    return np.stack([triangular(chance, *item.value) for item in judged], axis=-1)


def _chances(scenario: Scenario, stream: int) -> FloatArray:
    """Evenly spread chances [D] in an order of their own, so that they are independent of every other draw."""
    rng = np.random.default_rng((scenario.ensemble.seed, stream))
    return np.asarray((rng.permutation(scenario.ensemble.draws) + 0.5) / scenario.ensemble.draws)


def _judgement(known: Mapping[str, Judged], sector: str) -> Judged:
    code = judged_industry(sector)
    if code is None or code not in known:
        raise DataError(
            "an industry has no judgement on what is made up later", where=sector,
            mend="join its sectors to NACE divisions when importing (lodestock io import … --match FILE)",
        )  # fmt: skip
    return known[code]


def after_recapture(lost: FloatArray, recaptured: FloatArray) -> FloatArray:
    """What stays lost by draw and industry [D, S]. Recapture applies to losses; gains are not given back."""
    return np.where(lost > 0, lost * (1.0 - recaptured), lost)


def _closed(item: _Open, recaptured: FloatArray, table: InputOutputTable, region: str, scenario: Scenario) -> Followed:
    net = after_recapture(item.lost, recaptured)
    return Followed(
        item.lost, net, _job_years(net, table, region, scenario), item.by_month, item.by_region, item.by_allocation
    )


def _job_years(net: FloatArray, table: InputOutputTable, region: str, scenario: Scenario) -> FloatArray | None:
    known = jobs(region, table.scaled_to or table.year)
    if not known:
        return None
    chance = _chances(scenario, 501)
    each = [triangular(chance, *_judgement(known, sector).value) for sector in _sectors(table, region)]
    return np.asarray((net * np.stack(each, axis=-1)).sum(axis=1))


def _variants(focus: ImporterRun, made: Paths) -> dict[tuple[str, str], FloatArray]:
    """Direct loss by draw [MEUR] under each way of reading the published shares."""
    whole = np.minimum(made.stopped @ made.split, 1.0) @ made.value / MONTHS
    out = {}
    for key, item in focus.out.items():
        share = np.divide(item.shortage, item.need, out=np.zeros_like(item.shortage), where=item.need > 0)
        out[key] = share.sum(axis=1) * whole
    return out
