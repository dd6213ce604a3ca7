"""GeoPolRisk for every material, importer and year that the trade table carries, with what it cannot carry said.

Source: formulas in `geopolrisk_method`; MODEL §13 traps 21 and 24. Political stability is World Bank's, scaled to 0–1
as (2.5 − score)/5. Trade is gross weight, production contained: they are added only where both are the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from lodestock import vocabulary
from lodestock.criticality.geopolrisk_method import Flags, Intra, Scores, World, all_scores, risk_of_a_part
from lodestock.criticality.indices import Floats, Ints
from lodestock.criticality.inputs import Tables, check_years
from lodestock.errors import InputError

DIMENSION = "political_stability"
NINETY = 1.6448536269514722  # half-width of a 90 % interval in standard errors of a normal distribution
BASIS = "EU study 2023, shares of 2016–2020"
PRODUCTION_ONLY = "not measurable at six digits; concentration of production alone"


_TEXT = dict.fromkeys(("production_basis", "weight_basis", "status", "reason"), pl.String())
_NUMBERS = (
    "hhi", "import_risk", "score", "score_low", "score_high", "price_kusd_per_t", "imported_t", "imported_low_t",
    "imported_high_t",
)  # fmt: skip
_SCHEMA: dict[str, pl.DataType] = {
    **dict.fromkeys(("material", "stage", "importer"), pl.String()),
    "year": pl.Int64(),
    "intra": pl.String(),
    "codes": pl.String(),
    **dict.fromkeys(_NUMBERS, pl.Float64()),
    **dict.fromkeys(("rows", "unweighed", "unscored", "governance_year"), pl.Int64()),
    **_TEXT,
}


@dataclass(frozen=True, slots=True)
class Split:
    """A stated assumption about a mixed code: which part of its tonnes is the material [-], and who says so."""

    low: float
    high: float
    source: str

    def at(self, end: str) -> float:
        """The part at the `low` end, at the `high` end, or in the `middle`."""
        return {"low": self.low, "high": self.high}.get(end, (self.low + self.high) / 2.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One material at one stage with the codes that carry it; `splits` in the order of the codes, None if unmixed."""

    material: str
    stage: str
    codes: tuple[str, ...]
    splits: tuple[Split | None, ...]


def attribute(code: str, revision: str | None, material: str, split: Split | None = None) -> Split | None:
    """How a code's tonnes are attributed to a material: None for the whole, or the stated split.

    Raises InputError for a mixed code without a stated split, and for a code that does not hold the material.
    """
    known = vocabulary.product_code(code, revision)
    own = vocabulary.material(material)
    wanted = {own.id, *(member.id for member in vocabulary.members(own))}
    if not wanted & set(known.materials):
        raise InputError(f"code {code} does not hold {own.id}", why=f"it holds {', '.join(known.materials)}")
    if known.unmixed or set(known.materials) <= wanted:
        return None
    if split is None:
        raise InputError(
            f"code {code} mixes {known.mixes or ', '.join(known.materials)}",
            where=f"{code}, {own.id}",
            why="no share of one material can be read from it",
            mend="state a split with its source, or use production alone",
        )
    if not 0.0 <= split.low <= split.high <= 1.0:
        raise InputError("a split needs 0 ≤ low ≤ high ≤ 1", where=f"{code}, {own.id}")
    return split


def lines(
    store: Tables, materials: Sequence[str], splits: Mapping[tuple[str, str], Split] | None = None
) -> tuple[list[Line], dict[str, str]]:
    """Which codes of the trade table carry which material and stage, and why other materials have none."""
    held = store.table("trade").select("hs_revision", "hs_code").unique().collect().sort("hs_revision", "hs_code")
    revisions = {code: name.rstrip("+") for name, code in held.iter_rows()}
    found: dict[tuple[str, str], list[tuple[str, Split | None]]] = {}
    silent: dict[str, str] = {}
    for name in materials:
        own = vocabulary.material(name).id
        mixed: list[str] = []
        for code in dict.fromkeys(known.code for known in vocabulary.product_codes_for(own)):
            if code not in revisions:
                continue
            known = vocabulary.product_code(code, revisions[code])
            stated = (splits or {}).get((own, code))
            try:
                split = attribute(code, revisions[code], own, stated)
            except InputError as refusal:
                mixed.append(f"{code} ({refusal.what})")
                continue
            found.setdefault((own, known.stage.value), []).append((code, split))
        if not any(material == own for material, _ in found):
            silent[own] = "; ".join(mixed) if mixed else "no code of the trade table holds it"
    out = [
        Line(material, stage, tuple(code for code, _ in pairs), tuple(split for _, split in pairs))
        for (material, stage), pairs in found.items()
    ]
    return out, silent


