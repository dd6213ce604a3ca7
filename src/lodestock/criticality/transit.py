"""Border imports, own use by traced origin, re-export and transit, for any country and coalition.

Sources: MODEL §13 traps 1 and 24, verification case V19; formulas in `transit_method`. Where production at the traded
stage is not known, at least max(0, exports − imports) was made. Three views stand side by side and make the range: that
least production everywhere; known producers ship what they make themselves first; and the border view, which takes
the last shipper for the origin.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from lodestock import vocabulary
from lodestock.criticality.indices import Floats, Ints
from lodestock.criticality.inputs import Tables, reference_table, trade
from lodestock.criticality.transit_method import Traced, least_production, reconcile_mirror, trace_origins
from lodestock.errors import DataError, UnknownNameError

REST = "OTH"
NO_TRANSIT = (
    "customs transit is not in reconciled trade data; CBS counted 185 of 590 million tonnes that entered in 2016 as "
    "transit and 114 as imports for re-export (press report of CBS, 2017)"
)


@dataclass(frozen=True, slots=True)
class Good:
    """A good that is traced: its codes, and what of its production is known.

    known_producers: countries that make it, where tonnes are not documented (a judgement of ours).
    content_low, content_high: contained element per gross tonne [-]; production figures are contained, trade is gross.
    """

    id: str
    material: str
    name_en: str
    name_nl: str
    hs_codes: tuple[str, ...]
    stage: str
    commodity: str
    form_match: str
    known_producers: tuple[str, ...]
    content_low: float | None
    content_high: float | None
    note: str
    mark: str


@dataclass(frozen=True, slots=True)
class TracedGood:
    """A good traced in one year: countries in the order of the arrays, and the border view beside the traced one.

    central: traced with documented production (raised where trade needs more) or, where there is none, with known
    producers shipping their own first; `basis` says which. least: traced with the least production trade allows.
    border: shape (n, n), shares of the last shippers in each country's imports [-]. unweighed: shape (2, n), flows
    from and to each country that carry no weight and are in none of the tonnes.
    """

    good: Good
    year: int
    countries: tuple[str, ...]
    central: Traced
    least: Traced
    border: Floats
    exports: Floats
    imports: Floats
    basis: str
    unweighed: Ints
    pairs_without_quantity: int
    value_without_quantity: float


def goods() -> dict[str, Good]:
    """The goods that are traced, by id."""
    found: dict[str, Good] = {}
    for row in reference_table("traced-goods.csv").iter_rows(named=True):
        makers = tuple(name for name in row["known_producers"].split(";") if name)
        low, high = (float(row[name]) if row[name] else None for name in ("content_low", "content_high"))
        found[row["good"]] = Good(
            row["good"], row["material"], row["name_en"], row["name_nl"], tuple(row["hs_codes"].split(";")),
            row["stage"], row["commodity"], row["form_match"], makers, low, high,
            row["production_note"], row["mark"],
        )  # fmt: skip
    return found


def good(name: str) -> Good:
    """The traced good with that id; an unknown one raises with the nearest offered."""
    known = goods()
    if name not in known:
        raise UnknownNameError("traced good", name, known)
    return known[name]


def reconcile_reports(reports: pl.DataFrame, *, exporter_cv: float, importer_cv: float) -> pl.DataFrame:
    """The most likely flow of each pair from two-sided reports: adds estimate_t, sd_t and sides (0, 1 or 2).

    reports: keys, exporter_report_t, importer_report_t [t], null is not reported. The coefficients of variation are
    assumptions of the caller. BACI is already reconciled: do not reconcile it again.
    """
    wanted = ("exporter_report_t", "importer_report_t")
    if absent := [name for name in wanted if name not in reports.columns]:
        raise DataError(f"the reports lack {' and '.join(absent)}", mend="name the two columns so, in tonnes")
    sides = [reports[name].cast(pl.Float64) for name in wanted]
    left, right = (side.fill_null(float("nan")).to_numpy() for side in sides)
    value, sd = reconcile_mirror(left, right, exporter_cv, importer_cv)
    return reports.with_columns(
        pl.Series("estimate_t", value).fill_nan(None),
        pl.Series("sd_t", sd).fill_nan(None),
        pl.Series("sides", (~np.isnan(left)).astype(np.int8) + (~np.isnan(right)).astype(np.int8)),
    )


def trace_trade(
    what: Good, rows: pl.DataFrame, year: int, production: pl.DataFrame | None = None, content: float | None = None
) -> TracedGood:
    """Trace one good in one year.

    rows: exporter, importer, quantity_t, value_kusd. production: country, production_t [t contained]; content:
    contained per gross tonne [-], by default the middle of the good's range.
    """
    names = sorted(
        set(rows["exporter"]) | set(rows["importer"]) | set([] if production is None else production["country"])
    )
    if not rows.height:
        raise DataError(f"no trade of {what.id} in {year}", mend="choose a year that the trade table covers")
    place = {name: number for number, name in enumerate(names)}
    weighed = rows.filter(pl.col("quantity_t").is_not_null())
    flows = np.zeros((len(names), len(names)))
    ends = [weighed[side].replace_strict(place, return_dtype=pl.Int64).to_numpy() for side in ("exporter", "importer")]
    np.add.at(flows, (ends[0], ends[1]), weighed["quantity_t"].to_numpy())
    np.fill_diagonal(flows, 0.0)
    least = least_production(flows)
    exports, imports = flows.sum(axis=1), flows.sum(axis=0)
    makers = np.isin(names, what.known_producers)
    made, basis = np.where(makers, np.maximum(least, exports), least), "known producers"
    if production is not None and production.height:
        share = content or ((what.content_low or 1.0) + (what.content_high or 1.0)) / 2.0
        known = np.zeros(len(names))
        for country, tonnes in production.select("country", "production_t").drop_nulls().iter_rows():
            known[place[country]] += tonnes / share
        made, basis = np.maximum(known, least), "documented"
    border = np.divide(flows, imports, out=np.full_like(flows, np.nan), where=imports > 0.0)
    blank = rows.filter(pl.col("quantity_t").is_null())
    worth = float(rows["value_kusd"].sum())
    part = float(blank["value_kusd"].sum()) / worth if worth > 0.0 else 0.0
    sides = [blank[side].replace_strict(place, return_dtype=pl.Int64).to_numpy() for side in ("exporter", "importer")]
    unweighed = np.stack([np.bincount(side, minlength=len(names)) for side in sides])
    return TracedGood(
        what,
        year,
        tuple(names),
        trace_origins(flows, made),
        trace_origins(flows, least),
        border,
        exports,
        imports,
        basis,
        unweighed,
        blank.height,
        part,
    )


def production_of(store: Tables, what: Good, year: int) -> pl.DataFrame | None:
    """Documented production of the good, of that year or the last one before it: country, production_t, year."""
    if not what.commodity:
        return None
    rows = (
        store.table("production")
        .filter(pl.col("commodity") == what.commodity)
        .filter(pl.col("form_printed").str.contains(what.form_match) & (pl.col("year") <= year))
        .collect()
    )
    if rows.is_empty():
        return None
    # The unnamed rest of the world is no place that material can be traced to: its members get the least production.
    last = rows.filter((pl.col("year") == pl.col("year").max()) & (pl.col("country") != REST))
    return last.group_by("country", "year").agg(pl.col("production_t").sum()).sort("country")


def trace_good(store: Tables, name: str, year: int, as_one: vocabulary.Region | None = None) -> TracedGood:
    """Trace a good of the list through the store's trade of that year.

    as_one: a coalition that is taken as one country under its id: trade between its members is left out, what they
    make is added up, and one of them that is a known producer makes it one.
    """
    what = good(name)
    rows = trade(store, what.hs_codes, [year]).collect()
    production = production_of(store, what, year)
    if as_one is not None:
        whole = dict.fromkeys(as_one.members, as_one.id)
        rows = rows.with_columns(pl.col("exporter", "importer").replace(whole))
        rows = rows.filter(pl.col("exporter") != pl.col("importer"))
        makers = dict.fromkeys(whole.get(maker, maker) for maker in what.known_producers)
        what = replace(what, known_producers=tuple(makers))
        production = production.with_columns(pl.col("country").replace(whole)) if production is not None else None
    return trace_trade(what, rows, year, production)


def no_accounts(what: Good, countries: Collection[str], year: int) -> pl.DataFrame:
    """The accounts of a good for which the trade table holds nothing in that year: every row `missing`, none zero."""
    gap = {"status": "missing", "reason": f"the trade table holds no {what.name_en.lower()} in {year}"}
    base = {"good": what.id, "material": what.material, "year": year}
    return pl.DataFrame([base | {"country": name} | gap for name in countries], schema=ACCOUNT)


def _pick(traced: TracedGood, country: str) -> int:
    if country not in traced.countries:
        raise UnknownNameError("country in this trade", country, traced.countries, where=traced.good.id)
    return traced.countries.index(country)


def accounts(traced: TracedGood, countries: Collection[str]) -> pl.DataFrame:
    """What crosses the border, what stays and what passes through, per country [t gross].

    Columns: good, material, year, country, import_t, export_t, own_use_low_t (everything that leaves was imported
    first), own_use_high_t (nothing that leaves was imported), own_use_t (central view, own production included),
    reexport_low_t, reexport_high_t, through_t (foreign-made tonnes that leave again, proportional mixing),
    least_production_t (exports less imports, where above 0: it must have been made there or drawn from stock), basis,
    pairs_without_quantity (flows from or to the country that carry no weight), status, reason. A country without trade
    in the good is `missing`.
    """
    rows = []
    for country in countries:
        base = {"good": traced.good.id, "material": traced.good.material, "year": traced.year, "country": country}
        if country not in traced.countries:
            rows.append(base | {"status": "missing", "reason": "no weighed trade of this good"})
            continue
        at = traced.countries.index(country)
        bought, sold = float(traced.imports[at]), float(traced.exports[at])
        if bought == 0.0 and (sold == 0.0 or traced.unweighed[1, at] > 0):
            none = {"pairs_without_quantity": int(traced.unweighed[:, at].sum()), "status": "missing"}
            rows.append(base | none | {"reason": "no weighed import" if sold else "no weighed trade of this good"})
            continue
        known = float(traced.central.own_use[at])
        rows.append(
            base
            | {
                "import_t": bought,
                "export_t": sold,
                "own_use_low_t": max(0.0, bought - sold),
                "own_use_high_t": bought,
                "own_use_t": known,
                "reexport_low_t": 0.0,
                "reexport_high_t": min(bought, sold),
                "through_t": float(traced.central.through[at]),
                "basis": traced.basis,
                "least_production_t": max(0.0, sold - bought),
                "pairs_without_quantity": int(traced.unweighed[:, at].sum()),
                "status": "estimated",
                "reason": "",
            }
        )
    return pl.DataFrame(rows, schema=ACCOUNT, infer_schema_length=None)


ACCOUNT = {
    "good": pl.String, "material": pl.String, "year": pl.Int64, "country": pl.String, "import_t": pl.Float64,
    "export_t": pl.Float64, "own_use_low_t": pl.Float64, "own_use_high_t": pl.Float64, "own_use_t": pl.Float64,
    "reexport_low_t": pl.Float64, "reexport_high_t": pl.Float64, "through_t": pl.Float64,
    "least_production_t": pl.Float64, "basis": pl.String,
    "pairs_without_quantity": pl.Int64, "status": pl.String, "reason": pl.String,
}  # fmt: skip

ORIGIN = {
    "good": pl.String, "year": pl.Int32, "country": pl.String, "origin": pl.String,
    **dict.fromkeys(("border_share", "traced_share", "least_share", "share_low", "share_high", "use_t"), pl.Float64),
}  # fmt: skip


def origins(traced: TracedGood, country: str, above: float = 0.0) -> pl.DataFrame:
    """Where a country's supply of a good was made, traced, beside who shipped it last.

    Columns: good, year, country, origin, border_share, traced_share, least_share, share_low, share_high (the three
    views as a range), use_t [t gross, central view], sorted by traced share. `above` leaves out what is below it in
    all three views.
    """
    at = _pick(traced, country)
    frame = pl.DataFrame(
        {
            "origin": traced.countries,
            "border_share": traced.border[:, at],
            "traced_share": traced.central.shares[:, at],
            "least_share": traced.least.shares[:, at],
            "use_t": traced.central.use_by_origin[:, at],
        }
    ).with_columns(pl.col("border_share", "traced_share", "least_share").fill_nan(None))
    views = pl.col("border_share"), pl.col("traced_share"), pl.col("least_share")
    return (
        frame.with_columns(
            pl.lit(traced.good.id).alias("good"),
            pl.lit(traced.year).alias("year"),
            pl.lit(country).alias("country"),
            pl.min_horizontal(*views).alias("share_low"),
            pl.max_horizontal(*views).alias("share_high"),
        )
        .filter(pl.col("share_high") > above)
        .sort("traced_share", "border_share", "origin", descending=[True, True, False], nulls_last=True)
        .select(*ORIGIN)
    )


def transit_account(traced: TracedGood, country: str) -> pl.DataFrame:
    """The account of its own for the hub: foreign-made tonnes that enter and leave again, by traced origin.

    Columns: good, year, country, account, origin, tonnes, status, reason. Customs transit, which never enters trade
    statistics, is a row of its own with status `missing`.
    """
    at = _pick(traced, country)
    share = np.nan_to_num(traced.central.shares[:, at])
    tonnes = share * traced.exports[at]
    tonnes[at] = 0.0
    base = {"good": traced.good.id, "year": traced.year, "country": country}
    rows = [
        base
        | {"account": "passes through", "origin": name, "tonnes": float(amount), "status": "estimated", "reason": ""}
        for name, amount in zip(traced.countries, tonnes, strict=True)
        if amount > 0.0
    ]
    rows.append(
        base | {"account": "customs transit", "origin": "", "tonnes": None, "status": "missing", "reason": NO_TRANSIT}
    )
    return pl.DataFrame(rows, infer_schema_length=None).sort("tonnes", descending=True, nulls_last=True)
