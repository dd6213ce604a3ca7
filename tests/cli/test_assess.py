"""`lodestock assess`, `benchmarks` and `watch`: how dependent we are, what is missing, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]


def one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    """The one row that has these values."""
    found = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def test_an_assessment_for_machines(cli: Run) -> None:
    found = cli("assess", "dysprosium", "copper", "magnets", "--for", "NLD", "--year", "2024", "--json").json
    assert (found["for"], found["year"]) == ("NLD", 2024)
    assert found["materials"] == ["dysprosium", "copper", "rare-earth-magnets"]
    tables = found["tables"]
    assert one(tables["eu"], material="copper", stage="extraction")["sr_published"] == 0.1
    dysprosium = one(tables["eu"], material="dysprosium", stage="extraction")
    assert (dysprosium["sr"], dysprosium["status"]) == (None, "missing")
    assert "EU sourcing" in dysprosium["reason"]
    # CEPII BACI V202601, 850511: the Netherlands takes in 3,992 t, of which 3,187 t from China, and sends out 1,443 t.
    magnets = one(tables["transit"], good="magnets", country="NLD")
    assert round(magnets["import_t"]) == 3992
    assert round(magnets["own_use_low_t"]) == 3992 - 1443
    border = one(tables["concentration"], hs_code="850511")
    assert border["largest"] == "CHN" and abs(border["largest_share"] - 3187 / 3992) < 1e-3


def test_an_assessment_for_people_says_the_same_in_two_languages(cli: Run) -> None:
    words = ("assess", "dysprosium", "copper", "magnets", "--for", "NLD", "--year", "2024")
    english, dutch = cli(*words).out, cli(*words, "--lang", "nl").out
    # China refines 38 % of the world's copper by the EU study and 45 % by the USGS: no agreement to the point
    assert "the same country, the shares lie 7 percentage points apart" in english
    assert "hetzelfde land, de aandelen liggen 7 procentpunt uiteen" in dutch
    assert "at or above the threshold of 1.0" in english and "op of boven de drempel van 1,0" in dutch
    assert "3,992 t across the border, of which 2,549 to 3,992 t stay" in english
    assert "3.992 t over de grens, waarvan 2.549 tot 3.992 t in het land blijft" in dutch
    assert "Its imports are not known, which is not the same as zero" in english
    assert "De invoer ervan is niet bekend; dat is iets anders dan nul" in dutch
    assert "[our judgement]" in english and "[eigen oordeel]" in dutch
    assert len(english.splitlines()) == len(dutch.splitlines())
    for word in ("not known", "annex", "study prints", "missing", "extraction"):
        assert word not in dutch, word


def test_own_use_of_magnets_stands_beside_what_the_brief_takes(cli: Run) -> None:
    words = ("assess", "magnets", "--for", "NLD", "--year", "2024")
    english, dutch = cli(*words).out, cli(*words, "--lang", "nl").out
    # Imports 3,992 t; share 0.64 (0.49 to 0.72), triangular: 5 % lie below 0.49 + sqrt(0.05 * 0.23 * 0.15) = 0.5315
    # and 5 % above 0.72 - sqrt(0.05 * 0.23 * 0.08) = 0.6897, worked out by hand.
    row = one(cli(*words, "--json").json["brief"], good="magnets")
    assert abs(row["brief"]["own_use_low_t"] - 0.5315 * 3992) < 1.0
    assert abs(row["brief"]["own_use_high_t"] - 0.6897 * 3992) < 1.0
    # The brief goes down to 49 % of imports, trade in 850511 alone only to (3,992 - 1,443) / 3,992 = 64 %: it is said.
    assert row["brief_below_trade"] is True
    assert "(49 % of imports) lies below imports less exports (64 %)" in english
    assert "(49 % van de invoer) ligt onder invoer min uitvoer (64 %)" in dutch
    assert "2,122 to 2,753 t (nine in ten draws)" in english and "its middle is the low end here" in english
    assert "2.122 tot 2.753 t (negen van de tien trekkingen)" in dutch and "het midden ervan is de lage kant" in dutch
    assert "91 % (80 % to 95 %), of the part with rare earths alone" in english
    assert cli(*words[:2], "--for", "BEL", "--json").json["brief"] == []


def test_a_coalition_has_an_account_of_the_whole_and_of_each_member(cli: Run) -> None:
    words = ("assess", "magnets", "--for", "EU")
    rows = cli(*words, "--json").json["tables"]["transit"]
    assert len(rows) == 1 + 27
    whole = one(rows, country="EU")
    assert whole["import_t"] < sum(row["import_t"] for row in rows) - whole["import_t"]  # inner trade is left out
    assert "Metal permanent magnets, European Union: 39,297 t across the border" in cli(*words).out
    assert "Europese Unie: 39.297 t over de grens" in cli(*words, "--lang", "nl").out


def test_a_member_that_ships_most_is_told_from_a_third_country_and_a_group_names_its_members(cli: Run) -> None:
    # BACI V202601, 284690: most of what Belgium takes in comes by way of the Netherlands, which makes none.
    english, dutch = (cli("assess", "rare earths", "--for", "BEL", "--lang", lang).out for lang in ("en", "nl"))
    assert "Netherlands 86 % (above 65 %, but a member of the Union: the norm counts third countries" in english
    assert "Nederland 86 % (boven 65 %, maar een lidstaat: de norm geldt derde landen" in dutch
    assert "Not assessed as a group; ask its members: " in english and "Niet beoordeeld als groep" in dutch


def test_what_cannot_be_measured_is_missing_and_never_zero(cli: Run) -> None:
    tables = cli("assess", "gallium", "germanium", "--for", "EU27", "--json").json["tables"]
    for row in tables["geopolrisk"]:
        assert (row["score"], row["status"]) == (None, "missing") and len(row["reason"]) > 10
    assert {row["attribution"] for row in tables["codes"]} == {"mixed"}
    raw = [row for row in tables["embedded"] if row["boundary"] == "raw"]
    assert raw and all(row["middle_t"] is None and "no split is stated" in row["reason"] for row in raw)


def test_a_stated_split_attributes_a_mixed_code_and_is_named(cli: Run) -> None:
    stated = ("--split", "811292=0.02-0.10", "--split-source", "estimate of this test")
    tables = cli("assess", "gallium", "--for", "EU27", *stated, "--json").json["tables"]
    row = one(tables["embedded"], item="811292")
    assert row["high_t"] == pytest.approx(5 * row["low_t"]) and row["mark"] == "prior"
    assert "estimate of this test" in row["reason"]
    assert "2 % to 10 % is this material (source: estimate of this test)" in cli("assess", "gallium", *stated).out


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("dysprosum",), ("dysprosum", "dysprosium")),
        (("copper", "--for", "Nederlnd"), ("Nederlnd", "Nederland")),
        (("copper", "--year", "1980"), ("no trade of 1980", "2015 to 2024")),
        (("copper", "--year", "0"), ("no year 0",)),
        (("copper", "--year", "2024.5"), ("--year", "no whole number")),
        ((), ("no material", "--all")),
        (("copper", ""), ("no material", "name one")),
        (("copper", "--for", " "), ("no country or coalition", "NLD")),
        (("copper", "--all"), ("MATERIALS", "--all")),
        (("copper", "--wgi-years", "2016-2019"), ("--wgi-years", "--all")),
        (("--all", "--for", "NLD"), ("--for", "--all")),
        (("--all", "--method", "eu-2032"), ("eu-2032", "eu-2023")),
        (("--all", "--compare", "publishd"), ("publishd", "published")),
        (("--all", "--wgi-years", "2016-2020"), ("no governance scores for 2020", "2002–2019")),
        (("--all", "--wgi-years", "2016-"), ("'2016-'", "2016-2019")),
        (("--all", "--wgi-years", "then"), ("'then'", "2016-2019")),
        (("gallium", "--split", "811292=0.1"), ("needs a source", "--split-source")),
        (("gallium", "--split", "811292=2", "--split-source", "x"), ("0 ≤ low ≤ high ≤ 1",)),
        (("gallium", "--split", "rubbish", "--split-source", "x"), ("cannot be read", "811292=0.02-0.10")),
        (("copper", "--split", "740311=0.5", "--split-source", "x"), ("no split of 740311 is needed",)),
        (("gallium", "indium", "--split", "811292=0.1", "--split-source", "x"), ("must name its material",)),
        (("cobalt", "--dossier"), ("no dossier of cobalt",)),
        (("copper", "--dossier", "--for", "DEU"), ("the Netherlands",)),
    ],
)
def test_bad_questions_are_refused(cli: Run, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    cli("assess", *words).refused(*parts)


def test_the_study_is_recomputed_and_compared(cli: Run) -> None:
    found = cli("assess", "--all", "--method", "eu-2023", "--compare", "published", "--json").json
    summary = found["summary"]
    # An independent recomputation from the same annexes with governance of 2016–2019.
    assert (summary["sr_compared"], summary["sr_within_015"]) == (109, 88)
    assert (summary["sr_within_030"], summary["sr_same_side"]) == (95, 107)
    assert (summary["ei_compared"], summary["ei_within_01"]) == (59, 36)
    assert summary["sr_joined_by_name"] == 2
    misses = found["tables"]["misses"]
    assert len(misses) == 109 - 88 + 59 - 36
    for row in misses:
        assert row["recomputed"] is not None and row["published"] is not None
        assert row["class"] == "unexplained" or (len(row["reason"]) > 20 and len(row["reason_nl"]) > 20)


def test_corrections_and_another_vintage_are_asked_for(cli: Run) -> None:
    corrected = cli("assess", "--all", "--corrections", "--json").json
    assert corrected["summary"]["ei_within_01"] == 40
    assert all(row["document"] for row in corrected["tables"]["corrections"])
    older = cli("assess", "--all", "--wgi-years", "2010,2012-2013", "--json").json
    assert older["notes"][0].startswith("governance of 2010, 2012–2013")
    assert older["tables"]["stages"] != corrected["tables"]["stages"]


def test_the_study_in_words(cli: Run) -> None:
    words = ("assess", "--all", "--corrections")
    english, dutch = cli(*words).out, cli(*words, "--lang", "nl").out
    assert "On the list but not selected: Copper and Nickel." in english
    assert "Op de lijst maar niet gekozen: Koper en Nikkel." in dutch
    assert len(english.splitlines()) == len(dutch.splitlines())


def test_the_copper_dossier_concludes_what_its_tests_carry(cli: Run) -> None:
    found = cli("assess", "copper", "--dossier", "--json").json
    assert found["verdict"] == "no acute risk" and all(test["passed"] for test in found["tests"])
    scrap = one(found["facts"], fact="scrap.imports")
    assert (scrap["value"], scrap["status"]) == (None, "missing") and scrap["reason"]
    assert "Er is geen aanleiding voor acute maatregelen." in cli("assess", "koper", "--dossier", "--lang", "nl").out


def test_the_benchmarks_of_the_union(cli: Run) -> None:
    found = cli("benchmarks", "--for", "EU27", "--json").json
    assert found["entries"] == 17
    summary = found["summary"]
    assert summary["met"] + summary["not_met"] + summary["undecided"] == summary["gauges"] == len(found["gauges"])
    row = one(found["gauges"], material="magnesium", stage="processing", gauge="largest third country")
    assert (row["largest"], row["target"], row["met"]) == ("CHN", 0.65, False)
    assert all(row["stand_in"] and row["mark"] for row in found["gauges"])
    assert all(row["reason"] for row in found["gauges"] if row["met"] is None)
    dutch = cli("benchmarks", "--lang", "nl").out
    assert "plaatsvervangers" in dutch and "niet te zeggen" in dutch and "the study" not in dutch


def test_benchmarks_are_the_unions_and_dated(cli: Run) -> None:
    cli("benchmarks", "--for", "NLD").refused("the Union's", "Netherlands", "EU27")
    cli("benchmarks", "--for", "EU", "--on", "2020-01-01").refused("no list of strategic", "2024")


def test_watching_says_unusual_or_why_it_cannot_say(cli: Run) -> None:
    found = cli("watch", "magnets", "cobalt", "--for", "NLD", "--json").json
    magnets = [row for row in found["newest"] if row["material"] == "rare-earth-magnets"]
    assert len(magnets) == 3
    for row in magnets:
        # The store holds 850511 of one year, and every magnet of metal is in it.
        assert (row["unusual"], row["change"], row["earlier_changes"]) == (None, None, 0)
        assert "the first period that is known" in row["reason"] and row["attribution"] == "mixed"
    # BACI V202601: 3,187 of 3,992 t came from China.
    alone = one(found["standing"], hs_code="850511")
    assert (alone["largest"], alone["above_limit"]) == ("CHN", True)
    assert alone["largest_share"] == pytest.approx(3187 / 3992, abs=1e-3)
    cobalt = [row for row in found["newest"] if row["hs_code"] == "810510"]
    assert len(cobalt) == 3 and all(isinstance(row["unusual"], bool) for row in cobalt)
    assert {row["attribution"] for row in cobalt} == {"whole"}
    rates = {row["indicator"]: row for row in found["false_alarms"]}
    assert set(rates) == {"volume_t", "unit_value_kusd_per_t", "hhi"}
    assert all(row["periods_in"] > 100 and row["periods_out"] > 100 for row in rates.values())
    # Press on China's exports of magnets: 1,238 t in May 2025, 74 % below a year earlier.
    may = one(found["press"], period="2025-05", destination="WLD")
    assert (may["quantity_t"], may["change_year"], may["mark"]) == (1238.0, -0.74, "press")


def test_watching_in_words_marks_mixed_codes_and_codes_that_ended(cli: Run) -> None:
    words = ("watch", "germanium", "beryllium")
    english, dutch = cli(*words).out, cli(*words, "--lang", "nl").out
    assert "811292 (Gallium, germanium," in english and "is a mixed code" in english
    assert "says nothing about germanium alone" in english and "zegt niets over germanium alleen" in dutch
    # Germanium had a code of its own until HS2007; the Dutch series under it ends in 2014.
    assert "nothing with a weight came in after 2014" in english and "na 2014 kwam niets met gewicht" in dutch
    assert "811230 2014, new suppliers" not in english
    assert "less than a tonne came in" in english and "één zending beslist" in dutch
    assert "largest shipper China" in english and "grootste afzender China" in dutch
    assert "lodestock data import baci" in english and "lodestock data import baci" in dutch
    assert len(english.splitlines()) == len(dutch.splitlines())


def test_a_lower_limit_never_alarms_less(cli: Run) -> None:
    strict, loose = (cli("watch", "cobalt", "--limit", limit, "--json").json for limit in ("0.5", "9"))
    assert strict["summary"]["unusual"] > loose["summary"]["unusual"] == 0
    assert strict["summary"]["tested"] == loose["summary"]["tested"]
    for few, many in zip(loose["false_alarms"], strict["false_alarms"], strict=True):
        assert (few["limit"], many["limit"]) == (9.0, 0.5) and few["rate"] < few["rate_default"] < many["rate"]


def test_watching_refuses_what_it_cannot_do(cli: Run) -> None:
    cli("watch").refused("no material")
    cli("watch", "coper").refused("coper", "copper")
    cli("watch", "copper", "--limit", "nan").refused("nan", "3.5")
    cli("watch", "copper", "--for", "Mars").refused("Mars")