def _stability(store: Tables, countries: Sequence[str], years: Sequence[int]) -> tuple[Floats, Floats, list[int]]:
    """Risk and its standard error, shape (years, countries) [0 to 1], and the year of the scores used for each year."""
    rows = store.table("governance").filter(pl.col("dimension") == DIMENSION).collect()
    held = sorted(rows["year"].unique().to_list())
    used = [max([year for year in held if year <= wanted] or held[:1]) for wanted in years]
    risk, error = (np.full((len(years), len(countries)), np.nan) for _ in range(2))
    place = {name: number for number, name in enumerate(countries)}
    for step, year in enumerate(used):
        chosen = rows.filter((pl.col("year") == year) & pl.col("estimate").is_not_null())
        for country, estimate, spread in chosen.select("country", "estimate", "standard_error").iter_rows():
            if country in place:
                risk[step, place[country]] = (2.5 - estimate) / 5.0
                error[step, place[country]] = np.nan if spread is None else spread / 5.0
    return np.clip(risk, 0.0, 1.0), np.nan_to_num(error), used


def _shares(store: Tables, material: str, stage: str) -> pl.DataFrame:
    """Documented global shares of the study (2016–2020 mean).

    A group has the shares of its members only where they are printed alike; members that differ give no one index.
    """
    rows = store.table("crm_supply_share").filter((pl.col("scope") == "global") & (pl.col("stage") == stage)).collect()
    rows = rows.filter(pl.col("share").is_not_null()).sort("country")
    names = [material, *(member.id for member in vocabulary.members(material))]
    found = [rows.filter(pl.col("material") == name).select("country", "share") for name in names]
    found = [frame for frame in found if frame.height]
    if found and (names[0] == material and not rows.filter(pl.col("material") == material).is_empty()):
        return found[0]
    if found and all(frame.equals(found[0]) for frame in found):
        return found[0]
    return pl.DataFrame(schema={"country": pl.String, "share": pl.Float64})


def _rows_of_trade(store: Tables, chosen: list[Line], years: Sequence[int], end: str) -> pl.DataFrame:
    """Trade of the chosen lines: one row per trade row and line, tonnes and value cut to the line's part."""
    carried = [
        (code, number, 1.0 if split is None else split.at(end))
        for number, line in enumerate(chosen)
        for code, split in zip(line.codes, line.splits, strict=True)
    ]
    parts = pl.DataFrame(carried, schema={"hs_code": pl.String, "line": pl.Int64, "part": pl.Float64}, orient="row")
    rows = store.table("trade").filter(pl.col("year").is_in(list(years)))
    rows = rows.join(parts.lazy(), on="hs_code", how="inner", maintain_order="left")
    return rows.with_columns(pl.col("quantity_t") * pl.col("part"), pl.col("value_kusd") * pl.col("part")).collect()


def _world(store: Tables, chosen: list[Line], years: Sequence[int], end: str) -> tuple[World, list[str], list[int]]:
    """The arrays for `all_scores`.

    Production enters as shares and belongs to a country outside every entity: it gives the concentration, and is
    never added, as contained weight, to gross imports.
    """
    rows = _rows_of_trade(store, chosen, years, end)
    countries = sorted(set(rows["exporter"]) | set(rows["importer"]))
    place = {name: number for number, name in enumerate(countries)}
    step = {year: number for number, year in enumerate(years)}
    risk, error, used = _stability(store, countries, years)
    # At the ends of the range a supplier without a score counts as the safest, or as the riskiest.
    risk = np.nan_to_num(risk, nan={"low": 0.0, "high": 1.0}.get(end, np.nan))
    nowhere = len(countries)
    made = [_shares(store, line.material, line.stage)["share"].to_numpy() for line in chosen]
    line_of = np.repeat(np.arange(len(chosen)), [shares.size for shares in made])
    size = line_of.size

    def numbers(name: str, known: Mapping[Any, int]) -> Ints:
        return np.array([known[value] for value in rows[name].to_list()], dtype=np.int64)

    world = World(
        len(years),
        len(chosen),
        numbers("year", step),
        rows["line"].to_numpy(),
        numbers("exporter", place),
        numbers("importer", place),
        rows["quantity_t"].fill_null(float("nan")).to_numpy(),
        rows["value_kusd"].to_numpy(),
        np.repeat(np.arange(len(years)), size),
        np.tile(line_of, len(years)),
        np.full(size * len(years), nowhere, dtype=np.int64),
        np.tile(np.concatenate(made), len(years)),
        risk,
        error,
    )
    return world, countries, used


