"""The EU method as tables: every material and stage of the 2023 study, recomputed beside what was published.

Sources: European Commission, "Study on the critical raw materials for the EU 2023", doi:10.2873/725585, annexes 4, 6
and 7; formulas in `eu_method`; what the study prints and its corrections in `eu_study`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from lodestock.criticality import eu_method
from lodestock.criticality.eu_study import EuStudy
from lodestock.criticality.indices import scaled_governance, weighted_hhi_by_group
from lodestock.errors import DataError, InputError

STUDY_YEARS = (2016, 2017, 2018, 2019)
NEAR, FAIR, EI_NEAR = 0.15, 0.30, 0.10
ROUNDING = 1e-9  # 0.15 as a difference of two binary fractions may be 0.15 + 1e-17


@dataclass(frozen=True, slots=True)
class Comparison:
    """Recomputed beside published: counts, every stage, every economic importance, every miss with its reason."""

    summary: dict[str, int]
    stages: pl.DataFrame
    importance: pl.DataFrame
    misses: pl.DataFrame


def governance(scores: pl.DataFrame, years: Sequence[int] = STUDY_YEARS) -> pl.DataFrame:
    """How badly each country is governed in a vintage: mean of the six indicators over `years`, as a risk 0–10.

    scores: country, year, indicator, estimate [World Bank units]. Returns country, risk [0 to 10], observations.
    Raises InputError when a year asked for has no score: a mean over fewer years than were asked would go unseen.
    """
    chosen = scores.filter(pl.col("year").is_in(list(years)) & pl.col("estimate").is_not_null())
    absent = sorted(set(years).difference(chosen["year"].unique().to_list()))
    if absent or not years:
        held = sorted(scores["year"].unique().to_list())
        raise InputError(
            f"no governance scores for {', '.join(map(str, absent)) or 'no year at all'}",
            why=f"the table covers {spans(held) or 'nothing'}",
            mend="ask years in it",
        )
    means = chosen.group_by("country").agg(pl.col("estimate").mean(), pl.len().alias("observations")).sort("country")
    risk = scaled_governance(means["estimate"].to_numpy())
    return means.select("country", pl.Series("risk", risk), "observations")


def years_of(text: str) -> tuple[int, ...]:
    """Years as a user writes them: 2016-2019, or 2014,2015, or both. Raises InputError for what is no year."""
    found: list[int] = []
    for part in text.replace("–", "-").split(","):
        first, dash, last = part.partition("-")
        try:
            start, end = int(first), int(last if dash else first)
        except ValueError:
            start, end = 1, 0
        if not 1900 <= start <= end <= 2100:
            raise InputError(f"'{text}' are no years", mend="write 2016-2019, or 2014,2015")
        found += range(start, end + 1)
    return tuple(dict.fromkeys(found))


def spans(years: Sequence[int]) -> str:
    """Sorted years in words, runs taken together: 1996, 1998, 2000, 2002–2019."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def concentrations(shares: pl.DataFrame, risk: pl.DataFrame) -> pl.DataFrame:
    """Governance-weighted concentration of each material, stage and scope: hhi_wgi, share_sum, suppliers, unscored.

    A supplier without a governance score makes the index unknown; `unscored` counts such suppliers.
    """
    rows = shares.join(risk.select("country", "risk"), on="country", how="left", maintain_order="left")
    keys = rows.select("material", "stage", "scope").unique(maintain_order=True).with_row_index("group")
    rows = rows.join(keys, on=["material", "stage", "scope"], how="left", maintain_order="left")
    index = weighted_hhi_by_group(
        rows["share"].to_numpy(),
        rows["risk"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        rows["trade_parameter"].to_numpy(),
        rows["group"].to_numpy().astype(np.int64),
        keys.height,
    )
    sums = rows.group_by("group").agg(
        pl.col("share").sum().alias("share_sum"),
        pl.len().alias("suppliers"),
        pl.col("risk").null_count().alias("unscored"),
    )
    out = keys.with_columns(pl.Series("hhi_wgi", index)).join(sums, on="group", how="left")
    return out.drop("group").with_columns(pl.col("hhi_wgi").fill_nan(None))


def supply_risk_table(study: EuStudy, risk: pl.DataFrame) -> pl.DataFrame:
    """Supply risk of every material and stage, with every input, beside the published value.

    Columns: material, stage, scope, joined_by_name, hhi_global, hhi_eu, sum_global, sum_eu, import_reliance, recycling,
    si_sr, sr, sr_published, difference, status (estimated, missing), reason (why sr is missing).
    """
    table = concentrations(study.shares, risk)
    out = study.stages
    for scope in ("global", "eu"):
        side = table.filter(pl.col("scope") == scope).select(
            "material", "stage", pl.col("hhi_wgi").alias(f"hhi_{scope}"), pl.col("share_sum").alias(f"sum_{scope}")
        )
        out = out.join(side, on=["material", "stage"], how="left", maintain_order="left")
    facts = study.materials.select("material", "recycling", "si_sr")
    out = out.join(facts, on="material", how="left", maintain_order="left")
    names = ["hhi_global", "hhi_eu", "import_reliance", "recycling", "si_sr"]
    arrays = [out[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in names]
    scope_text = out["scope"].fill_null("").to_numpy().astype(str)
    value = eu_method.supply_risk(arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], scope_text)
    out = out.with_columns(pl.Series("sr", value).fill_nan(None))
    return out.with_columns(
        (pl.col("sr") - pl.col("sr_published")).alias("difference"),
        pl.when(pl.col("sr").is_null()).then(pl.lit("missing")).otherwise(pl.lit("estimated")).alias("status"),
        pl.when(pl.col("sr").is_null()).then(_why_missing()).otherwise(pl.lit("")).alias("reason"),
    )


def _why_missing() -> pl.Expr:
    scope = pl.col("scope")
    need_global = scope.is_in([eu_method.Scope.BOTH.value, eu_method.Scope.GLOBAL.value])
    need_eu = scope.is_in([eu_method.Scope.BOTH.value, eu_method.Scope.EU.value])
    parts = [
        pl.when(scope.is_null()).then(pl.lit("the study prints no scope")),
        pl.when(need_global & pl.col("hhi_global").is_null()).then(pl.lit("annex 7 prints no global shares")),
        pl.when(need_eu & pl.col("hhi_eu").is_null()).then(pl.lit("annex 7 prints no EU sourcing shares")),
        pl.when((scope == eu_method.Scope.BOTH.value) & pl.col("import_reliance").is_null()).then(
            pl.lit("no import reliance")
        ),
        pl.when(pl.col("recycling").is_null()).then(pl.lit("no recycling rate")),
        pl.when(pl.col("si_sr").is_null()).then(pl.lit("no substitution index (a group has none)")),
    ]
    return pl.concat_str(parts, separator="; ", ignore_nulls=True)


def bottlenecks(stages: pl.DataFrame) -> pl.DataFrame:
    """The stage that decides for each material: material, bottleneck_stage, sr (null where no stage is known)."""
    names = stages["material"].unique(maintain_order=True)
    number = stages["material"].replace_strict(names, pl.Series(range(len(names))), return_dtype=pl.Int64)
    values = stages["sr"].fill_null(float("nan")).to_numpy()
    highest, row = eu_method.bottleneck(values, number.to_numpy(), len(names))
    decided = [stages["stage"][int(index)] if index >= 0 else None for index in row]
    frame = pl.DataFrame({"material": names, "bottleneck_stage": pl.Series(decided, dtype=pl.String), "sr": highest})
    return frame.with_columns(pl.col("sr").fill_nan(None))


def economic_importance_table(study: EuStudy) -> pl.DataFrame:
    """Economic importance of every material beside the published value.

    Columns: material, use_sum (all shares), use_classified (shares with a sector), si_ei, ei, ei_published, difference,
    status, reason. Uses without a sector count for nothing: the value is then too low, and `use_classified` says so.
    """
    largest = study.uses["value_added_meur"].max()
    if largest is None:
        raise DataError("the table of uses holds no value added", mend="load annex 6 of the study")
    known = study.uses.filter(pl.col("share").is_not_null() & pl.col("value_added_meur").is_not_null())
    facts = study.materials.with_row_index("number")
    rows = known.join(facts.select("material", "number"), on="material", how="inner", maintain_order="left")
    value = eu_method.economic_importance(
        rows["share"].to_numpy(),
        rows["value_added_meur"].to_numpy(),
        rows["number"].to_numpy().astype(np.int64),
        facts["si_ei"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        float(str(largest)),
    )
    sums = study.uses.group_by("material").agg(pl.col("share").sum().alias("use_sum"))
    placed = known.group_by("material").agg(pl.col("share").sum().alias("use_classified"))
    out = facts.select("material", "si_ei", "ei_published", pl.Series("ei", value).fill_nan(None))
    out = out.join(sums, on="material", how="left", maintain_order="left")
    out = out.join(placed, on="material", how="left", maintain_order="left")
    reason = (
        pl.when(pl.col("ei").is_not_null())
        .then(pl.lit(""))
        .when(pl.col("use_classified").is_null())
        .then(pl.lit("annex 6 prints no uses"))
        .otherwise(pl.lit("no substitution index (a group has none)"))
    )
    return out.with_columns(
        (pl.col("ei") - pl.col("ei_published")).alias("difference"),
        pl.when(pl.col("ei").is_null()).then(pl.lit("missing")).otherwise(pl.lit("estimated")).alias("status"),
        reason.alias("reason"),
    )


def summarise(stages: pl.DataFrame, importance: pl.DataFrame) -> dict[str, int]:
    """How close the recomputation comes: numbers compared, within 0.15 and 0.3, on the same side of 1.0; EI in 0.1.

    The sr counts are of the stages that can be joined as printed. Those that the two tables of annex 7 spell in two
    ways, and that only the vocabulary joins, are counted in sr_joined_by_name and its three parts instead.
    """
    joined = pl.col("joined_by_name")
    ei = importance.drop_nulls(["ei", "ei_published"])
    return {
        **_closeness(stages.filter(~joined), "sr", "sr_compared"),
        "ei_compared": ei.height,
        "ei_within_01": int((ei["difference"].abs() <= EI_NEAR + ROUNDING).sum()),
        **_closeness(stages.filter(joined), "sr_joined_by_name", "sr_joined_by_name"),
    }


def _closeness(stages: pl.DataFrame, prefix: str, total: str) -> dict[str, int]:
    both = stages.drop_nulls(["sr", "sr_published"])
    gap = both["difference"].abs()
    limit = eu_method.SUPPLY_RISK_THRESHOLD
    same = (both["sr"] >= limit) == (both["sr_published"] >= limit)
    return {
        total: both.height,
        f"{prefix}_within_015": int((gap <= NEAR + ROUNDING).sum()),
        f"{prefix}_within_030": int((gap <= FAIR + ROUNDING).sum()),
        f"{prefix}_same_side": int(same.sum()),
    }


def compare(study: EuStudy, risk: pl.DataFrame, explanations: pl.DataFrame) -> Comparison:
    """Recomputed beside published, every miss with its reason; what nothing explains is listed as unexplained.

    explanations: measure (sr, ei), material, stage, class, reason (in English), reason_nl, mark (computed: the study's
    own tables show it; prior: a likely reason, in our judgement), document.
    misses: measure, material, stage, recomputed, published, difference, class, reason, reason_nl, mark, document.
    """
    stages, importance = supply_risk_table(study, risk), economic_importance_table(study)
    sr = stages.filter(pl.col("difference").abs() > NEAR + ROUNDING).select(
        pl.lit("sr").alias("measure"), "material", "stage", pl.col("sr").alias("recomputed"),
        pl.col("sr_published").alias("published"), "difference",
    )  # fmt: skip
    ei = importance.filter(pl.col("difference").abs() > EI_NEAR + ROUNDING).select(
        pl.lit("ei").alias("measure"), "material", pl.lit("").alias("stage"), pl.col("ei").alias("recomputed"),
        pl.col("ei_published").alias("published"), "difference",
    )  # fmt: skip
    misses = pl.concat([sr, ei]).join(
        explanations, on=["measure", "material", "stage"], how="left", maintain_order="left"
    )
    misses = misses.with_columns(
        pl.col("class").fill_null("unexplained"), pl.col("reason", "reason_nl", "mark", "document").fill_null("")
    )
    return Comparison(summarise(stages, importance), stages, importance, misses)


def select_list(study: EuStudy, stages: pl.DataFrame, importance: pl.DataFrame) -> pl.DataFrame:
    """Which materials pass SR ≥ 1.0 and EI ≥ 2.8 on the published scores, and which would on the recomputed ones.

    Columns: material, list_status, sr_published, sr, ei_published, ei, ei_basis (published, recomputed: the published
    importance is used where it cannot be recomputed), selected, selected_recomputed (null where sr is missing).
    """
    facts = study.materials.join(bottlenecks(stages).select("material", "sr"), on="material", how="left")
    facts = facts.join(importance.select("material", "ei", "use_classified"), on="material", how="left")
    whole = pl.col("ei").is_not_null() & pl.col("use_classified").is_between(0.95, 1.05)
    facts = facts.sort("material").with_columns(
        pl.when(whole).then(pl.lit("recomputed")).otherwise(pl.lit("published")).alias("ei_basis"),
        pl.when(whole).then(pl.col("ei")).otherwise(pl.col("ei_published")).alias("ei_used"),
    )

    def passes(sr: str, ei: str) -> pl.Series:
        arrays = [facts[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in (sr, ei)]
        return pl.Series(eu_method.meets_thresholds(arrays[0], arrays[1]))

    return facts.with_columns(
        passes("sr_published", "ei_published").alias("selected"),
        pl.when(pl.col("sr").is_not_null()).then(passes("sr", "ei_used")).alias("selected_recomputed"),
    ).select(
        "material",
        "list_status",
        "sr_published",
        "sr",
        "ei_published",
        "ei",
        "ei_basis",
        "selected",
        "selected_recomputed",
    )
