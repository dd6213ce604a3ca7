"""The read API: what it answers, in both languages, and how it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lodestock_desk.api.problems import VERSION
from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.dossiers.stored import KeptResult

V1 = "/api/v1"


@pytest.fixture
def home(store_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A built store as the store of the site."""
    monkeypatch.setenv("LODESTOCK_HOME", str(store_home))
    yield store_home


def get(path: str, **headers: str) -> Any:
    """The JSON at a path; it must be there."""
    answer = Client(headers=headers).get(V1 + path)
    assert answer.status_code == 200, (path, answer.status_code, answer.content[:300])
    return json.loads(answer.content)


def refused(path: str, status: int, **headers: str) -> Any:
    """The problem at a path: it has this status and is told as RFC 9457 has it."""
    answer = Client(headers=headers).get(V1 + path)
    assert answer.status_code == status, (path, answer.status_code)
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["status"] == status and told["title"] and told["detail"] and told["type"] == "about:blank"
    return told


def test_the_landing_names_resources_that_all_answer(db: None, home: Path) -> None:
    found = get("/")
    assert found["version"] == VERSION
    for name, link in found["resources"].items():
        status = Client().get(link["href"]).status_code
        assert status == (401 if name == "licence-case-sums" else 200), name


def test_every_link_of_the_page_of_open_data_answers(db: None, home: Path) -> None:
    links = set(re.findall(r'href="(/api/[^"]+)"', Client().get("/en/data/").content.decode()))
    given = {file["href"] for table in get("/tables?given=yes&pageSize=200")["items"] for file in table["files"]}
    assert {link for link in links if "/files/" in link} == given and len(given) > 130
    for link in sorted(links - given):
        assert Client().get(link).status_code == 200, link


def test_materials_are_named_in_both_languages_with_the_lists_of_the_union(db: None) -> None:
    copper = get("/materials/copper")
    assert {lang: name.lower() for lang, name in copper["name"].items()} == {"nl": "koper", "en": "copper"}
    assert copper["onEuLists"] == ["critical", "strategic"]  # Regulation (EU) 2024/1252, annexes I and II
    assert copper["_links"]["self"]["href"] == f"{V1}/materials/copper"


def test_every_page_of_a_list_is_reached_by_its_links_and_nothing_is_told_twice(db: None) -> None:
    path, seen, total = "/materials?pageSize=25", [], 0
    while path:
        found = get(path)
        seen += [item["id"] for item in found["items"]]
        total = found["total"]
        following = found["_links"]["next"]
        path = following["href"].removeprefix(V1) if following else ""
    assert len(seen) == total == len(set(seen)) > 100
    assert refused("/materials?page=99", 404)["detail"].startswith("De lijst heeft")


def test_the_state_of_a_control_is_that_of_the_day_asked_for(db: None) -> None:
    """MOFCOM's announcements 57 and 58 of October 2025 are suspended up to and including 10 November 2026."""
    found = {item["id"]: item for item in get("/controls?on=2026-01-15&pageSize=200")["items"]}
    suspended = [item for item in found.values() if item["suspendedUntil"] == "2026-11-10"]
    assert suspended and all(item["status"] == "suspended" for item in suspended)
    later = {item["id"]: item for item in get("/controls?on=2026-11-20&pageSize=200")["items"]}
    assert all(later[item["id"]]["status"] in ("to be checked", "in force", "ended") for item in suspended)
    only = get("/controls?on=2026-01-15&status=suspended&pageSize=200")["items"]
    assert {item["id"] for item in only} == {key for key, item in found.items() if item["status"] == "suspended"}


