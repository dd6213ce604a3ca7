"""Open data: what is given and why not, and that every format says what the table says, by its own standard."""

from __future__ import annotations

import csv
import hashlib
import json
import warnings
from pathlib import Path
from typing import Any

import polars as pl
import pyshacl
import pytest
import rdflib
from rdflib.compare import isomorphic

from lodestock.errors import InputError
from lodestock.evidence.store import Store
from lodestock.publish.open_data import Index, Publisher, read_index, ready, survey, write_open_data
from lodestock.publish.open_data_formats import columns_of
from lodestock.publish.open_data_indicators import INDICATORS, KEY, Indicator

BASE = "https://data.voorbeeld.example/api/v1"
SHAPES = Path(__file__).parent / "dcat_ap_nl_shapes.ttl"
CSVW_TYPES = {"string": str, "short": int, "int": int, "long": int, "double": float, "boolean": str}


@pytest.fixture(scope="session")
def written(store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Index]:
    """The open data of the shipped store, and its index."""
    folder = tmp_path_factory.mktemp("open-data")
    return folder, write_open_data(folder, store, base=BASE, publisher=Publisher("Voorbeeld", "", "a@b.example"))


def _files(folder: Path, table: str) -> Path:
    return folder / "tables" / table / "files"


def test_a_table_is_given_only_where_its_licence_says_so(written: tuple[Path, Index], store: Store) -> None:
    """WIOD's terms speak of use with citation and not of passing on; nothing of it may be in any file."""
    folder, index = written
    held = {table.id: table for table in index.tables}
    assert {key for key, table in held.items() if not table.given} == {
        "io-flow", "io-industry", "io-output", "snapshot", "superseded",
    }  # fmt: skip
    assert all(table.reason_nl and table.reason_en for table in held.values() if not table.given)
    assert not any(path.name.startswith("io_") for path in folder.rglob("*"))
    assert {table.id.replace("-", "_") for table in index.tables} == {*store.tables, "indicators"}


def test_a_licence_that_nobody_judged_is_not_passed_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodestock.publish.open_data.licences", dict)
    assert not any(table.given for table in survey(store) if table.table == "trade")


def test_every_file_is_the_one_that_the_index_and_the_catalogue_name(written: tuple[Path, Index]) -> None:
    folder, index = written
    assert read_index(folder) == index
    for file in index.files:
        content = (_files(folder, file.table) / file.name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)


@pytest.mark.parametrize("table", ["crm_result", "control_measure", "governance", "production", "indicators"])
def test_csv_and_parquet_hold_what_the_store_holds(written: tuple[Path, Index], store: Store, table: str) -> None:
    folder = _files(written[0], table.replace("_", "-"))
    kept = pl.read_parquet(folder / f"{table}.parquet")
    if table != "indicators":
        assert kept.equals(store.table(table).collect())
    told = pl.read_csv(folder / f"{table}.csv", infer_schema=False)
    assert told.columns == kept.columns
    for name, dtype in kept.schema.items():
        if dtype == pl.String:
            assert told[name].fill_null("").equals(kept[name].fill_null("")), name
        elif dtype == pl.Boolean:
            assert (told[name] == "true").equals(kept[name]), name
        else:
            assert told[name].cast(dtype).equals(kept[name]), name


def _as_csvw_says(described: dict[str, Any], path: Path) -> list[str]:
    """What in the CSV is not as its metadata says: header, types, bounds, required cells and the primary key."""
    wrong: list[str] = []
    columns = described["tableSchema"]["columns"]
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle)
        if next(rows) != [column["name"] for column in columns]:
            wrong.append("header")
        key = [i for i, c in enumerate(columns) if c["name"] in described["tableSchema"].get("primaryKey", ())]
        seen = set()
        for number, row in enumerate(rows, start=2):
            for column, cell in zip(columns, row, strict=True):
                wrong += _cell(column, cell, number)
            if row[0].startswith("#"):  # §5.9: a row that begins with the comment prefix is none
                wrong.append(f"row {number}: reads as a comment")
            named = tuple(row[i] for i in key)
            if key and named in seen:
                wrong.append(f"row {number}: the key stands there twice")
            seen.add(named)
    return wrong


