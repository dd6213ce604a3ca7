"""Watching: a few indicators per product and importer, a documented change test, and how often it cries wolf.

Sources: `watch_method`; indicators after Regulation (EU) 2024/1252, Article 20(1): trade, concentration, prices.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lodestock import vocabulary
from lodestock.criticality.inputs import Tables, importers
from lodestock.criticality.measurable import Attribution, holds_alone
from lodestock.criticality.watch_method import (
    DEFAULT_LIMIT,
    LEAST_HISTORY,
    Flags,
    alarm_rate,
    alarms,
    earlier_changes,
    entries_and_exits,
    limit_for,
    unusual_score,
)
from lodestock.criticality.watch_standing import standing
from lodestock.errors import InputError, LodestockError

MATERIAL_PART = 0.05  # a supplier counts as one from five per cent of supply
INDICATORS = ("volume_t", "unit_value_kusd_per_t", "hhi")
SMALL_T = 1.0
AIMED_RATE = 0.05
CALM_UNTIL = 2022  # most controls came later; some earlier years had one too, so the rates are upper bounds
UNION = ("EU27", "EU27_2020")


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched of some materials for one importer, and how often the test cries wolf there.

    indicators: material, hs_code, year and the yearly indicators. tests: the change test, one row per indicator and
    year. newest: of these the last year of each code, with attribution (whole, or mixed where the code holds other
    materials too) and mixes; a code under which nothing came in last year says so and has no verdict. standing: what
    the last year alone shows, as `watch_standing.standing`, for every code, also where nothing can be tested.
    rates: as `false_alarm_rates`, over every code of the trade table for this importer in years without controls.
    press: monthly figures that the press reported, where the trade table has no months; never tested with the others.
    gaps: material → why nothing could be watched.
    """

    importer: str
    materials: tuple[str, ...]
    limit: float
    indicators: pl.DataFrame
    tests: pl.DataFrame
    newest: pl.DataFrame
    standing: pl.DataFrame
    rates: pl.DataFrame
    press: pl.DataFrame
    gaps: dict[str, str]


def indicators(trade: pl.DataFrame, importers: Collection[str]) -> pl.DataFrame:
    """The yearly indicators of each product for an importer or a coalition without its inner trade.

    trade: hs_code, year (or month), exporter, importer, value_kusd, quantity_t. Columns: hs_code, year, volume_t,
    unit_value_kusd_per_t (over rows with a weight only), hhi, suppliers, entered, left (countries that became or
    ceased to be suppliers of at least 5 %, as text). A year without any weight is null, not zero.
    """
    members = list(importers)
    rows = trade.filter(pl.col("importer").is_in(members) & ~pl.col("exporter").is_in(members))
    rows = rows.filter(pl.col("quantity_t") > 0)
    by_supplier = rows.group_by("hs_code", "year", "exporter").agg(pl.col("quantity_t", "value_kusd").sum())
    share = pl.col("quantity_t") / pl.col("quantity_t").sum()
    table = by_supplier.group_by("hs_code", "year").agg(
        pl.col("quantity_t").sum().alias("volume_t"),
        (pl.col("value_kusd").sum() / pl.col("quantity_t").sum()).alias("unit_value_kusd_per_t"),
        (share**2).sum().alias("hhi"),
        (share >= MATERIAL_PART).sum().alias("suppliers"),
        pl.col("exporter").filter(share >= MATERIAL_PART).sort().alias("material_suppliers"),
    )
    parts = [_movements(part) for _, part in table.sort("hs_code", "year").group_by("hs_code", maintain_order=True)]
    if not parts:
        none = pl.lit(None, dtype=pl.String)
        return table.drop("material_suppliers").with_columns(none.alias("entered"), none.alias("left"))
    return pl.concat(parts).drop("material_suppliers")


