"""Example files in the layout of CEPII BACI. The figures are made up for tests: last year's, a little changed."""

from __future__ import annotations

from pathlib import Path

NAME = "BACI_HS22_Y2025_V202701.csv"
HEADER = "t,i,j,k,v,q"
# exporter, importer (BACI's numeric codes), code, value [kUSD], mass [t]; China to NL, DE, BE, FR, IT and Japan to NL
FLOWS = (
    (156, 528, 850511, 51000.5, 3300.25),
    (156, 276, 850511, 410000.0, 22000.0),
    (156, 56, 850511, 21000.0, 1200.0),
    (156, 251, 850511, 52000.0, 3600.0),
    (156, 380, 850511, 83000.0, 6100.0),
    (392, 528, 850511, 2600.0, 41.0),
    (156, 528, 284690, 9000.0, 400.0),
)


def lines(*, factor: float = 1.0) -> list[str]:
    """The rows of a file; factor 1000 gives kilograms where tonnes belong."""
    return [HEADER, *(f"2025,{i},{j},{k},{v},{q * factor}" for i, j, k, v, q in FLOWS)]


def write(folder: Path, rows: list[str] | None = None, *, name: str = NAME, encoding: str = "utf-8") -> Path:
    """Write rows (the good ones if not given) as a file and return its path."""
    path = folder / name
    path.write_text("\n".join(lines() if rows is None else rows) + "\n", encoding=encoding)
    return path
