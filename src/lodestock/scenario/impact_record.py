"""What an impact run writes into the ledger of its scenario run: each number with the entries it was made from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lodestock.economy.dutch_loss import terms_of_trade
from lodestock.economy.families import sector_shares
from lodestock.economy.judgements import Judged, jobs, judged_industry, recapture
from lodestock.economy.library import Held
from lodestock.economy.methods import METHODS
from lodestock.economy.propagation import Model, Settings
from lodestock.economy.table_rows import FLOWS, table_rows
from lodestock.economy.value_added import euros_per_unit
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.baseline import prefix
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.impact_judgement import spread_by_judgement
from lodestock.scenario.impact_service import TierService
from lodestock.scenario.impact_tables import value_per_tonne
from lodestock.scenario.impact_words import MODELS, SETTINGS, TIERS
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.value import count_marks, record_rate, record_split, source_of

FloatArray = npt.NDArray[np.float64]
TABLE = "io.table"
_STEPPED = (Model.PBL, Model.ARIO)


def record(impact: ImpactRun, store: Store, served: tuple[TierService, ...]) -> str:
    """Record all numbers of the run; returns the start of their ids (impact.nl)."""
    ledger, start = impact.run.ledger, f"impact.{prefix(impact.region)}"
    record_table(ledger, impact, store)
    record_settings(ledger, impact.settings, impact.sectors)
    known = jobs(impact.region, impact.table.scaled_to or impact.table.year)
    _judged(ledger, impact.sectors, "jobs", "job/MEUR", known)
    _direct(ledger, impact, start)
    for model in impact.models:
        _model(ledger, impact, model, start)
    _price(ledger, impact, start)
    _values(ledger, impact, start)
    _services(ledger, impact, start, served)
    _judgement(ledger, impact, start)
    return start


def record_table(ledger: Ledger, impact: ImpactRun, store: Store) -> None:
    """Record the table and the value added of the exposed sectors: rows of the store, or the imported file; once where
    several runs share a ledger."""
    held, region = impact.held, prefix(impact.region)
    if TABLE not in ledger:
        _whole_table(ledger, held, store)
    rate = euros_per_unit(impact.table)
    for place in impact.found:
        key = f"io.{region}.va.{place.sector}"
        if key in ledger:
            continue
        name = Text(f"toegevoegde waarde {place.sector}", f"value added {place.sector}")
        inputs = [TABLE]
        if place.share != 1.0:
            split = next(share for share in sector_shares() if share.sector == place.sector)
            inputs.append(record_split(ledger, split))
        if impact.table.unit == "MUSD":
            inputs.append(record_rate(ledger, held.table.scaled_to or held.table.year))
        value = float(impact.table.value_added[place.industry]) * rate * place.share
        ledger.computed(
            key, name, value, "MEUR/yr", method=METHODS["io-value-added"], inputs=inputs, note=held.table.vintage.en
        )


def _whole_table(ledger: Ledger, held: Held, store: Store) -> None:
    label = Text(f"input-outputtabel {held.id}, alle stromen", f"input-output table {held.id}, all flows")
    if held.ships:
        value, rows = read_rows(store, "io_flow", {"year": held.table.year}, "value_musd", "sum")
        ledger.rows(TABLE, label, value, "MUSD/yr", rows, note=held.table.vintage.en)
    else:
        total, rows = table_rows(held, FLOWS)
        unit, source = f"{held.table.unit}/yr", source_of(held)
        ledger.rows(TABLE, label, total, unit, rows, source=source, note=held.table.vintage.en)


def record_settings(ledger: Ledger, settings: Settings, sectors: Sequence[str]) -> None:
    """Record how the models run, and what is made up later of the losses of these sectors."""
    units = {"inventory_days": "day", "restock_days": "day", "overproduction_max": "ratio", "psi": "1"}
    for name, unit in units.items():
        ledger.parameter(
            f"param.impact.{name}", SETTINGS[name], float(getattr(settings, name)), unit, mark=Mark.PRIOR,
            source=Text("gebruikelijke waarde in de literatuur over ARIO", "customary value in the ARIO literature"),
        )  # fmt: skip
    if settings.ratings is not None:
        ledger.parameter(
            "param.impact.critical_inputs", Text("deel van de inputs dat kritiek is", "share of inputs rated critical"),
            float((settings.ratings == 1.0).mean()), "1", mark=Mark.PRIOR,
            source="reference/economy/input-criticality.csv: our own ratings, each with its reason",
        )  # fmt: skip
    _judged(ledger, sectors, "recapture", "1", recapture())


def _judged(ledger: Ledger, sectors: Sequence[str], kind: str, unit: str, known: dict[str, Judged]) -> None:
    words = {
        "recapture": Text("deel van het verlies dat wordt ingehaald", "share of the loss made up later"),
        "jobs": Text("banen per miljoen euro", "jobs per million euro"),
    }[kind]
    for code in dict.fromkeys(judged_industry(sector) for sector in sectors):
        if code in known and code is not None:
            low, middle, high = known[code].value
            ledger.parameter(
                f"param.{kind}.{code}", Text(f"{words.nl}, {code}", f"{words.en}, {code}"), middle, unit,
                mark=known[code].mark, source=known[code].source, low=low, high=high,
            )  # fmt: skip


def _spread(
    ledger: Ledger, key: str, label: Text, draws: FloatArray, unit: str, method: str, inputs: list[str],
    *, note: str, bracket: tuple[float, float] | None = None,
) -> None:  # fmt: skip
    low, middle, high = (float(value) for value in np.quantile(draws, (0.05, 0.5, 0.95)))
    ledger.computed(
        key, label, middle, unit, method=METHODS[method], inputs=inputs, low=low, high=high, bracket=bracket, note=note
    )


def direct_inputs(impact: ImpactRun) -> tuple[list[str], list[str]]:
    """What the direct loss is computed from: entries of the scenario's own run, and value added of the table."""
    region, product = prefix(impact.region), impact.run.scenario.product.id
    own = [f"{region}.{product}.shortage_12m"]
    for family in impact.paths.families:
        if family.sector:
            own += [f"param.family.{family.id}.{name}" for name in ("exposed", "criticality")]
    return own, [f"io.{region}.va.{place.sector}" for place in impact.found]


