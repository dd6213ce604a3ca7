"""The register of export controls as tables: one row for each measure and material, and one for each code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from lodestock.errors import InputError
from lodestock.evidence.columns import schema
from lodestock.evidence.control_register import Measure, in_use, read_measures, successor_faults
from lodestock.evidence.source import Source, Tidy

SOURCE = Source(
    id="controls",
    title="Register of export controls on critical raw materials",
    producer="Lodestock, from the sources named in each entry",
    licence="facts; the source of each stands in its entry",
    address="each entry names its own source",
    covers="export-control measures with their dates, materials, codes, scope and what was read after their last day",
    tables=("control_measure", "control_code"),
    official_format="YAML, schema lodestock-controls/1: one entry for each measure",
)


def tidy(file: Path) -> Tidy:
    """The measures and the codes of a register file."""
    measures = read_measures(file)
    return {
        "control_measure": _frame("control_measure", [row for item in measures for row in _rows(item)]),
        "control_code": _frame("control_code", [row for item in measures for row in _codes(item)]),
    }


def together(files: Sequence[Path]) -> tuple[InputError, ...]:
    """The successors that none of these registers holds; of a measure in several of them the last entry counts."""
    return successor_faults(in_use(files).values())


def _frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    wanted = {name: dtype for name, dtype in schema(table).dtypes.items() if name != "snapshot"}
    blank = [{name: None if value == "" else value for name, value in row.items()} for row in rows]
    return pl.DataFrame(blank, schema=wanted)


def _rows(item: Measure) -> Iterator[dict[str, object]]:
    facts = {
        "measure_id": item.id,
        "issuer": item.issuer,
        "title": item.title.en,
        "title_nl": item.title.nl,
        "action": item.kind.value,
        "instrument": item.instrument,
        "destinations": ";".join(item.destinations),
        "announced": item.announced.text,
        "announced_precision": item.announced.precision,
        "effective": item.effective.text,
        "effective_precision": item.effective.precision,
        "valid_until": item.until.isoformat() if item.until else "",
        "suspended_from": item.suspended_from.text if item.suspended_from else "",
        "suspended_until": item.suspended_until.isoformat() if item.suspended_until else "",
        "suspended_by": item.suspended_by,
        "successor": item.successor,
        "checked_on": item.checked_on.isoformat() if item.checked_on else "",
        "forms": ";".join(item.forms),
        "note": item.scope.en if item.scope else "",
        "note_nl": item.scope.nl if item.scope else "",
        "source": item.source,
        "mark": item.mark.value,
        "locator": f"row {item.line} ({item.id})",
    }
    for name in (*item.materials, *item.products):
        yield {**facts, "material_printed": name, "material": name}
    for words in item.goods:
        yield {**facts, "material_printed": words.en, "material": None}


def _codes(item: Measure) -> Iterator[dict[str, object]]:
    for listed in item.listed:
        digits = len(listed.code)
        chinese = digits == 10 and item.issuer == "CHN"
        yield {
            "measure_id": item.id,
            "code": listed.code,
            "code_system": f"HS{digits}" if digits <= 6 else "CN10" if chinese else "national",
            "hs6": listed.code[:6] if digits >= 6 else "",
            "covers_printed": listed.covers.en if listed.covers else "",
            "list_status": "complete" if item.codes_complete else "incomplete",
            "locator": f"row {item.line} ({item.id})",
        }