def test_an_indicator_is_what_the_trade_rows_say_by_hand(db: None, home: Path) -> None:
    """The largest supplier's share of Dutch imports of one code, summed from the published CSV of trade."""
    rows = get("/indicators?indicator=largest-supplier-share&material=copper&area=NLD&firstYear=2024&lastYear=2024")
    told = next(row for row in rows["items"] if row["productCode"] == "740311")
    body = b"".join(Client().get(f"{V1}/tables/trade/files/trade.csv").streaming_content).decode()
    tonnes: dict[str, float] = {}
    for row in csv.DictReader(io.StringIO(body)):
        if (row["hs_code"], row["year"], row["importer"]) == ("740311", "2024", "NLD") and row["quantity_t"]:
            tonnes[row["exporter"]] = tonnes.get(row["exporter"], 0.0) + float(row["quantity_t"])
    largest = max(tonnes, key=lambda country: tonnes[country])
    assert told["largestSupplier"] == largest
    assert told["value"] == pytest.approx(tonnes[largest] / sum(tonnes.values()), rel=1e-9)


def test_what_is_not_known_is_null_with_its_reason(db: None, home: Path) -> None:
    found = get("/indicators?indicator=geopolrisk&material=aggregates&area=NLD&firstYear=2024")["items"]
    assert found and all(row["value"] is None and row["status"] == "missing" and row["reason"] for row in found)


def test_published_figures_lead_to_their_files_and_their_lineage(db: None) -> None:
    found = get("/figures?pageSize=200")["items"]
    shown = set(KeptResult.objects.filter(public=True, page__live=True, entry="").values_list("name", flat=True))
    assert {item["id"] for item in found} == shown and len(shown) > 3
    for item in found:
        for link in [*item["pictures"].values(), item["manifest"], *(t["csv"] for t in item["tables"])]:
            assert Client().get(link["href"]).status_code == 200, link
        assert item["title"]["nl"] and item["title"]["en"] and item["source"]["nl"]
        lineage = get(item["trace"]["href"].removeprefix(V1))
        assert lineage["missing"] == [] and lineage["steps"], item["id"]


def test_a_number_leads_down_to_rows_or_stated_parameters(db: None) -> None:
    found = get("/numbers?pageSize=200")["items"]
    assert len(found) > 20
    for item in found:
        steps = get(item["trace"]["href"].removeprefix(V1))["steps"]
        assert steps[0]["entry"]["value"] == item["value"]
        above = {step["id"] for step in steps if step["entry"].get("inputs")}
        ends = [step["entry"] for step in steps if step["id"] not in above]
        assert ends and all(e.get("rows") or e.get("source") or e.get("note") or e.get("method") for e in ends), item


def test_dossiers_come_in_the_language_asked_for(db: None) -> None:
    for lang in ("nl", "en"):
        lines = get(f"/dossiers?lang={lang}")["items"]
        live = DossierPage.objects.live().filter(locale__language_code=lang)
        assert {line["title"] for line in lines} == {page.title for page in live} and lines
        whole = get(lines[0]["_links"]["self"]["href"].removeprefix(V1))
        assert whole["lang"] == lang and any(section["pieces"] for section in whole["sections"])
    assert get("/dossiers", **{"accept-language": "en"})["items"][0]["lang"] == "en"


def test_the_licence_statistics_are_those_of_the_public_page(db: None) -> None:
    from lodestock_desk.licences.public import public_table

    found, table = get("/licence-statistics?pageSize=200"), public_table()
    assert found["before"] == table.until.isoformat()
    assert [(r["material"], r["months"], r["grantedPercent"]) for r in found["items"]] == [
        (row.material, row.months, row.granted_percent) for row in table.rows
    ]


