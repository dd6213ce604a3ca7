"""The verbs `stock` and `coalition` as people run them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

FLAGSHIP = "china-heavy-rare-earths-2025"


@pytest.mark.slow
def test_a_plan_in_both_languages_and_for_machines(cli: Run, tmp_path: Path) -> None:
    done = cli("stock", FLAGSHIP, "--budget", "10e6", "--lang", "en", "--out", "out")
    assert done.code == 0, done.err
    assert "prepares stocks and holds none" in done.out and "not distinguishable" in done.out
    for name in ("stock_note.nl.html", "stock_note.en.pdf", "stock_note.manifest.json"):
        assert (tmp_path / "out" / name).stat().st_size > 1_000
    told = cli("trace", "out/stock_note.manifest.json", "stock.plan.gain")
    assert told.code == 0 and "param.stock.redesign_cap" in told.out
    payload = cli("stock", FLAGSHIP, "--budget", "10e6", "--json").json
    assert len(payload["frontier"]) == 20 and payload["solver"] == "proven optimal"
    assert payload["claim"]["verdict"] in ("better", "not distinguishable", "worse")
    assert payload["conversion_idle_t_yr"]["magnet"] == [0.0, 0.0, 0.0]


def test_bad_input_is_named(cli: Run) -> None:
    cli("stock", FLAGSHIP, "--form", "plastic").refused("plastic")
    cli("stock", FLAGSHIP, "--budget", "1e6", "--require", "5000").refused("required", "budget")
    cli("stock", FLAGSHIP, "--for", "BEL").refused("BEL")
    cli("stock", "no-such-scenario").refused("no-such-scenario")
    cli("coalition", FLAGSHIP, "--members", "NLD,HRV").refused("HRV", "without data")
    cli("coalition", FLAGSHIP, "--rule", "fair").refused("fair", "shapley")
    cli("coalition", FLAGSHIP, "--brought", "NLD=many").refused("--brought", "NLD=many")
    cli("stock", FLAGSHIP, "--budget", "nan").refused("budget", "nan")
    cli("stock", FLAGSHIP, "--seconds", "0").refused("not an optimum", "not below")
    cli("stock", "pilot", "nowhere.yml").refused("cannot read the pilot")
    for verb in (("stock",), ("coalition",), ("stock", "holders"), ("stock", "release")):
        cli(*verb, FLAGSHIP, "--out", "/dev/null/here").refused("--out needs a folder")


@pytest.mark.slow
def test_the_smaller_verbs(cli: Run) -> None:
    level = cli("stock", "safe-level", "--for", "NLD", "--material", "gallium", "--json").json
    assert level["base_is_previous_year"] is (level["base_year"] == level["previous_calendar_year"])
    assert [row["code"] for row in level["codes"]] == ["811292"] and level["codes"][0]["mixed"]
    assert "160" not in cli("stock", "norms", "--material", "copper").out.splitlines()[0]
    copper = cli("stock", "copper-reserve", "--lang", "en")
    assert copper.out.startswith("No acute measure is needed")
    nothing = cli("stock", FLAGSHIP, "--budget", "0").out
    assert "Met een budget van nul is er geen voorraad" in nothing and "laatste euro budget" not in nothing
    assert "\n   0,0  " in nothing  # a comma in Dutch
    dutch = cli("stock", "copper-reserve").out
    assert "65% van de kathoden" in dutch and " %" not in dutch and "€\u00a07.400\u00a0per\u00a0ton" in dutch
    one_day = cli("stock", "safe-level", "--for", "NLD", "--material", "gallium", "--days", "1").out
    assert "Nederland: 1 dag gemiddelde" in one_day
    cli("stock", "safe-level", "--days", "1e15").refused("--days", "3650")
    pilot = cli("stock", "pilot", "example")
    assert "dekt 21 van de 90 gevraagde dagen" in pilot.out
    assert "Voorbeeld: de getallen zijn verzonnen." in pilot.out and "nog geen voorraad aangehouden" in pilot.out
    assert "Drie eigendomsvormen" in cli("stock", "holders", FLAGSHIP).out
    release = cli("stock", "release", FLAGSHIP, "--json").json
    assert all(rule["excess"] >= -1e-9 for start in release["starts"] for rule in start["rules"])


@pytest.mark.slow
def test_a_coalition_always_prints_its_core_test(cli: Run) -> None:
    done = cli("coalition", FLAGSHIP, "--members", "NLD,BEL,DEU,FRA", "--rule", "nucleolus", "--lang", "en")
    assert done.code == 0, done.err
    assert "Core test, all 14 groups:" in done.out and "hits all members at once" in done.out
    for name in ("EU", "IEA", "NATO"):
        assert f"\n{name} " in done.out
    assert "without data and in no sum: HRV" in done.out


@pytest.mark.slow
def test_the_whole_union_is_shared_with_the_error_of_sampling(cli: Run) -> None:
    done = cli("coalition", FLAGSHIP, "--members", "EU27", "--lang", "en")
    assert done.code == 0, done.err
    assert "standard error" in done.out and "pairs of random orders" in done.out
    assert "of 8,388,606 groups" in done.out
    assert "HRV (use or value added not known); LUX, LVA and SVN (export more than they import" in done.out
    assert "drawn, not all followed" in done.out and " ± " in done.out
    assert "The own use of Latvia, Luxembourg and Slovenia is not known" in done.out
    cli("coalition", FLAGSHIP, "--members", "EU27", "--rule", "nucleolus").refused("nucleolus", "8,388,608", "shapley")


@pytest.mark.slow
def test_coalition_holders_and_release_can_be_traced(cli: Run, tmp_path: Path) -> None:
    for verb, name, key, behind in (
        (("coalition",), "coalition", "coalition.bel.alone", "param.stock.member_share.bel"),
        (("stock", "holders"), "holders", "holders.budget.total", "param.yearly_chance"),
        (("stock", "release"), "release", "release.stop_3.greedy.lag1.above0", "param.stock.stop_follows"),
    ):
        payload = cli(*verb, FLAGSHIP, "--out", "out", "--json").json
        assert len(payload["files"]) == 2 and behind in payload["numbers"]
        told = cli("trace", f"out/{name}.manifest.json", key)
        assert told.code == 0 and behind in told.out and "the chain is intact" in told.out
    (tmp_path / "out" / "holders.json").write_text("{}", encoding="utf-8")
    assert cli("trace", "out/holders.manifest.json", "holders.budget.total").code == 1


@pytest.mark.slow
def test_norms_levels_pilots_and_copper_can_be_traced(cli: Run, tmp_path: Path) -> None:
    for verb, name, key, behind in (
        (("safe-level", "--for", "NLD", "--material", "copper"), "safe-level", "safe_level.740311.tonnes", "imports"),
        (("norms", "--material", "copper"), "norms", "norm.japan-low.740311", "norm.japan-low.days"),
        (("pilot", "example"), "pilot", "pilot.1.neodymium.days", "safe_level.850511.imports"),
        (("copper-reserve",), "copper-reserve", "copper.break_even", "copper.price_usd"),
    ):
        payload = cli("stock", *verb, "--out", "out", "--json").json
        assert key in payload["numbers"]
        told = cli("trace", f"out/{name}.manifest.json", key)
        assert told.code == 0 and behind in told.out and "read again: agrees" in told.out
        assert "the chain is intact" in told.out
    assert (tmp_path / "out" / "example.yml").read_text(encoding="utf-8").startswith("# VOORBEELD")
    assert "als magneet: 60" in cli("stock", "pilot", "out/example.yml").out  # the file itself, to start from
    (tmp_path / "file").write_text("", encoding="utf-8")
    failed = cli("stock", "pilot", "example", "--out", "file")
    assert failed.code == 2 and "cannot write the answer" in failed.err
