"""Eurostat Comext: where the imports of the European Union come from, by product and origin."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.files import need_columns, numbers, read_text, row_locator
from lodestock.evidence.source import Source, Tidy
from lodestock.evidence.typed import blank, typed

SOURCE = Source(
    id="comext_origins",
    title="EU imports by origin, Comext",
    producer="Eurostat",
    licence="CC BY 4.0",
    address="https://ec.europa.eu/eurostat/comext/newxtweb/",
    covers="value and share of the imports of the EU-27 from outside, by product (CN8) and country of origin",
    tables=("eu_import_origin",),
    official_format="SDMX-CSV of data set DS-045409, imports (flow 1) of EU27_2020 from each partner outside, yearly",
)
_SDMX = ["reporter", "partner", "product", "flow", "indicators", "TIME_PERIOD", "OBS_VALUE"]
_REPORTERS = ("EU27_2020", "EU27_2020_EXTRA")
_VALUE, _MASS = ("VALUE_IN_EUROS", "VALUE_EUR"), ("QUANTITY_IN_100KG", "QUANTITY_KG")


def tidy(file: Path) -> Tidy:
    """Import origins from the shipped extract or from an SDMX-CSV download of Comext."""
    frame = read_text(file)
    if "OBS_VALUE" in frame.columns:
        return {"eu_import_origin": _official(frame, file)}
    need_columns(frame, ["product", "origin_printed", "share_value", "value_eur"], file)
    out = typed(frame, file, "eu_import_origin", later=("origin", "source")).with_columns(
        names.countries(frame, "origin_printed", file).alias("origin"), pl.lit(SOURCE.id).alias("source")
    )
    return {"eu_import_origin": blank(out, "eu_import_origin")}


def _official(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, _SDMX, file)
    wanted = frame.filter(pl.col("flow").str.starts_with("1") & pl.col("reporter").is_in(_REPORTERS))
    if wanted.is_empty():
        raise InputError(
            f"{file.name} holds no imports of the EU-27",
            where=str(file),
            why=f"flow and reporter must be 1 and {' or '.join(_REPORTERS)}",
            mend="choose flow 1 (import) and reporter EU27_2020 in the download",
        )
    monthly = wanted.filter(~pl.col("TIME_PERIOD").str.contains(r"^\d{4}$"))
    if not monthly.is_empty():
        raise InputError(
            f"{file.name} is not yearly",
            where=f"{file}, {names.place(monthly)}, column TIME_PERIOD",
            why=f"'{monthly['TIME_PERIOD'][0]}'",
            mend="choose frequency A (yearly) in the download",
        )
    # Totals (WORLD, EU27_2020_EXTRA…) are no countries; partners are two-letter codes.
    wanted = wanted.filter(pl.col("partner").str.contains(r"^[A-Z]{2}$"))
    wanted = wanted.with_columns(
        names.countries(wanted, "partner", file).alias("origin"),
        numbers(wanted, "OBS_VALUE", file).alias("amount"),
        row_locator(),
    )
    value = _measure(wanted, _VALUE, "value_eur").rename({"locator": "place"})
    mass = _measure(wanted, _MASS, "mass").drop("locator")
    key = ["product", "TIME_PERIOD", "origin"]
    both = value.join(mass, on=key, how="left", validate="1:1").rename({"place": "locator"})
    group = ["product", "TIME_PERIOD"]
    total = pl.col("value_eur").sum().over(group)
    share = pl.col("value_eur") / total
    both = both.with_columns(
        total.alias("total_value_eur"),
        share.alias("share_value"),
        (pl.col("mass") / pl.col("mass").sum().over(group)).fill_nan(None).alias("share_quantity"),
        pl.col("value_eur").rank("ordinal", descending=True).over(group).cast(pl.Int16).alias("rank"),
        pl.col("TIME_PERIOD").cast(pl.Int16).alias("year"),
        pl.col("product").str.replace_all(r"\D", "").alias("cn_code"),
        pl.col("product").alias("product_title"),
        pl.lit(SOURCE.id).alias("source"),
    )
    return both.with_columns((pl.col("share_value") ** 2).sum().over(group).alias("hhi_value"))


def _measure(frame: pl.DataFrame, indicators: tuple[str, ...], name: str) -> pl.DataFrame:
    chosen = frame.filter(pl.col("indicators").is_in(indicators))
    return chosen.select("product", "TIME_PERIOD", "origin", pl.col("amount").alias(name), "locator")


def cn_of(title: str) -> str:
    """The digits of the Combined Nomenclature in a title such as `Germanium (CN 8112 92 95)`; empty for none."""
    found = re.search(r"CN ([\d ]+)\)", title)
    return found[1].replace(" ", "") if found else ""
