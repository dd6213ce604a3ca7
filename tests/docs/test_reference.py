"""The generated reference names every command, every option, every key, every column and every kind of case."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("generated")
    tool = ROOT / "tools" / "make_reference_docs.py"
    done = subprocess.run([sys.executable, str(tool), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}


def test_nothing_of_the_machine_or_of_python_leaks(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for leak in (" at 0x", "AfterValidator", "typing.", str(ROOT), "/home/", "/tmp/"):
            assert leak not in text, f"{leak!r} in {name}.md"


def test_every_command(pages: dict[str, str]) -> None:
    from cyclopts import App

    from lodestock.cli.command_line import app

    def below(root: App) -> Iterator[str]:
        for name in root:
            if not name.startswith("-"):
                yield name
                yield from (f"{name} {inner}" for inner in below(root[name]))

    verbs = list(below(app))
    assert {"data", "data import", "brief", "trace", "verify", "controls due"} <= set(verbs)
    lacking = [verb for verb in verbs if f"# lodestock {verb}\n" not in pages["cli"]]
    assert lacking == []
    for option in ("--json", "--lang", "--as-of", "--out", "--where", "--vintage", "LODESTOCK_HOME"):
        assert option in pages["cli"]


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Every model that is defined in the module of the scenario's schema."""
    import lodestock.scenario.schema as schema

    for thing in vars(schema).values():
        if isinstance(thing, type) and issubclass(thing, model) and thing not in (BaseModel, schema.Block):
            yield thing


def test_every_key_of_a_scenario(pages: dict[str, str]) -> None:
    found = {f"`{field.alias or name}`" for m in models(BaseModel) for name, field in m.model_fields.items()}
    assert len(found) > 40
    assert [key for key in sorted(found) if key not in pages["scenario"]] == []
    for unit in ("`share`, 0 to 1", "`months`, 0 to 120", "`kEUR/t`", "`share/yr`"):
        assert unit in pages["scenario"]


def test_every_key_of_the_shipped_scenario_is_explained_where_it_stands(pages: dict[str, str]) -> None:
    import yaml

    from lodestock.scenario.load import shipped

    for path in shipped().values():
        for key in yaml.safe_load(path.read_text(encoding="utf-8")):
            assert f"| `{key}` |" in pages["scenario"]


def test_every_key_of_a_what_if_with_its_unit(pages: dict[str, str]) -> None:
    import yaml

    from lodestock.scenario.simulate_schema import shipped_what_ifs

    def keys(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for key, inner in node.items():
                yield key
                yield from keys(inner) if key != "stages" else ()
        elif isinstance(node, list):
            for inner in node:
                yield from keys(inner)

    estimate = {"value", "low", "high", "unit"}  # explained with the scenario
    for path in shipped_what_ifs().values():
        for key in set(keys(yaml.safe_load(path.read_text(encoding="utf-8")))) - estimate:
            assert f"| `{key}` |" in pages["what-if"], (path.name, key)
    for row in ("| `months` | estimate | `months`, 0 to 120 |", "| `tonnes` | estimate | `t/yr`, at least 0 |"):
        assert row in pages["what-if"]


def test_every_column_and_table(pages: dict[str, str]) -> None:
    folder = ROOT / "src" / "lodestock" / "reference"
    with (folder / "columns.csv").open(encoding="utf-8", newline="") as handle:
        names = [row["name"] for row in csv.DictReader(handle)]
    with (folder / "tables.csv").open(encoding="utf-8", newline="") as handle:
        tables = {row["table"] for row in csv.DictReader(handle)}
    assert [name for name in names if f"| `{name}` |" not in pages["columns"]] == []
    assert [name for name in tables if f"### {name}\n" not in pages["columns"]] == []


def test_every_source_material_and_kind(pages: dict[str, str]) -> None:
    from lodestock import vocabulary
    from lodestock.evidence.sources import providers
    from lodestock.verification.registry import all_kinds

    assert [key for key in providers() if f"## {key}\n" not in pages["sources"]] == []
    assert [m.id for m in vocabulary.materials() if f"`{m.id}`" not in pages["vocabulary"]] == []
    assert [name for name in all_kinds() if f"## {name}\n" not in pages["kinds"]] == []
