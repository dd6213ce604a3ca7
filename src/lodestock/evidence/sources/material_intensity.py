"""Metal used per megawatt or per vehicle, by technology."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence import names
from lodestock.evidence.files import need_columns, numbers, read_text, row_locator
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="material_intensity",
    title="Metal intensities of energy and transport technologies",
    producer="premise 2.5.2 (Sacchi et al. 2022, doi:10.1016/j.rser.2022.112311), after the studies that it cites",
    licence="BSD-3-Clause",
    address="https://github.com/polca/premise",
    covers="kilograms of metal per megawatt, per kilogram of vehicle or per kilogram of motor, mean and range",
    tables=("material_intensity",),
    official_format="CSV with the columns metal, unit, year, mean, median, min, max, origin_var",
)
_UNITS = {"kg/MW": "kg/MW", "kg metal/kg vehicle": "kg/kg vehicle", "kg metal/kg motor": "kg/kg motor"}
_NUMBERS = {"mean": "intensity_mean", "median": "intensity_median", "min": "intensity_low", "max": "intensity_high"}
# Columns of the shipped extract → columns of the provider's table.
_OWN = {
    "material_printed": "metal",
    "intensity_unit": "unit",
    "technology": "origin_var",
    **{own: theirs for theirs, own in _NUMBERS.items()},
}


def tidy(file: Path) -> Tidy:
    """Metal intensities by material, technology and unit."""
    frame = read_text(file)
    frame = frame.rename({own: theirs for own, theirs in _OWN.items() if own in frame.columns})
    need_columns(frame, ["metal", "unit", "year", "origin_var", *_NUMBERS], file)
    unknown = frame.filter(~pl.col("unit").is_in([*_UNITS, *_UNITS.values()]))
    if not unknown.is_empty():
        raise InputError(
            f"'{unknown['unit'][0]}' is no unit of an intensity",
            where=f"{file}, {names.place(unknown)}, column unit",
            mend=f"known: {', '.join(_UNITS)}",
        )
    out = frame.with_columns(
        names.materials(frame, "metal", file).alias("material"),
        pl.col("metal").alias("material_printed"),
        pl.col("origin_var").alias("technology"),
        numbers(frame, "year", file),
        pl.col("unit").replace(_UNITS).alias("intensity_unit"),
        *[numbers(frame, old, file).alias(new) for old, new in _NUMBERS.items()],
        row_locator(),
    )
    return {"material_intensity": out}
