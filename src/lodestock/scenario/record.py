"""What a run writes into the ledger: parameters as stated, results with their three layers, each with its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from lodestock.disruption.ridge import AgeConvention, single_curve_misfit
from lodestock.economy.families import ProductFamily
from lodestock.errors import DataError
from lodestock.evidence.ledger import Ledger, Method, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import prefix
from lodestock.scenario.chain import ChainInput, ChainOutput, extra_stock_for_delay, stock_for_delay
from lodestock.scenario.licences import REFERENCE, Published, RegimeDraws
from lodestock.scenario.observed import observed_inputs, record_evidence
from lodestock.scenario.reserve import ALLOCATION, ReserveDraws
from lodestock.scenario.schema import Estimate, Importer, Scenario, Words
from lodestock.scenario.summary import Summary, Variant, summarise
from lodestock.scenario.value import AtRisk
from lodestock.scenario.words import ALLOCATIONS, PARAMETERS, READINGS, RESULTS

FloatArray = npt.NDArray[np.float64]
WEEKS_PER_YEAR = 365.25 / 7

USE = Method(
    "use.own",
    "Own use = imports × own-use share × rare-earth share",
    "MODEL §13 traps 1 and 21",
    "lodestock.scenario.run:run_scenario",
    "Eigen gebruik = invoer × aandeel eigen gebruik × aandeel zeldzame aarden",
)
RIDGE = Method(
    "licence.ridge",
    "Licence parameters along the ridge of a published grant share",
    "MODEL §4.3",
    "lodestock.disruption.ridge:draw_ridge",
    "Vergunningsparameters langs de rug van een gepubliceerd aandeel",
)
CHAIN = Method(
    "chain.tank",
    "Licence cohorts, inspection delay and commercial stock, by segment of use",
    "MODEL §3, §4.2, §5.1",
    "lodestock.scenario.chain:run_chain",
    "Vergunningcohorten, inspectievertraging en commerciële voorraad, per soort gebruik",
)
LUCK = Method(
    "licence.lots",
    "Applications decided one by one at the median of every parameter",
    "MODEL §4.2, stochastic version",
    "lodestock.scenario.luck:shortage_by_chance",
    "Aanvragen die één voor één worden beslist, bij de mediaan van elke parameter",
)
CURVE = Method(
    "licence.single_curve",
    "Least possible largest misfit of one rising curve to all published shares",
    "MODEL §4.3",
    "lodestock.disruption.ridge:single_curve_misfit",
    "Kleinst mogelijke grootste afwijking van één stijgende lijn door alle gepubliceerde aandelen",
)
DELAY = Method(
    "stock.delay_identity",
    "Months of stock = mean lead time × licensed share − commercial stock",
    "MODEL §4.2, V03",
    "lodestock.scenario.chain:extra_stock_for_delay",
    "Maanden voorraad = gemiddelde doorlooptijd × vergunningsplichtig aandeel − commerciële voorraad",
)
ONE_SHOT = Method(
    "stock.one_shot",
    "Cheapest stock: P(shortage > q) = h / (chance × v); break-even chance h / v",
    "MODEL §7.1, §7.2",
    "lodestock.scenario.reserve:reserve",
    "Goedkoopste voorraad: P(tekort > q) = h / (kans × v); kans waarbij het loont h / v",
)
AT_RISK = Method(
    "value.allocation",
    "Value added at risk under the best, a pro-rata and the worst allocation",
    "MODEL §6.1",
    "lodestock.scenario.value:at_risk",
    "Toegevoegde waarde in gevaar bij de beste, een evenredige en de slechtste verdeling",
)
SIGN = Method("sign", "A fall as a positive share", "definition", "lodestock.scenario.record:context")


def said(source: Words | str) -> str | Text:
    """A stated source as the ledger takes it."""
    return source if isinstance(source, str) else Text(source.nl, source.en)


def require(value: float | None, key: str) -> float:
    """The value, or a DataError that names what is not known."""
    if value is None:
        raise DataError(
            f"'{key}' is not known", why="no row in the store holds a quantity", mend="import newer trade data"
        )
    return value


def parameters(ledger: Ledger, scenario: Scenario) -> None:
    """Record every parameter of the scenario under param.…, with range, mark and source."""
    stated: dict[str, Estimate] = {
        "controlled_share": scenario.product.controlled_share,
        "inspection_delay": scenario.product.inspection_delay,
        "never_granted_defence": scenario.licence.never_granted_defence,
        "granted_fraction": scenario.licence.granted_fraction,
        "lots_per_month": scenario.licence.lots_per_month,
        "lead_time_shape": scenario.licence.lead_time_shape,
        "commercial_stock": scenario.commercial_stock,
        "price": scenario.stock.price,
        "carry": scenario.stock.carry,
        "yearly_chance": scenario.stock.yearly_chance,
    }
    for who in scenario.importers:
        for name in ("rare_earth_share", "own_use_share", "issuer_share", "defence_share"):
            stated[f"{prefix(who.region)}.{name}"] = getattr(who, name)
    ledger.parameter(
        "run.draws",
        Text("trekkingen", "draws"),
        float(scenario.ensemble.draws),
        "count",
        mark=Mark.COMPUTED,
        source="ensemble.draws in the scenario file",
    )
    ledger.parameter(
        "run.horizon",
        Text("maanden die worden doorgerekend", "months that are simulated"),
        float(scenario.horizon_months), "month",
        mark=Mark.COMPUTED,
        source="horizon_months in the scenario file",
    )  # fmt: skip
    for name, item in stated.items():
        _parameter(ledger, f"param.{name}", PARAMETERS[name.split(".")[-1]], item)
    prior = scenario.licence.never_granted_civil
    low, middle, high = map(float, betaincinv(prior.a, prior.b, (0.05, 0.5, 0.95)))
    ledger.parameter(
        "param.never_granted_civil",
        PARAMETERS["never_granted_civil"],
        middle,
        "1",
        mark=prior.mark,
        source=said(prior.source),
        low=low,
        high=high,
        note=f"Beta({prior.a:g}, {prior.b:g}): median, 5 and 95 %",
    )
    record_evidence(ledger, scenario)
    _parameter(ledger, "licence.granted_part", PARAMETERS["granted_fraction"], scenario.licence.granted_fraction)
    focus = next(who for who in scenario.importers if who.region == scenario.economy.region)
    start = f"{prefix(focus.region)}.{scenario.product.id}"
    _parameter(ledger, f"{start}.china_share", PARAMETERS["issuer_share"], focus.issuer_share)
    _parameter(ledger, f"{start}.rare_earth_share", PARAMETERS["rare_earth_share"], focus.rare_earth_share)
    _parameter(ledger, f"{start}.stock_months", PARAMETERS["commercial_stock"], scenario.commercial_stock)


def _parameter(ledger: Ledger, key: str, label: Text, item: Estimate) -> None:
    unit = {"share": "1", "months": "month", "share/yr": "1/yr", "1": "ratio"}.get(item.unit, item.unit)
    ledger.parameter(
        key, label, item.value, unit, mark=item.mark, low=item.low, high=item.high, source=said(item.source)
    )


def _add(
    ledger: Ledger,
    key: str,
    found: Summary,
    unit: str,
    method: Method,
    inputs: Sequence[str],
    *,
    label: Text | None = None,
    note: str = "",
) -> None:
    ledger.computed(
        key,
        label or RESULTS[key.split(".")[-1]],
        found.median,
        unit,
        method=method,
        inputs=inputs,
        low=found.low,
        high=found.high,
        bracket=found.bracket,
        note=note,
    )


def licence(
    ledger: Ledger, store: Store, published: Sequence[Published], regimes: Mapping[Variant, RegimeDraws]
) -> None:
    """Record the published shares as rows, and what the ridge leaves of never-granted share and lead time."""
    keys = []
    for item in published:
        where = {"statistic_id": item.statistic}
        months = f"{item.snapshot.months:.2f} months after the start"
        note = f"read as {item.low:.3g} to {item.high:.3g} of applications, {months}"
        counted = item.snapshot.filed is not None
        for column in ("granted", "filed") if counted else ("share_low", "share_high"):
            value, rows = read_rows(store, "licence_statistic", where, column, "value")
            key = f"licence.published.{item.statistic}.{column}"
            nl, en = READINGS[column]
            label = Text(f"{nl}: {item.label.nl}", f"{en}: {item.label.en}")
            ledger.rows(key, label, value, "count" if counted else "1", rows, mark=Mark.PRESS, note=note)
            keys.append(key)
    inputs = (*keys, *observed_inputs(regimes), "param.never_granted_civil", "param.lead_time_shape")
    _single_curve(ledger, published, keys)
    never = summarise({key: regime.never_granted for key, regime in regimes.items()}, REFERENCE)
    lead = summarise({key: regime.law.mean() for key, regime in regimes.items()}, REFERENCE)
    _add(ledger, "licence.never_granted", never, "1", RIDGE, inputs)
    _add(ledger, "licence.mean_lead", lead, "month", RIDGE, inputs)


def _single_curve(ledger: Ledger, published: Sequence[Published], keys: Sequence[str]) -> None:
    # both conventions give a share that never falls, so the bound is the same under each
    fits = [single_curve_misfit([item.snapshot for item in published], convention) for convention in AgeConvention]
    value = fits[0].least_possible
    note = "; ".join(f"best curve, {fit.convention.value}: root mean square {fit.root_mean_square:.3g}" for fit in fits)
    label = RESULTS["single_curve_misfit"]
    ledger.computed("licence.single_curve_misfit", label, value, "1", method=CURVE, inputs=keys, note=note)


def importer(
    ledger: Ledger,
    scenario: Scenario,
    who: Importer,
    own_use: FloatArray,
    given: Mapping[Variant, ChainInput],
    out: Mapping[Variant, ChainOutput],
) -> None:
    """Record own use, what does not arrive and why, and the shortage after stock. own_use [t/yr], (draws,)."""
    start = prefix(who.region)
    key, param = f"{start}.{scenario.product.id}", f"param.{start}"
    reference = given[REFERENCE]
    base = (f"{key}.imports", f"{param}.own_use_share")
    _add(ledger, f"{key}.own_use", summarise({REFERENCE: own_use}, REFERENCE), "t/yr", USE, base)
    rare = summarise({REFERENCE: reference.use}, REFERENCE)
    _add(ledger, f"{key}.own_use_rare_earth", rare, "t/yr", USE, (*base, f"{param}.rare_earth_share"))
    licensed = summarise({REFERENCE: reference.controlled * reference.issuer_share}, REFERENCE)
    _add(ledger, f"{key}.licensed_share", licensed, "1", USE, (f"{param}.issuer_share", "param.controlled_share"))
    inputs = (
        f"{key}.own_use_rare_earth",
        f"{key}.licensed_share",
        f"{param}.defence_share",
        "licence.never_granted",
        "licence.mean_lead",
        "licence.granted_part",
        "param.never_granted_defence",
        "param.inspection_delay",
        "param.commercial_stock",
        "run.horizon",
    )
    short = {variant: item.total_short() for variant, item in out.items()}
    _add(ledger, f"{key}.shortage_12m", summarise(short, REFERENCE), "t", CHAIN, inputs)
    wanted = reference.use * scenario.horizon_months / 12
    of_use = {variant: value / wanted for variant, value in short.items()}
    _add(ledger, f"{key}.share_of_use_short", summarise(of_use, REFERENCE), "1", CHAIN, inputs)
    weeks = {variant: value * WEEKS_PER_YEAR * scenario.horizon_months / 12 for variant, value in of_use.items()}
    _add(ledger, f"{key}.weeks_short", summarise(weeks, REFERENCE), "week", CHAIN, inputs)
    _timing(ledger, key, out, inputs)
    for name, field in (("delay", "late"), ("partial", "partial"), ("never", "never")):
        found = summarise({variant: getattr(item, field) for variant, item in out.items()}, REFERENCE)
        _add(ledger, f"{key}.not_arrived_{name}", found, "t", CHAIN, inputs)


def chance(ledger: Ledger, key: str, histories: FloatArray) -> None:
    """Record the shortage in histories that differ by luck only: median, 5th and 95th percentile."""
    inputs = (f"{key}.shortage_12m", "param.lots_per_month")
    _add(ledger, f"{key}.shortage_by_chance", summarise({REFERENCE: histories}, REFERENCE), "t", LUCK, inputs)


def _timing(ledger: Ledger, key: str, out: Mapping[Variant, ChainOutput], inputs: Sequence[str]) -> None:
    first, chance = {}, {}
    for variant, item in out.items():
        short = item.civil_shortage > 1e-9 * item.need
        never = ~short.any(axis=1)
        # a draw without any shortage counts as the full horizon: the first short month lies beyond it
        first[variant] = np.where(never, float(short.shape[1]), short.argmax(axis=1).astype(np.float64))
        chance[variant] = float(np.mean(~never))
    _add(ledger, f"{key}.first_short_month", summarise(first, REFERENCE), "month", CHAIN, inputs)
    ledger.computed(
        f"{key}.probability_short",
        RESULTS["probability_short"],
        chance[REFERENCE],
        "1",
        method=CHAIN,
        inputs=inputs,
        bracket=(min(chance.values()), max(chance.values())),
    )


def economy(
    ledger: Ledger, start: str, risk: Mapping[Variant, AtRisk], families: Sequence[ProductFamily], year: int
) -> None:
    """Record value added at risk under three allocations, with its vintage. start: region and product, as in ids."""
    region = start.split(".")[0]
    sectors = tuple(dict.fromkeys(family.sector for family in families if family.sector))
    inputs = [f"{start}.shortage_12m", *(f"{region}.va.{sector}" for sector in sectors)]
    inputs += [f"param.family.{family.id}.{name}" for family in families for name in ("exposed", "use", "criticality")]
    note = f"value added of {year}"
    for name, words in ALLOCATIONS.items():
        found = summarise({variant: getattr(item, name) for variant, item in risk.items()}, REFERENCE)
        label = Text(
            f"toegevoegde waarde in gevaar ({words.nl}), waarde van {year}",
            f"value added at risk ({words.en}), value of {year}",
        )
        _add(ledger, f"var.total.{name}", found, "MEUR", AT_RISK, inputs, label=label, note=note)
    for sector in sectors:
        _per_percent(ledger, region, sector, [family for family in families if family.sector == sector], year)


def _per_percent(ledger: Ledger, region: str, sector: str, families: Sequence[ProductFamily], year: int) -> None:
    """One per cent of the output that needs the product: value added × exposed share / 100, low, middle and high."""
    whole = ledger[f"{region}.va.{sector}"].value
    low, middle, high = (min(1.0, sum(family.exposed[place] for family in families)) for place in range(3))
    label = Text(
        f"een procent van de blootgestelde productie van {sector}, waarde van {year}",
        f"one per cent of the exposed output of {sector}, value of {year}",
    )
    ledger.computed(
        f"var.{sector}.per_percent",
        label,
        None if whole is None else whole * middle / 100,
        "MEUR/yr",
        method=AT_RISK,
        inputs=(f"{region}.va.{sector}", *(f"param.family.{family.id}.exposed" for family in families)),
        low=None if whole is None else whole * low / 100,
        high=None if whole is None else whole * high / 100,
        note=f"value added of {year}",
    )


def stock(
    ledger: Ledger, start: str, given: Mapping[Variant, ChainInput], holding: Mapping[Variant, ReserveDraws]
) -> None:
    """Record the stock that bridges the delay, the cheapest stock, the carry cost and the break-even chance."""
    region = start.split(".")[0]
    bridge = (
        "licence.mean_lead",
        "licence.never_granted",
        "licence.granted_part",
        "param.never_granted_defence",
        f"param.{region}.defence_share",
        f"param.{region}.issuer_share",
        "param.commercial_stock",
    )
    whole = {variant: stock_for_delay(item) for variant, item in given.items()}
    _add(ledger, f"{region}.stock.bridge_months", summarise(whole, REFERENCE), "month", DELAY, bridge[:-1])
    months = {variant: extra_stock_for_delay(item) for variant, item in given.items()}
    _add(ledger, f"{region}.stock.months_needed", summarise(months, REFERENCE), "month", DELAY, bridge)
    tonnes = {variant: months[variant] * item.use * item.controlled / 12 for variant, item in given.items()}
    inputs = (*bridge, f"{start}.own_use_rare_earth", "param.controlled_share")
    _add(ledger, f"{region}.stock.tonnes_needed", summarise(tonnes, REFERENCE), "t", DELAY, inputs)
    reference = holding[REFERENCE]
    costs = ("param.price", "param.carry")
    carry = summarise({REFERENCE: 1000.0 * reference.carry}, REFERENCE)
    _add(ledger, f"{region}.stock.carry_cost", carry, "EUR/t/yr", ONE_SHOT, costs)
    worth = ("var.total.pro_rata", "var.total.best", "var.total.worst", f"{start}.own_use_rare_earth")
    value = summarise({REFERENCE: reference.value}, REFERENCE)
    _add(ledger, f"{region}.stock.value_per_tonne", value, "kEUR/t", AT_RISK, worth)
    even = summarise(
        # above one a stock never pays, whatever the chance; the bracket runs over the allocations of the shortage
        {
            key: np.minimum(item.break_even, 1.0)
            for key, item in holding.items()
            if key[0] == ALLOCATION or key == REFERENCE
        },
        REFERENCE,
    )
    _add(ledger, f"{region}.stock.break_even_probability", even, "1/yr", ONE_SHOT, (*costs, *worth))
    found = summarise({variant: item.optimum for variant, item in holding.items()}, REFERENCE)
    # a decision under pooled ignorance: the draws of the shortage are inside it, so it has a bracket but no range
    ledger.computed(
        f"{region}.stock.optimum",
        RESULTS["optimum"],
        found.median,
        "t",
        method=ONE_SHOT,
        inputs=(*costs, *worth, "param.yearly_chance", f"{start}.shortage_12m"),
        bracket=found.bracket,
    )


def context(ledger: Ledger, store: Store) -> None:
    """Record what is said about China's exports of magnets in the lowest month of 2025 (press)."""
    where = {"goods": "rare-earth magnets", "period": "2025-05", "destination": "WLD"}
    value, rows = read_rows(store, "magnet_export", where, "change_year", "value")
    ledger.rows("world.magnets.change_may_2025", RESULTS["exports_drop"], value, "1", rows, mark=Mark.PRESS)
    fall = -value if value is not None else None
    ledger.computed(
        "world.magnets.exports_drop",
        RESULTS["exports_drop"],
        fall,
        "1",
        method=SIGN,
        inputs=("world.magnets.change_may_2025",),
    )
