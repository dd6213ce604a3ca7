"""Every case that ships passes; a wrong expected value makes it fail where it is wrong."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lodestock.verification import Case, all_kinds, run_case, run_files, shipped_cases
from lodestock.verification.compare import compare
from lodestock.verification.located_yaml import spell

CASES = shipped_cases()


def leaves(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, (*place, key))
    elif isinstance(value, list):
        for number, child in enumerate(value):
            yield from leaves(child, (*place, number))
    elif isinstance(value, int | float):
        yield place


def altered(case: Case, place: tuple[str | int, ...], by: float) -> Case:
    expected = copy.deepcopy(dict(case.expected))
    inner: object = expected
    for key in place[:-1]:
        inner = inner[key]  # type: ignore[index]
    inner[place[-1]] += by  # type: ignore[index]
    return dataclasses.replace(case, expected=expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case_is_as_expected(case: Case) -> None:
    checks = run_case(case)
    assert checks
    assert [check for check in checks if not check.passed] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_each_wrong_expected_value_fails_where_it_is_wrong(case: Case) -> None:
    computed = case.kind.compute(case.inputs)  # once: what is altered is only what is expected of it
    for place in leaves(dict(case.expected)):
        tolerance = case.tolerance_at.get(str(place[0]), case.tolerance)
        for sign in (-1.0, 1.0):
            wrong = altered(case, place, sign * max(1e-5, 10.0 * tolerance.allowed(1e4)))
            failed = [check.path for check in compare(wrong, computed) if not check.passed]
            assert failed == [spell(place)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_kind_computes_exactly_what_it_documents(case: Case) -> None:
    computed = case.kind.compute(case.inputs)
    assert set(computed) == set(case.kind.computes)
    doc = case.kind.doc
    assert all(name in doc for name in [*case.kind.inputs, *case.kind.computes])
    assert (case.kind.compute.__doc__ or "").strip()
    assert case.kind.title.nl and case.kind.title.en


def test_no_tolerance_hides_an_error() -> None:
    for case in CASES:
        for tolerance in (case.tolerance, *case.tolerance_at.values()):
            assert tolerance.absolute <= 1e-6 and tolerance.relative <= 1e-6


def test_identifiers_are_unique_and_every_kind_has_a_case() -> None:
    names = [case.id for case in CASES]
    assert len(set(names)) == len(names)
    assert {case.kind.name for case in CASES} == set(all_kinds())


@pytest.mark.parametrize(
    "claim", ["V01-A", "V01-B", "V01-C", "V01-D", "V01-E", "V03-A", "V03-B", "V03-C", "V03-D", "V03-E"]
)
def test_claims_of_the_first_model_sections_are_covered(claim: str) -> None:
    assert claim in {case.id for case in CASES}


def test_report_for_people_and_machines(tmp_path: Path) -> None:
    report = run_files()
    assert report.passed
    payload = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert payload["cases"] == len(CASES) and payload["failed"] == 0
    assert payload["values"] == sum(len(outcome["checks"]) for outcome in payload["outcomes"])
    english, dutch = report.to_text("en"), report.to_text("nl")
    assert "all as expected" in english and "alle zoals verwacht" in dutch
    assert all(case.title.en in english and case.title.nl in dutch for case in CASES)
