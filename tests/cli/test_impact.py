"""`lodestock impact` and `lodestock io` as people run them: what is printed, and what is refused in words."""

from __future__ import annotations

import csv
import hashlib
from importlib import resources
from pathlib import Path

import pytest
from tests.economy.workbook import write_workbook

from .conftest import Run

FLAGSHIP = "china-heavy-rare-earths-2025"


def test_the_flagship_out_of_the_box(cli: Run, tmp_path: Path) -> None:
    done = cli("impact", FLAGSHIP, "--for", "NLD", "--lang", "en", "--out", "euros", "--as-of", "2026-11-21")
    assert done.code == 0, done.err
    headline = next(line for line in done.out.splitlines() if line.startswith("Across the models"))
    assert "billion" in headline and "2011" in headline
    for word in (
        "ARIO",
        "PBL",
        "job-years",
        "defence",
        "not averaged",
        "Rests on judgement",
        "What counts as a loss",
        "price not known; each doubling of",
        "planner chooses which",
    ):
        assert word in done.out
    assert (tmp_path / "euros" / "impact_by_sector.csv").is_file()
    for name, words in (("sector.nl", "Waar het verlies valt: NLD"), ("month.en", "When the loss falls: NLD")):
        svg = (tmp_path / "euros" / f"impact_by_{name}.svg").read_text(encoding="utf-8")
        assert words in svg and "2011" in svg and "<desc>" in svg
    followed = cli("trace", "euros/manifest.json", "impact.nl.net.ario", "--json")
    assert followed.code == 0 and followed.json["intact"]
    assert followed.json["files"]["impact_by_month.en.svg"]
    (tmp_path / "euros" / "impact_by_month.en.svg").write_text("<svg/>", encoding="utf-8")
    changed = cli("trace", "euros", "impact_by_month")
    assert changed.code == 1 and "file impact_by_month.en.svg: CHANGED since" in changed.out


def test_one_model_in_dutch_for_machines(cli: Run) -> None:
    done = cli("impact", FLAGSHIP, "--model", "ario", "--paths", "2", "--json")
    assert done.code == 0
    found = done.json
    assert set(found["entries"]) >= {"impact.nl.direct", "impact.nl.lost.ario", "impact.nl.net.ario"}
    assert "impact.nl.lost.lp" not in found["entries"]
    assert found["vintage"]["nl"] == "op toegevoegde waarde van 2011"


def test_two_scenarios_are_bounded_and_not_added_up(cli: Run, tmp_path: Path) -> None:
    text = resources.files("lodestock").joinpath(f"reference/scenarios/{FLAGSHIP}.yml").read_text(encoding="utf-8")
    copy = text.replace(f"id: {FLAGSHIP}", "id: second", 1)
    (tmp_path / "copy.yml").write_text(copy, encoding="utf-8")
    cli("impact", FLAGSHIP, "copy.yml").refused("follow the same product", "850511", "lost twice")
    other = copy.replace('["850511"]', '["284690"]')
    (tmp_path / "second.yml").write_text(other, encoding="utf-8")
    done = cli("impact", FLAGSHIP, "second.yml", "--model", "lp", "--paths", "1", "--lang", "en", "--out", "both")
    assert done.code == 0, done.err
    headline = next(line for line in done.out.splitlines() if line.startswith("Together €"))
    assert "2011" in headline and "at least" in done.out and "at most" in done.out
    assert "one ensemble.seed (20250404) and share" in done.out and "the planner chooses which" in done.out
    assert "magnets (second)" in done.out and "€0 million" not in done.out.split("Where it falls")[1]
    with (tmp_path / "both" / "together.csv").open(encoding="utf-8") as stream:
        rows = {row["case"]: float(row["lost_meur"]) for row in csv.DictReader(stream) if row["model"] == "direct"}
    assert rows["same"] == pytest.approx(rows[FLAGSHIP]) and rows["apart"] == pytest.approx(2 * rows[FLAGSHIP])
    traced = cli("trace", "both/manifest.json", "together", "--json").json
    assert traced["intact"] and traced["run"]["scenario"] == f"{FLAGSHIP} + second"
    assert [run["scenario"] for run in traced["runs"]] == [FLAGSHIP, "second"]
    assert [run["scenario_sha256"] for run in traced["runs"]] == [
        hashlib.sha256(one.encode()).hexdigest() for one in (text, other)
    ]
    imports = {step["id"]: step for step in traced["steps"] if step["id"].endswith(":nl.magnets.imports")}
    codes = {key.split(":")[0]: step["rows"]["where"]["hs_code"] for key, step in imports.items()}
    assert codes == {FLAGSHIP: "850511", "second": "284690"} and all(step["agrees"] for step in imports.values())


