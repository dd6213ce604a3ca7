"""USGS Mineral Commodity Summaries: world production, capacity and reserves, and salient statistics of the US."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.columns import REFERENCE
from lodestock.evidence.corrections import correct
from lodestock.evidence.files import ROW, need_columns, read_text, row_locator
from lodestock.evidence.printed import MASS, printed_numbers, salient_unit, scaled
from lodestock.evidence.snapshots import sidecar_path
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="usgs_mcs",
    title="Mineral Commodity Summaries, data release",
    producer="U.S. Geological Survey, National Minerals Information Center",
    licence="public domain (U.S. Government work)",
    address="https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries",
    covers="production, capacity and reserves by country for about 80 commodities; prices and balances of the US",
    tables=("production", "capacity", "reserves", "world_total", "us_salient"),
    official_format="mcsYYYY-xxxxx_world.csv and mcsYYYY-xxxxx_salient.csv as in the data release",
)
_FILE = re.compile(r"mcs(\d{4})-([a-z]+)_(world|salient)\.csv$", re.IGNORECASE)
_HEADER = r"(?i)^(Prod|Cap|Reserves)_(?:(.+?)_)??(mmt|mcm|mct|kct|kt|kg|mt|t)(_est)?(?:_(\d{4}))?$"
_WORLD = ["commodity", "file_row", "country_printed", "form_printed", "column", "value_printed", "note"]
_SALIENT = ["commodity", "file_row", "year", "series", "value_printed"]
_KINDS = {"prod": "production", "cap": "capacity", "reserves": "reserves"}
_REFINED = (
    r"(?i)refine|smelter|plant|primary production|sponge|raw steel|pig iron|alumina|clinker|cement|synthetic|compounds"
)
_GROUPS = r"(?i)^(other|united states and canada)"


def tidy(file: Path) -> Tidy:
    """World and US tables from a shipped extract, or from one file of the data release."""
    shipped = file if sidecar_path(file).exists() else None
    named = _FILE.search(file.name)
    frame = read_text(file)
    if named and not set(_WORLD) <= set(frame.columns):
        frame = release_world(frame, file) if named[3].lower() == "world" else release_salient(frame, file)
    else:
        need_columns(frame, ["commodity", "file_row", "value_printed"], file)
    frame = correct(frame, SOURCE.id, extract=shipped)
    if "country_printed" in frame.columns:
        return _world(frame, file)
    return {"us_salient": _salient(frame, file)}


def vintage(file: Path) -> str:
    """The edition of a release file, read from its name; it appears at the end of January."""
    named = _FILE.search(file.name)
    return f"{named[1]}-01-31" if named else ""


def release_world(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    """A world file of the data release, one row for each printed cell; column names differ from file to file."""
    named = _FILE.search(file.name)
    need_columns(frame, ["Source", "Country"], file)
    measured = [name for name in frame.columns if re.match(_HEADER, name)]
    if named is None or not measured:
        raise InputError(
            f"{file.name} is no world table of the data release",
            where=f"{file}, row 1",
            why=f"no column such as Prod_t_2022; found {', '.join(frame.columns[1:9])}",
            mend="keep the file and its name as downloaded (mcs2024-galli_world.csv)",
        )
    kind_of_row = frame.columns[frame.columns.index("Country") + 1]
    notes = {begin: _note_column(frame, begin) for begin in ("prod", "cap", "reserves")}
    rows = frame.filter(pl.col("Country").is_not_null())
    parts = []
    for name in measured:
        begin = name.split("_")[0].lower()
        parts.append(
            rows.select(
                pl.lit(named[2].lower()).alias("commodity"),
                pl.col(ROW).alias("file_row"),
                pl.col("Country").alias("country_printed"),
                pl.col(kind_of_row).str.strip_chars().fill_null("not stated").alias("form_printed"),
                pl.lit(name).alias("column"),
                pl.col(name).alias("value_printed"),
                pl.col(notes[begin]).alias("note") if notes[begin] else pl.lit(None, dtype=pl.String).alias("note"),
            )
        )
    return pl.concat(parts).with_columns(pl.col("file_row").alias(ROW))


def _note_column(frame: pl.DataFrame, begin: str) -> str:
    return next((name for name in frame.columns if re.match(rf"(?i){begin}_notes?$", name)), "")


def release_salient(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    """A salient file of the data release, one row for each printed cell; a header that stands twice gets `(2)`."""
    named = _FILE.search(file.name)
    if "DataSource" not in frame.columns or named is None:
        raise InputError(
            f"{file.name} is no table of salient statistics",
            where=f"{file}, row 1",
            why=f"its columns are {', '.join(frame.columns[1:6])}: in the release of 2024 some hold the world table",
            mend="import the world table under its own name, and take the salient statistics from the chapter",
        )
    need_columns(frame, ["Commodity", "Year"], file)
    titles = {name: re.sub(r"_duplicated_(\d+)$", _twin, name) for name in frame.columns}
    frame = frame.rename(titles)
    first = frame.columns.index("Year") + 1
    rows = frame.filter(pl.col("Year").is_not_null())
    # A column without header is kept under its position when it holds anything: a shifted row shows that way.
    kept = {name: _title(name, place) for place, name in enumerate(frame.columns) if place >= first}
    kept = {old: new for old, new in kept.items() if _headed(old) or rows[old].null_count() < rows.height}
    long = rows.rename(kept).unpivot(on=list(kept.values()), index=[ROW, "Year"], variable_name="series")
    return long.select(
        ROW,
        pl.lit(named[2].lower()).alias("commodity"),
        pl.col(ROW).alias("file_row"),
        pl.col("Year").alias("year"),
        "series",
        pl.col("value").alias("value_printed"),
    )


def _twin(found: re.Match[str]) -> str:
    return f" ({int(found[1]) + 2})"


def _headed(name: str) -> bool:
    return bool(name) and not re.match(r"^ ?\(\d+\)$", name)


def _title(name: str, place: int) -> str:
    return name if _headed(name) else f"column {place}"


@cache
def _commodities() -> tuple[dict[str, str], ...]:
    with (REFERENCE / "sources" / "usgs_mcs" / "commodities.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def _known(commodity: str, form: str) -> tuple[str | None, str]:
    """Material (None when the vocabulary has none) and what is weighed, of a commodity in a printed form."""
    for row in _commodities():
        if row["commodity"] == commodity and row["form_contains"].lower() in form.lower():
            basis = row["basis"]
            if re.search(r"(?i)oxide|boric", form):
                basis = "oxide"
            elif re.search(r"(?i)\bcontent\b|contained", form):
                basis = "contained"
            return (names.material_id(row["material"]) if row["material"] else None), basis
    return None, "not stated"


def _world(frame: pl.DataFrame, file: Path) -> Tidy:
    need_columns(frame, _WORLD, file)
    parts = pl.col("column").str.extract_groups(_HEADER)
    frame = frame.with_columns(
        parts.struct[0].str.to_lowercase().replace(_KINDS).alias("kind"),
        parts.struct[1].alias("inner"),
        parts.struct[2].alias("unit_printed"),
        parts.struct[3].is_not_null().alias("header_est"),
        parts.struct[4].cast(pl.Int16).alias("year"),
        pl.col("country_printed").str.replace_all("\u00a0", " ").str.strip_chars(),
    )
    form = (
        pl.when(pl.col("inner").is_null()).then("form_printed").otherwise(pl.format("{}: {}", "form_printed", "inner"))
    )
    frame = frame.with_columns(form.alias("form_printed"))
    frame = _valued(frame, file)
    pairs = frame.select("commodity", "form_printed").unique().rows()
    known = pl.DataFrame(
        [(c, f, *_known(c, f), "processing" if re.search(_REFINED, f) else "extraction") for c, f in pairs],
        schema=dict.fromkeys(("commodity", "form_printed", "material", "basis", "stage"), pl.String),
        orient="row",
    )
    frame = frame.join(known, on=["commodity", "form_printed"], how="left", validate="m:1", maintain_order="left")
    frame = frame.with_columns(_locator())
    world = pl.col("country_printed").str.starts_with("World")
    named = frame.filter(~world)
    named = _with_country(named, file)
    out: Tidy = {"world_total": _totals(frame.filter(world))}
    for kind in ("production", "capacity", "reserves"):
        chosen = named.filter(pl.col("kind") == kind)
        if not chosen.is_empty():
            renamed = {
                "quantity_t": f"{kind}_t",
                "quantity_status": f"{kind}_status",
                "value_printed": f"{kind}_printed",
            }
            out[kind] = chosen.rename(renamed)
    return {table: part for table, part in out.items() if not part.is_empty()}


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    # Reserves carry no year in the release; the latest year of the file stands for "as known then".
    return frame.with_columns(pl.col("year").fill_null(pl.col("year").max()))


def _locator() -> pl.Expr:
    """Row of the file read, and for the extract also the row of the release file that it came from."""
    own = pl.format("row {}", pl.col(ROW))
    release = pl.format("row {} ({} row {})", pl.col(ROW), "commodity", "file_row")
    same = pl.col(ROW).cast(pl.String) == pl.col("file_row").cast(pl.String)
    return pl.when(same).then(own).otherwise(release).alias("locator")


def _valued(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    """Printed cells as tonnes with a status: withheld W, estimated by header, note, `e` or bound, else reported."""
    value, status = printed_numbers(frame, "value_printed", file)
    factor = frame["unit_printed"].str.to_lowercase().replace_strict(MASS, return_dtype=pl.Float64)
    note = pl.col("note").fill_null("")
    year = pl.col("year").cast(pl.String).fill_null("-")
    said_estimated = note.str.contains(r"(?i)estimated") & note.str.contains(year, literal=True)
    said_reported = note.str.contains(r"(?i)reported") & note.str.contains(year, literal=True)
    # Footnote e behind a country's name: all its figures are estimated.
    marked = names.footnoted(frame["country_printed"])
    estimated = (pl.col("header_est") | said_estimated | marked) & ~(said_reported & pl.col("header_est"))
    frame = frame.with_columns(value.alias("value"), status.alias("status"))
    final = pl.when((pl.col("status") == "reported") & estimated).then(pl.lit("estimated")).otherwise("status")
    gas = pl.when(pl.col("unit_printed").str.to_lowercase() == "mcm").then(pl.lit("estimated")).otherwise(final)
    has_value = pl.col("value").is_not_null()
    return frame.with_columns(
        scaled(value, factor).alias("quantity_t"),
        pl.when(has_value).then(gas).otherwise("status").alias("quantity_status"),
    )


def _with_country(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    """Rows with the code of their country; other countries, and two countries together, are OTH."""
    group = pl.col("country_printed").str.contains(_GROUPS)
    single = frame.filter(~group)
    single = single.with_columns(names.without_footnote(single["country_printed"]).alias("country"))
    single = single.with_columns(names.countries(single, "country", file))
    return pl.concat([single, frame.filter(group).with_columns(pl.lit("OTH").alias("country"))])


def _salient(frame: pl.DataFrame, file: Path) -> pl.DataFrame:
    need_columns(frame, _SALIENT, file)
    value, status = printed_numbers(frame, "value_printed", file)
    units = {name: salient_unit(name) for name in frame["series"].unique().to_list()}
    factor = frame["series"].replace_strict({name: unit[1] for name, unit in units.items()}, return_dtype=pl.Float64)
    material = {name: _known(name, "")[0] for name in frame["commodity"].unique().to_list()}
    return frame.with_columns(
        scaled(value, factor).alias("value"),
        status.alias("value_status"),
        pl.col("year").cast(pl.Int16),
        pl.col("series").replace_strict({n: u[0] for n, u in units.items()}, return_dtype=pl.String).alias("unit"),
        pl.col("series").replace_strict({n: u[2] for n, u in units.items()}, return_dtype=pl.String).alias("kind"),
        pl.col("commodity").replace_strict(material, return_dtype=pl.String).alias("material"),
        _locator() if "file_row" in frame.columns else row_locator(),
    )
