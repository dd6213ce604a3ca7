"""How far the Union is from its own benchmarks for 2030, per strategic raw material and stage.

Source: Regulation (EU) 2024/1252, Article 5(1): at least 10 % of annual consumption extracted, 40 % processed and 25 %
recycled in the Union, and at most 65 % of consumption, at any stage, from one third country. The Act measures capacity
against consumption; capacity by stage is not public, so each gauge is a stated stand-in and carries its vintage.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from lodestock import vocabulary
from lodestock.criticality.eu_study import EuStudy
from lodestock.criticality.inputs import ASSESSMENT, Tables, eu_study
from lodestock.errors import InputError

TARGETS = {"extraction": 0.10, "processing": 0.40, "recycling": 0.25}
LARGEST = 0.65
AGREE = 0.15  # two figures on the same question further apart than this stand as a conflict
_CLOSE = "two figures of the study lie close together, on different sides of the benchmark"
SOURCE = "EU study 2023 (mean of 2016–2020)"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the strategic list and the materials of the study that stand for it."""

    name: str
    grade: str
    materials: tuple[str, ...]


def strategic_entries(on: date) -> list[Entry]:
    """The strategic list on a day; a group is spelled out into the materials that the study assesses."""
    out = []
    for entry in vocabulary.strategic_raw_materials(on):
        inner = tuple(member.id for member in vocabulary.members(entry.material)) or (entry.material,)
        out.append(Entry(entry.material, entry.grade, inner))
    return out


def _own_supply(study: EuStudy, material: str, stage: str, members: frozenset[str]) -> dict[str, object]:
    """What part of consumption is made in the Union: 1 − net import reliance, beside the members' part of sourcing."""
    here = (pl.col("material") == material) & (pl.col("stage") == stage)
    row = study.stages.filter(here)
    reliance = row["import_reliance"].to_list()[0] if row.height else None
    sourcing = study.shares.filter(here & (pl.col("scope") == "eu"))
    makers = study.shares.filter(here & (pl.col("scope") == "global"))
    ours = pl.col("country").is_in(list(members))
    check, beside = None, "no second figure"
    if sourcing.height:
        check, beside = float(sourcing.filter(ours)["share"].sum()), "members' part of EU sourcing"
    elif makers.height and makers.filter(ours).is_empty():
        check, beside = 0.0, "no member is among the producers of the world that the study prints"
    value = None if reliance is None else 1.0 - float(reliance)
    target = TARGETS[stage]
    reason = "" if value is not None else "the study prints no import reliance for this stage"
    met = None if value is None else value >= target
    if met is not None and value is not None and check is not None and (check >= target) != met:
        near = abs(check - value) <= AGREE
        met, reason = (
            None,
            _CLOSE if near else "two figures of the study contradict each other and fall on different sides",
        )
    return {
        "gauge": "made in the Union", "value": value, "target": target, "check": check,
        "met": met, "value_high": value, "largest": None,
        "stand_in": f"1 − net import reliance; check: {beside}", "reason": reason,
    }  # fmt: skip


def _largest_third_country(study: EuStudy, material: str, stage: str, members: frozenset[str]) -> dict[str, object]:
    """The printed share of the largest third country; what is not printed could all be that one country's."""
    sourcing = study.shares.filter(
        (pl.col("material") == material) & (pl.col("stage") == stage) & (pl.col("scope") == "eu")
    ).sort("share", "country", descending=[True, False])
    outside = sourcing.filter(~pl.col("country").is_in(list(members)))
    total = float(sourcing["share"].sum())
    printed = float(outside["share"][0]) if outside.height else 0.0
    value = printed if outside.height else None
    highest = printed + max(0.0, 1.0 - total)
    met = False if printed > LARGEST else (True if highest <= LARGEST else None)
    reason = "the study prints no third country for this stage, only members"
    if not sourcing.height:
        reason = "the study prints no EU sourcing for this stage"
    return {
        "gauge": "largest third country", "value": value, "target": LARGEST, "check": total or None,
        "met": met if sourcing.height else None, "value_high": highest if sourcing.height else None,
        "largest": outside["country"][0] if outside.height else None,
        "stand_in": "printed part of EU sourcing; high: all that is not printed added; check: sum of printed shares",
        "reason": reason if value is None else ("" if met is not None else "what is not printed could decide it"),
    }  # fmt: skip


def _recycling(study: EuStudy, material: str) -> dict[str, object]:
    row = study.materials.filter(pl.col("material") == material)
    value = row["recycling"].to_list()[0] if row.height else None
    return {
        "gauge": "recycled in the Union", "value": value, "target": TARGETS["recycling"], "check": None,
        "met": None if value is None else value >= TARGETS["recycling"], "value_high": value, "largest": None,
        "stand_in": "end-of-life recycling input rate, world-wide for many metals and not capacity",
        "reason": "" if value is not None else "the study prints no recycling rate",
    }  # fmt: skip


def crma_gauges(store: Tables, region: str = "EU27", on: date = date(2024, 12, 31)) -> pl.DataFrame:
    """The gauges 10/40/25/65 for every strategic raw material and stage, from the study's EU figures.

    Columns: entry, grade, material, stage, gauge, value [-], value_high [-, the value if all that the study does not
    print were one third country's], target [-], met (null where the figures do not decide), check [-, a second figure
    on the same question], agree, largest, stand_in, vintage, source, mark, status, reason. Raises InputError for a
    region other than the Union: the benchmarks are the Union's, and no member has its own.
    """
    members = vocabulary.region(region, on)
    if members.id not in ("EU", "EU27", "EU27_2020"):
        raise InputError(
            f"the benchmarks of the Act are the Union's; {members.name_en} has none of its own",
            where="Article 5(1)",
            mend="ask EU27",
        )
    if not strategic_entries(on):
        raise InputError(
            f"there was no list of strategic raw materials on {on}",
            why="Regulation (EU) 2024/1252 applies from 23 May 2024",
            mend="choose a later day",
        )
    study, inside = eu_study(store), frozenset(members.members)
    rows: list[dict[str, object]] = []
    for entry in strategic_entries(on):
        for material in entry.materials:
            base = {"entry": entry.name, "grade": entry.grade, "material": material}
            for stage in ("extraction", "processing"):
                rows.append(base | {"stage": stage} | _own_supply(study, material, stage, inside))
                rows.append(base | {"stage": stage} | _largest_third_country(study, material, stage, inside))
            rows.append(base | {"stage": "recycling"} | _recycling(study, material))
    return _finish(pl.DataFrame(rows, infer_schema_length=None))


def _finish(frame: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("value").is_not_null()
    near = (pl.col("value") - pl.col("check")).abs() <= AGREE
    two = (pl.col("gauge") == "made in the Union") & known & pl.col("check").is_not_null()
    return frame.with_columns(
        pl.lit(ASSESSMENT).alias("vintage"),
        pl.lit(SOURCE).alias("source"),
        pl.lit("computed").alias("mark"),
        pl.when(known).then(pl.lit("estimated")).otherwise(pl.lit("missing")).alias("status"),
        pl.when(two).then(near).alias("agree"),
    ).select(
        "entry", "grade", "material", "stage", "gauge", "value", "value_high", "target", "met", "check", "agree",
        "largest", "stand_in", "vintage", "source", "mark", "status", "reason",
    )  # fmt: skip
