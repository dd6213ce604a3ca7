"""Write docs/reference/generated/*.md from the code, so that the reference cannot say something else than the program.

    python tools/make_reference_docs.py [FOLDER]

cli.md: every verb. scenario.md, what-if.md: every key of a scenario and of a what-if, with unit and limits.
columns.md: every table and column.
sources.md: every source. vocabulary.md: materials, forms, codes, coalitions, sectors, units. kinds.md: every kind of
verification case.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from lodestock import vocabulary
from lodestock.cli import command_line
from lodestock.errors import LodestockError
from lodestock.evidence.columns import DTYPES, Column, columns, tables
from lodestock.evidence.sources import providers
from lodestock.scenario.keys import keys_of
from lodestock.scenario.schema import Estimate, Scenario
from lodestock.scenario.simulate_schema import WhatIf
from lodestock.verification.registry import all_kinds

FOLDER = Path(__file__).parents[1] / "docs" / "reference" / "generated"
MADE = "*This page is made from the code by `make docs`; do not change it by hand.*"
ON = date(2024, 5, 23)  # the day on which Regulation (EU) 2024/1252 entered into force


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; bars and line ends in cells are made harmless."""

    def line(cells: Sequence[object]) -> str:
        shown = [" ".join(str(cell).replace("|", "\\|").replace("<", "&lt;").split()) for cell in cells]
        return f"| {' | '.join(shown)} |"

    return "\n".join([line(heads), line(["---"] * len(heads)), *(line(row) for row in rows)])


def page(title: str, *parts: str) -> str:
    """A page with a title and the note that it is made by a program."""
    return "\n\n".join([f"# {title}", MADE, *parts]) + "\n"


# --- commands -------------------------------------------------------------------------------------------------------


def cli_page() -> str:
    """Every verb with its arguments, as the commands themselves explain them."""
    text = command_line.app.generate_docs(output_format="markdown", heading_level=1, usage_name="lodestock")
    text = re.sub(r"## Table of Contents\n.*?(?=\n\*\*Commands)", "", text, flags=re.DOTALL)
    text = re.sub(r"\[(`[\w ]+`)\]\(#[\w-]+\)", r"\1", text)
    body = text.partition("\n")[2].strip()
    codes = table(
        ("exit code", "meaning"),
        [
            (0, "done"),
            (1, "a check failed: a chain is broken, a case is not as expected"),
            (2, "the input must be mended; the message says what, where, why and how"),
            (3, "a fault in Lodestock; run again with LODESTOCK_DEBUG=1 to see where"),
        ],
    )
    settings = table(
        ("setting", "meaning"),
        [
            ("`LODESTOCK_HOME`", "folder of the evidence store; the user's data folder if not set"),
            ("`LODESTOCK_DEBUG`", "set to 1: a fault in Lodestock is shown with its traceback"),
        ],
    )
    return page("Commands", body, "## Exit codes", codes, "## Settings", settings)


# --- scenario -------------------------------------------------------------------------------------------------------


def scenario_page() -> str:
    """Every key of a scenario file."""
    return keys_page("Keys of a scenario", Scenario)


def what_if_page() -> str:
    """Every key of a what-if file."""
    return keys_page("Keys of a what-if", WhatIf)


def keys_page(heading: str, whole: type[BaseModel]) -> str:
    """Every key of a file, block by block."""
    heads, parts = ("key", "holds", "unit and limits", "required", "meaning"), []
    for block in keys_of(whole):
        if block.model is Estimate and whole is WhatIf:
            continue  # explained with the scenario
        rows = [(f"`{key.name}`", key.holds, key.limits, "yes" * key.required, key.meaning) for key in block.keys]
        parts += [f"## {block.name or 'The file'}", block.doc, table(heads, rows)]
    return page(heading, *parts)


# --- columns, sources, vocabulary, kinds ------------------------------------------------------------------------------


def allowed(column: Column) -> str:
    """What a column may hold, in words."""
    if column.allowed:
        return ", ".join(text.replace("@country", "country code") for text in column.allowed)
    low = "" if column.low is None else f"from {column.low:g}"
    high = "" if column.high is None else f"to {column.high:g}"
    return " ".join(part for part in (low, high) if part)


