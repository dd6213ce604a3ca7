"""Loaders of published tables, each on a small made-up file in the provider's shape. No number here is a statistic."""

from __future__ import annotations

import csv
import re
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from lodestock.economy import concordance, io_system, leontief
from lodestock.economy.checks import require_usable
from lodestock.economy.io_system import Industry
from lodestock.economy.judgements import judged_industry
from lodestock.economy.loaders import LOADERS, load_cbs, load_exiobase, load_figaro, load_wiod
from lodestock.errors import DataError, InputError
from lodestock.vocabulary import a64_sectors

from .workbook import write_workbook

# Two regions × two industries, one category of final use each; closed but for product taxes of 1 per industry.
NAMES = [("NL", "C26"), ("NL", "C27"), ("CN", "C26"), ("CN", "C27")]
FLOWS = np.array([[10.0, 4, 1, 0], [3, 20, 0, 2], [5, 6, 30, 9], [1, 2, 8, 40]])
FINAL = np.array([[30.0, 5], [25, 10], [20, 130], [9, 140]])
OUTPUT = FLOWS.sum(axis=1) + FINAL.sum(axis=1)
TAXES = np.ones(4)
VALUE_ADDED = OUTPUT - FLOWS.sum(axis=0) - TAXES


def same_table(table, *, taxes=True):
    assert table.industries == tuple(Industry(*name) for name in NAMES)
    np.testing.assert_allclose(table.flows, FLOWS)
    np.testing.assert_allclose(table.final, FINAL)
    np.testing.assert_allclose(table.output, OUTPUT)
    np.testing.assert_allclose(table.value_added, VALUE_ADDED + (0.0 if taxes else TAXES))
    assert io_system.defects(table) == []
    leontief.require_productive(leontief.input_coefficients(table.flows, table.output))


def figaro_rows():
    users = [("NL", "P3_S14"), ("CN", "P3_S14")]
    for (area, code), flow, final in zip(NAMES, FLOWS, FINAL, strict=True):
        for (to, column), value in zip([*NAMES, *users], [*flow, *final], strict=True):
            yield [f"{area}_{code}", f"{to}_{column}", area, code, to, column, value]
    added = {"D21X31": TAXES, "D1": VALUE_ADDED * 0.6, "D29X39": VALUE_ADDED * 0.1, "B2A3G": VALUE_ADDED * 0.3}
    for code, values in added.items():
        for (to, column), value in zip(NAMES, values, strict=True):
            yield [f"W2_{code}", f"{to}_{column}", "W2", code, to, column, value]


def write_figaro(folder, rows):
    path = folder / "flatfile_eu-ic-io_ind-by-ind_25ed_2023.csv"
    lines = ["icioiRow,icioiCol,refArea,rowIi,counterpartArea,colIi,obsValue"]
    path.write_text("\n".join([*lines, *(",".join(str(cell) for cell in row) for row in rows)]) + "\n")
    return path


def test_figaro_flat_file(tmp_path):
    table = load_figaro(write_figaro(tmp_path, figaro_rows()))
    same_table(table)
    assert (table.year, table.unit) == (2023, "MEUR")
    assert table.users == (("NL", "P3_S14"), ("CN", "P3_S14"))
    np.testing.assert_allclose(table.other, TAXES)


