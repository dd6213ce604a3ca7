"""Numbers as the US Geological Survey prints them: codes, bounds, footnote letters and units run into column names."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.files import ROW
from lodestock.vocabulary import convert

_NUMBER = r"^(e?)([<>]?)\s*([-−]?)((?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)$"
_MISSING = ("", "NA", "XX", "E", "-", "—")
_WORDS = r"(?i)^(included (in|with)|categorized as|very small|small$|moderate$|large$|variable|not applicable)"
_HALF = r"(?i)^less than (½|1/2|one-half|a half) unit"
_RANGE = r"^[\d,.]+\s*[–-]\s*[\d,.]+$"
_CARATS = r"(?i)^less than [\d,]+ carats"
# Helium is measured at 15 °C and 101.325 kPa: 4.0026 g/mol over 23.645 l/mol, so a million cubic metres is 169.28 t.
HELIUM_T_PER_MCM = 4.0026 / 23.645 * 1000.0
CARAT_T = 0.2e-6
MASS = {
    "t": 1.0,
    "kt": convert(1.0, "kt", "t"),
    "kg": convert(1.0, "kg", "t"),
    "mt": convert(1.0, "Mt", "t"),
    "mmt": convert(1.0, "Mt", "t"),
    "mct": 1e6 * CARAT_T,
    "kct": 1e3 * CARAT_T,
    "mcm": HELIUM_T_PER_MCM,
}
_LB, _OZT, _SHORT_TON = convert(1.0, "lb", "t"), convert(1.0, "ozt", "t"), 0.90718474
# Suffix of a series name → unit in the store, factor to it.
_SUFFIXES: tuple[tuple[str, str, float], ...] = (
    ("dmtu", "USD/mtu", 1.0),
    ("ctslb", "USD/t", 0.01 / _LB),
    ("dtoz", "USD/t", 1.0 / _OZT),
    ("dto", "USD/t", 1.0 / _OZT),
    ("dst", "USD/t", 1.0 / _SHORT_TON),
    ("dkg", "USD/t", 1000.0),
    ("dlb", "USD/t", 1.0 / _LB),
    ("dt", "USD/t", 1.0),
    ("dg", "USD/t", 1e6),
    ("df", "USD/flask", 1.0),
    ("mdol", "MUSD", 1.0),
    ("pct", "share", 0.01),
    ("num", "persons", 1.0),
    ("mmt", "t", MASS["mmt"]),
    ("mcm", "t", HELIUM_T_PER_MCM),
    ("mct", "t", MASS["mct"]),
    ("kt", "t", MASS["kt"]),
    ("kg", "t", MASS["kg"]),
    ("t", "t", 1.0),
)
_KINDS = (
    (r"price", "price"),
    (r"nir(_|$)", "net import reliance"),
    (r"employment", "employment"),
    (r"imports", "imports"),
    (r"exports", "exports"),
    (r"consum", "consumption"),
    (r"stocks", "stocks"),
    (r"shipments|sales|sold", "shipments"),
    (r"prod|refinery|mine|smelter|extracted|withdrawn|furnace|recycled", "production"),
)


def printed_numbers(frame: pl.DataFrame, column: str, file: Path) -> tuple[pl.Series, pl.Series]:
    """The numbers of a printed column and their status.

    W is withheld; NA, XX, E (net exporter), blanks, ranges and words such as "Included with platinum" have no number
    and are missing; `e5,000`, `>50` and `<25` are estimated and stand at the bound; "Less than ½ unit" is estimated
    and stands at half a unit. Any other text raises with its row.
    """
    text = pl.col(column).str.replace_all("\u00a0", " ").str.strip_chars().fill_null("")
    groups = text.str.extract_groups(_NUMBER)
    digits = groups.struct[3].str.replace_all(",", "")
    number = digits.cast(pl.Float64, strict=False)
    number = pl.when(groups.struct[2] != "").then(-number).otherwise(number)
    half = text.str.contains(_HALF)
    made = frame.select(
        text.alias("text"),
        pl.when(half).then(0.5).otherwise(number).alias("value"),
        (half | (groups.struct[0] == "e") | (groups.struct[1] != "")).fill_null(False).alias("estimated"),
    )
    known = made["text"].is_in([*_MISSING, "W"]) | made["text"].str.contains(f"{_WORDS}|{_RANGE}|{_CARATS}")
    strange = made["value"].is_null() & ~known
    if strange.any():
        row = frame.filter(strange).row(0, named=True)
        raise InputError(
            f"'{row[column]}' is neither a number nor a known code",
            where=f"{file}, row {row.get(ROW, '?')}",
            why=f"{strange.sum()} such cells; known codes: W, NA, XX, >50, e5,000, Less than ½ unit",
            mend="correct the cell, or leave it blank where the value is missing",
        )
    status = made.select(
        pl.when(pl.col("text") == "W")
        .then(pl.lit("withheld"))
        .when(pl.col("value").is_null())
        .then(pl.lit("missing"))
        .when(pl.col("estimated"))
        .then(pl.lit("estimated"))
        .otherwise(pl.lit("reported"))
        .alias("status")
    )
    return made["value"], status["status"]


def scaled(value: pl.Series, factor: pl.Series) -> pl.Series:
    """Values times a factor, rounded once: a printed 95 per cent is 0.95 and not a bit more."""
    frame = pl.DataFrame({"value": value, "factor": factor})
    small = pl.col("factor") < 1
    # Dividing by 1000 rounds once; multiplying by 0.001, which is no exact number, rounds twice.
    return frame.select(
        pl.when(small)
        .then(pl.col("value") / (1 / pl.col("factor")))
        .otherwise(pl.col("value") * pl.col("factor"))
        .alias("value")
    )["value"]


def salient_unit(series: str) -> tuple[str, float, str]:
    """Unit in the store, factor to it and kind of a salient series, read from its name (`Price_Metal_dkg`).

    A name whose unit is not known keeps its numbers as printed, in unit `as printed`.
    """
    plain = re.sub(r" \(\d+\)$", "", series)
    last = plain.rpartition("_")[2] if "_" in plain else plain
    kind = next((name for rule, name in _KINDS if re.search(rule, plain.lower())), "other")
    unit, factor = next(((u, f) for suffix, u, f in _SUFFIXES if last == suffix), ("as printed", 1.0))
    # Some headers name the wrong unit: a share is always printed in per cent, a head is a head, a price is no mass.
    if kind == "net import reliance":
        return "share", 0.01, kind
    if kind == "employment":
        return "persons", 1.0, kind
    if kind == "price" and unit == "t":
        return "as printed", 1.0, kind
    return unit, factor, kind