def columns_page() -> str:
    """Every table with its columns, and every column with its meaning."""
    names = {str(dtype): name for name, dtype in DTYPES.items()}
    every = [
        (f"`{c.name}`", names[str(c.dtype)], c.unit, allowed(c), c.definition)
        for c in sorted(columns().values(), key=lambda c: c.name)
    ]
    parts = ["## Columns", table(("column", "type", "unit", "may hold", "meaning"), every), "## Tables"]
    for name, entry in sorted(tables().items()):
        rows = [
            (
                f"`{use.column.name}`",
                "yes" if use.key else "",
                "yes" if use.block else "",
                "yes" if use.single else "",
                {"no": "", "yes": "yes"}.get(use.nullable, f"when `{use.nullable}` says so"),
            )
            for use in entry.columns
        ]
        parts += [f"### {name}", table(("column", "key", "block", "never summed over", "may be absent"), rows)]
    return page("Tables and columns", *parts)


def sources_page() -> str:
    """Every source: who makes it, under which licence, what it covers, which file is read."""
    parts = []
    for key, entry in sorted(providers().items()):
        item = entry.source
        rows = [
            ("title", item.title),
            ("producer", item.producer),
            ("licence", item.licence),
            ("address", item.address),
            ("covers", item.covers),
            ("tables", ", ".join(f"`{name}`" for name in item.tables)),
            ("file that is read", item.official_format or "ships with Lodestock; there is no download to import"),
        ]
        parts += [f"## {key}", table(("", ""), rows)]
    return page("Sources", *parts)


def coalition_row(name: str, on: date) -> tuple[str, str, str, str]:
    """A coalition with its members on a day, or why it has none."""
    try:
        found = vocabulary.coalition(name, on)
    except LodestockError as error:
        return name, "", "", f"none on this day: {error.why}"
    return found.id, found.name_nl, found.name_en, f"{len(found.members)}: {' '.join(found.members)}"


def vocabulary_page() -> str:
    """Materials, stages and forms, trade codes, coalitions, sectors and units."""
    critical = {entry.material for entry in vocabulary.critical_raw_materials(ON)}
    strategic = {entry.material for entry in vocabulary.strategic_raw_materials(ON)}
    materials = [
        (f"`{m.id}`", m.name_nl, m.name_en, m.kind.value, "yes" * (m.id in critical), "yes" * (m.id in strategic))
        for m in vocabulary.materials()
    ]
    codes = [
        (c.code, c.description_en, ", ".join(f.value for f in c.forms), ", ".join(c.materials), c.mixes)
        for c in vocabulary.product_codes()
    ]
    today = date.today()
    groups = [coalition_row(name, today) for name in vocabulary.coalition_ids()]
    return page(
        "Vocabulary",
        "## Materials",
        f"Entries of the lists of critical and strategic raw materials as in force on {ON}. A group on a list "
        "(such as heavy rare earths) covers its members, which have no mark of their own here.",
        table(("id", "Dutch", "English", "kind", "critical", "strategic"), materials),
        "## Stages and forms",
        table(
            ("form", "Dutch", "English", "stage"), [(f.form, f.name_nl, f.name_en, f.stage) for f in vocabulary.forms()]
        ),
        "## Trade codes",
        table(("code", "what it is", "form", "materials", "what is mixed"), codes),
        "## Coalitions",
        f"Membership is dated; these are the members on {today}.",
        table(("id", "Dutch", "English", "members"), groups),
        "## Sectors",
        table(
            ("code", "Dutch", "English", "WIOD industry"),
            [(s.code, s.name_nl, s.name_en, s.wiod) for s in vocabulary.sectors()],
        ),
        "## Units",
        table(
            ("unit", "measures", "is", "also written"),
            [(u.unit, u.quantity, f"{u.factor:g} {u.canonical}", ", ".join(u.aliases)) for u in vocabulary.units()],
        ),
    )


def kinds_page() -> str:
    """Every kind of verification case with its inputs and what it computes."""
    parts = []
    for name, item in sorted(all_kinds().items()):
        given = [
            (f"`{key}`", one.form.value, one.unit, "" if one.optional else "yes", one.what)
            for key, one in item.inputs.items()
        ]
        parts += [
            f"## {name}",
            f"{item.title.en}. {inspect.getdoc(item.compute) or ''}",
            table(("input", "form", "unit", "required", "meaning"), given),
            table(("expected value", "meaning"), [(f"`{key}`", text) for key, text in item.computes.items()]),
        ]
    return page("Kinds of verification case", *parts)


PAGES = {
    "cli": cli_page,
    "scenario": scenario_page,
    "what-if": what_if_page,
    "columns": columns_page,
    "sources": sources_page,
    "vocabulary": vocabulary_page,
    "kinds": kinds_page,
}


def main(folder: Path) -> None:
    """Write every page into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (folder / f"{name}.md").write_text(make(), encoding="utf-8")
    print(f"{len(PAGES)} pages in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
