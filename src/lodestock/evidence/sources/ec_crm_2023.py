"""European Commission, study on the critical raw materials for the EU 2023: shares, uses, results and scores."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.corrections import correct
from lodestock.evidence.files import need_columns, numbers, read_text, row_locator
from lodestock.evidence.shares import parse_shares
from lodestock.evidence.snapshots import sidecar_path
from lodestock.evidence.source import Source, Tidy
from lodestock.evidence.typed import blank, typed

SOURCE = Source(
    id="ec_crm_2023",
    title="Study on the critical raw materials for the EU 2023, final report",
    producer="European Commission, Directorate-General for Internal Market, Industry, Entrepreneurship and SMEs",
    licence="CC BY 4.0",
    address="https://doi.org/10.2873/725585",
    covers="supply shares by country and stage, end uses by sector, published results, scores of 2011 to 2023",
    tables=(
        "crm_supply_share",
        "crm_end_use",
        "crm_result",
        "crm_main_supplier",
        "crm_listing",
        "crm_score_series",
    ),
    official_format="annex tables 6 and 7 as CSV: material, stage, country, share, trade_parameter (name says eu or "
    "global), or material, application, share, nace2, sector, eu_value_added_meur",
)
ASSESSMENT = 2023
_STAGES = {"E": "extraction", "P": "processing", "whole": "whole"}
_PRINTED = {
    "share_as_printed": "share_printed",
    "country": "country_printed",
    "material": "material_printed",
    "eu_value_added_meur": "value_added_meur",
    "sector": "sector_title",
}


def tidy(file: Path) -> Tidy:
    """Tables of the study from a shipped extract or from an annex table saved as CSV."""
    frame = read_text(file)
    if "share_as_printed" in frame.columns and "share" in frame.columns:
        frame = frame.drop("share")
    frame = frame.rename({old: new for old, new in _PRINTED.items() if old in frame.columns})
    if "share_printed" not in frame.columns and "trade_parameter" in frame.columns and "share" in frame.columns:
        frame = frame.rename({"share": "share_printed"})
    need_columns(frame, ["material_printed"], file)
    shipped = file if sidecar_path(file).exists() else None
    frame = correct(frame, SOURCE.id, extract=shipped)
    frame = frame.with_columns(names.materials(frame, "material_printed", file).alias("material"))
    if "trade_parameter" in frame.columns:
        return {"crm_supply_share": _supply(frame, file)}
    if "application" in frame.columns:
        return {"crm_end_use": _uses(frame, file)}
    if "measure" in frame.columns:
        return {"crm_result": _results(frame, file)}
    if "rank" in frame.columns:
        return {"crm_main_supplier": _suppliers(frame, file)}
    if "critical" in frame.columns:
        listed = typed(frame, file, "crm_listing").with_columns(pl.lit(ASSESSMENT).alias("assessment"))
        return {"crm_listing": blank(listed, "crm_listing")}
    need_columns(frame, ["assessment", "supply_risk", "economic_importance"], file)
    return {"crm_score_series": _series(frame, file)}


def _stage(frame: pl.DataFrame, file: Path) -> pl.Series:
    need_columns(frame, ["stage"], file)
    bad = frame.filter(~pl.col("stage").is_in(list(_STAGES)))
    if not bad.is_empty():
        raise InputError(
            f"'{bad['stage'][0]}' is no stage",
            where=f"{file}, {names.place(bad)}, column stage",
            mend="E for extraction, P for processing",
        )
    return frame["stage"].replace_strict(_STAGES, return_dtype=pl.String)


def _supply(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, ["stage", "country_printed", "share_printed"], file)
    if "scope" not in frame.columns:
        scope = "eu" if "eu" in file.stem.lower().replace("-", "_").split("_") else "global"
        frame = frame.with_columns(pl.lit(scope).alias("scope"))
    return frame.with_columns(
        pl.lit(ASSESSMENT).alias("assessment"),
        _stage(frame, file).alias("stage"),
        names.countries(frame, "country_printed", file).alias("country"),
        *parse_shares(frame, "share_printed", file),
        numbers(frame, "trade_parameter", file).alias("trade_parameter"),
        row_locator(),
    )


def _uses(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, ["share", "nace2", "sector_title", "value_added_meur"], file)
    out = frame.with_columns(
        pl.lit(ASSESSMENT).alias("assessment"),
        pl.int_range(1, pl.len() + 1).over("material").cast(pl.Int16).alias("line"),
        numbers(frame, "share", file),
        numbers(frame, "value_added_meur", file),
        pl.col("sector_title").str.replace_all(r"\s+", " "),
        row_locator(),
    )
    return out.with_columns(
        [
            pl.when(pl.col(name).is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported")).alias(status)
            for name, status in (("share", "share_status"), ("value_added_meur", "value_added_status"))
        ]
    )


def _results(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, ["stage", "transcription", "value_printed"], file)
    per_cent = frame["value_printed"].str.ends_with("%").fill_null(False)
    plain = frame.with_columns(pl.col("value_printed").str.strip_chars_end("% "))
    value = numbers(plain, "value_printed", file)
    return frame.with_columns(
        pl.lit(ASSESSMENT).alias("assessment"),
        _stage(frame, file).alias("stage"),
        pl.when(per_cent).then(value / 100).otherwise(value).alias("value"),
        pl.when(value.is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported")).alias("value_status"),
        row_locator(),
    )


def _suppliers(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(ASSESSMENT).alias("assessment"),
        _stage(frame, file).alias("stage"),
        names.countries(frame, "country_printed", file).alias("country"),
        parse_shares(frame, "share_printed", file)[0],
        numbers(frame, "rank", file),
        row_locator(),
    )


def _series(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    risk = numbers(frame, "supply_risk", file, blanks=("-",))
    importance = numbers(frame, "economic_importance", file, blanks=("-",))
    return frame.with_columns(
        numbers(frame, "assessment", file),
        risk,
        importance,
        pl.when(risk.is_null()).then(pl.lit("missing")).otherwise(pl.lit("reported")).alias("value_status"),
        row_locator(),
    )