def test_figaro_with_a_hole_a_word_a_double_or_a_misprint_is_refused(tmp_path):
    rows = list(figaro_rows())
    with pytest.raises(InputError, match="NL_C26 → CN_C26"):
        load_figaro(write_figaro(tmp_path, [row for row in rows if row[:2] != ["NL_C26", "CN_C26"]]))
    with pytest.raises(InputError, match=r"row 4(.|\n)*unknown is not zero"):
        load_figaro(write_figaro(tmp_path, [*rows[:2], [*rows[2][:6], ":"], *rows[3:]]))
    with pytest.raises(InputError, match="twice"):
        load_figaro(write_figaro(tmp_path, [*rows, rows[3]]))
    wrong = [[*row[:6], row[6] + 50] if row[:2] == ["NL_C27", "CN_C27"] else row for row in rows]
    with pytest.raises(DataError, match=r"NL\.C27"):
        load_figaro(write_figaro(tmp_path, wrong))
    (tmp_path / "other_2020.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="refArea"):
        load_figaro(tmp_path / "other_2020.csv")


BROKEN = {
    "empty": (lambda raw: b"", "is empty"),
    "another alphabet": (lambda raw: raw.replace(b"C26", b"C\xeb6"), "not UTF-8"),
    "two bytes a letter": (lambda raw: raw.decode().encode("utf-16"), "not UTF-8"),
    "a web page": (lambda raw: b"<!DOCTYPE html><html></html>", "web page"),
    "packed": (lambda raw: b"PK\x03\x04" + raw, "packed"),
    "cut off": (lambda raw: raw[: len(raw) // 2], "not a number|cut off"),
}


@pytest.mark.parametrize(("spoil", "message"), BROKEN.values(), ids=BROKEN)
def test_a_text_file_that_cannot_be_read_is_refused_in_words(tmp_path, spoil, message):
    file = write_figaro(tmp_path, figaro_rows())
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(InputError, match=message) as refused:
        load_figaro(file)
    assert refused.value.parts()["mend"]
    folder = write_exiobase(tmp_path)
    (folder / "Z.txt").write_bytes(spoil((folder / "Z.txt").read_bytes()))
    with pytest.raises(InputError, match=message) as refused:
        load_exiobase(folder)
    assert refused.value.parts()["mend"]


def test_exiobase_with_commas_or_with_rows_taken_out_is_refused(tmp_path):
    folder = write_exiobase(tmp_path)
    text = (folder / "Z.txt").read_text()
    for spoiled, message in (
        (text.replace("\t", ","), "not separated by tabs"),
        ("\n".join(text.splitlines()[:-1]) + "\n", "do not have the same industries"),
    ):
        (folder / "Z.txt").write_text(spoiled)
        with pytest.raises(InputError, match=message):
            load_exiobase(folder)


def test_an_economy_that_only_feeds_itself_is_refused_with_the_column(tmp_path):
    """All output goes back into industries: the spectral radius is 1, and no final demand can be served."""
    rows = [[*row[:6], 0.0 if row[2] == "W2" or row[5].startswith("P3") else 5.0] for row in figaro_rows()]
    table = load_figaro(write_figaro(tmp_path, rows))
    with pytest.raises(DataError, match=r"cannot reproduce itself(.|\n)*inputs 1\.0000 of output"):
        require_usable(table)


def write_exiobase(folder, *, coefficients=False, taxes=True, spoil=None):
    path = folder / "IOT_2022_ixi"
    path.mkdir(exist_ok=True)

    def write(name, values, labels, columns, top, corner=""):
        left = [""] * len(labels[0])
        lines = ["\t".join([top[k], *left[1:], *(column[k] for column in columns)]) for k in range(len(top))]
        lines.append("\t".join([*(["region", "sector"] if len(left) == 2 else ["stressor"]), *[""] * len(columns)]))
        lines += ["\t".join([*label, *(str(v) for v in row)]) for label, row in zip(labels, values, strict=True)]
        text = "\n".join(lines) + "\n"
        (path / name).write_text(text if spoil is None or spoil[0] != name else text.replace(*spoil[1:]))

    users = [("NL", "Households"), ("CN", "Households")]
    write("Y.txt", FINAL, NAMES, users, ["region", "category"])
    if coefficients:
        write("A.txt", FLOWS / OUTPUT, NAMES, NAMES, ["region", "sector"])
        lines = ["region\tsector\tindout", *("\t".join([*n, str(x)]) for n, x in zip(NAMES, OUTPUT, strict=True))]
        (path / "x.txt").write_text("\n".join(lines) + "\n")
    else:
        write("Z.txt", FLOWS, NAMES, NAMES, ["region", "sector"])
    if taxes:
        (path / "factor_inputs").mkdir(exist_ok=True)
        labels = [("Taxes less subsidies on products purchased: Total",), ("Operating surplus: Total",)]
        write("factor_inputs/F.txt", [TAXES, VALUE_ADDED], labels, NAMES, ["region", "sector"])
    return path


def test_exiobase_folder_with_flows(tmp_path):
    table = load_exiobase(write_exiobase(tmp_path))
    same_table(table)
    assert (table.year, table.users[0]) == (2022, ("NL", "Households"))


def test_exiobase_folder_with_coefficients_and_without_factor_inputs_says_what_value_added_holds(tmp_path):
    table = load_exiobase(write_exiobase(tmp_path, coefficients=True, taxes=False))
    same_table(table, taxes=False)
    assert "includes taxes" in table.source


def test_exiobase_of_two_versions_or_with_a_word_is_refused(tmp_path):
    with pytest.raises(InputError, match="CN', 'C99"):
        load_exiobase(write_exiobase(tmp_path, spoil=("Y.txt", "CN\tC27", "CN\tC99")))
    with pytest.raises(InputError, match=r"Z\.txt, row 5, column 4"):
        load_exiobase(write_exiobase(tmp_path, spoil=("Z.txt", "20.0", "n/a")))
    (tmp_path / "IOT_2022_ixi" / "Z.txt").unlink()
    with pytest.raises(InputError, match=r"no A\.txt"):
        load_exiobase(tmp_path / "IOT_2022_ixi")


def wiod_rows():
    codes, users = ["c1", "c2"], [("NLD", "c37"), ("CHN", "c37")]
    names = [("NLD", code) for code in codes] + [("CHN", code) for code in codes]
    columns = [*names, *users]
    head = [["Intercountry Input-Output Table in 2011"], [], ["(industry-by-industry)"], ["(millions of US$)"]]
    rows = [
        head[0], head[1],
        [head[2][0], None, None, None, *(code for _, code in columns), None],
        [head[3][0], None, None, None, *("name" for _ in columns), None],
        [None, None, None, None, *(region for region, _ in columns), None],
        [None, None, None, None, *(code for _, code in columns), "c69"],
    ]  # fmt: skip
    for (region, code), flow, final in zip(names, FLOWS, FINAL, strict=True):
        rows.append([code, "name", region, code, *flow, *final, float(flow.sum() + final.sum())])
    total = [None, "Total", "TOT"]
    rows.append([*total, "r60", *FLOWS.sum(axis=0), 0.0, 0.0, 0.0])
    rows.append([*total, "r61", *TAXES, 0.0, 0.0, 0.0])
    rows.append([*total, "r65", *VALUE_ADDED, 0.0, 0.0, 0.0])
    rows.append([*total, "r69", *OUTPUT, 0.0, 0.0, 0.0])
    return rows


def plain(rows):
    return [[float(cell) if isinstance(cell, np.floating) else cell for cell in row] for row in rows]


def test_wiod_workbook(tmp_path):
    table = load_wiod(write_workbook(tmp_path / "wiot11_row_apr12.xlsx", {"WIOT_2011": plain(wiod_rows())}))
    np.testing.assert_allclose(table.flows, FLOWS)
    np.testing.assert_allclose(table.value_added, VALUE_ADDED)
    assert table.industries[2] == Industry("CHN", "c1")
    assert (table.year, table.unit) == (2011, "MUSD")


def test_wiod_workbook_with_a_wrong_cell_is_refused_by_cell(tmp_path):
    rows = plain(wiod_rows())
    rows[7][5] = "x"
    with pytest.raises(InputError, match="WIOT_2011!F8"):
        load_wiod(write_workbook(tmp_path / "w.xlsx", {"WIOT_2011": rows}))
    rows[7][5] = -20.0
    with pytest.raises(DataError, match=r"NLD\.c2 → NLD\.c2: -20"):
        load_wiod(write_workbook(tmp_path / "w.xlsx", {"WIOT_2011": rows}))
    (tmp_path / "no.xlsx").write_text("not a workbook")
    with pytest.raises(InputError, match="cannot be read"):
        load_wiod(tmp_path / "no.xlsx")


# Three products, two industries, by hand: industry 26 makes 80 of product a and 10 of b; 27 makes 40 of b and 50 of c.
MADE = np.array([[80.0, 0], [10, 40], [0, 50]])
IMPORTED = np.array([20.0, 50, 0])
USED = np.array([[10.0, 30], [20, 5], [4, 6]])
WANTED = np.array([[40.0, 20], [35, 40], [30, 10]])


def cbs_sheets():
    head = [["Aanbod- en gebruiktabel 2022 (voorbeeld)"], []]
    supply = [*head, [None, None, "26", "27", "Totaal productie", "Invoer", "Totaal aanbod"]]
    use = [*head, [None, None, "26", "27", "Consumptie huishoudens", "Uitvoer", "Totaal gebruik"]]
    for k, code in enumerate(("a01", "b02", "c03")):
        made = [float(v) if v else None for v in MADE[k]]
        total = float(MADE[k].sum())
        supply.append([code, "product", *made, total, float(IMPORTED[k]), total + float(IMPORTED[k])])
        use.append([code, "product", *USED[k], *WANTED[k], float(USED[k].sum() + WANTED[k].sum())])
    spent = MADE.sum(axis=0) - USED.sum(axis=0) - 2.0
    use.append([None, "Productgebonden belastingen minus subsidies", 2.0, 2.0, None, None, None])
    use.append([None, "Toegevoegde waarde (bruto, basisprijzen)", *spent, None, None, None])
    use.append(["Totaal", "Totaal", *MADE.sum(axis=0), None, None, None])
    return {"Aanbodtabel 2022": plain(supply), "Gebruiktabel 2022": plain(use)}


def test_cbs_supply_and_use_by_hand(tmp_path):
    """Industry 26 sells 80 % of a at home (20 % is imported) and a fifth of the 50 % of b made at home."""
    table = load_cbs(write_workbook(tmp_path / "sut.xlsx", cbs_sheets()))
    assert table.industries == (Industry("NLD", "26"), Industry("NLD", "27"))
    assert table.flows[0, 0] == pytest.approx(0.8 * 10 + 0.5 * 20 * 0.2)
    assert table.flows[1, 0] == pytest.approx(0.5 * 20 * 0.8 + 4)
    assert table.final[0, 1] == pytest.approx(0.8 * 20 + 0.5 * 40 * 0.2)
    np.testing.assert_allclose(table.output, [90, 90])
    np.testing.assert_allclose(table.other, [0.2 * 10 + 0.5 * 20 + 2, 0.2 * 30 + 0.5 * 5 + 2])
    np.testing.assert_allclose(table.value_added, MADE.sum(axis=0) - USED.sum(axis=0) - 2)
    assert (table.year, table.unit) == (2022, "MEUR")
    assert io_system.defects(table) == []


def test_the_workbook_that_the_cbs_page_shows_can_be_read(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "import-cbs.md").read_text(encoding="utf-8")
    tables = re.findall(r"^\| \| \|.*?(?:\n\n)", page, flags=re.MULTILINE | re.DOTALL)
    assert len(tables) == 2

    def cell(text):
        return None if not text else float(text) if text.isdigit() else text

    use, supply = (
        [
            [cell(part.strip()) for part in line.strip("|").split("|")]
            for line in shown.splitlines()
            if "---" not in line
        ]
        for shown in tables
        if shown.strip()
    )
    for rows in (use, supply):
        for row in rows[1:3]:
            row[0] = f"{row[0]:.0f}"  # a product's code is text
    table = load_cbs(write_workbook(tmp_path / "sut_2023.xlsx", {"Aanbod 2023": supply, "Gebruik 2023": use}))
    # by hand: 9 of 10 of each product are made at home, by one industry each; the rest is imported
    np.testing.assert_allclose(table.flows, [[0.9, 1.8], [2.7, 0.9]])
    np.testing.assert_allclose(table.final, [[2.7, 3.6], [3.6, 1.8]])
    np.testing.assert_allclose(table.other, [0.4, 0.3])
    np.testing.assert_allclose(table.value_added, [5, 6])


def test_cbs_tables_that_do_not_fit_are_refused(tmp_path):
    sheets = cbs_sheets()
    sheets["Gebruiktabel 2022"][4][4] = 99.0
    with pytest.raises(DataError, match=r"product b02: -64"):
        load_cbs(write_workbook(tmp_path / "sut.xlsx", sheets))
    sheets = cbs_sheets()
    sheets["Gebruiktabel 2022"][4][4] = "."
    with pytest.raises(InputError, match="Gebruiktabel 2022!E5"):
        load_cbs(write_workbook(tmp_path / "sut.xlsx", sheets))
    with pytest.raises(InputError, match="'gebruik'"):
        load_cbs(write_workbook(tmp_path / "sut.xlsx", {"Aanbod 2022": cbs_sheets()["Aanbodtabel 2022"]}))


def test_every_provider_of_the_command_line_has_a_loader():
    assert set(LOADERS) == {"figaro", "exiobase", "cbs", "wiod"}


def test_the_concordance_brings_every_industry_to_a_sector_that_is_judged():
    """All 163 industries of EXIOBASE, the 64 of FIGARO, and CBS labels by division."""
    text = (resources.files("lodestock") / "reference/economy/concordance.csv").read_text(encoding="utf-8")
    names = [row["sector"] for row in csv.DictReader(text.splitlines()) if row["provider"] == "exiobase"]
    assert len(set(names)) == 163
    found, unknown = concordance.joins("exiobase", names)
    assert unknown == [] and {judged_industry(code) for code in found.values()} <= {f"c{k}" for k in range(1, 36)}
    assert {"C26", "C27", "C28", "C29", "C30"} <= set(found.values())
    for code in (item.code for item in a64_sectors()):
        assert judged_industry(code) is not None, code
    # Eurostat writes spans with T and sections with one division by their letter.
    assert {judged_industry(code) for code in ("L", "D", "O", "U")} == {"c29", "c17", "c31", "c34"}


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("26", "C26"), ("26 Elektrotechnische industrie", "C26"), ("10-12", "C10-C12"), ("31-32", "C31_C32"),
        ("C28", "C28"), ("26.1", "C26"), ("05-09", "B"), ("69-70", "M69_M70"), ("68", "L68"),
        ("26-27", None), ("Handel", None), ("2022", None), ("04", None),
    ],
)  # fmt: skip
def test_labels_of_cbs_are_read_by_their_division(label, code):
    assert concordance.numbered(label) == code


def test_an_industry_outside_the_concordance_is_named_and_nothing_is_joined():
    found, unknown = concordance.joins("cbs", ["26", "Handel"])
    assert (found, unknown) == ({"26": "C26"}, ["Handel"])
    assert concordance.joins("figaro", ["C26"]) == ({}, [])
