"""Reading one's own licence cases: ages by hand, and every impossible row refused by line."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from lodestock.disruption.cases import MONTH_DAYS, Outcome, ages, parse_cases, read_cases
from lodestock.errors import InputError

HEAD = "id,submitted,outcome,decided,decided_from,decided_until,last_seen,fraction"


def read(*rows: str):
    return parse_cases([HEAD, *rows], where="cases.csv", today=dt.date(2026, 1, 1))


def test_ages_by_hand():
    cases = read(
        "a,2025-04-10,granted,2025-06-10,,,,",
        "b,2025-04-10,partly,,2025-05-10,2025-06-10,,0.4",
        "c,2025-04-10,pending,,,,2025-10-10,",
        "d,2025-04-10,denied,2025-08-10,,,,",
        "e,2025-04-10,withdrawn,2025-05-01,,,,",
        "f,2025-04-10,granted,2025-04-10,,,,",
    )
    found = ages(cases)
    assert found.low * MONTH_DAYS == pytest.approx([61, 30, 183, 122, 21, 0.5])
    assert found.high * MONTH_DAYS == pytest.approx([61, 61, 183, 122, 21, 0.5])
    assert found.granted.tolist() == [True, True, False, False, False, True]
    assert found.denied.tolist() == [False, False, False, True, False, False]
    assert found.fraction[:2].tolist() == [1.0, 0.4]


def test_groups_that_are_spelled_otherwise_are_one_group():
    rows = [f"{n},2025-04-10,granted,2025-06-10,{name}" for n, name in enumerate(("Dy", "dysprosium", "own mix"))]
    head = "id,submitted,outcome,decided,material"
    found = parse_cases([head, *rows, "9,2025-04-10,granted,2025-06-10,Own Mix"], where="cases.csv")
    assert [case.material for case in found] == ["Dy", "Dy", "own mix", "own mix"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,2025-06-10,granted,2025-04-10,,,,", "before the submission"),
        ("a,2025-06-31,granted,2025-07-10,,,,", "no date"),
        ("a,2025-06-10,granted,2027-07-10,,,,", "after 2026-01-01"),
        ("a,2025-06-10,granted,,2025-08-10,2025-07-10,,", "before it begins"),
        ("a,2025-06-10,granted,,,,,", "needs decided"),
        ("a,2025-06-10,pending,,,,,", "needs last_seen"),
        ("a,2025-06-10,pending,2025-07-01,,,2025-08-01,", "no day of decision"),
        ("a,2025-06-10,approved,2025-07-10,,,,", "none of"),
        ("a,2025-06-10,partly,2025-07-10,,,,1.4", "does not lie"),
        ("a,2025-06-10,denied,2025-07-10,,,,0.5", "no granted fraction"),
        ("a,,granted,2025-07-10,,,,", "no day of submission"),
        (",2025-06-10,granted,2025-07-10,,,,", "no id"),
        ("a,2025-06-10,granted,2025-07-10,,,,,x", "more cells"),
    ],
)
def test_impossible_rows_are_refused_by_line(row, said):
    with pytest.raises(InputError) as caught:
        read("z,2025-04-10,granted,2025-06-10,,,,", row)
    assert "line 3" in caught.value.why
    assert said in caught.value.why


def test_all_faulty_lines_are_named_at_once():
    with pytest.raises(InputError) as caught:
        read(
            "a,2025-06-10,granted,2025-01-10,,,,",
            "b,2025-04-10,granted,2025-06-10,,,,",
            "b,2025-04-10,granted,2025-06-10,,,,",
        )
    assert "line 2" in caught.value.why
    assert "line 4" in caught.value.why
    assert "already stands in line 3" in caught.value.why


def test_headers_and_files(tmp_path):
    with pytest.raises(InputError, match="columns are missing"):
        parse_cases(["id,outcome", "a,granted"], where="x")
    with pytest.raises(InputError, match="unknown column") as caught:
        parse_cases(["id,submitted,outcome,decidd"], where="x")
    assert "decided" in caught.value.mend
    with pytest.raises(InputError, match="no cases"):
        parse_cases([HEAD], where="x")
    with pytest.raises(InputError, match="cannot be read"):
        read_cases(tmp_path / "none.csv")
    file = tmp_path / "cases.csv"
    file.write_text(f"{HEAD}\na,2025-04-10,granted,2025-06-10,,,,\n", encoding="utf-8-sig")
    assert read_cases(file)[0].latest == dt.date(2025, 6, 10)


def test_what_a_dutch_spreadsheet_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "zaken.csv"
    lines = ["id;submitted;outcome;decided;last_seen;fraction;;", "a;2025-04-14;Partly;2025-06-02;;0,6;;", ";;;;;;;"]
    path.write_bytes(("\ufeff" + "\r\n".join([*lines, "b;2025-05-05;pending;;2025-09-01;;;"])).encode())
    first, second = read_cases(path)
    assert (first.outcome, first.fraction, second.latest) == (Outcome.PARTLY, 0.6, dt.date(2025, 9, 1))
    path.write_text("\n".join(lines).replace(";", "\t").replace("0,6", "0.6"), encoding="utf-8")
    assert read_cases(path) == (first,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        (" \n\n", "the file is empty"),
        ("id,submitted,outcome,id\n", "column 'id' stands twice"),
        (
            f"{HEAD}\na,45761,granted,2025-06-02",
            "line 2: submitted '45761' is no date (YYYY-MM-DD; the number of",
        ),
        (f"{HEAD}\na,14-04-2025,granted,2025-06-02", "line 2: submitted '14-04-2025' is no date"),
        (f"{HEAD}\n\na,0205-04-14,granted,2025-06-02", "line 3: submitted 0205-04-14 lies before 1990"),
        (f"{HEAD}\n{'a,' * 40}", "line 2: more cells than columns"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        read_cases(path)


def test_a_workbook_is_no_table_of_text(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xfe")
    with pytest.raises(InputError, match="not as a workbook"):
        read_cases(path)