def _movements(part: pl.DataFrame) -> pl.DataFrame:
    """Fill the years between first and last, and say who entered and who left."""
    first, last = (int(str(part["year"].to_list()[end])) for end in (0, -1))
    grid = pl.DataFrame({"year": range(first, last + 1)}, schema={"year": part.schema["year"]})
    full = grid.join(part, on="year", how="left", maintain_order="left")
    full = full.with_columns(pl.lit(part["hs_code"][0]).alias("hs_code"))
    suppliers = [set(names or []) for names in full["material_suppliers"].to_list()]
    everyone = sorted(set().union(*suppliers))
    present: Flags = np.array([[name in names for name in everyone] for names in suppliers], dtype=np.bool_)
    new, gone = entries_and_exits(present.reshape(len(suppliers), len(everyone)))

    def names(flags: Flags) -> pl.Series:
        return pl.Series([";".join(np.array(everyone, dtype=str)[row]) for row in flags], dtype=pl.String)

    entered, left = names(new), names(gone)
    order = ["hs_code", "year", "volume_t", "unit_value_kusd_per_t", "hhi", "suppliers"]
    return full.with_columns(entered.alias("entered"), left.alias("left")).select(
        *order, "entered", "left", "material_suppliers"
    )


_TEST = {
    "hs_code": pl.String, "year": pl.Int16, "indicator": pl.String, "value": pl.Float64, "change": pl.Float64,
    "earlier_changes": pl.Int64, "score": pl.Float64, "unusual": pl.Boolean, "status": pl.String, "reason": pl.String,
}  # fmt: skip


