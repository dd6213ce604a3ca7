"""The case format: what is wrong with a file is said with file, line, key and how to mend it; nothing wrong passes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lodestock.errors import DataError, InputError, LodestockError, UnknownNameError
from lodestock.evidence.ledger import Text
from lodestock.verification import Form, Given, Input, Kind, load_case, run_case, run_files
from lodestock.verification.inputs import read_inputs
from lodestock.verification.located_yaml import read_located
from lodestock.verification.registry import kind

GOOD = """\
id: mine
kind: one-shot-stock
title: My own case
source: by hand
inputs:
  probability: 0.12 1/yr
  mean_need: {value: 50, unit: t}
  carry: 8 k€/t/yr
  loss: 300 kEUR/t
expected:
  stock: 75.2038698388137
  avoided_loss: 1400
tolerance: {absolute: 1e-6}
note: q* = μ ln(pv/h)
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "case.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_of_ones_own_runs(tmp_path: Path) -> None:
    checks = run_case(load_case(written(tmp_path, GOOD)))
    assert [(check.path, check.passed, check.line) for check in checks] == [
        ("stock", True, 11),
        ("avoided_loss", True, 12),
    ]
    assert checks[0].tolerance == 1e-6


BROKEN = [  # (old, new, line, what the message must hold)
    ("kind: one-shot-stock", "kind: one-shot-stok", 2, ["unknown kind of check 'one-shot-stok'", "one-shot-stock"]),
    ("title: My own case\nsource: by hand\n", "title:\n", 1, ["the case has no 'title'"]),
    (
        "id: mine\nkind: one-shot-stock\ntitle: My own case\n",
        "kind: carrry\n",
        1,
        ["unknown kind of check 'carrry'", "carry"],
    ),
    ("id: mine\n", "id: mine\nextra: 1\n", 2, ["unknown key 'extra'"]),
    ("source: by hand\n", "", 1, ["the case has no 'source'"]),
    ("  mean_need: {value: 50, unit: t}\n", "", 5, ["input 'mean_need' is missing", "mean need"]),
    ("  loss: 300 kEUR/t", "  lossen: 300 kEUR/t", 9, ["unknown input 'lossen'", "did you mean loss"]),
    ("300 kEUR/t", "300 EUR/t", 9, ["given in EUR/t, not in kEUR/t", "inputs.loss"]),
    ("300 kEUR/t", "300", 9, ["'loss' has no unit", "kEUR/t"]),
    ("300 kEUR/t", "many", 9, ["'loss' is not a finite number", "in kEUR/t"]),
    ("unit: t}", "unit: kg}", 7, ["given in kg, not in t"]),
    ("{value: 50, unit: t}", "{value: fifty, unit: t}", 7, ["'mean_need' is not a finite number", "'fifty'"]),
    ("{value: 50, unit: t}", "{value: .nan, unit: t}", 7, ["is not a finite number"]),
    ("{value: 50, unit: t}", "{value: true, unit: t}", 7, ["is not a finite number"]),
    ("{value: 50, unit: t}", "{value: [50], unit: t}", 7, ["is not a finite number"]),
    ("  stock: 75.2038698388137", "  stok: 75.2", 11, ["unknown expected value 'stok'", "did you mean stock"]),
    ("75.2038698388137", ".nan", 11, ["not a finite number", "expected.stock"]),
    ("75.2038698388137", ".inf", 11, ["not a finite number"]),
    ("75.2038698388137", "[]", 11, ["empty"]),
    ("tolerance: {absolute: 1e-6}", "tolerance: 1e-6", 13, ["does not say which"]),
    ("{absolute: 1e-6}", "{absolut: 1e-6}", 13, ["unknown tolerance 'absolut'", "absolute"]),
    ("{absolute: 1e-6}", "{absolute: -1}", 13, ["not a number of 0 or more"]),
    ("{absolute: 1e-6}", "{absolute: .inf}", 13, ["not a number of 0 or more"]),
    ("note: q*", "tolerance_at: {cost: {absolute: 1}}\nnote: q*", 14, ["unknown expected value 'cost'"]),
    ("id: mine\n", "id: mine\nid: yours\n", 2, ["'id' stands twice"]),
    ("title: My own case", "title: [a, b]", 3, ["title is not a text"]),
    ("inputs:\n", "inputs: [\n", 7, ["not YAML"]),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), BROKEN)
