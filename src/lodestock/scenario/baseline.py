"""The trade baseline of an importer: tonnes at the border, from whom, and the ledger entries behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from lodestock.errors import DataError
from lodestock.evidence.ledger import Ledger, Method, Scalar, Text
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store
from lodestock.vocabulary import country
from lodestock.vocabulary import region as region_of

SHARE = Method("trade.share", "Share of a flow in a total", "definition", "lodestock.scenario.baseline:share_entry")
EU = "EU27"
COMPLETE = 0.9
EU27_SINCE = date(2020, 2, 1)  # earlier years are looked back on with the present members


@dataclass(frozen=True, slots=True)
class Baseline:
    """Trade of one importer in one product and year [t/yr]; None where the store holds no quantity."""

    imports: float | None
    exports: float | None
    from_issuer: float | None


def prefix(region: str) -> str:
    """How the ids of a region's numbers begin: nl, eu27, bel, …"""
    return "nl" if region == "NLD" else region.lower()


def revision_of(store: Store, code: str, year: int) -> str:
    """The revision of the Harmonised System to read this code and year in: the newest of those that are complete.

    A revision counts as complete if it has at least nine tenths of the rows of the fullest one, so that a file with a
    few countries never displaces a file with all of them.
    """
    held = store.table("trade").filter((pl.col("hs_code") == code) & (pl.col("year") == year))
    rows: dict[str, int] = dict(held.group_by("hs_revision").len().collect().iter_rows())
    if not rows:
        raise DataError(
            f"the store has no trade in code {code} for {year}",
            where="table trade",
            mend="import the year with `lodestock data import baci FILE`, or choose another baseline year",
        )
    complete = [name for name, count in rows.items() if count >= COMPLETE * max(rows.values())]
    return max(complete, key=lambda name: (_revision_year(name), name))


def _revision_year(revision: str) -> int:
    year = int("".join(character for character in revision if character.isdigit()))
    return year if year > 1900 else year + (1900 if year > 80 else 2000)


def flow_rows(
    store: Store, *, region: str, code: str, year: int, side: str = "importer", partner: str | None = None
) -> dict[str, Scalar | Sequence[Scalar]]:
    """The rows of the table trade that hold a region's flow: column → value or values.

    side: "importer" or "exporter", seen from the region. For a coalition only trade with the outside counts, so its
    partners are all countries in the rows that are not members in that year.
    """
    other = "exporter" if side == "importer" else "importer"
    members = region_of(region, max(date(year, 12, 31), EU27_SINCE)).members
    where: dict[str, Scalar | Sequence[Scalar]] = {
        "hs_revision": revision_of(store, code, year),
        "hs_code": code,
        "year": year,
        side: members[0] if len(members) == 1 else list(members),
    }
    if partner:
        where[other] = partner
    elif len(members) > 1:
        held = store.table("trade").filter((pl.col("hs_code") == code) & (pl.col("year") == year))
        found: list[str] = held.select(pl.col(other).unique().sort()).collect()[other].to_list()
        where[other] = [name for name in found if name not in members]
    return where


def record_flow(
    store: Store,
    ledger: Ledger,
    key: str,
    label: Text,
    *,
    region: str,
    code: str,
    year: int,
    side: str = "importer",
    partner: str | None = None,
) -> float | None:
    """Read a flow in tonnes a year from the store and record its rows under `key`; see `flow_rows`."""
    where = flow_rows(store, region=region, code=code, year=year, side=side, partner=partner)
    value, rows = read_rows(store, "trade", where, "quantity_t", "sum")
    note = f"{rows.missing} of {rows.count} flows have no quantity; they are not in the sum" if rows.missing else ""
    ledger.rows(key, label, value, "t/yr", rows, note=note)
    return value


def share_entry(ledger: Ledger, key: str, label: Text, part: str, whole: str) -> None:
    """Record part ÷ whole of two entries; not known if either is not known or the whole is zero."""
    above, below = ledger[part].value, ledger[whole].value
    known = above is not None and below is not None and below > 0
    value = above / below if known and above is not None and below is not None else None
    ledger.computed(key, label, value, "1", method=SHARE, inputs=(part, whole))


def record_baseline(
    store: Store, ledger: Ledger, *, region: str, issuer: str, code: str, year: int, product: str
) -> Baseline:
    """Record imports, exports and imports from the issuer, with the issuer's share at the border."""
    start = f"{prefix(region)}.{product}"
    who = (
        Text("EU (van buiten)", "EU (from outside)")
        if region == EU
        else Text(country(region).name_nl, country(region).name_en)
    )
    by = Text(country(issuer).name_nl, country(issuer).name_en)

    def label(nl: str, en: str) -> Text:
        return Text(f"{who.nl}: {nl} van code {code}, {year}", f"{who.en}: {en} of code {code}, {year}")

    imports = record_flow(
        store, ledger, f"{start}.imports", label("invoer", "imports"), region=region, code=code, year=year
    )
    exports = record_flow(
        store,
        ledger,
        f"{start}.exports",
        label("uitvoer", "exports"),
        region=region,
        code=code,
        year=year,
        side="exporter",
    )
    origin = record_flow(
        store,
        ledger,
        f"{start}.imports_issuer",
        label(f"invoer uit {by.nl}", f"imports from {by.en}"),
        region=region,
        code=code,
        year=year,
        partner=issuer,
    )
    border = f"{start}.china_share_border" if region != EU else f"{start}.china_share"
    title = label(f"aandeel rechtstreeks uit {by.nl} in de invoer", f"share straight from {by.en} in the imports")
    share_entry(ledger, border, title, f"{start}.imports_issuer", f"{start}.imports")
    return Baseline(imports, exports, origin)


def partner_shares(
    store: Store, regions: tuple[str, ...], codes: tuple[str, ...], year: int, issuer: str
) -> pl.DataFrame:
    """Imports by group of partners: issuer, other EU, other. Shares are of the tonnes that are known.

    Columns importer, product, partner, quantity_t, share. For the EU trade inside the EU is left out.
    """
    frames = []
    for region in regions:
        for code in codes:
            where = flow_rows(store, region=region, code=code, year=year)
            held = store.table("trade").filter(
                *(
                    pl.col(name).is_in(value) if isinstance(value, list) else pl.col(name) == value
                    for name, value in where.items()
                )
            )
            group = (
                pl.when(pl.col("exporter") == issuer)
                .then(pl.lit(issuer))
                .when(pl.col("exporter").is_in(list(region_of(EU, max(date(year, 12, 31), EU27_SINCE)).members)))
                .then(pl.lit("other EU"))
                .otherwise(pl.lit("other"))
            )
            sums = (
                held.group_by(group.alias("partner"))
                .agg(
                    pl.when(pl.col("quantity_t").is_not_null().any())
                    .then(pl.col("quantity_t").sum())
                    .alias("quantity_t")
                )
                .collect()
            )
            frames.append(
                sums.with_columns(
                    pl.lit(region).alias("importer"),
                    pl.lit(code).alias("product"),
                    (pl.col("quantity_t") / pl.col("quantity_t").sum()).alias("share"),
                )
            )
    columns = ["importer", "product", "partner", "quantity_t", "share"]
    return pl.concat([frame.select(columns) for frame in frames]).sort("importer", "product", "partner")