def _direct(ledger: Ledger, impact: ImpactRun, start: str) -> None:
    own, table = direct_inputs(impact)
    inputs = [*own, *table]
    medians = [float(np.median(values)) for values in impact.regimes.values()]
    vintage = impact.table.vintage
    _spread(
        ledger, f"{start}.direct",
        Text(f"direct verlies aan toegevoegde waarde, {vintage.nl}", f"direct loss of value added, {vintage.en}"),
        impact.regimes[REFERENCE], "MEUR", "direct-loss", inputs, note=vintage.en, bracket=(min(medians), max(medians)),
    )  # fmt: skip


def model_inputs(model: Model) -> list[str]:
    """What a model takes beside the direct loss: the table and its own settings."""
    inputs = [TABLE]
    if model in _STEPPED:
        inputs += [f"param.impact.{key}" for key in ("inventory_days", "restock_days")]
    if model is Model.ARIO:
        inputs += ["param.impact.overproduction_max", "param.impact.psi"]
    if model is Model.PBL:
        inputs.append("param.impact.critical_inputs")
    return inputs


def recapture_inputs(sectors: Sequence[str]) -> list[str]:
    """What is made up later, by industry as it was judged."""
    return [f"param.recapture.{code}" for code in dict.fromkeys(judged_industry(sector) for sector in sectors)]


def _model(ledger: Ledger, impact: ImpactRun, model: Model, start: str) -> None:
    found, vintage, name = impact.models[model], impact.table.vintage, MODELS[model]
    inputs = [f"{start}.direct", *model_inputs(model)]
    words = {
        "lost": Text("verlies in de hele economie", "loss in the whole economy"),
        "net": Text("verlies na inhalen", "loss after recapture"),
        "jobs": Text("arbeidsjaren bij dat verlies", "job-years with that loss"),
    }

    def label(kind: str) -> Text:
        nl, en = words[kind].nl, words[kind].en
        return Text(f"{nl}, {name.nl}, {vintage.nl}", f"{en}, {name.en}, {vintage.en}")

    _spread(
        ledger, f"{start}.lost.{model}", label("lost"), found.lost.sum(axis=1), "MEUR", f"lost-{model}", inputs,
        note="; ".join([vintage.en, *how(impact.settings, model)]),
    )  # fmt: skip
    later = [f"{start}.lost.{model}", *recapture_inputs(impact.sectors)]
    _spread(
        ledger, f"{start}.net.{model}", label("net"), found.net.sum(axis=1), "MEUR", "after-recapture", later,
        note=vintage.en,
    )  # fmt: skip
    if found.job_years is not None:
        codes = dict.fromkeys(judged_industry(sector) for sector in impact.sectors)
        work = [f"{start}.net.{model}", *(f"param.jobs.{code}" for code in codes)]
        note = "work that goes with the loss; not a forecast of dismissals"
        _spread(ledger, f"{start}.jobs.{model}", label("jobs"), found.job_years, "job-year", "jobs", work, note=note)


