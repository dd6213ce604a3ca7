"""Sectors and the industries of the World Input-Output Database."""

from __future__ import annotations

import pytest

from lodestock import vocabulary
from lodestock.errors import InputError, UnknownNameError


def test_there_are_64_and_35() -> None:
    assert len(vocabulary.a64_sectors()) == 64
    assert [i.code for i in vocabulary.wiod_industries()] == [f"c{number}" for number in range(1, 36)]
    assert sum(s.level == "division" for s in vocabulary.sectors()) == 88


@pytest.mark.parametrize(
    ("industry", "divisions"),
    [
        ("c12", {"C24", "C25"}),
        ("c13", {"C28", "C33"}),
        ("c14", {"C26", "C27"}),
        ("c15", {"C29", "C30"}),
        ("c9", {"C20", "C21"}),
        ("c2", {"B05", "B06", "B07", "B08", "B09"}),
        ("c11", {"C23"}),
    ],
)
def test_divisions_of_an_industry(industry: str, divisions: set[str]) -> None:
    assert {s.code for s in vocabulary.sectors_of_wiod(industry)} == divisions
    assert vocabulary.wiod_industry(industry).many_to_one is (len(divisions) > 1)


def test_every_industry_is_matched_and_every_match_leads_back() -> None:
    for industry in vocabulary.wiod_industries():
        assert industry.sectors
        for code in industry.sectors:
            assert vocabulary.wiod_of_sector(code) == industry


def test_inexact_matches_say_so() -> None:
    assert vocabulary.sector("C33").match_is_partial
    assert not vocabulary.sector("C26").match_is_partial


def test_aggregates() -> None:
    assert vocabulary.sector("C10_C12") == vocabulary.sector("C10-C12")
    assert vocabulary.wiod_of_sector("C10-C12").code == "c3"
    assert vocabulary.wiod_of_sector("C31_C32").code == "c16"
    with pytest.raises(InputError, match="spans several"):
        vocabulary.wiod_of_sector("C13-C15")
    with pytest.raises(InputError, match="no WIOD industry"):
        vocabulary.wiod_of_sector("U")


def test_unknown_sectors() -> None:
    with pytest.raises(UnknownNameError, match="C26"):
        vocabulary.sector("C261")
    with pytest.raises(UnknownNameError):
        vocabulary.wiod_industry("c36")