def test_what_is_wrong_is_said_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, message: list[str]
) -> None:
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(LodestockError) as caught:
        load_case(path)
    assert f"{path}, line {line}" in caught.value.where
    for part in message:
        assert part in str(caught.value)
    assert caught.value.mend


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_case(tmp_path / "none.yml")
    (tmp_path / "case.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        load_case(tmp_path / "case.yml")
    with pytest.raises(InputError, match="holds no case"):
        load_case(written(tmp_path, ""))


def test_a_wrong_expected_value_fails_visibly(tmp_path: Path) -> None:
    report = run_files([written(tmp_path, GOOD.replace("1400", "1401"))])
    assert not report.passed
    text, dutch = report.to_text(), report.to_text("nl")
    assert "NOT as expected" in text and "avoided_loss (line 12): expected 1401, computed 1400" in text
    assert "NIET zoals verwacht" in dutch and "regel 12" in dutch
    failed = report.to_dict()
    assert failed["passed"] is False and failed["failed"] == 1


def test_bad_numbers_in_a_kind_are_reported_with_the_case(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("0.12 1/yr", "1.2 1/yr"))
    with pytest.raises(InputError, match="a chance lies from 0 to 1") as caught:
        run_files([path])
    assert f"{path}, line 5" in caught.value.where and "probability" in caught.value.where


def test_no_cases_is_not_a_pass() -> None:
    assert not run_files([]).passed


SYNTHETIC = """\
id: s
kind: synthetic
title: s
source: s
inputs: {}
expected:
  x: VALUE
tolerance: {absolute: 1e-9}
"""


def synthetic(computed: object) -> Kind:
    return Kind("synthetic", Text("kunstmatig", "synthetic"), {}, {"x": "a value"}, lambda given: {"x": computed})


@pytest.mark.parametrize(
    ("computed", "expected", "passed"),
    [
        (np.nan, "1.0", False),
        (np.inf, "1.0", False),
        ([1.0, np.nan], "[1.0, 1.0]", False),
        ([1.0], "[1.0, 1.0]", False),
        (np.array([[1.0, 2.0]]), "[[1.0, 2.0]]", True),
        (np.float64(1.0), "1", True),
        (None, "null", True),
        (None, "1.0", False),
        (np.nan, "null", False),
        (True, "true", True),
        (True, "false", False),
        ("NO", "NO", True),
        ("a", "b", False),
        ({"y": [1.0]}, "{y: [1.0000001]}", False),
        ({"y": [1.0]}, "{y: [1.0]}", True),
        (1.0 + 2e-9, "1.0", False),
        (1.0 + 5e-10, "1.0", True),
    ],
)
def test_what_passes_and_what_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computed: object, expected: str, passed: bool
) -> None:
    monkeypatch.setattr("lodestock.verification.case.find_kind", lambda name, where: synthetic(computed))
    report = run_files([written(tmp_path, SYNTHETIC.replace("VALUE", expected))])
    assert report.passed is passed
    json.dumps(report.to_dict(), allow_nan=False)
    assert report.to_text()


def test_a_number_where_none_is_expected_is_not_measured_against_a_tolerance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lodestock.verification.case.find_kind", lambda name, where: synthetic(0.0))
    report = run_files([written(tmp_path, SYNTHETIC.replace("VALUE", "null"))])
    (check,) = report.checks
    assert not check.passed and check.tolerance is None and check.to_dict()["tolerance"] is None
    for lang, said in (
        ("en", "expected null (no value), computed 0; these are not two numbers, so no tolerance applies"),
        ("nl", "verwacht null (geen waarde), berekend 0; dit zijn geen twee getallen, dus geldt er geen tolerantie"),
    ):
        assert said in report.to_text(lang) and "allowed 0" not in report.to_text(lang)


