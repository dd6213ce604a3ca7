"""What safe levels, norms, pilots and the copper reserve write into a ledger: each number with the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from lodestock import __version__
from lodestock.criticality.concentration import import_concentration
from lodestock.criticality.copper import MATERIAL
from lodestock.criticality.eu_table import supply_risk_table
from lodestock.criticality.inputs import eu_study, governance_risk, trade
from lodestock.evidence.ledger import Ledger, Scalar, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.result import RunInfo
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import share_entry
from lodestock.scenario.copper_reserve import CopperReserve
from lodestock.scenario.pilot import WeighedPilot
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import Stated, stated
from lodestock.scenario.stock_record import put, state
from lodestock.scenario.summary import Summary
from lodestock.scenario.trade_norms import CodeLevel, Levels, Norms

NO_ROWS = "the source lists every pair with trade; no row is no trade"
COPPER = ("storage", "insurance", "obsolescence", "transaction", "usd_per_eur", "spike")


@dataclass(frozen=True, slots=True)
class Recorded:
    """A ledger with what is needed for a manifest: the answer's name and day, and the snapshots of the store."""

    info: RunInfo
    ledger: Ledger
    snapshots: pl.DataFrame
    made: list[str] = field(default_factory=list)


def recorded(store: Store, name: str, today: date, run: ScenarioRun | None = None) -> Recorded:
    """An empty record of an answer that no scenario stands behind, or one that goes on in the ledger of a run."""
    if run is not None:
        return Recorded(run.info, run.ledger, run.snapshots)
    info = RunInfo(name, "", __version__, store.status().fingerprint, today.isoformat(), 0, 0)
    return Recorded(info, Ledger(), store.snapshots())


def record_levels(record: Recorded, found: Levels) -> None:
    """Record the days asked for and, by code, imports, exports, daily net imports and the safe level."""
    days = _days(record.ledger, found.days)
    for item in found.codes:
        daily = _daily(record, item)
        level = None if item.level is None else item.level.tonnes
        name = Text(f"{item.code}: veilig niveau", f"{item.code}: safe level")
        _put(record, f"safe_level.{item.code}.tonnes", name, level, "t", "safe-level", (daily, days), item.reason.en)


def _days(ledger: Ledger, days: float) -> str:
    said = Text("gevraagd; het aantal dagen staat niet in de wet", "as asked; the act gives no number of days")
    label = Text("dagen voor het veilige niveau", "days for the safe level")
    return state(ledger, "safe_level_days", label, (days,) * 3, "day", Mark.PRIOR, said)


def _daily(record: Recorded, item: CodeLevel) -> str:
    """The rows behind a code and its average daily net imports; returns the id of the latter."""
    start, ledger = f"safe_level.{item.code}", record.ledger
    key = f"{start}.daily"
    if key in ledger:
        return key
    for name, label, value, rows in (
        ("imports", Text("invoer", "imports"), item.imports, item.read[0]),
        ("exports", Text("uitvoer", "exports"), item.exports, item.read[1]),
    ):
        note = NO_ROWS if rows.count == 0 else "" if value is not None else "no quantity in the source"
        told = Text(f"{item.code}: {label.nl}", f"{item.code}: {label.en}")
        ledger.rows(f"{start}.{name}", told, value, "t/yr", rows, note=note)
    label = Text(f"{item.code}: gemiddelde netto-invoer per dag", f"{item.code}: average net imports a day")
    daily = None if item.level is None else item.level.daily
    _put(record, key, label, daily, "t", "safe-level", (f"{start}.imports", f"{start}.exports"), item.reason.en)
    return key


