"""`lodestock licence`: one's own cases, and what to expect of applications."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lodestock.cli.licence import regimes_for
from lodestock.cli.licence_cases import regimes_of_cases
from lodestock.errors import InputError

Run = Callable[..., Any]

# Ages in days of twelve granted cases; three are refused and five still open after 300 days. An example, not a figure.
GRANTED = (20, 31, 38, 45, 47, 55, 60, 66, 75, 90, 120, 150)
HEAD = "id,submitted,outcome,decided,last_seen,fraction,material,population"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    rows = [HEAD]
    for number, age in enumerate(GRANTED):
        decided = date(2025, 4, 10) + timedelta(days=age)
        word, part = ("partly", "0.5") if number == 3 else ("granted", "")
        rows.append(f"g{number},2025-04-10,{word},{decided},,{part},{'dysprosium' if number % 2 else 'magnets'},own")
    rows += [f"d{number},2025-04-10,denied,2025-08-0{number + 1},,,magnets,own" for number in range(3)]
    rows += [f"p{number},2025-04-10,pending,,2026-02-04,,dysprosium,own" for number in range(5)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_fit_tells_outcomes_ranges_and_what_one_more_case_tells(cli: Run, cases: Path) -> None:
    (row,) = cli("licence", "fit", cases, "--as-of", "2026-11-21", "--json").json["groups"]
    assert row["outcomes"] == {"granted": 11, "partly": 1, "denied": 3, "withdrawn": 0, "pending": 5}
    assert row["longest_wait_months"] == pytest.approx(300 / 30.4375)
    # eight of twenty cases were not granted, and all were followed for months
    assert row["never_granted"]["low"] < 0.4 < row["never_granted"]["high"]
    assert row["by_age"][-1]["granted"] == pytest.approx(12 / 20)
    assert row["by_age"][-1]["denied"] == pytest.approx(3 / 20)
    assert row["granted_fraction_mean"] == pytest.approx(11.5 / 12)
    told = row["one_more_case"]
    assert 0 < told["never_granted_sd_after"] < told["never_granted_sd_now"]
    assert set(row["best_fits"]) == {"weibull", "lognormal"}
    by_material = cli("licence", "fit", cases, "--as-of", "2026-11-21", "--json").json["pooled"]
    assert (by_material["by"], len(by_material["groups"])) == ("material", 2)


def test_a_part_that_nobody_wrote_down_is_unknown_and_not_all(cli: Run, cases: Path) -> None:
    cases.write_text(cases.read_text().replace(",0.5,", ",,"))
    done = cli("licence", "fit", cases, "--as-of", "2026-11-21", "--json")
    (row,) = done.json["groups"]
    assert row["granted_fraction_mean"] is None and "part unknown" in row["warnings"]
    assert row["granted_fraction_range"] == pytest.approx([11 / 12, 1.0])


def test_fit_in_plain_dutch_by_material(cli: Run, cases: Path) -> None:
    done = cli("licence", "fit", cases, "--by", "material", "--lang", "nl", "--as-of", "2026-11-21")
    assert done.code == 0
    for words in (
        "grondstof dysprosium: 11 zaken",
        "Per grondstof: elk alleen, en met steun van de andere",
        "Te weinig verleende zaken om alleen te staan (minder dan tien)",
        "Hoe de groepen op elkaar lijken",
        "Nog één gedateerde",
    ):
        assert words in done.out
    assert "! Minder dan tien zaken zijn verleend" in done.out


def test_only_pending_cases_are_said_to_tell_nothing(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "waiting.csv"
    path.write_text("\n".join([HEAD, *(f"w{n},2025-04-10,pending,,2025-05-20,,,own" for n in range(4))]) + "\n")
    done = cli("licence", "fit", path, "--as-of", "2026-11-21")
    assert "No case was granted" in done.out
    assert "cannot tell slow from never" in done.out


def test_impossible_rows_are_refused_by_line(cli: Run, cases: Path) -> None:
    text = cases.read_text(encoding="utf-8").replace(
        "d0,2025-04-10,denied,2025-08-01", "d0,2025-04-10,denied,2025-03-01"
    )
    cases.write_text(text.replace("2026-02-04", "2029-02-04", 1), encoding="utf-8")
    cli("licence", "fit", cases, "--as-of", "2026-11-21").refused("line 14", "before the submission", "line 17", "2029")
    cli("licence", "fit", "none.csv").refused("none.csv", "cannot be read")
    cli("licence", "fit", cases, "--as-of", "tomorrow").refused("tomorrow", "yyyy-mm-dd")


def test_groups_that_no_case_names_are_refused_and_populations_lend_each_other_strength(cli: Run, cases: Path) -> None:
    cli("licence", "fit", cases, "--by", "end_use", "--as-of", "2026-11-21").refused("end_use", "leave --by out")
    text = cases.read_text(encoding="utf-8")
    cases.write_text(text.replace(",,magnets,own", ",,magnets,chamber"), encoding="utf-8")
    done = cli("licence", "fit", cases, "--by", "population", "--as-of", "2026-11-21", "--json")
    assert {row["group"] for row in done.json["groups"]} == {"own", "chamber"}
    pooled = done.json["pooled"]
    assert pooled["by"] == "population" and {row["group"] for row in pooled["groups"]} == {"own", "chamber"}
    for row in pooled["groups"]:
        for told in (row["alone"], row["pooled"]):
            assert all(0.0 <= item["low"] < item["median"] < item["high"] for item in told.values())


def test_counts_are_answered_with_both_readings(cli: Run, tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("population,starts,on,filed,granted\nchamber,2025-04-04,2025-09-15,141,19\n", encoding="utf-8")
    rows = cli("licence", "fit", path, "--json").json["rows"]
    lead = {row["convention"]: row["mean_lead_months"]["median"] for row in rows}
    assert lead["one-age"] > 1.5 * lead["constant-inflow"]  # the same count, another age of the cases
    # the range of the never-granted share is the prior: Beta(2, 6) has 5 and 95 % points 0.053 and 0.521
    for row in rows:
        assert (row["never_granted"]["low"], row["never_granted"]["high"]) == pytest.approx((0.053, 0.521), abs=0.01)
    assert "cannot tell slow from never" in cli("licence", "fit", path).out.replace("\n", " ")
    cli("licence", "fit", path, "--by", "material").refused("does not tell materials apart")
    with pytest.raises(InputError, match="nothing follows for new applications"):
        regimes_of_cases(path, "en", None)


def test_outlook_keeps_late_in_part_and_never_apart(cli: Run) -> None:
    words = (
        "licence",
        "outlook",
        "--applications",
        "120",
        "--parameters",
        "press-2025",
        "--on",
        "2026-11-21",
        "--each-month",
    )
    payload = cli(*words, "--json").json
    assert set(payload["readings"]) == {"one-age", "constant-inflow"}
    assert payload["to_be_checked"] == [f"cn-2025-{n}" for n in (56, 57, 61, 62)]  # not on superhards or batteries
    for reading in payload["readings"].values():
        granted = [row["median"] for row in reading["granted"]]
        assert len(granted) == 12
        assert granted == sorted(granted)
        assert 0 < granted[0] < granted[-1] < 120
        assert reading["permanent_loss"]["median"] > reading["never_granted"]["median"]
        assert 0 < reading["missing_late"]["median"] < reading["mean_lead_months"]["median"]
    slow, quick = (payload["readings"][name]["mean_lead_months"]["median"] for name in ("one-age", "constant-inflow"))
    assert slow > quick
    assert {row["population"] for row in payload["by_population"]} == set(payload["statistics"])


def test_outlook_in_both_languages_with_a_stock(cli: Run) -> None:
    words = (
        "licence",
        "outlook",
        "--applications",
        "120",
        "--parameters",
        "press-2025",
        "--on",
        "2026-11-21",
        "--each-month",
    )
    dutch = cli(*words, "--months", "3", "--stock", "1.5", "--lang", "nl").out
    for part in (
        "Blijvend verlies",
        "Tijdelijk verlies",
        "nodig boven de eigen voorraad",
        "Na te gaan",
        "45 werkdagen",
    ):
        assert part in dutch
    english = cli(*words, "--months", "3").out
    assert "Permanent loss" in english
    assert "needed beyond the stock" not in english
    assert "cn-2025-57" in english and "cn-2025-55" not in english


def test_outlook_of_a_batch_adds_up_and_names_the_layers(cli: Run) -> None:
    words = ("licence", "outlook", "--applications", "120", "--parameters", "press-2025", "--on", "2026-11-21")
    done = cli(*words)
    for part in (
        "Of the 120 applications, granted by the end of the month",
        "are about the press figures, not about these applications",
        "still open, comes later",
        "(structure)",
        "(parameters)",
        "chance alone",
        "One more dated case, followed for 12 months",
    ):
        assert part in done.out
    assert done.out.count("The statutory term is") == 1
    payload = cli(*words, "--json").json
    for reading in payload["readings"].values():
        last, case = reading["granted_so_far"][-1], reading["one_more_case"]
        assert last["high"] + reading["never_granted_applications"]["low"] <= 120
        assert case["never_granted_mean_if_granted"] < case["never_granted_mean_now"]
        assert reading["never_granted"]["low"] < case["never_granted_mean_now"] < reading["never_granted"]["high"]
        assert case["never_granted_mean_if_open"] > case["never_granted_mean_now"]
        tossed = reading["granted_by_chance_alone"]
        assert last["low"] < tossed["low"] < tossed["high"] < last["high"]


def test_outlook_from_own_cases_and_of_a_batch(cli: Run, cases: Path) -> None:
    words = ("licence", "outlook", "--applications", "8", "--parameters", cases, "--months", "24")
    payload = cli(*words, "--json").json
    (reading,) = payload["readings"].values()
    assert payload["cases"] == 20
    last = reading["granted_so_far"][-1]
    assert last["median"] == pytest.approx(8 * (1 - reading["never_granted"]["median"]), rel=0.05)
    assert "bridging_stock_months" not in reading
    # nothing is taken together in silence: the materials and how many cases of each
    assert payload["taken_as_one"] == {"material": {"magnets": 9, "dysprosium": 11}}
    _, told, _ = regimes_of_cases(cases, "nl", None)
    assert "als één geheel genomen (magnets 9, dysprosium 11)" in told[-1].replace("\n", " ")


def test_outlook_of_one_material_is_what_fit_says_of_it_with_support(cli: Run, cases: Path) -> None:
    words = ("licence", "outlook", "--applications", "8", "--parameters", cases, "--material", "Dy", "--json")
    payload = cli(*words).json
    assert (payload["material"], payload["cases"], payload["supported_by"]) == ("dysprosium", 11, ["magnets"])
    assert payload["taken_as_one"] == {}
    pooled = cli("licence", "fit", cases, "--json").json["pooled"]["groups"]
    (fitted,) = (row["pooled"]["never_granted"] for row in pooled if row["group"] == "dysprosium")
    (reading,) = payload["readings"].values()
    assert reading["never_granted"] == pytest.approx(fitted, abs=0.02)  # draws from the posterior that fit prints


def test_a_material_that_cannot_be_chosen_is_refused(cli: Run, cases: Path) -> None:
    cli("licence", "what-if", "--quota", "60", "--material", "terbium", "--parameters", cases).refused(
        "'terbium'", "known: dysprosium, magnets"
    )
    with pytest.raises(InputError, match="a parameter set knows no materials"):
        regimes_for("press-2025", "en", date(2026, 11, 21), "terbium")
    text = cases.read_text(encoding="utf-8").replace("magnets", "")
    cases.write_text(text, encoding="utf-8")
    _, _, facts = regimes_of_cases(cases, "en", "Dysprosium")
    assert (facts["cases"], facts["supported_by"]) == (11, [])  # cases that name no material lend no support
    cases.write_text(text.replace("dysprosium", ""), encoding="utf-8")
    with pytest.raises(InputError, match="no case names its material"):
        regimes_of_cases(cases, "en", "dysprosium")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--applications", "120", "--parameters", "pres-2025"), ("press-2025",)),
        (("--applications", "0", "--parameters", "press-2025"), ("above 0",)),
        (("--applications", "120", "--parameters", "press-2025", "--months", "1.5"), ("--months", "no whole number")),
        (("--applications", "1e300", "--parameters", "press-2025"), ("at most 1,000,000,000", "1 to 600 months")),
        (("--applications", "120", "--parameters", "press-2025", "--stock", "-1"), ("0 to 600",)),
        (("--applications", "120", "--parameters", "press-2025", "--stock", "1"), ("--stock", "--each-month")),
        (("--parameters", "press-2025"), ("applications",)),
    ],
)
def test_bad_input(cli: Run, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    cli("licence", "outlook", *words).refused(*told)