def how(settings: Settings, model: Model) -> list[str]:
    """How a model with steps was run, for the note on its number."""
    variant = [f"variant {settings.variant}"] if model is Model.PBL else []
    return [*variant, f"{settings.steps_per_month} steps a month"] if model in _STEPPED else []


def _price(ledger: Ledger, impact: ImpactRun, start: str) -> None:
    """What a doubling of the price takes from the country on the tonnes that still arrive; gains of residents that hold
    or recycle the product are not known and not subtracted, so it is an upper end."""
    price = impact.run.draws.shared["price"] / 1000.0  # MEUR/t
    bought = impact.focus.out[REFERENCE].arrivals.sum(axis=1)
    extra = terms_of_trade(2.0 * price, price, bought, np.zeros_like(price))
    product = f"{prefix(impact.region)}.{impact.run.scenario.product.id}"
    _spread(
        ledger, f"{start}.price_doubling",
        Text("meer betaald aan het buitenland bij een dubbele prijs, in geld van de prijs",
             "paid more to other countries at a doubled price, in money of the price"),
        extra, "MEUR", "terms-of-trade",
        ["param.price", *(f"{product}.{name}" for name in ("own_use_rare_earth", "not_arrived_delay",
                                                           "not_arrived_partial", "not_arrived_never"))],
        note="an upper end: no gains of resident holders or recyclers; a transfer, not lost output; not added up",
    )  # fmt: skip


def _values(ledger: Ledger, impact: ImpactRun, start: str) -> None:
    region, product = prefix(impact.region), impact.run.scenario.product.id
    for row in value_per_tonne(impact).iter_rows(named=True):
        inputs = [f"io.{region}.va.{row['sector']}", f"{region}.{product}.own_use_rare_earth"]
        inputs += [
            f"param.family.{family.id}.{name}"
            for family in impact.paths.families
            if family.sector == row["sector"]
            for name in ("exposed", "criticality", "use")
        ]
        ledger.computed(
            f"{start}.value_per_tonne.{row['sector']}",
            Text(
                f"toegevoegde waarde per ontbrekende ton, {row['name_nl']}, {impact.table.vintage.nl}",
                f"value added per lacking tonne, {row['name_en']}, {impact.table.vintage.en}",
            ),
            row["keur_per_t"], "kEUR/t", method=METHODS["value-per-tonne"], inputs=inputs, low=row["low_keur_per_t"],
            high=row["high_keur_per_t"],
            note="not capped: a redesign may cost less than the output that stops, and nobody has priced it",
        )  # fmt: skip


def _services(ledger: Ledger, impact: ImpactRun, start: str, served: tuple[TierService, ...]) -> None:
    region, product = prefix(impact.region), impact.run.scenario.product.id
    for item in served:
        for rule, found in item.rules.items():
            name = TIERS[item.tier]
            ledger.computed(
                f"{start}.service.{item.tier}.{rule}",
                Text(f"geleverd deel van de behoefte, {name.nl} ({rule})", f"share of need served, {name.en} ({rule})"),
                found.mean, "1", method=METHODS["service-level"], inputs=[f"{region}.{product}.shortage_12m"],
                note=f"middle path; lowest month {found.lowest:.3f}; short {found.short:.4g} {found.unit}; not priced",
            )  # fmt: skip


def _judgement(ledger: Ledger, impact: ImpactRun, start: str) -> None:
    model = list(impact.models)[-1]
    key = f"{start}.net.{model}"
    counts = count_marks(ledger, key)
    inputs = [key]
    ledger.computed(
        f"{start}.judgement.inputs",
        Text("deel van de gebruikte gegevens dat een oordeel is", "share of the inputs that are judgements"),
        counts[Mark.PRIOR] / sum(counts.values()), "1", method=METHODS["rests-on-judgement"], inputs=inputs,
        note=", ".join(f"{count} {mark.value}" for mark, count in counts.items()),
    )  # fmt: skip
    ledger.computed(
        f"{start}.judgement.variance",
        Text("deel van de spreiding dat uit oordelen komt", "share of the spread that comes from judgements"),
        spread_by_judgement(impact), "1", method=METHODS["rests-on-judgement"], inputs=inputs,
        note="of the variance of the direct loss after recapture: what goes when every judgement stands at its median",
    )  # fmt: skip