def test_every_euro_sentence_says_its_year(cli: Run) -> None:
    for lang, sign in (("nl", "Zonder"), ("en", "Without")):
        done = cli("impact", "--extract", "CHN.c14", "--for", "nld", "--lang", lang)
        first = done.out.splitlines()[0]
        assert done.code == 0 and first.startswith(sign) and "€" in first and "2011" in first
    ranking = cli("impact", "--extract", "all", "--for", "NLD", "--out", "all", "--json").json["industries"]
    assert len(ranking) == 280
    assert ranking[0]["lost_in_country_meur"] >= ranking[1]["lost_in_country_meur"]
    traced = cli("trace", "all", f"extract.nl.{ranking[0]['industry']}.here", "--json").json
    assert traced["intact"] and traced["steps"][0]["value"] == ranking[0]["lost_in_country_meur"]
    assert traced["files"]["extractions.csv"] and traced["steps"][1]["rows"]["table"] == "io_flow"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ((), ("give a scenario, or an industry", "--extract c14")),
        ((FLAGSHIP, "--extract", "c14"), ("give a scenario, or an industry",)),
        (("example-copper-mine-outage",), ("a what-if of the trade network", "lodestock simulate example-copper")),
        ((FLAGSHIP, "example-rare-earth-regimes"), ("'example-rare-earth-regimes' is a what-if", "economy.exposure")),
        ((FLAGSHIP, FLAGSHIP), ("is given twice", "different scenarios")),
        ((FLAGSHIP, "--for", "DEU"), ("not judged for DEU", "--for NLD")),
        ((FLAGSHIP, "--model", "arioo"), ("unknown model", "did you mean ario")),
        ((FLAGSHIP, "--paths", "0"), ("0 representative paths", "1 to 50")),
        ((FLAGSHIP, "--lang", "de"), ("unknown language", "nl or en")),
        ((FLAGSHIP, "--table", "wiod-2012"), ("unknown input-output table", "did you mean wiod-2011")),
        (("--extract", "c14", "--lang", "fr"), ("unknown language 'fr'",)),
        (("--extract", "c99", "--for", "NLD"), ("unknown industry 'c99'",)),
        (("--extract", "CHM.c14"), ("unknown region 'CHM'", "CHN")),
    ],
)
def test_what_is_not_understood_is_said(cli: Run, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    cli("impact", *words).refused(*parts)


FIVE = ("C26", "C27", "C28", "C29", "C30")
ALL_64 = (
    "A01 A02 A03 B C10T12 C13T15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 C27 C28 C29 C30 C31_32 C33 D35 E36 E37T39 "
    "F G45 G46 G47 H49 H50 H51 H52 H53 I J58 J59_60 J61 J62_63 K64 K65 K66 L M69_70 M71 M72 M73 M74_75 N77 N78 N79 "
    "N80T82 O84 P85 Q86 Q87_88 R90T92 R93 S94 S95 S96 T U"
)


def write_figaro(folder: Path, spoil: float = 0.0, codes: tuple[str, ...] = FIVE) -> Path:
    """A made-up file in Eurostat's flat layout: two regions, some sectors; no number here is a statistic."""
    areas = ("NL", "CN")
    names = [(area, code) for area in areas for code in codes]
    rows, used, sold = [], dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for i, (area, code) in enumerate(names):
        cells = [((to, col), 20.0 + (i * 7 + j * 3) % 11) for j, (to, col) in enumerate(names)]
        for target, value in cells:
            used[target] += value
        cells += [((to, "P3_S14"), 60.0 * len(codes) + 10 * (i % 10)) for to in areas]
        for (to, col), value in cells:
            sold[area, code] += value
            rows.append([area, code, to, col, value])
    for code, part in (("D1", 0.6), ("D29X39", 0.1), ("B2A3G", 0.3)):
        rows += [["W2", code, to, col, part * (sold[to, col] - used[to, col])] for to, col in names]
    rows[1][4] += spoil
    path = folder / "flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv"
    lines = ["icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue"]
    lines += [f"{a}_{c},{t}_{k},{a},{c},{t},{k},{value!r}" for a, c, t, k, value in rows]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_newer_table_gets_in_with_one_command(cli: Run, tmp_path: Path, store_home: Path) -> None:
    """The vintage of the imported table stands in the headline; jobs were judged for 2011 only and stay unknown."""
    done = cli("io", "import", "figaro", write_figaro(tmp_path), "--use", "--lang", "nl")
    try:
        assert done.code == 0 and " bewaard als figaro-2023-" in done.out
        assert "op toegevoegde waarde van 2023" in done.out and "\nin gebruik: figaro-2023-" in done.out
        listing = cli("io", "list", "--json").json["tables"]
        chosen = next(row for row in listing if row["in_use"])
        assert chosen["year"] == 2023 and chosen["unit"] == "MEUR"
        shown = cli("io", "show", "--lang", "nl")
        assert shown.code == 0 and "C28 Machines en apparaten" in shown.out and "achterwaarts" in shown.out
        assert "op toegevoegde waarde van 2023" in shown.out
        run = cli("impact", FLAGSHIP, "--lang", "en", "--paths", "2", "--json")
        assert run.code == 0, run.err
        assert run.json["vintage"]["en"] == "on value added of 2023"
        assert not any(key.startswith("impact.nl.jobs") for key in run.json["entries"])
        direct = run.json["entries"]["impact.nl.direct"]
        assert 0 < direct["value"] < 3000  # the made-up table is small
    finally:
        assert cli("io", "use", "wiod-2011", "--lang", "nl").out == "in gebruik: wiod-2011\n"


def models_of(cli: Run) -> set[str]:
    done = cli("impact", FLAGSHIP, "--lang", "en", "--paths", "2", "--json")
    assert done.code == 0, done.err
    assert done.json["left_out"] == {} and done.json["entries"]["impact.nl.direct"]["value"] > 0
    assert done.json["vintage"]["en"] in ("on value added of 2022", "on value added of 2023")
    return {key.rsplit(".", 1)[1] for key in done.json["entries"] if key.startswith("impact.nl.lost.")}


@pytest.mark.slow
def test_all_64_sectors_of_figaro_get_judgements_with_one_command(cli: Run, tmp_path: Path, store_home: Path) -> None:
    """Sections with one division are coded by their letter in FIGARO (L, T, U); no sector may lack a judgement."""
    codes = tuple(ALL_64.split())
    assert len(codes) == 64
    try:
        assert cli("io", "import", "figaro", write_figaro(tmp_path, codes=codes), "--use").code == 0
        assert models_of(cli) == {"lp", "lp-fixed", "pbl", "ario"}
    finally:
        assert cli("io", "use", "wiod-2011").code == 0


def write_exiobase(folder: Path) -> Path:
    """A made-up folder in EXIOBASE's layout: two regions and its 163 industries by name; no number is a statistic."""
    text = resources.files("lodestock").joinpath("reference/economy/concordance.csv").read_text(encoding="utf-8")
    names = [row["sector"] for row in csv.DictReader(text.splitlines()) if row["provider"] == "exiobase"]
    makers = [(area, name) for area in ("NL", "CN") for name in names]
    path = folder / "IOT_2022_ixi"
    path.mkdir()
    count = len(makers)
    flows = [[1.0 + (i * 7 + j * 3) % 11 for j in range(count)] for i in range(count)]
    final = [[6.0 * count + i % 10, 10.0] for i in range(count)]
    for file, values, columns, word in (
        ("Z.txt", flows, makers, "sector"), ("Y.txt", final, [("NL", "Households"), ("CN", "Households")], "category")
    ):  # fmt: skip
        lines = ["\t".join([top, "", *(column[k] for column in columns)]) for k, top in enumerate(("region", word))]
        lines.append("\t".join(["region", "sector", *[""] * len(columns)]))
        lines += ["\t".join([*maker, *map(str, row)]) for maker, row in zip(makers, values, strict=True)]
        (path / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_exiobase_is_joined_to_nace_by_itself_and_kept_as_named_on_request(
    cli: Run, tmp_path: Path, store_home: Path
) -> None:
    folder = write_exiobase(tmp_path)
    try:
        done = cli("io", "import", "exiobase", folder, "--use")
        assert done.code == 0 and "50 sectors" in done.out and "the concordance that ships" in done.out
        assert models_of(cli) == {"lp", "lp-fixed", "pbl", "ario"}
        kept = cli("io", "import", "exiobase", folder, "--match", "none", "--json").json
        assert kept["sectors"] == 163 and kept["matched_with"] is None and kept["id"].endswith("-as-named")
    finally:
        assert cli("io", "use", "wiod-2011").code == 0


def write_cbs(folder: Path) -> Path:
    """A made-up workbook in the layout of CBS: labels begin with the division; no number here is a statistic."""
    codes = ["10-12 Voeding", "26 Elektronica", "27", "28", "29", "30", "46"]
    count, imported = len(codes), 300.0
    head: list[list[object]] = [["Aanbod- en gebruiktabel 2022 (voorbeeld)"], []]
    supply = [*head, [None, None, *codes, "Totaal productie", "Invoer", "Totaal aanbod"]]
    use = [*head, [None, None, *codes, "Consumptie huishoudens", "Uitvoer", "Totaal gebruik"]]
    made = [1000.0 + 100.0 * k for k in range(count)]
    used = [[10.0 + (7 * i + 3 * j) % 40 for j in range(count)] for i in range(count)]
    for k in range(count):
        total, left = made[k] + imported, made[k] + imported - sum(used[k])
        own = [made[k] if j == k else None for j in range(count)]
        supply.append([f"p{k}", "product", *own, made[k], imported, total])
        use.append([f"p{k}", "product", *used[k], 0.4 * left, 0.6 * left, total])
    added = [made[j] - sum(row[j] for row in used) for j in range(count)]
    use.append([None, "Toegevoegde waarde (bruto, basisprijzen)", *added, None, None, None])
    return write_workbook(
        folder / "aanbod-en-gebruik-2022.xlsx", {"Aanbodtabel 2022": supply, "Gebruiktabel 2022": use}
    )


def test_cbs_labels_are_read_by_division_and_one_country_is_enough_for_a_run(
    cli: Run, tmp_path: Path, store_home: Path
) -> None:
    try:
        done = cli("io", "import", "cbs", write_cbs(tmp_path), "--use", "--json").json
        assert done["sectors"] == 7 and done["regions"] == ["NLD"] and done["unmatched"] == []
        run = cli("impact", FLAGSHIP, "--lang", "en", "--paths", "1")
        assert run.code == 0, run.err
        assert "on value added of 2022" in run.out and "C26 Computers" in run.out and "outside NLD" not in run.out
        assert "Job-years: not known" in run.out
    finally:
        assert cli("io", "use", "wiod-2011").code == 0


@pytest.mark.slow
def test_how_inputs_bind_and_how_long_a_step_is_can_be_chosen(cli: Run) -> None:
    base = ("impact", FLAGSHIP, "--model", "pbl", "--paths", "1", "--json")
    weak, hard = (cli(*base, "--variant", name).json for name in ("weak", "leontief"))
    key = "impact.nl.lost.pbl"
    assert weak["settings"] == {"pbl_variant": "weak", "steps_per_month": 4}
    assert weak["entries"][key]["value"] <= hard["entries"][key]["value"]
    daily = cli(*base, "--steps", "daily").json
    assert "30 steps a month" in daily["entries"][key]["note"] and "variant half" in daily["entries"][key]["note"]
    cli("impact", FLAGSHIP, "--variant", "stronk").refused("variant of pbl", "did you mean strong")
    cli("impact", FLAGSHIP, "--steps", "hourly").refused("unknown step", "weekly", "daily")


@pytest.mark.slow
def test_where_the_planner_is_free_no_country_is_named(cli: Run) -> None:
    done = cli("impact", FLAGSHIP, "--model", "lp", "--paths", "1", "--lang", "en")
    lines = done.out.splitlines()
    assert any(line.startswith("outside NLD, together") and "€" in line for line in lines)
    assert any(line.split() == ["CHN", "·"] for line in lines) and "the planner chooses" in done.out
    rows = cli("impact", FLAGSHIP, "--model", "lp", "--paths", "1", "--json").json["tables"]["impact_by_region"]
    assert {row["region"] for row in rows if not row["free"]} == {"NLD"}


def test_a_table_that_does_not_balance_is_not_kept(cli: Run, tmp_path: Path) -> None:
    before = cli("io", "list", "--lang", "nl").out
    assert "wordt meegeleverd met Lodestock" in before and before.endswith("* in gebruik\n")
    cli("io", "import", "figaro", write_figaro(tmp_path, spoil=500.0)).refused("sales minus output", "NL.C26", "500")
    cli("io", "import", "figarro", "x.csv").refused("unknown provider", "did you mean figaro")
    cli("io", "import", "figaro", "nowhere.csv").refused("no such file")
    cli("io", "use", "wiod-2010").refused("unknown input-output table", "did you mean wiod-2011")
    assert cli("io", "list", "--lang", "nl").out == before


def test_the_table_that_ships_tells_its_gaps_and_is_rescaled(cli: Run, tmp_path: Path) -> None:
    shown = cli("io", "show", "wiod-2011", "--json").json
    assert sum(gap["amount"] for gap in shown["gaps"]) == pytest.approx(-59212)
    (tmp_path / "va.csv").write_text("region,sector,year,value_added_meur\nNLD,c14,2023,9500\nNLD,c13,2023,14000\n")
    short = ("io", "rescale", "--year", "2023", "--value-added", "va.csv")
    cli(*short).refused("industries have no value added for 2023", "--others alike")
    done = cli(*short, "--others", "alike", "--lang", "nl")
    assert (
        done.code == 0 and " gemaakt op toegevoegde waarde van 2023, met de leveringsstructuur van 2011: " in done.out
    )
    assert "bedrijfstakken hadden geen cijfer en groeiden mee met de andere: BEL.c1, " in done.out
    assert ", … en nog 268\n" in done.out  # of 276, eight are named
    assert "\nin gebruik nemen: lodestock io use wiod-2011-va2023-" in done.out
