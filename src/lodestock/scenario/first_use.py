"""What the EU study says about the first use of a material, shown beside our own exposure table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.scenario.words import FIRST_USES
from lodestock.vocabulary import material


@dataclass(frozen=True, slots=True)
class FirstUse:
    """One first use of a material; `entry` is its share in the ledger, None where the study has no row for it.

    use: name of the application with the NACE division in which the study books it, as `{ref:C25}`.
    """

    material: Text
    use: Text | None
    entry: str | None


def record_first_uses(store: Store, ledger: Ledger, names: Sequence[str], least: float = 0.05) -> tuple[FirstUse, ...]:
    """Record the shares of first use of at least `least`; a material without rows is listed as such, not as zero."""
    table = store.table("crm_end_use").filter(pl.col("share") >= least).sort("share", descending=True).collect()
    out = []
    for name in names:
        item = material(name)
        words = Text(item.name_nl.lower(), item.name_en.lower())
        rows = table.filter(pl.col("material") == item.id)
        if rows.is_empty():
            out.append(FirstUse(words, None, None))
        for number, row in enumerate(rows.iter_rows(named=True)):
            where = {"assessment": row["assessment"], "material": item.id, "application": row["application"]}
            if row["nace2"] is not None:
                where["nace2"] = row["nace2"]
            value, read = read_rows(store, "crm_end_use", where, "share", "value")
            plain = FIRST_USES.get(row["application"], Text(row["application"], row["application"]))
            key = f"first_use.{item.id}.{number}"
            ledger.rows(key, Text(f"{words.nl}: {plain.nl}", f"{words.en}: {plain.en}"), value, "1", read)
            out.append(FirstUse(words, _with_sector(plain, row["nace2"]), key))
    return tuple(out)


def _with_sector(plain: Text, sector: str | None) -> Text:
    if sector is None:
        return Text(f"{plain.nl} (geen sector genoemd)", f"{plain.en} (no sector named)")
    return Text(f"{plain.nl} ({{ref:{sector}}})", f"{plain.en} ({{ref:{sector}}})")