def record_norms(record: Recorded, found: Norms) -> None:
    """Record each norm in days, from its row or from the run behind it, and in tonnes by trade code."""
    chosen = _days(record.ledger, found.levels.days)
    daily = {item.code: _daily(record, item) for item in found.levels.codes}
    for norm in found.norms:
        if norm.id == "own":
            record.made.append("stock.plan.days")
            continue  # the plan's own entries stand in the ledger of its run
        days = chosen
        if norm.read is not None:
            days = f"norm.{norm.id}.days"
            label = Text(f"{norm.name.nl}: dagen", f"{norm.name.en}: days")
            if days not in record.ledger:
                record.ledger.rows(days, label, norm.days, "day", norm.read, mark=norm.mark)
        record.made.append(days)
        for item, tonnes in zip(found.levels.codes, norm.tonnes, strict=True):
            name = Text(f"{norm.name.nl}: {item.code}", f"{norm.name.en}: {item.code}")
            _put(record, f"norm.{norm.id}.{item.code}", name, tonnes, "t", "safe-level", (daily[item.code], days),
                 item.reason.en)  # fmt: skip


def record_pilot(record: Recorded, found: WeighedPilot) -> None:
    """Record what the pilot file states, and the days and the yearly cost that follow."""
    pilot, cost = found.pilot, found.pilot.cost
    said = Text(f"projectbestand {found.path.name}", f"pilot file {found.path.name}")
    for key, label, value, unit in (
        ("days_wanted", Text("gevraagde dagen", "days wanted"), pilot.days_wanted, "day"),
        ("purchase", Text("aankoopwaarde", "purchase value"), cost.purchase_keur, "kEUR"),
        ("holding", Text("opslag, verzekering en veroudering", "storage, insurance and ageing"), cost.holding_share,
         "1/yr"),
        ("discount", Text("rente van wie het geld vastlegt", "rate of whoever ties up capital"), cost.discount_rate,
         "1/yr"),
        ("years", Text("jaren waarover wordt gespreid", "years over which costs are spread"), float(cost.years), "yr"),
    ):  # fmt: skip
        _stated(record, f"pilot.{key}", label, value, unit, cost.mark, said)
    _put(
        record, "pilot.yearly_cost", Text("kosten per jaar", "cost a year"), found.yearly_cost, "kEUR", "annual-carry",
        ("pilot.purchase", "pilot.holding", "pilot.discount", "pilot.years"), "purchase or holding is not stated",
    )  # fmt: skip
    for number, one in enumerate(found.cover, start=1):
        start = f"pilot.{number}.{one.item.material}"
        told = Text(f"{one.item.material} als {one.item.form}", f"{one.item.material} as {one.item.form}")
        label = Text(f"{told.nl}: hoeveelheid", f"{told.en}: quantity")
        _stated(record, f"{start}.tonnes", label, one.item.tonnes, "t", cost.mark, said)
        part = Text(f"{told.nl}: deel van de netto-invoer", f"{told.en}: share of net imports")
        _stated(record, f"{start}.share", part, one.item.own_use_share, "1", cost.mark, said)
        inputs = [f"{start}.tonnes", f"{start}.share"]
        if one.level is not None:
            inputs.append(_daily(record, one.level))
        days = Text(f"{told.nl}: dagen gedekt", f"{told.en}: days covered")
        _put(record, f"{start}.days", days, one.days, "day", "safe-level", inputs, one.why_en)


