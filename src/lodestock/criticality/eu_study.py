"""What the 2023 study prints, as tidy frames, and documented corrections to it.

Source: European Commission, "Study on the critical raw materials for the EU 2023", doi:10.2873/725585, annexes 4, 6
and 7. A correction is a row of data with a documentary reason; no number is fitted; it fails when it stops matching.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from lodestock.errors import DataError

Value = float | int | str | None


@dataclass(frozen=True, slots=True)
class EuStudy:
    """What the study prints, tidy.

    shares:    material, stage, scope (global, eu), country, share [-], trade_parameter [-].
    stages:    material, stage, scope (a value of `eu_method.Scope`, or null), import_reliance [-], sr_published,
               joined_by_name (whether the tables of annex 7 spell the material in two ways).
    materials: material, list_status (critical, added, none), sr_published, ei_published, si_ei, si_sr, recycling [-].
    uses:      material, application, share [-], sector (NACE division), value_added_meur.
    series:    material, assessment, sr, ei.
    """

    shares: pl.DataFrame
    stages: pl.DataFrame
    materials: pl.DataFrame
    uses: pl.DataFrame
    series: pl.DataFrame


def corrected(study: EuStudy, corrections: pl.DataFrame) -> EuStudy:
    """The study with the documented corrections applied; each fails when it stops matching what is printed.

    corrections: id, table, action (members, drop_twin, set_sector, move), material, stage, item, was, becomes, reason,
    reason_nl, document.
    """
    for row in corrections.iter_rows(named=True):
        study = _ACTIONS[str(row["action"])](study, row)
    return study


def _matched(found: pl.DataFrame, row: dict[str, Value], count: int) -> pl.DataFrame:
    if found.height != count:
        raise DataError(
            f"correction '{row['id']}' no longer matches the study",
            where=f"{row['table']}, {row['material']} {row['stage'] or ''} {row['item'] or ''}".strip(),
            why=f"it expects {count} rows and finds {found.height}",
            mend="look at the new release and withdraw or rewrite the correction",
        )
    return found


def _members(study: EuStudy, row: dict[str, Value]) -> EuStudy:
    """Give a group's printed EU shares to those of its members for which annex 7 prints none."""
    shares = study.shares
    of_group = shares.filter(
        (pl.col("material") == row["material"]) & (pl.col("stage") == row["stage"]) & (pl.col("scope") == row["item"])
    )
    of_group = _matched(of_group, row, int(str(row["was"])))
    copies = [shares]
    for member in str(row["becomes"]).split(";"):
        own = shares.filter(
            (pl.col("material") == member) & (pl.col("stage") == row["stage"]) & (pl.col("scope") == row["item"])
        )
        _matched(own, row, 0)
        copies.append(of_group.with_columns(pl.lit(member).alias("material")))
    return replace(study, shares=pl.concat(copies))


def _use(study: EuStudy, row: dict[str, Value]) -> pl.Expr:
    return (pl.col("material") == row["material"]) & (pl.col("application") == row["item"])


def _drop_twin(study: EuStudy, row: dict[str, Value]) -> EuStudy:
    """Keep one of the identical rows of an application that is printed twice."""
    _matched(study.uses.filter(_use(study, row)), row, int(str(row["was"])))
    rest = study.uses.filter(~_use(study, row))
    return replace(study, uses=pl.concat([rest, study.uses.filter(_use(study, row)).head(int(str(row["becomes"])))]))


def _set_sector(study: EuStudy, row: dict[str, Value]) -> EuStudy:
    """Book an application in the sector in which the study books the same application elsewhere."""
    _matched(study.uses.filter(_use(study, row) & (pl.col("sector") == row["was"])), row, 1)
    added = study.uses.filter(pl.col("sector") == row["becomes"])["value_added_meur"].mode()
    _matched(added.to_frame(), row, 1)
    change = _use(study, row) & (pl.col("sector") == row["was"])
    return replace(
        study,
        uses=study.uses.with_columns(
            pl.when(change).then(pl.lit(row["becomes"])).otherwise(pl.col("sector")).alias("sector"),
            pl.when(change).then(pl.lit(added[0])).otherwise(pl.col("value_added_meur")).alias("value_added_meur"),
        ),
    )


def _move(study: EuStudy, row: dict[str, Value]) -> EuStudy:
    """Give all uses that are printed under one material to the material whose uses they are."""
    mine = pl.col("material") == row["material"]
    _matched(study.uses.filter(mine), row, int(str(row["was"])))
    _matched(study.uses.filter(pl.col("material") == row["becomes"]), row, 0)
    name = pl.when(mine).then(pl.lit(row["becomes"])).otherwise(pl.col("material")).alias("material")
    return replace(study, uses=study.uses.with_columns(name))


_ACTIONS = {"members": _members, "drop_twin": _drop_twin, "set_sector": _set_sector, "move": _move}