def _members(importers: Sequence[str], countries: Sequence[str], year: int) -> Flags:
    out = np.zeros((len(importers), len(countries) + 1), dtype=np.bool_)  # the last column is nowhere
    for number, name in enumerate(importers):
        inside = set(vocabulary.region(name, date(year, 12, 31)).members)
        out[number, :-1] = [country in inside for country in countries]
    return out


def geopolrisk_table(
    store: Tables,
    materials: Sequence[str],
    importers: Sequence[str],
    years: Sequence[int],
    splits: Mapping[tuple[str, str], Split] | None = None,
) -> pl.DataFrame:
    """GeoPolRisk of every material and stage, importer and year, coalitions with and without inner trade.

    splits: (material, code) → stated split, for mixed codes; without one a mixed code is refused.
    Columns: material, stage, importer, year, intra (zero risk, left out), codes, hhi [0 to 1], import_risk [0 to 1],
    score [0 to 1], score_low, score_high (90 % from the errors of governance scores, suppliers without a score from
    safest to riskiest, stated splits from end to end, and the stated part of a mixed code from its safest shippers to
    its riskiest: the code says who ships the whole, not who ships the material), price_kusd_per_t, imported_t
    [t gross], rows, unweighed, unscored, governance_year, production_basis, status, reason. Own production is not
    added: it is contained weight while trade is gross, so import risk is that of imports alone, an upper bound for a
    country that produces. A material that no code carries has its concentration of production and no score.
    """
    check_years(store, years)
    if not importers:
        return pl.DataFrame(schema=_SCHEMA)
    chosen, silent = lines(store, materials, splits)
    parts = [pl.DataFrame(schema=_SCHEMA)]
    if silent:
        parts.append(_silent_rows(store, silent, importers, years))
    if chosen:
        worlds = [_world(store, chosen, list(years), end) for end in ("middle", "low", "high")]
        countries, used = worlds[0][1:]
        for step, year in enumerate(years):
            members = _members(importers, countries, year)
            for intra in Intra:
                ends = [all_scores(world, members, intra) for world, _, _ in worlds]
                mixing = _mixing(store, chosen, importers, year, intra)
                silent_lines = _unreported(worlds[0][0], step)
                parts.append(_table(ends, chosen, importers, (step, year, used[step]), intra, silent_lines, mixing))
    table = pl.concat(parts, how="diagonal_relaxed").select(*_SCHEMA)
    return table.sort("material", "stage", "importer", "year", "intra", nulls_last=True)


def _mixing(
    store: Tables, chosen: list[Line], importers: Sequence[str], year: int, intra: Intra
) -> dict[tuple[int, int], tuple[float, float]]:
    """Import risk from least to most [0 to 1] of each line with a stated split, by number of line and of importer."""
    out: dict[tuple[int, int], tuple[float, float]] = {}
    for number, line in enumerate(chosen):
        if not any(line.splits):
            continue
        here = (pl.col("year") == year) & pl.col("hs_code").is_in(line.codes) & pl.col("quantity_t").is_not_null()
        rows = store.table("trade").filter(here).collect()
        shippers = rows["exporter"].unique().sort().to_list()
        scored = dict(zip(shippers, _stability(store, shippers, [year])[0][0].tolist(), strict=True))
        for place, importer in enumerate(importers):
            inside = set(vocabulary.region(importer, date(year, 12, 31)).members)
            mine = rows.filter(pl.col("importer").is_in(inside))
            if intra is Intra.LEFT_OUT:
                mine = mine.filter(~pl.col("exporter").is_in(inside))
            risk = {name: 0.0 if name in inside else value for name, value in scored.items()}
            found = [_at_risk(mine, line, risk, end) for end in ("low", "high")]
            known = [(least / total, most / total) for least, most, total in found if total > 0.0]
            if known:
                out[number, place] = (min(least for least, _ in known), max(most for _, most in known))
    return out


def _at_risk(rows: pl.DataFrame, line: Line, risk: Mapping[str, float], end: str) -> tuple[float, float, float]:
    """Tonnes at risk at the least and at the most, and all tonnes, of a line with its splits at one end [t]."""
    sums = np.zeros(3)
    for code, split in zip(line.codes, line.splits, strict=True):
        of_code = rows.filter(pl.col("hs_code") == code)
        tonnes, part = of_code["quantity_t"].to_numpy(), 1.0 if split is None else split.at(end)
        scores = np.array([risk[name] for name in of_code["exporter"].to_list()])
        sums += (*risk_of_a_part(tonnes, scores, part), part * float(tonnes.sum()))
    return float(sums[0]), float(sums[1]), float(sums[2])


