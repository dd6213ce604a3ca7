"""The golden line: `lodestock brief` writes a page on which every number can be followed to its source rows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lodestock.evidence.store import Store

Run = Callable[..., Any]
FLAGSHIP = "china-heavy-rare-earths-2025"
DAY = "2026-11-21"
HEADLINE = ("nl.magnets.shortage_12m", "nl.magnets.weeks_short", "nl.magnets.share_of_use_short")


@pytest.fixture(scope="module")
def printed(store_home: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `lodestock brief --json` says, in both languages, with the folder under `out`."""
    out = tmp_path_factory.mktemp("brief") / "made" / "out"  # `made` does not exist yet
    command = [str(Path(sys.executable).parent / "lodestock"), "brief", FLAGSHIP, "--lang", "both", "--out", str(out)]
    env = os.environ | {"LODESTOCK_HOME": str(store_home)}
    done = subprocess.run([*command, "--as-of", DAY, "--json"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {"out": out} | json.loads(done.stdout)


def test_headline_carries_value_range_and_mark(printed: dict[str, Any]) -> None:
    assert [item["id"] for item in printed["headline"]][:3] == list(HEADLINE)
    for item in printed["headline"]:
        assert "EUR" not in item["unit"]
        assert item["low"] <= item["value"] <= item["high"]
        assert item["mark"] in ("seen", "computed", "press", "prior")
        digits = re.sub(r"[^0-9]", "", item["text"]["en"].split("(")[0]).lstrip("0")
        assert len(digits.rstrip("0")) <= 2, item["text"]["en"]
        assert "," not in item["text"]["nl"] or re.search(r"\d,\d", item["text"]["nl"])
    by_id = {item["id"]: item for item in printed["headline"]}
    weeks, share = by_id[HEADLINE[1]]["value"], by_id[HEADLINE[2]]["value"]
    assert weeks == pytest.approx(share * 365.25 / 7, rel=2e-3)


def test_rules_whose_date_has_passed_are_to_be_checked(printed: dict[str, Any]) -> None:
    passed = [rule for rule in printed["to_be_checked"] if rule["passed"]]
    assert "2026-11-10" in {rule["last_day"] for rule in passed}
    # the ban on gallium for the United States ends within the month, but says nothing about rare earths
    assert "2026-11-27" not in {rule["last_day"] for rule in printed["to_be_checked"]}
    page = Path(printed["files"]["html"]["nl"]).read_text(encoding="utf-8")
    assert "na te gaan" in page


def test_every_file_is_there(printed: dict[str, Any]) -> None:
    files = printed["files"]
    paths = [*files["html"].values(), *files["pdf"].values(), files["manifest"]]
    paths += [path for figure in files["figures"].values() for path in figure]
    assert set(files["html"]) == set(files["pdf"]) == {"nl", "en"}
    assert len(files["figures"]) >= 4
    for path in paths:
        assert Path(path).stat().st_size > 0
    assert Path(files["pdf"]["nl"]).read_bytes().startswith(b"%PDF-")


def test_the_scenario_stands_beside_the_brief(printed: dict[str, Any]) -> None:
    from lodestock.evidence.manifest import read
    from lodestock.evidence.result import sha256_of

    copy = printed["out"] / f"{FLAGSHIP}.yml"
    assert sha256_of(copy) == read(printed["out"]).run.scenario_sha256


class Page(HTMLParser):
    """Reads a brief: the ids that numbers link to, the ids explained in the appendix, and digits without a link."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, dict[str, str | None]]] = []
        self.linked: list[str] = []
        self.explained: set[str] = set()
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        if tag not in ("meta", "link", "br", "img", "hr", "input", "wbr"):
            self.stack.append((tag, own))
        target = own.get("href") or ""
        if tag == "a" and target.startswith("#e-"):
            self.linked.append(target.removeprefix("#e-"))
        if tag == "details" and (own.get("id") or "").startswith("e-"):
            self.explained.add(str(own["id"]).removeprefix("e-"))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not re.search(r"\d", data) or not self._in_running_text():
            return
        self.bare.append(data.strip())

    def _in_running_text(self) -> bool:
        """In a paragraph or list item of the text, and not in a linked number, a date or a reference."""
        tags = [tag for tag, _ in self.stack]
        names = {name for _, own in self.stack for name in (own.get("class") or "").split()}
        if not {"p", "li"} & set(tags) or {"figure", "section", "footer", "header", "details", "svg"} & set(tags):
            return False
        if names & {"date", "ref", "meta", "cards", "badge", "sources"}:
            return False
        return not any(tag == "a" and (own.get("href") or "").startswith("#e-") for tag, own in self.stack)


def read_page(path: str) -> Page:
    page = Page()
    page.feed(Path(path).read_text(encoding="utf-8"))
    return page


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_number_in_the_text_stands_alone(printed: dict[str, Any], lang: str) -> None:
    page = read_page(printed["files"]["html"][lang])
    assert len(set(page.linked)) >= 15
    assert set(page.linked) <= page.explained
    own = [text for text in page.bare if not re.search(r"sha256|https?://", text)]
    assert own == []


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_linked_number_resolves_to_an_intact_chain(printed: dict[str, Any], store: Store, lang: str) -> None:
    from lodestock.evidence.ledger import Kind
    from lodestock.evidence.manifest import read
    from lodestock.evidence.trace import trace

    manifest = read(printed["out"])
    for key in sorted(set(read_page(printed["files"]["html"][lang]).linked)):
        chain = trace(manifest, key, folder=printed["out"], store=store, lang=lang)
        assert chain.intact, key
        for step in chain.steps:
            assert step.entry.kind is not Kind.ROWS or step.agrees, (key, step.entry.id)
            assert step.entry.inputs or step.entry.rows or step.entry.source, (key, step.entry.id)


def test_every_entry_and_figure_of_the_manifest_is_intact(printed: dict[str, Any], store: Store) -> None:
    from lodestock.evidence.manifest import read
    from lodestock.evidence.trace import trace

    manifest = read(printed["out"])
    keys = [*manifest.ledger.entries, *manifest.figures]
    assert len(keys) > 50
    broken = [key for key in keys if not trace(manifest, key, folder=printed["out"], store=store).intact]
    assert broken == []


def test_trace_prints_rows_parameters_and_methods(cli: Run, printed: dict[str, Any]) -> None:
    done = cli("trace", printed["files"]["manifest"], HEADLINE[0], "--lang", "nl")
    assert done.code == 0, done.err
    for part in ("method:", "snapshot ", "read again: agrees", "(prior)", "the chain is intact"):
        assert part in done.out
    # The deepest root of the headline is the Dutch import of magnets: 3,992 t in 2024 (CEPII BACI 202601)
    told = cli("trace", printed["out"], "nl.magnets.imports", "--json").json
    assert round(told["steps"][0]["value"]) == 3992
    assert told["steps"][0]["rows"]["table"] == "trade"
    assert told["intact"] is True


def test_trace_lists_what_can_be_asked(cli: Run, printed: dict[str, Any]) -> None:
    told = cli("trace", printed["out"], "--json").json
    assert set(HEADLINE) <= set(told["numbers"])
    assert set(told["figures"]) == set(printed["files"]["figures"])
    figure = cli("trace", printed["out"], next(iter(told["figures"])))
    assert figure.code == 0
    assert "as published" in figure.out


def test_trace_of_an_unknown_number_offers_the_nearest(cli: Run, printed: dict[str, Any]) -> None:
    cli("trace", printed["out"], "nl.magnets.shortage").refused("nl.magnets.shortage", HEADLINE[0])
    cli("trace", printed["out"], HEADLINE[0], "--lang", "fr").refused("fr", "nl or en")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"<!DOCTYPE html><html></html>", "not JSON"),
        (b"", "not JSON"),
        (b"\xff\xfe{\x00", "UTF-8"),
        (b'{"manifest": "lodestock-manifest/0"}', "lodestock-manifest/1"),
        (b'{"manifest": "lodestock-manifest/1", "run": {}}', "damaged"),
        (b"[1, 2]", "lodestock-manifest/1"),
    ],
    ids=["web page", "empty", "UTF-16", "older version", "parts lacking", "a list"],
)
def test_what_is_no_manifest_is_refused(cli: Run, tmp_path: Path, content: bytes, part: str) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    cli("trace", "manifest.json", HEADLINE[0]).refused("manifest.json", part)


def test_no_manifest_in_the_folder(cli: Run, tmp_path: Path) -> None:
    cli("trace", tmp_path).refused("manifest.json", "No such file")


def test_a_number_that_was_changed_breaks_the_chain(cli: Run, printed: dict[str, Any], tmp_path: Path) -> None:
    copy = shutil.copytree(printed["out"], tmp_path / "copy")
    path = copy / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["entries"]["nl.magnets.imports"]["value"] += 1
    path.write_text(json.dumps(content), encoding="utf-8")
    done = cli("trace", copy, HEADLINE[0])
    assert done.code == 1
    assert "DIFFERS" in done.out
    assert "THE CHAIN IS BROKEN" in done.out
    unread = cli("trace", copy, HEADLINE[0], "--no-check")
    assert unread.code == 1
    assert "the manifest itself was CHANGED" in unread.out


def test_a_changed_page_or_a_missing_figure_breaks_the_chain(cli: Run, printed: dict[str, Any], tmp_path: Path) -> None:
    copy = shutil.copytree(printed["out"], tmp_path / "copy")
    (copy / "figures" / "shortage.csv").unlink()
    gone = cli("trace", copy, "shortage", "--no-check")
    assert (gone.code, "shortage.csv: MISSING" in gone.out) == (1, True)
    page = next(copy.glob("brief.*.html"))
    page.write_text(page.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    changed = cli("trace", copy, HEADLINE[0], "--no-check")
    assert (changed.code, f"{page.name}: CHANGED since" in changed.out) == (1, True)


def test_a_figure_file_that_was_changed_breaks_the_chain(cli: Run, printed: dict[str, Any], tmp_path: Path) -> None:
    copy = shutil.copytree(printed["out"], tmp_path / "copy")
    (copy / "figures" / "shortage.csv").write_text("month,tonnes\n1,0\n", encoding="utf-8")
    done = cli("trace", copy, "shortage")
    assert done.code == 1
    assert "shortage.csv: CHANGED since" in done.out


def test_text_for_people_in_the_chosen_language(cli: Run, tmp_path: Path, small: Path) -> None:
    done = cli("brief", small, "--lang", "nl", "--out", "uit", "--as-of", DAY)
    assert done.code == 0, done.err
    assert "tekort" in done.out
    assert "ton" in done.out
    assert "na te gaan: " in done.out
    assert "shortage" not in done.out.split("trace")[0].replace("shortage_12m", "")
    assert sorted(path.name for path in (tmp_path / "uit").glob("brief.*")) == ["brief.nl.html", "brief.nl.pdf"]
    last = done.out.splitlines()[-1]
    words = last.partition("lodestock ")[2].split()
    assert cli(*words).code == 0


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The flagship with few draws: quick, and a scenario file of one's own."""
    from lodestock.scenario.load import shipped

    text = shipped()[FLAGSHIP].read_text(encoding="utf-8")
    assert "draws: 4096" in text
    path = tmp_path / "my.yml"
    path.write_text(text.replace("draws: 4096", "draws: 64"), encoding="utf-8")
    return path


def test_wrong_language_day_and_folder(cli: Run, tmp_path: Path) -> None:
    cli("brief", FLAGSHIP, "--lang", "nll").refused("nll", "nl")
    cli("brief", FLAGSHIP, "--lang", "deutsch").refused("deutsch", "nl, en or both")
    cli("brief", FLAGSHIP, "--as-of", "tomorrow").refused("tomorrow")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cli("brief", FLAGSHIP, "--out", "file").refused("file", "needs a folder")
    cli("brief", FLAGSHIP, "--out", "file/out").refused("file", "needs a folder")


def test_a_folder_that_cannot_be_written(cli: Run, small: Path, tmp_path: Path) -> None:
    # also for root, who may write everywhere: a folder stands where the page must go
    (tmp_path / "out" / "brief.nl.html").mkdir(parents=True)
    cli("brief", small, "--lang", "nl").refused("brief.nl.html", "--out")
    cli("brief", small, "--out", "/proc/lodestock").refused("/proc")