def test_a_wrong_call_is_told_why_in_dutch_and_english(db: None, home: Path) -> None:
    assert "geen waarde" in refused("/indicators?material=unobtainium", 400)["detail"]
    english = {"accept-language": "en"}
    assert "no value" in refused("/indicators?material=unobtainium", 400, **english)["detail"]
    assert refused("/materials?page=zero", 400)["errors"][0]["parameter"] == "page"
    assert "colour" in refused("/materials?colour=red", 400, **english)["detail"]
    assert refused("/materials?pageSize=500", 400)["errors"][0]["reason"] == "groter dan 200"
    assert refused("/controls?on=2026-02-30", 400, **english)["errors"][0]["reason"] == "not a day, as 2026-01-15"
    refused("/materials?page=1&page=2", 400)
    refused("/materials?kind=", 400)
    refused("/indicators?firstYear=2024&lastYear=2020", 422)
    refused("/materials", 406, accept="image/png")
    refused("/materials/", 404)
    refused("/materials/unobtainium", 404)
    assert refused("/materials/ko per%C3%A9", 404)["instance"] == f"{V1}/materials/ko%20per%C3%A9"  # a URI reference
    refused("/dossiers/no-uuid", 404)
    refused("/figures/nothing.here", 404)
    refused("/nothing", 404)


def test_the_start_answers_with_and_without_a_slash(db: None) -> None:
    assert get("") == get("/")
    assert refused("?x=1", 400) and refused("", 406, accept="text/html")
    assert Client().post(V1).status_code == 405


REFUSED: tuple[tuple[str, str, dict[str, str], int], ...] = (
    ("get", "/api/", {}, 404), ("get", "/api/v2/materials", {}, 404), ("get", "/api/v1/materials/%00", {}, 404),
    ("get", "/api/v1/materials/%F0%28", {}, 404), ("get", "/api/v1/tables/trade/files/..%2Findex.json", {}, 404),
    ("head", "/api/v1/nothing", {}, 404), ("post", "/api/v1/nothing", {}, 404),
    *((method, "/api/v1/materials", {}, 405) for method in ("post", "put", "patch", "delete", "trace")),
    ("get", "/api/v1/materials", {"accept": "application/json;q=0.000, text/html"}, 406),
    ("get", "/api/v1/materials?page=99999999999999999999", {}, 400), ("get", "/api/v1/openapi.json?x=1", {}, 400),
    ("get", "/api/v1/materials", {"host": "elders.example"}, 400),
    ("get", "/api/v1/indicators?firstYear=2024&lastYear=2020", {}, 422),
    ("get", "/api/v1/licence-case-sums", {}, 401), ("get", "/api/v1/licence-case-sums", {"x-api-key": "é"}, 401),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "headers", "status"), REFUSED)
def test_every_refusal_is_a_problem_with_the_version_and_without_cookies(
    db: None, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    """RFC 9457; API-57: the version stands on faults too. A body in another format (415) is never read: 405."""
    answer = getattr(Client(headers=headers), method)(path)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert answer["API-Version"] == VERSION and not answer.cookies and answer["Cache-Control"] == "no-store"
    assert ("Allow" in answer.headers) == (status == 405) and ("WWW-Authenticate" in answer.headers) == (status == 401)
    if method != "head":
        told = json.loads(answer.content)
        assert told["status"] == status and all(told[name] for name in ("type", "title", "detail", "instance"))


def test_without_a_store_the_tables_say_how_to_mend_it(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path))
    for path in ("/tables", "/catalog", "/indicators", "/tables/trade/files/trade.csv"):
        assert "lodestock data build" in refused(path, 503)["detail"]
    assert not list(tmp_path.iterdir())  # a visitor does not make the site build one


def test_a_fault_of_ours_is_told_without_what_is_inside(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lodestock_desk.api.told.public_dossiers", lambda lang: 1 / 0)
    told = refused("/dossiers", 500)
    assert "division" not in json.dumps(told) and "Traceback" not in json.dumps(told)


def test_too_many_calls_are_refused_with_when_to_come_back(db: None) -> None:
    from django.test import override_settings

    with override_settings(API_CALLS_PER_MINUTE=3):
        answers = [Client().get(f"{V1}/materials/copper") for _ in range(8)]
    last = answers[-1]
    assert answers[0].status_code == 200 and last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 60 and last["Content-Type"] == "application/problem+json"