def change_test(table: pl.DataFrame, limit: float = DEFAULT_LIMIT) -> pl.DataFrame:
    """The indicators with the change test: per indicator a score and whether the change into the period is unusual.

    Columns: hs_code, year, indicator, value, change [-, part of the value a period earlier by which it rose; null where
    either is not known], earlier_changes (how many the test could use), score [robust standard deviations], unusual,
    status (estimated, missing), reason. `missing` means that the test could not be made, which is not the same as
    nothing unusual.
    """
    out = []
    for _, part in table.sort("hs_code", "year").group_by("hs_code", maintain_order=True):
        for name in INDICATORS:
            values = part[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
            scores = unusual_score(values)
            before = pl.col("value").shift(1)
            out.append(
                part.select("hs_code", "year", pl.lit(name).alias("indicator"), pl.col(name).alias("value"))
                .with_columns(
                    pl.when(before > 0).then(pl.col("value") / before - 1.0).alias("change"),
                    pl.Series("earlier_changes", earlier_changes(values)),
                    pl.Series("score", scores).fill_nan(None),
                    pl.Series("unusual", alarms(scores, limit)),
                    (pl.int_range(pl.len()) == 0).alias("first"),
                )
                .with_columns(_why_untested())
                .drop("first")
            )
    if not out:
        return pl.DataFrame(schema=_TEST)
    unknown = pl.col("score").is_null()
    return pl.concat(out).select(
        *list(_TEST)[:7],
        pl.when(unknown).then(None).otherwise(pl.col("unusual")).alias("unusual"),
        pl.when(unknown).then(pl.lit("missing")).otherwise(pl.lit("estimated")).alias("status"),
        "reason",
    )


def _why_untested() -> pl.Expr:
    few = pl.format("earlier changes known: {}; the test needs " + str(LEAST_HISTORY), "earlier_changes")
    return (
        pl.when(pl.col("value").is_null()).then(pl.lit("no value in this period"))
        .when(pl.col("first")).then(pl.lit("the first period that is known, so no change can be seen"))
        .when(pl.col("change").is_null()).then(pl.lit("the period before is not known"))
        .when(pl.col("score").is_null()).then(few)
        .otherwise(pl.lit("")).alias("reason")
    )  # fmt: skip


def false_alarm_rates(
    table: pl.DataFrame, split: int, rate: float = AIMED_RATE, limit: float = DEFAULT_LIMIT
) -> pl.DataFrame:
    """How often the test alarms on history, with the honesty of a test on years that did not choose the limit.

    table: from `change_test`, over years in which no export control on these products was in force, so that an alarm
    counts as false (an upper bound: wars, strikes and price jumps are in it). The limit for an alarm rate of `rate` is
    chosen on the years up to `split`, and its rate measured there (in sample) and on the years after (out of sample).
    limit: the limit that is in use.

    Columns: indicator, limit, rate (at that limit, over all years), limit_default, rate_default, limit_chosen,
    rate_in_sample, rate_out_of_sample, periods_in, periods_out.
    """
    out = []
    for name in INDICATORS:
        rows = table.filter((pl.col("indicator") == name) & pl.col("score").is_not_null())
        before, after = (
            rows.filter(side)["score"].to_numpy() for side in (pl.col("year") <= split, pl.col("year") > split)
        )
        chosen = limit_for(before, rate)
        out.append(
            {
                "indicator": name,
                "limit": limit,
                "rate": alarm_rate(rows["score"].to_numpy(), limit),
                "limit_default": DEFAULT_LIMIT,
                "rate_default": alarm_rate(rows["score"].to_numpy(), DEFAULT_LIMIT),
                "limit_chosen": chosen,
                "rate_in_sample": alarm_rate(before, chosen),
                "rate_out_of_sample": alarm_rate(after, chosen),
                "periods_in": before.size,
                "periods_out": after.size,
            }
        )
    return pl.DataFrame(out, infer_schema_length=None)


def history(store: Tables, region: vocabulary.Region) -> pl.DataFrame:
    """Imports of the region over all years that the store holds, its members' inner trade with them.

    Columns: hs_code, year, exporter, importer, value_kusd, quantity_t. The Netherlands and the Union reach back to
    1995, others to the first year of the trade table.
    """
    columns = ["hs_code", "year", "exporter", "importer", "value_kusd", "quantity_t"]
    trade = _one_revision(store).filter(pl.col("importer").is_in(region.members)).select(columns)
    parts = [trade]
    if region.id == "NLD":
        parts.append(store.table("trade_nld_history").filter(pl.col("importer") == "NLD").select(columns))
    if region.id in UNION:
        older = store.table("trade_eu27").filter(pl.col("flow") == "import")
        someone = pl.lit(region.members[0]).alias("importer")
        parts.append(older.with_columns(someone, pl.col("partner").alias("exporter")).select(columns))
    known = trade.select("hs_code", "year").unique()  # a year that was imported later is not counted a second time
    older_years = [part.join(known, on=["hs_code", "year"], how="anti") for part in parts[1:]]
    return pl.concat([trade, *older_years]).collect()


def _one_revision(store: Tables) -> pl.LazyFrame:
    """The trade table with one revision of each code and year: that in which the code has most years, then the newer.

    A year that is imported in two revisions holds the same trade twice.
    """
    trade = store.table("trade")
    spans = trade.group_by("hs_code", "hs_revision").agg(pl.col("year").n_unique().alias("years"))
    best = (
        trade.select("hs_code", "hs_revision", "year").unique()
        .join(spans, on=["hs_code", "hs_revision"], nulls_equal=True)
        .sort("years", "hs_revision").group_by("hs_code", "year").agg(pl.col("hs_revision").last())
    )  # fmt: skip
    return trade.join(best, on=["hs_code", "year", "hs_revision"], how="semi", nulls_equal=True)


def watch(store: Tables, materials: Sequence[str], importer: str, limit: float = DEFAULT_LIMIT) -> Watched:
    """`lodestock watch magnets --for NLD`: the indicators of each material's codes and whether the last is unusual.

    limit: how many robust standard deviations count as unusual, above 0. Raises InputError for no materials or a
    limit that is none, and UnknownNameError with the nearest names.
    """
    if not materials or not all(name.strip() for name in materials):
        raise InputError("no material to watch", mend="name one or more materials")
    if not 0.0 < limit < float("inf"):
        raise InputError(f"{limit} is no limit", where="limit", mend="give a number above 0, such as 3.5")
    trade = _one_revision(store)
    newest = pl.col("hs_revision").sort_by("year").last()
    held = trade.group_by("hs_code").agg(newest, pl.col("year").max()).collect()
    last = int(str(held["year"].max()))
    region = importers(importer, last)
    names = tuple(dict.fromkeys(vocabulary.material(name).id for name in materials))
    everything = indicators(history(store, region), region.members)
    calm = change_test(everything.filter(pl.col("year") <= CALM_UNTIL), limit)
    codes = _codes(names, held)
    mine = codes.join(everything, on="hs_code", how="inner", maintain_order="left")
    tested = change_test(everything.join(codes.select("hs_code").unique(), on="hs_code", how="semi"), limit)
    tests = codes.select("material", "hs_code").join(tested, on="hs_code", how="inner", maintain_order="left")
    this_year = trade.filter((pl.col("year") == last) & pl.col("hs_code").is_in(codes["hs_code"].unique()))
    gaps = {name: "no code of the trade table holds it" for name in names if not (codes["material"] == name).any()}
    return Watched(
        region.id,
        names,
        limit,
        mine.drop("attribution", "mixes"),
        tests,
        _newest(codes, tested, last),
        standing(this_year.collect(), region.members, last),
        false_alarm_rates(calm, _middle(calm), limit=limit),
        _press(store, names),
        gaps,
    )


def _codes(names: Sequence[str], held: pl.DataFrame) -> pl.DataFrame:
    """The codes of the trade table that hold each material: material, hs_code, attribution (whole, mixed), mixes."""
    revisions = {code: str(revision).rstrip("+") for code, revision, _ in held.iter_rows()}
    rows = []
    for name in names:
        for code in dict.fromkeys(known.code for known in vocabulary.product_codes_for(name)):
            if code not in revisions:
                continue
            alone = holds_alone(name, code, revisions[code])
            mixes = "" if alone else vocabulary.product_code(code, revisions[code]).mixes
            rows.append((name, code, (Attribution.WHOLE if alone else Attribution.MIXED).value, mixes))
    schema = dict.fromkeys(("material", "hs_code", "attribution", "mixes"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _newest(codes: pl.DataFrame, tested: pl.DataFrame, last: int) -> pl.DataFrame:
    """The last year of each code; one row without a value for a code under which nothing came in at all."""
    final = tested.filter(pl.col("year") == pl.col("year").max().over("hs_code"))
    old = pl.col("year") < last
    volume = pl.col("value").filter(pl.col("indicator") == "volume_t").first().over("hs_code")
    small = (pl.col("reason") == "") & (volume < SMALL_T)
    final = final.with_columns(
        pl.when(small).then(pl.lit("less than a tonne came in: one parcel decides"))
        .otherwise(pl.col("reason")).alias("reason")
    )  # fmt: skip
    final = final.with_columns(
        pl.when(old).then(None).otherwise(pl.col(name)).alias(name) for name in ("score", "unusual")
    ).with_columns(
        pl.when(old).then(pl.lit("missing")).otherwise(pl.col("status")).alias("status"),
        pl.when(old).then(pl.format("nothing with a weight came in after {}", "year")).otherwise(pl.col("reason"))
        .alias("reason"),
    )  # fmt: skip
    joined = codes.join(final, on="hs_code", how="left", maintain_order="left")
    nothing = pl.col("indicator").is_null()
    return joined.with_columns(
        pl.when(nothing).then(pl.lit(last)).otherwise(pl.col("year")).cast(pl.Int16).alias("year"),
        pl.when(nothing).then(pl.lit("volume_t")).otherwise(pl.col("indicator")).alias("indicator"),
        pl.when(nothing).then(pl.lit("missing")).otherwise(pl.col("status")).alias("status"),
        pl.when(nothing).then(pl.lit("no import with a weight is known under this code"))
        .otherwise(pl.col("reason")).alias("reason"),
    )  # fmt: skip


def _middle(tests: pl.DataFrame) -> int:
    """The year that parts the tested years in two halves, one to choose a limit on and one to try it on."""
    years = tests.filter(pl.col("score").is_not_null())["year"]
    return int(str(years.sort().to_list()[years.len() // 2])) if years.len() else CALM_UNTIL


def _press(store: Tables, names: Collection[str]) -> pl.DataFrame:
    """Chinese exports by month as the press reported them: material, goods, period, destination, quantity_t, …"""
    rows = store.table("magnet_export").collect().filter(pl.col("period_start") == pl.col("period_end"))
    known = [_known(goods) for goods in rows["goods"].to_list()]
    chosen = rows.with_columns(pl.Series("material", known, dtype=pl.String)).filter(
        pl.col("material").is_in(list(names))
    )
    return chosen.select(
        "material", "goods", pl.col("period_start").alias("period"), "destination", "quantity_t", "change_year",
        "derived", "source", "mark",
    ).sort("material", "destination", "period")  # fmt: skip


def _known(goods: str) -> str | None:
    try:
        return vocabulary.material(goods).id
    except LodestockError:
        return None