@pytest.mark.parametrize(
    ("computed", "expected"),
    [(1.0, "abc"), (1.0, "[1.0]"), ([1.0], "1.0"), (1.0, "{y: 1}"), (True, "1"), ({"y": 1.0}, "{z: 1}")],
)
def test_another_form_than_computed_is_an_error_not_a_skip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computed: object, expected: str
) -> None:
    monkeypatch.setattr("lodestock.verification.case.find_kind", lambda name, where: synthetic(computed))
    with pytest.raises((InputError, UnknownNameError)) as caught:
        run_files([written(tmp_path, SYNTHETIC.replace("VALUE", expected))])
    assert "line 7" in caught.value.where


def test_a_kind_that_does_not_compute_what_it_promises_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Kind("synthetic", Text("k", "s"), {}, {"x": "a", "y": "b"}, lambda given: {"x": 1.0})
    monkeypatch.setattr("lodestock.verification.case.find_kind", lambda name, where: broken)
    text = "id: s\nkind: synthetic\ntitle: s\nsource: s\ninputs: {}\nexpected: {x: 1}\ntolerance: {absolute: 1e-9}\n"
    with pytest.raises(DataError, match="did not compute y"):
        run_files([written(tmp_path, text)])


def test_two_kinds_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="one-shot-stock"):
        kind("one-shot-stock", title=Text("a", "b"), inputs={}, computes={})(lambda given: {})


TABLE = Input(
    "lanes",
    form=Form.ROWS,
    columns={
        "name": Input("name", form=Form.TEXT),
        "cost": Input("cost", "kEUR/t"),
        "kept": Input("kept", form=Form.FLAG, optional=True),
    },
)


def read(tmp_path: Path, text: str, declared: dict[str, Input]) -> Given:
    document = read_located(written(tmp_path, text))
    return read_inputs(document, document.value, declared, ())


def test_tables_and_matrices(tmp_path: Path) -> None:
    text = """\
lanes:
  units: {cost: kEUR/t}
  rows:
    - {name: NO, cost: 1e-3}
    - {name: a, cost: 010, kept: true}
shares: {values: [[1, 2], [3, 4]]}
names: [a, b]
"""
    given = read(
        tmp_path,
        text,
        {"lanes": TABLE, "shares": Input("s", form=Form.MATRIX), "names": Input("n", form=Form.TEXTS)},
    )
    first, second = given.rows("lanes")
    assert (first.text("name"), first.number("cost"), first.has("kept")) == ("NO", 0.001, False)
    assert (second.number("cost"), second.flag("kept")) == (10.0, True)
    np.testing.assert_array_equal(given.numbers("shares"), [[1, 2], [3, 4]])
    assert given.texts("names") == ["a", "b"]
    with pytest.raises(TypeError):
        given.number("names")


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("lanes: {rows: [{name: a, cost: 1}]}", "'cost' has no unit", 1),
        ("lanes:\n  units: {cost: EUR/kg}\n  rows: [{name: a, cost: 1}]", "given in EUR/kg", 2),
        ("lanes:\n  units: {cost: kEUR/t}\n  rows:\n  - {name: a}", "'cost' is missing", 4),
        ("lanes:\n  units: {cost: kEUR/t}\n  rows:\n  - {name: a, cost: 1, x: 2}", "unknown input 'x'", 4),
        ("lanes:\n  units: {costs: kEUR/t}\n  rows: []", "unknown column 'costs'", 2),
        ("lanes: [1]", "'lanes' is not a table", 1),
    ],
)
def test_bad_tables_are_named(tmp_path: Path, text: str, message: str, line: int) -> None:
    with pytest.raises(LodestockError, match=message) as caught:
        read(tmp_path, text, {"lanes": TABLE})
    assert f"line {line}" in caught.value.where


def test_rows_of_a_matrix_must_be_equally_long(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="equally long"):
        read(tmp_path, "m: {values: [[1, 2], [3]], unit: t}", {"m": Input("m", "t", Form.MATRIX)})


@pytest.mark.parametrize("text", ["n: {value: 1.5, unit: month}", "n: [1] month", "n: {values: 3}"])
def test_whole_numbers_are_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        read(tmp_path, text, {"n": Input("n", "month", Form.WHOLE)})


def test_yaml_that_refers_to_itself_ends(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_located(written(tmp_path, "a: &a [*a]"))
