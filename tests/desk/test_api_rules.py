"""The NL API Design Rules, one check for each technical rule; its number in version 1, and its name in version 2.

Source: NLGov REST API Design Rules 2.0/2.1 (Logius), https://gitdocumentatie.logius.nl/publicatie/api/adr/
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from lodestock_desk.api.problems import VERSION
from lodestock_desk.api.v1 import api, parameters

V1 = "/api/v1"
DOCUMENT: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = [(path, operation) for path, methods in DOCUMENT["paths"].items() for operation in methods.values()]
KEBAB = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
CAMEL = re.compile(r"^[a-z][a-z\d]*([A-Z][a-z\d]*)*$")
SAME_IN_PLURAL = {
    "trace",
    "catalog",
    "openapi.json",
}  # `trace` is the word that was asked for; a site has one catalogue


def _segments(path: str) -> list[str]:
    return [part for part in path.strip("/").split("/") if part and not part.startswith("{")]


def test_api_01_only_safe_standard_methods() -> None:
    """API-01 /core/http-safety and API-03 /core/http-methods: reading changes nothing, and reading is all there is."""
    assert all(set(methods) == {"get"} for methods in DOCUMENT["paths"].values())
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)(f"{V1}/materials")
        assert answer.status_code == 405 and set(answer["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}, method


def test_api_02_no_session_is_kept() -> None:
    """API-02 /core/stateless: no cookie is set."""
    answer = Client().get(f"{V1}/materials")
    assert not answer.cookies and "Set-Cookie" not in answer.headers


def test_api_04_documentation_is_in_dutch_too() -> None:
    """API-04 and API-17 /core/doc-language: the description says it in Dutch; operations are described in English."""
    assert "Lezen wat openbaar is" in DOCUMENT["info"]["description"]


def test_api_05_resources_are_nouns_in_the_plural() -> None:
    """API-05 /core/naming-resources and API-54 /core/naming-collections."""
    for path, _operation in OPERATIONS:
        for word in _segments(path):
            assert word.endswith("s") or word in SAME_IN_PLURAL, word


def test_api_06_children_stand_below_their_parents() -> None:
    """API-06 /core/nested-child: files of a table stand below the table."""
    assert "/tables/{tableId}/files/{fileName}" in DOCUMENT["paths"]


def test_api_16_it_is_documented_with_openapi_3() -> None:
    """API-16 /core/doc-openapi; /core/doc-openapi-contact: name, address and mail of who keeps it."""
    assert re.match(r"^3\.\d+\.\d+$", DOCUMENT["openapi"])
    assert all(DOCUMENT["info"]["contact"].get(name) for name in ("name", "email", "url"))
    assert all(operation["summary"] and operation["description"] for _path, operation in OPERATIONS)
    names = [operation["operationId"] for _path, operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", ["/materials", "/materials/copper", "/nothing", "/materials/nothing", "/openapi.json"])
def test_api_57_the_full_version_is_in_a_header(db: None, path: str) -> None:
    """API-57 /core/version-header, on faults too; the document names it at every good answer."""
    assert Client().get(V1 + path)["API-Version"] == VERSION
    assert all("API-Version" in operation["responses"]["200"]["headers"] for _path, operation in OPERATIONS)


def test_api_20_the_major_version_is_in_the_address() -> None:
    """API-20 /core/uri-version, and only the major one."""
    assert [server["url"] for server in DOCUMENT["servers"]] == [V1] and VERSION.startswith("1.")


def test_api_48_no_address_ends_in_a_slash(db: None) -> None:
    """API-48 /core/no-trailing-slash: with one there is nothing, and no redirect."""
    assert all(path == "/" or not path.endswith("/") for path in DOCUMENT["paths"])
    for path in ("/materials/", "/materials/copper/", "/figures/"):
        assert Client().get(V1 + path).status_code == 404


def test_api_51_the_document_stands_where_it_should_and_may_be_read_from_anywhere() -> None:
    """API-51 /core/publish-openapi: openapi.json below the version, as JSON, with CORS."""
    answer = Client().get(f"{V1}/openapi.json")
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/json")
    assert answer["Access-Control-Allow-Origin"] == "*" and json.loads(answer.content)["paths"]
    own = DOCUMENT["paths"]["/openapi.json"]["get"]["responses"]["200"]["headers"]  # the official rules look for these
    assert {"API-Version", "access-control-allow-origin"} <= set(own)
    before = Client().options(f"{V1}/openapi.json", headers={"origin": "https://elders.example"})
    assert before.status_code == 204 and "GET" in before["Access-Control-Allow-Methods"]


def test_api_53_nothing_inside_is_shown(db: None) -> None:
    """API-53 /core/hide-implementation: no name of the framework or the database in document or faults."""
    told = json.dumps(DOCUMENT).lower() + Client().get(f"{V1}/dossiers/x").content.decode().lower()
    assert not any(word in told for word in ("django", "ninja", "wagtail", "sqlite", "traceback", "lodestock_desk"))


def test_api_55_and_18_changes_and_deprecation_are_described() -> None:
    """API-55 /core/changelog and API-18 /core/deprecation-schedule: the reference holds both."""
    from pathlib import Path

    text = (Path(__file__).parents[2] / "docs" / "desk" / "api.md").read_text(encoding="utf-8")
    assert f"### {VERSION}" in text and "## Versions and deprecation" in text


def test_api_56_the_version_is_semantic() -> None:
    """API-56 /core/semver."""
    assert re.match(r"^\d+\.\d+\.\d+$", VERSION) and DOCUMENT["info"]["version"] == VERSION


def test_path_segments_are_kebab_case_and_query_keys_camel_case() -> None:
    """/core/path-segments-kebab-case and /core/query-keys-camel-case (version 2.1)."""
    for path, operation in OPERATIONS:
        assert all(KEBAB.match(word) or path == "/openapi.json" for word in _segments(path)), path
        inside = re.findall(r"\{(.+?)\}", path)
        named = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"]
        assert sorted(inside) == sorted(named) and all(CAMEL.match(name) for name in inside), path
        keys = [p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"]
        assert all(CAMEL.match(key) for key in keys), keys
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert re.match(r"^[A-Z][A-Za-z0-9]*$", name)
        assert all(CAMEL.match(key.removeprefix("_")) for key in schema.get("properties", {})), name


def test_every_fault_is_a_problem() -> None:
    """/core/error-handling/problem-details and /core/error-handling/invalid-input (version 2.1)."""
    for path, operation in OPERATIONS:
        faults = {status: said for status, said in operation["responses"].items() if status >= "400"}
        assert all(list(said["content"]) == ["application/problem+json"] for said in faults.values()), path
        assert not operation.get("parameters") or "400" in faults, path
    assert {"status", "title", "detail"} <= set(DOCUMENT["components"]["schemas"]["ProblemDetails"]["required"])


def test_dates_have_a_format_and_no_time() -> None:
    """/core/date-time/date-omit-time-portion (version 2.1)."""
    for path, operation in OPERATIONS:
        for parameter in operation.get("parameters", ()):
            if parameter["name"] in ("on", "day"):
                assert parameter["schema"]["format"] == "date", path
    for schema in DOCUMENT["components"]["schemas"].values():
        assert all(held.get("format") != "date-time" for held in schema.get("properties", {}).values())


def test_head_answers_as_get_without_its_body() -> None:
    """RFC 9110 §9.3.2."""
    asked = Client().head(f"{V1}/materials/copper")
    assert asked.status_code == 200 and not asked.content and int(asked["Content-Length"]) > 100


def test_a_parameter_that_is_not_taken_is_known_for_every_operation() -> None:
    """The table by which unknown parameters are refused holds every path of the document."""
    assert set(parameters()) == set(DOCUMENT["paths"])


def test_the_document_names_the_values_of_every_parameter_that_takes_one_of_a_list() -> None:
    """OpenAPI 3: `enum`; without it callers, and generated calls, can only guess."""
    found = {(path, p["name"]): p["schema"].get("enum") for path, operation in OPERATIONS
             for p in operation.get("parameters", ()) if p["in"] == "query"}  # fmt: skip
    assert found["/materials", "kind"] == ["element", "group", "mineral", "product", "biotic"]
    assert found["/dossiers/{dossierId}", "lang"] == ["nl", "en"] and "NLD" in found["/indicators", "area"]
    free = {name for (_path, name), values in found.items() if not values}
    assert free == {"page", "pageSize", "firstYear", "lastYear", "on", "day"}
