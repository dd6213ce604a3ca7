"""Reading compiled tables cell by cell: what the makers of policy extracts share."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

MARKS = {"seen": "seen", "seen (trade site)": "press", "seen, low": "press", "secondary": "press"}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """All rows of a compiled table, every cell as text, blanks as empty text."""
    frame = pl.read_csv(folder / "policy" / f"{name}.csv", infer_schema=False)
    return frame.with_columns(pl.all().fill_null("")).to_dicts()


def precision(date: str) -> str:
    """Day, month or year: how precise an ISO date is; empty for no date."""
    return {10: "day", 7: "month", 4: "year"}.get(len(date), "")


def mark_of(confidence: str) -> str:
    """The evidence mark of a printed confidence; anything that is not seen or press is a prior."""
    return MARKS.get(confidence, "prior")


def frame_of(rows: list[dict[str, str]]) -> pl.DataFrame:
    """Rows of text as a frame in which empty cells are null."""
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.select(pl.all().replace("", None))


def slug(text: str, words: int = 3) -> str:
    """The first words of a text in lower case joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())[:words])