def record_copper(record: Recorded, found: CopperReserve, store: Store) -> None:
    """Record the price, the terms, the record of shocks, the figures of the dossier's tests, and the norms."""
    ledger, given = record.ledger, stated("copper") | {key: stated("rates")[key] for key in ("state", "horizon")}
    terms = {key: _given(ledger, key, given[key]) for key in (*COPPER, "state", "horizon")}
    series = {"commodity": "Copper"}
    value, rows = read_rows(store, "metal_price", series | {"month": found.month}, "price_usd_per_t", "value")
    ledger.rows("copper.price_usd", Text("koperprijs", "copper price"), value, "USD/t", rows)
    counted, record_of = read_rows(store, "metal_price", series, "price_usd_per_t", "count")
    ledger.rows("copper.months", Text("maanden met een prijs", "months with a price"), counted, "count", record_of)
    price = _put(record, "copper.price", Text("prijs per ton", "price per tonne"), found.price, "kEUR/t",
                 "price-in-euros", ("copper.price_usd", terms["usd_per_eur"]))  # fmt: skip
    holding = [terms[key] for key in terms if key not in ("usd_per_eur", "spike")]
    carry = _put(record, "copper.carry", Text("kosten van aanhouden", "cost of holding"), found.carry, "kEUR/t/yr",
                 "annual-carry", (price, *holding))  # fmt: skip
    even = _put(record, "copper.break_even", Text("kans op een schok waarboven het loont",
                "chance of a shock above which it pays"), found.break_even, "1/yr", "break-even-probability",
                (carry, price, terms["spike"]))  # fmt: skip
    shocks = ("copper.months", terms["spike"])
    for key, label, number, unit in (
        ("shocks", Text("jaren met een prijsschok", "years with a price shock"), float(found.shocks), "count"),
        ("years", Text("jaren bekeken", "years looked at"), float(found.years), "count"),
        ("worst_rise", Text("grootste prijsstijging", "largest price rise"), found.worst_rise, "1"),
    ):
        _put(record, f"copper.{key}", label, number, unit, "price-shocks", shocks)
    pays = Text("deel van de trekkingen waarin het een gebruiker loont", "share of the draws in which it pays a user")
    _put(
        record,
        "copper.pays_share",
        pays,
        found.pays_share,
        "1",
        "paired-draws",
        (even, "copper.shocks", "copper.years"),
    )
    _tests(record, found, store)
    record_norms(record, found.norms)


def _tests(record: Recorded, found: CopperReserve, store: Store) -> None:
    """The figures of the dossier's tests, read again from the rows where there are rows."""
    ledger, year = record.ledger, found.dossier.year
    risk = supply_risk_table(eu_study(store), governance_risk(store)).filter(pl.col("material") == MATERIAL)
    worst = risk.drop_nulls("sr")["sr"].max()
    study = Text(
        "EU-studie 2023, herrekend: `lodestock assess copper`", "EU study 2023, recomputed: `lodestock assess copper`"
    )
    _stated(record, "copper.test.supply_risk", Text("leveringsrisico (EU-methode)", "supply risk (EU method)"),
            None if worst is None else float(str(worst)), "ratio", Mark.COMPUTED, study)  # fmt: skip
    last = import_concentration(trade(store, ("740311",), [year]), importers=["NLD"])
    where: dict[str, Scalar] = {"hs_code": "740311", "year": year, "importer": "NLD"}
    inputs = []
    for key, label, rule in (
        ("cathodes", Text("invoer van kathoden", "imports of cathodes"), where),
        ("cathodes_largest", Text("waarvan uit het grootste land", "of which from the largest country"),
         where | {"exporter": str(last["largest"][0])}),
    ):  # fmt: skip
        amount, rows = read_rows(store, "trade", rule, "quantity_t")
        inputs.append(ledger.rows(f"copper.test.{key}", label, amount, "t/yr", rows).id)
    label = Text("aandeel van het grootste leverende land", "share of the largest country that ships")
    share_entry(ledger, "copper.test.last_shipper", label, inputs[1], inputs[0])
    record.made.append("copper.test.last_shipper")
    for fact in found.dossier.facts:
        if fact.key == "copper-cathodes.largest_origin":
            label = Text(fact.text_nl, fact.text_en)
            _stated(
                record, "copper.test.origin", label, fact.value, "1", Mark(fact.mark), Text(fact.source, fact.source)
            )


def _given(ledger: Ledger, key: str, item: Stated) -> str:
    return state(ledger, key, item.name, item.value, item.unit, item.mark, item.source)


def _stated(
    record: Recorded, key: str, label: Text, value: float | None, unit: str, mark: Mark, source: Text
) -> None:  # fmt: skip
    record.ledger.parameter(
        key, label, value, unit, mark=mark, source=source, note="" if value is not None else "not stated"
    )
    record.made.append(key)


def _put(
    record: Recorded,
    key: str,
    label: Text,
    found: Summary | float | None,
    unit: str,
    method: str,
    inputs: Sequence[str],
    why: str = "",
) -> str:
    """Record what was found; a value that is not known keeps its reason."""
    note = why if found is None else ""
    record.made.append(put(record.ledger, key, label, found, unit, method, inputs, note=note))
    return key
