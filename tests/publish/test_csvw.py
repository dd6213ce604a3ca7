"""CSVW metadata against the rules of the Recommendation: each check names its section, and each catches what breaks it.

Sections with M: Metadata Vocabulary for Tabular Data, with T: Model for Tabular Data and Metadata on the Web (W3C
Recommendations, 17 December 2015).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from lodestock.evidence.columns import tables
from lodestock.publish.open_data_formats import columns_of, csvw

Json = dict[str, Any]
LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$|^und$")
NAME = re.compile(r"^(?:[A-Za-z0-9]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})*$")
PREFIXES = ("dc:", "schema:")  # both stand in the initial context of RDFa, which M §5.8.1 refers to
TABLE = {"@context", "@id", "@type", "url", "dialect", "notes", "suppressOutput", "tableDirection", "tableSchema",
         "transformations"}  # fmt: skip
INHERITED = {"aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator",
             "textDirection", "valueUrl"}  # fmt: skip
SCHEMA = {"@id", "@type", "columns", "foreignKeys", "primaryKey", "rowTitles"}
COLUMN = {"@id", "@type", "name", "suppressOutput", "titles", "virtual"}
DIALECT = {"@id", "@type", "commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount",
           "lineTerminators", "quoteChar", "skipBlankRows", "skipColumns", "skipInitialSpace", "skipRows",
           "trim"}  # fmt: skip
DERIVED = {"@id", "@type", "base", "format", "length", "minLength", "maxLength", "minimum", "maximum",
           "minInclusive", "maxInclusive", "minExclusive", "maxExclusive"}  # fmt: skip
BUILT_IN = {"string": 0, "boolean": 0, "short": 16, "int": 32, "long": 64, "double": -1}  # those that we use: bits
NUMBER = (int, float)


def faults(found: Json) -> Iterator[str]:
    """What is against a rule, as the section and what is wrong."""
    yield from _top(found)
    yield from _table(found)
    yield from _common(found, TABLE | INHERITED)
    for column in found["tableSchema"].get("columns", ()):
        yield from _column(column)
        yield from _common(column, COLUMN | INHERITED)


def _top(found: Json) -> Iterator[str]:
    context = found.get("@context")
    if not isinstance(context, list) or len(context) != 2 or context[0] != "http://www.w3.org/ns/csvw":
        yield "M5.2 @context is the namespace with one object"
    elif not set(context[1]) <= {"@base", "@language"} or not LANGUAGE.match(context[1].get("@language", "und")):
        yield "M5.2 the object of @context has @base and @language only"
    if found.get("@type", "Table") != "Table":
        yield "M5.4.2 @type of a table"


def _table(found: Json) -> Iterator[str]:
    if not isinstance(found.get("url"), str) or not found["url"]:
        yield "M5.4.1 a table has its url"
    if not set(found.get("dialect", {})) <= DIALECT:
        yield "M5.9 an unknown property of a dialect"
    schema = found.get("tableSchema", {})
    if not set(schema) <= SCHEMA:
        yield "M5.5 an unknown property of a schema"
    columns = schema.get("columns")
    if not isinstance(columns, list) or not columns or not all(isinstance(one, dict) for one in columns):
        yield "M5.5 columns is an array of descriptions"
        return
    names = [column.get("name") for column in columns]
    if len(names) != len(set(names)):
        yield "M5.5 two columns have one name"
    virtual = [bool(column.get("virtual")) for column in columns]
    if virtual != sorted(virtual):
        yield "M5.5 virtual columns come last"
    key = schema.get("primaryKey", [])
    if not all(one in names for one in ([key] if isinstance(key, str) else key)) or len(key) != len(set(key)):
        yield "M5.5 the primary key names columns of the schema"


def _column(column: Json) -> Iterator[str]:
    name, titles = column.get("name", ""), column.get("titles", {})
    if not NAME.match(name):
        yield f"M5.6 a name is a variable of a URI template and begins with no underscore: {name!r}"
    if not isinstance(titles, dict) or not all(LANGUAGE.match(lang) for lang in titles):
        yield "M5.1.6 titles are by language"
    elif not any(name in ([said] if isinstance(said, str) else said) for said in titles.values()):
        yield "T6.6 no title is the header of the column in the file"
    if not isinstance(column.get("required", False), bool):
        yield "M5.7 required is true or false"
    yield from _datatype(column.get("datatype", {}))


def _datatype(datatype: Json) -> Iterator[str]:
    base = datatype.get("base", "string")
    if not set(datatype) <= DERIVED:
        yield "M5.11.2 an unknown property of a datatype"
    if base not in BUILT_IN:
        yield f"M5.11.1 no built-in datatype: {base}"
        return
    low, high = datatype.get("minimum"), datatype.get("maximum")
    for bound in (low, high):
        if bound is None:
            continue
        if not BUILT_IN[base]:
            yield "M5.11.2 a bound on what has no order"
        elif not _fits(bound, BUILT_IN[base]):
            yield "M5.11.2 a bound is a value of the datatype"
    if isinstance(low, NUMBER) and isinstance(high, NUMBER) and low > high:
        yield "M5.11.2 the minimum lies above the maximum"


def _fits(bound: object, bits: int) -> bool:
    """Whether a bound is a number, and for a whole number of so many bits one of those."""
    if not isinstance(bound, NUMBER) or isinstance(bound, bool):
        return False
    return bits < 0 or (isinstance(bound, int) and -(2 ** (bits - 1)) <= bound < 2 ** (bits - 1))


def _common(found: Json, known: set[str]) -> Iterator[str]:
    for name, value in found.items():
        if name in known:
            continue
        if not name.startswith((*PREFIXES, "http://", "https://")):
            yield f"M5.8.1 no address and no known prefix: {name}"
        for one in value if isinstance(value, list) else [value]:
            yield from _value(one)


def _value(one: Any) -> Iterator[str]:
    if not isinstance(one, dict):
        return
    if {"@list", "@set", "@context"} & set(one):
        yield "M5.8.2 @list, @set and @context may not stand in a value"
    if "@value" in one and (not set(one) <= {"@value", "@language", "@type"} or {"@language", "@type"} <= set(one)):
        yield "M5.8.2 beside @value stands a language or a type"
    if "@language" in one and ("@value" not in one or not LANGUAGE.match(one["@language"])):
        yield "M5.8.2 a language stands beside @value and is one of BCP 47"
    if "@id" in one and str(one["@id"]).startswith("_:"):
        yield "M5.8.2 @id is no blank node"


def _described(table: str) -> Json:
    made = csvw(table, {"nl": "Tabel", "en": "Table"}, "https://licence.example/", "Voorbeeld", ["bron"])
    found: Json = json.loads(json.dumps(made))
    return found


@pytest.mark.parametrize("table", [*tables(), "indicators"])
def test_the_metadata_of_every_table_keeps_to_the_rules(table: str) -> None:
    found = _described(table)
    assert list(faults(found)) == []
    assert [column["name"] for column in found["tableSchema"]["columns"]] == [c.name for c in columns_of(table)]


def _first(found: Json) -> Json:
    column: Json = found["tableSchema"]["columns"][0]
    return column


BROKEN: dict[str, Callable[[Json], object]] = {
    "M5.2 @context": lambda f: f.update({"@context": "https://www.w3.org/ns/csvw"}),
    "M5.2 the object": lambda f: f["@context"][1].update({"language": "en"}),
    "M5.4.1": lambda f: f.pop("url"),
    "M5.4.2": lambda f: f.update({"@type": "TableGroup"}),
    "M5.9": lambda f: f["dialect"].update({"separator": ";"}),
    "M5.5 an unknown": lambda f: f["tableSchema"].update({"column": []}),
    "M5.5 columns": lambda f: f["tableSchema"].update({"columns": []}),
    "M5.5 two": lambda f: f["tableSchema"]["columns"].append(deepcopy(_first(f))),
    "M5.5 virtual": lambda f: _first(f).update({"virtual": True}),
    "M5.5 the primary key": lambda f: f["tableSchema"].update({"primaryKey": ["nothing"]}),
    "M5.6": lambda f: _first(f).update({"name": "_row"}),
    "M5.1.6": lambda f: _first(f).update({"titles": {"not a language": "x"}}),
    "T6.6": lambda f: _first(f).update({"titles": {"und": ["another"]}}),
    "M5.7": lambda f: _first(f).update({"required": "yes"}),
    "M5.11.1": lambda f: _first(f).update({"datatype": {"base": "text"}}),
    "M5.11.2 an unknown": lambda f: _first(f)["datatype"].update({"min": 0}),
    "M5.11.2 a bound on": lambda f: _first(f).update({"datatype": {"base": "string", "minimum": 0}}),
    "M5.11.2 a bound is": lambda f: _first(f).update({"datatype": {"base": "short", "maximum": 70_000}}),
    "M5.11.2 the minimum": lambda f: _first(f).update({"datatype": {"base": "int", "minimum": 2, "maximum": 1}}),
    "M5.8.1": lambda f: f.update({"title": "x"}),
    "M5.8.2 @list": lambda f: f.update({"dc:source": {"@list": []}}),
    "M5.8.2 beside": lambda f: f.update({"dc:title": {"@value": "x", "@id": "y"}}),
    "M5.8.2 a language": lambda f: f.update({"dc:title": {"@value": "x", "@language": "Dutch language"}}),
    "M5.8.2 @id": lambda f: f.update({"dc:license": {"@id": "_:b"}}),
}


@pytest.mark.parametrize("rule", list(BROKEN))
def test_each_rule_catches_what_breaks_it(rule: str) -> None:
    found = _described("trade")
    BROKEN[rule](found)
    assert any(said.startswith(rule) for said in faults(found)), list(faults(found))


@pytest.mark.parametrize("table", [*tables(), "indicators"])
def test_a_primary_key_has_no_cell_that_may_be_empty(table: str) -> None:
    """T §4.3: a cell of the key that is null would tell no row apart."""
    columns = {column["name"]: column for column in _described(table)["tableSchema"]["columns"]}
    assert all(columns[name]["required"] for name in _described(table)["tableSchema"].get("primaryKey", ()))
