"""Running a licence scenario: evidence and parameters in, a ledger and tidy tables out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from lodestock import __version__
from lodestock.disruption.controls import Control, control, doubtful, read_register
from lodestock.economy.families import product_families, sector_shares
from lodestock.errors import UnknownNameError
from lodestock.evidence.ledger import Ledger
from lodestock.evidence.result import RunInfo
from lodestock.evidence.store import Store
from lodestock.scenario import record, tables
from lodestock.scenario.baseline import prefix, record_baseline
from lodestock.scenario.chain import ChainInput, ChainOutput, run_chain
from lodestock.scenario.first_use import FirstUse, record_first_uses
from lodestock.scenario.licences import (
    REFERENCE,
    Published,
    RegimeDraws,
    observed_share,
    published_shares,
    ridges,
    variants,
    with_observed,
)
from lodestock.scenario.load import LoadedScenario, require_loaded
from lodestock.scenario.luck import central, shortage_by_chance
from lodestock.scenario.reserve import ALLOCATION, ReserveDraws, reserve
from lodestock.scenario.sampling import draw_estimates
from lodestock.scenario.schema import Estimate, Importer, Scenario
from lodestock.scenario.summary import Variant
from lodestock.scenario.value import (
    AtRisk,
    Exposure,
    at_risk,
    at_risk_by_sector,
    draw_exposure,
    record_families,
    value_added,
)

FloatArray = npt.NDArray[np.float64]
CHANCE_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class ImporterRun:
    """One importer: own use of all and of rare-earth magnets [t/yr], (draws,), and the chain under each variant."""

    importer: Importer
    own_use: FloatArray
    use: FloatArray
    given: Mapping[Variant, ChainInput]
    out: Mapping[Variant, ChainOutput]


@dataclass(frozen=True, slots=True)
class RunDraws:
    """The draws behind a run, for what is decided with it: importers in the scenario's order, the shared parameters
    by name (draws,), the exposed families, and the value at risk of the focus importer by licence variant."""

    importers: tuple[ImporterRun, ...]
    shared: Mapping[str, FloatArray]
    exposure: Exposure
    risk: Mapping[Variant, AtRisk]

    def of(self, region: str) -> ImporterRun:
        """The run of one importer; UnknownNameError with those that were followed."""
        for item in self.importers:
            if item.importer.region == region:
                return item
        raise UnknownNameError("importer of the scenario", region, [item.importer.region for item in self.importers])


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """All that a run found: the ledger, tidy tables by name, dated facts, the draws, and what made it."""

    scenario: Scenario
    info: RunInfo
    ledger: Ledger
    tables: Mapping[str, pl.DataFrame]
    measures: tuple[Control, ...]
    to_be_checked: tuple[Control, ...]
    value_year: int
    published: tuple[Published, ...]
    snapshots: pl.DataFrame
    first_uses: tuple[FirstUse, ...]
    draws: RunDraws


def run_scenario(loaded: LoadedScenario, store: Store, *, as_of: date | None = None) -> ScenarioRun:
    """Run a licence scenario on the evidence in the store. The same store, file, seed and input-output
    table in use give the same numbers.

    as_of: the day on which dated rules are read; today if not given.
    Raises LodestockError where a control, statistic, trade code, region or table is unknown or empty.
    """
    require_loaded(loaded)
    scenario, day = loaded.scenario, as_of or date.today()
    ledger = Ledger()
    register = read_register(home=store.home)
    measures = tuple(control(key, register) for key in scenario.controls)
    published = published_shares(store, scenario.licence.populations, scenario.starts)
    found = ridges(published, scenario.licence, scenario.ensemble.draws, scenario.ensemble.seed)
    found = with_observed(found, scenario, scenario.ensemble.draws)
    regimes = variants(found, scenario.ensemble.draws)
    shared = _shared_draws(scenario)
    runs = [
        _run_importer(store, ledger, scenario, importer, shared, regimes, number)
        for number, importer in enumerate(scenario.importers)
    ]
    focus = next(run for run in runs if run.importer.region == scenario.economy.region)
    start = f"{prefix(focus.importer.region)}.{scenario.product.id}"
    families = product_families(scenario.economy.exposure)
    value_year, sector_value = value_added(store, ledger, scenario.economy.region, sector_shares())
    exposure = draw_exposure(families, sector_value, scenario.ensemble.draws, scenario.ensemble.seed + 3)
    risk = {key: at_risk(exposure, focus.use, out.shortage) for key, out in focus.out.items()}
    holding = _reserve(focus, exposure, shared, risk[REFERENCE])
    record.parameters(ledger, scenario)
    record_families(ledger, families)
    record.licence(ledger, store, published, regimes)
    for run in runs:
        record.importer(ledger, scenario, run.importer, run.own_use, run.given, run.out)
    lots = round(scenario.licence.lots_per_month.value)
    seed = scenario.ensemble.seed + 4
    lucky = shortage_by_chance(central(focus.given[REFERENCE]), lots, scenario.horizon_months, CHANCE_DRAWS, seed)
    record.chance(ledger, start, lucky)
    by_sector = at_risk_by_sector(exposure, focus.use, focus.out[REFERENCE].shortage)
    record.economy(ledger, start, risk, families, value_year)
    record.stock(ledger, start, focus.given, holding)
    record.context(ledger, store)
    first_uses = record_first_uses(store, ledger, scenario.materials)
    made = tables.build(
        store,
        scenario,
        focus.out,
        focus.given,
        found,
        (*published, *observed_share(scenario.evidence)),
        by_sector,
        _per_percent(ledger, by_sector[0]),
    )
    made["sensitivity"] = tables.sensitivity(focus.given[REFERENCE], focus.out[REFERENCE].total_short())
    info = RunInfo(
        scenario.id,
        loaded.sha256,
        __version__,
        store.status().fingerprint,
        day.isoformat(),
        scenario.ensemble.seed,
        scenario.ensemble.draws,
        ledger.imported_tables(),
    )
    unchecked = doubtful(day, scenario.materials, ids=scenario.controls, register=register)
    draws = RunDraws(tuple(runs), shared, exposure, risk)
    return ScenarioRun(
        scenario, info, ledger, made, measures, unchecked, value_year, published, store.snapshots(), first_uses, draws
    )


def _shared_draws(scenario: Scenario) -> dict[str, FloatArray]:
    estimates: dict[str, Estimate] = {
        "controlled": scenario.product.controlled_share,
        "inspection": scenario.product.inspection_delay,
        "never_defence": scenario.licence.never_granted_defence,
        "fraction": scenario.licence.granted_fraction,
        "stock": scenario.commercial_stock,
        "price": scenario.stock.price,
        "carry": scenario.stock.carry,
        "yearly_chance": scenario.stock.yearly_chance,
    }
    return draw_estimates(estimates, scenario.ensemble.draws, scenario.ensemble.seed + 1)


def _run_importer(
    store: Store,
    ledger: Ledger,
    scenario: Scenario,
    importer: Importer,
    shared: Mapping[str, FloatArray],
    regimes: Mapping[Variant, RegimeDraws],
    number: int,
) -> ImporterRun:
    base = record_baseline(
        store,
        ledger,
        region=importer.region,
        issuer=scenario.issuer,
        code=scenario.product.codes[0],
        year=scenario.baseline_year,
        product=scenario.product.id,
    )
    names = ("rare_earth_share", "own_use_share", "issuer_share", "defence_share")
    estimates: dict[str, Estimate] = {name: getattr(importer, name) for name in names}
    own = draw_estimates(estimates, scenario.ensemble.draws, scenario.ensemble.seed + 100 + number)
    own_use = record.require(base.imports, f"{prefix(importer.region)}.imports") * own["own_use_share"]
    use = own_use * own["rare_earth_share"]
    given, out = {}, {}
    for key, regime in regimes.items():
        given[key] = ChainInput(
            use=use,
            issuer_share=own["issuer_share"],
            controlled=shared["controlled"],
            defence=own["defence_share"],
            never_civil=regime.never_granted,
            never_defence=np.maximum(shared["never_defence"], regime.never_granted),
            fraction=shared["fraction"],
            law=regime.law,
            inspection=shared["inspection"],
            stock=shared["stock"],
        )
        out[key] = run_chain(given[key], scenario.horizon_months)
    return ImporterRun(importer, own_use, use, given, out)


def _reserve(
    focus: ImporterRun, exposure: Exposure, shared: Mapping[str, FloatArray], risk: AtRisk
) -> dict[Variant, ReserveDraws]:
    """The reserve under each licence variant, valued pro rata, and under the reference for the other allocations."""
    pro_rata = 1000.0 * exposure.value.sum(axis=1) / focus.use
    short = focus.out[REFERENCE].total_short()
    cases = {key: (pro_rata, out.total_short()) for key, out in focus.out.items()}
    for name in ("best", "worst"):
        lost = 1000.0 * getattr(risk, name)
        cases[(ALLOCATION, name)] = (np.divide(lost, short, out=pro_rata.copy(), where=short > 0.0), short)
    return {
        key: reserve(
            price=shared["price"],
            carry_rate=shared["carry"],
            yearly_chance=shared["yearly_chance"],
            value_per_tonne=value,
            shortage=tonnes,
        )
        for key, (value, tonnes) in cases.items()
    }


def _per_percent(ledger: Ledger, sectors: Sequence[str]) -> dict[str, float]:
    return {sector: record.require(ledger[f"var.{sector}.per_percent"].value, sector) for sector in sectors}