def _cell(column: dict[str, Any], cell: str, number: int) -> list[str]:
    datatype = column["datatype"]
    if not cell:  # §6.4 of the model: an empty cell is null, of a text too, as `null` is the empty text here
        return [f"row {number}: {column['name']} is empty"] if column["required"] else []
    if datatype["base"] == "boolean":
        return [] if cell in ("true", "false") else [f"row {number}: {column['name']} {cell}"]
    if datatype["base"] == "string":
        return []
    value = CSVW_TYPES[datatype["base"]](cell)
    inside = datatype.get("minimum", value) <= value <= datatype.get("maximum", value)
    return [] if inside else [f"row {number}: {column['name']} {cell} out of bounds"]


def test_every_csv_keeps_to_its_csvw_metadata(written: tuple[Path, Index]) -> None:
    """The cells against their metadata, after the Model for Tabular Data (W3C 2015), §6.4 and §6.6; the metadata itself
    is checked in `test_csvw.py`."""
    folder, index = written
    for table in index.tables:
        if not table.given or table.id == "trade":  # a quarter of a million rows: by the slow test
            continue
        path = _files(folder, table.id) / f"{table.table}.csv"
        described = json.loads(path.with_name(path.name + "-metadata.json").read_text(encoding="utf-8"))
        # §5.2: a string and an object with nothing but @base and @language
        assert described["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
        assert described["url"] == path.name
        assert described["dc:license"]["@id"].startswith("https://") and described["dc:title"]
        names = [column["name"] for column in described["tableSchema"]["columns"]]
        assert len(names) == len(set(names)) == len(columns_of(table.table))
        assert _as_csvw_says(described, path) == [], table.id


def test_every_column_of_every_table_has_a_meaning_in_the_dictionary(written: tuple[Path, Index]) -> None:
    folder, index = written
    for table in index.tables:
        if table.given:
            path = _files(folder, table.id) / f"{table.table}.dictionary.csv"
            with path.open(encoding="utf-8", newline="") as handle:
                rows = list(csv.DictReader(handle))
            with path.with_name(f"{table.table}.csv").open(encoding="utf-8", newline="") as handle:
                header = next(csv.reader(handle))
            assert [row["column"] for row in rows] == header and all(row["meaning_en"] for row in rows)


def test_the_catalogue_keeps_to_the_shapes(written: tuple[Path, Index]) -> None:
    """Own shapes of what DCAT-AP-NL 3.0 makes obligatory; the shapes file names the tables they are from."""
    found = rdflib.Graph().parse(written[0] / "catalog.ttl")
    fits, _graph, text = pyshacl.validate(found, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert fits, text


def test_the_shapes_catch_what_is_left_out(written: tuple[Path, Index]) -> None:
    """Each obligatory property taken away in turn is missed."""
    shapes = rdflib.Graph().parse(SHAPES)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    whole = rdflib.Graph().parse(written[0] / "catalog.ttl")
    one = next(whole.subjects(rdflib.RDF.type, rdflib.URIRef("http://www.w3.org/ns/dcat#Dataset")))
    small = rdflib.Graph()
    for triple in whole:
        if not str(triple[0]).startswith(f"{BASE}/tables/") or str(triple[0]).startswith(str(one)):
            small.add(triple)
    tried = 0
    for shape, target in shapes.subject_objects(sh.targetClass):
        for rule in shapes.objects(shape, sh.property):
            path = shapes.value(rule, sh.path)
            less = rdflib.Graph() + small
            for subject in list(less.subjects(rdflib.RDF.type, target)):
                less.remove((subject, path, None))
            if shapes.value(rule, sh.minCount) is not None:
                tried += 1
                assert not pyshacl.validate(less, shacl_graph=shapes)[0], (target, path)
    assert tried >= 30


def test_both_forms_of_the_catalogue_say_the_same(written: tuple[Path, Index]) -> None:
    folder, _index = written
    turtle = rdflib.Graph().parse(folder / "catalog.ttl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own reader of JSON-LD uses a class it deprecates
        other = rdflib.Graph().parse(folder / "catalog.jsonld", format="json-ld")
    assert isomorphic(turtle, other) and len(turtle) > 1000


def test_sdmx_csv_has_its_columns_and_every_observation_once(written: tuple[Path, Index]) -> None:
    """SDMX-CSV 2.0: STRUCTURE, STRUCTURE_ID and ACTION first; the dimensions name an observation; codes as SDMX-ID."""
    folder = _files(written[0], "indicators")
    told = pl.read_csv(folder / "indicators.sdmx.csv", infer_schema=False)
    assert told.columns[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert told["STRUCTURE"].unique().to_list() == ["dataflow"] and told["ACTION"].unique().to_list() == ["I"]
    dimensions = ["INDICATOR", "MATERIAL", "STAGE", "PRODUCT_CODE", "REF_AREA", "TIME_PERIOD"]
    assert not told.select(pl.struct(dimensions).is_duplicated().any()).item()
    for name in dimensions[:-1]:
        assert told[name].str.contains(r"^[A-Za-z0-9_@$-]+$").all(), name
    kept = pl.read_parquet(folder / "indicators.parquet")
    assert told.height == kept.height and told["OBS_VALUE"].null_count() == kept["value"].null_count()
    assert set(told.filter(pl.col("OBS_VALUE").is_null())["OBS_STATUS"]) <= {"M", "Q"}


def test_indicators_are_unique_in_their_range_and_never_guess(written: tuple[Path, Index]) -> None:
    kept = pl.read_parquet(_files(written[0], "indicators") / "indicators.parquet")
    assert not kept.select(pl.struct(KEY).is_duplicated().any()).item()
    assert set(kept["indicator"].unique()) == set(Indicator)
    for name, about in INDICATORS.items():
        values = kept.filter(pl.col("indicator") == name)["value"].drop_nulls()
        assert values.min() >= about.low and (about.high is None or values.max() <= about.high + 1e-12), name
    missing = kept.filter(pl.col("status") == "missing")
    assert missing["value"].null_count() == missing.height > 0 and (missing["reason"] != "").all()
    told = kept.filter(pl.col("status") != "missing")
    assert told["value"].null_count() == 0


def test_published_scores_are_given_as_they_were_printed(written: tuple[Path, Index]) -> None:
    """European Commission, study on critical raw materials 2023: the supply risk of copper is 0.1."""
    kept = pl.read_parquet(_files(written[0], "indicators") / "indicators.parquet")
    risk = kept.filter((pl.col("indicator") == "supply-risk") & (pl.col("year") == 2023))
    assert risk.filter(pl.col("material") == "copper")["value"].to_list() == [0.1]


def test_the_same_store_gives_the_same_bytes(written: tuple[Path, Index], store: Store, tmp_path: Path) -> None:
    again = write_open_data(tmp_path, store, base=BASE, publisher=Publisher("Voorbeeld", "", "a@b.example"))
    assert again == written[1]
    assert (tmp_path / "catalog.ttl").read_bytes() == (written[0] / "catalog.ttl").read_bytes()


def test_a_store_that_is_not_built_is_never_built_by_asking(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not built"):
        ready(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_trade_table_keeps_to_its_csvw_metadata(written: tuple[Path, Index]) -> None:
    path = _files(written[0], "trade") / "trade.csv"
    described = json.loads(path.with_name("trade.csv-metadata.json").read_text(encoding="utf-8"))
    assert _as_csvw_says(described, path) == []