def _unreported(world: World, step: int) -> Flags:
    """Lines under whose codes nobody in the world reports trade in that year, shape (lines,)."""
    counts = np.bincount(world.material[world.year == step], minlength=world.materials)
    out: Flags = counts == 0
    return out


def _table(
    ends: list[Scores],
    chosen: list[Line],
    importers: Sequence[str],
    when: tuple[int, int, int],
    intra: Intra,
    unreported: Flags,
    mixing: Mapping[tuple[int, int], tuple[float, float]],
) -> pl.DataFrame:
    """The tidy rows of one year; `ends` are the scores with the middle, low and high end of every stated split."""
    step, year, governance_year = when
    middle, out = ends[0], []
    for number, line in enumerate(chosen):
        for place, importer in enumerate(importers):
            at = (number, place, step)
            tonnes = [float(scores.imported[at]) for scores in ends]
            spread = NINETY * float(middle.error[at])
            outer = mixing.get((number, place), ())
            lowest, highest = (side([*outer, *(float(scores.risk[at]) for scores in ends[1:])]) for side in (min, max))
            hhi = float(middle.hhi[at])
            out.append(
                {
                    "material": line.material, "stage": line.stage, "importer": importer, "year": year,
                    "intra": intra.value, "codes": ";".join(line.codes), "hhi": hhi,
                    "import_risk": float(middle.risk[at]), "score": float(middle.score[at]),
                    "score_low": hhi * max(0.0, lowest - spread), "score_high": hhi * min(1.0, highest + spread),
                    "price_kusd_per_t": float(middle.price[at]), "imported_t": tonnes[0], "imported_low_t": min(tonnes),
                    "imported_high_t": max(tonnes), "rows": int(middle.rows[at]),
                    "unweighed": int(middle.unweighed[at]), "unscored": int(middle.unscored[at]),
                    "governance_year": governance_year, "production_basis": BASIS, "weight_basis": "gross",
                    "unreported": bool(unreported[number]),
                }
            )  # fmt: skip
    return _with_reasons(pl.DataFrame(out, infer_schema_length=None))


def _with_reasons(frame: pl.DataFrame) -> pl.DataFrame:
    """nan becomes null, and each score that is not known says why."""
    floats = [name for name, kind in frame.schema.items() if kind == pl.Float64]
    tonnes_columns = ("imported_t", "imported_low_t", "imported_high_t")
    unscored = "a supplier has no governance score; the range takes it as the safest and the riskiest"
    silent = pl.lit(f"{PRODUCTION_ONLY}: no country reports trade under ") + pl.col("codes")
    why = (
        pl.when(pl.col("unreported")).then(silent)
        .when(pl.col("rows") == 0).then(pl.lit("no imports of this material"))
        .when(pl.col("imported_t") <= 0).then(pl.lit("no row carries a weight"))
        .when(pl.col("unscored") > 0).then(pl.lit(unscored))
        .when(pl.col("hhi").is_null()).then(pl.lit("no production shares at this stage"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return (
        frame.with_columns(pl.col(floats).fill_nan(None))
        .with_columns(
            pl.when(pl.col("score").is_null()).then(pl.lit("missing")).otherwise(pl.lit("estimated")).alias("status"),
            pl.when(pl.col("score").is_null()).then(why).otherwise(pl.lit("")).alias("reason"),
            *(pl.when(pl.col("imported_t") > 0).then(pl.col(name)).alias(name) for name in ("score_low", "score_high")),
            *(pl.when(pl.col("imported_t") > 0).then(pl.col(name)).alias(name) for name in tonnes_columns),
        )
        .drop("unreported")
    )


def _silent_rows(
    store: Tables, silent: Mapping[str, str], importers: Sequence[str], years: Sequence[int]
) -> pl.DataFrame:
    """Materials that no code carries: concentration of production per stage where it is documented, and no score."""
    out: list[dict[str, str | int | float | None]] = []
    for material, reason in silent.items():
        stages = {stage: _shares(store, material, stage)["share"].to_numpy() for stage in ("extraction", "processing")}
        known = {stage: float(np.sum((part / part.sum()) ** 2)) for stage, part in stages.items() if part.size}
        basis = BASIS if known else "none"
        choices: list[tuple[str, float | None]] = list(known.items()) or [("", None)]
        for stage, index in choices:
            why = f"{PRODUCTION_ONLY}: {reason}" if known else f"no production shares; {reason}"
            for importer in importers:
                for year in years:
                    out.append(
                        {
                            "material": material, "stage": stage, "importer": importer, "year": year, "hhi": index,
                            "score": None, "production_basis": basis, "status": "missing", "reason": why,
                        }
                    )  # fmt: skip
    return pl.DataFrame(out, infer_schema_length=None)
