"""How numbers are written. The expected texts follow from the rules N1–N8 in `publish/numbers.py`, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.ledger import Entry, Kind, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.numbers import (
    UNITS,
    bracket_text,
    full_text,
    interval_text,
    number_text,
    parts_text,
    range_text,
    rounded,
)


def entry(value: float | None, unit: str, *ends: float, bracket: tuple[float, float] | None = None) -> Entry:
    low, high = ends if ends else (None, None)
    return Entry("x", Kind.PARAMETER, Text("x", "x"), value, unit, Mark.PRIOR, low, high, bracket)


def said(text: str | None) -> str:
    """With ordinary spaces, to compare with."""
    assert text is not None
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "nl", "en"),
    [
        (12345, "t", "12.000 ton", "12,000 tonnes"),
        (3.0, "week", "3,0 weken", "3.0 weeks"),
        (0.0049, "t", "0,0049 ton", "0.0049 tonnes"),
        (99.4, "t", "99 ton", "99 tonnes"),
        (99.6, "t", "100 ton", "100 tonnes"),
        (0.0995, "t", "0,10 ton", "0.10 tonnes"),
        (0.125, "t", "0,13 ton", "0.13 tonnes"),
        (0, "t", "0 ton", "0 tonnes"),
        (-31.2, "t", "−31 ton", "−31 tonnes"),
        (0.377, "1", "38%", "38%"),
        (0.062, "1", "6,2%", "6.2%"),
        (1, "1", "100%", "100%"),
        (0.996, "1", "meer dan 99%", "more than 99%"),
        (0.0054, "1/yr", "0,54% per jaar", "0.54% a year"),
        (2017, "count", "2.017", "2,017"),
        (5404, "EUR/t/yr", "€ 5.400 per ton per jaar", "€5,400 per tonne a year"),
        (123.4, "MEUR", "€ 120 miljoen", "€120 million"),
        (999.7, "MEUR", "€ 1,0 miljard", "€1.0 billion"),
        (1240, "MEUR", "€ 1,2 miljard", "€1.2 billion"),
        (1.5, "month", "1,5 maanden", "1.5 months"),
        (None, "t", "onbekend", "unknown"),
    ],
)
def test_golden_numbers(value: float | None, unit: str, nl: str, en: str) -> None:
    assert said(number_text(value, unit, "nl")) == nl
    assert said(number_text(value, unit, "en")) == en


@pytest.mark.parametrize(
    ("made", "nl", "en"),
    [
        (entry(121.3, "t", 70.2, 212), "120 ton (70–210 ton)", "120 tonnes (70–210 tonnes)"),
        (entry(0.377, "1", 0.21, 0.55), "38% (21–55%)", "38% (21–55%)"),
        (entry(1070, "t/yr", 820, 1351), "1.100 ton per jaar (820–1.400)", "1,100 tonnes a year (820–1,400)"),
        (entry(120.0, "t", 119.6, 120.4), "120,0 ton (119,6–120,4 ton)", "120.0 tonnes (119.6–120.4 tonnes)"),
        (entry(121.0, "t", 118, 124), "121 ton (118–124 ton)", "121 tonnes (118–124 tonnes)"),
        (entry(61.0, "t", 0.4, 130), "61 ton (bijna 0 tot 130 ton)", "61 tonnes (nearly 0 to 130 tonnes)"),
        (entry(5.0, "t", -3, 12), "5,0 ton (−3,0 tot 12 ton)", "5.0 tonnes (−3.0 to 12 tonnes)"),
        (entry(1240, "MEUR", 180, 2600), "€ 1,2 miljard (€ 0,18–2,6 miljard)", "€1.2 billion (€0.18–2.6 billion)"),
        (entry(7.0, "t", 7.0, 7.0), "7,0 ton", "7.0 tonnes"),
        (entry(7.0, "t"), "7,0 ton", "7.0 tonnes"),
        (entry(None, "t"), "onbekend", "unknown"),
        (entry(0.98, "1", 0.95, 0.999), "98% (95 tot meer dan 99%)", "98% (95 to more than 99%)"),
    ],
)
def test_golden_ranges(made: Entry, nl: str, en: str) -> None:
    assert said(range_text(made, "nl")) == nl
    assert said(range_text(made, "en")) == en


def test_interval_and_bracket_stand_alone() -> None:
    made = entry(121.3, "t", 70, 212, bracket=(94, 171))
    assert said(interval_text(made, "nl")) == "70–210 ton"
    assert said(bracket_text(made, "en")) == "94–170 tonnes"
    assert interval_text(entry(7.0, "t", 7.0, 7.0), "nl") is None
    assert bracket_text(entry(7.0, "t"), "nl") is None
    assert said(bracket_text(entry(7.0, "t", bracket=(7.0, 7.0)), "nl")) == "7,0 ton"


def test_full_text_keeps_every_digit() -> None:
    assert full_text(0.1 + 0.2, "1", "en") == "0.30000000000000004"
    assert said(full_text(1234567.0, "t", "nl")) == "1.234.567 t"
    assert full_text(None, "t", "en") == "unknown"


def test_parts_for_two_sizes() -> None:
    assert parts_text(121.3, "t", "nl") == ("120", "ton")
    assert parts_text(0.113, "1", "nl") == ("11%", "")
    assert [said(part) for part in parts_text(1240, "MEUR", "nl")] == ["€ 1,2", "miljard"]
    assert [said(part) for part in parts_text(0.0045, "1/yr", "nl")] == ["0,45%", "per jaar"]
    assert parts_text(None, "t", "en") == ("unknown", "")


def test_what_cannot_be_published_is_refused() -> None:
    with pytest.raises(DataError, match="nan"):
        number_text(float("nan"), "t", "nl")
    with pytest.raises(UnknownNameError, match="tonne"):
        number_text(1.0, "tonne", "nl")
    with pytest.raises(DataError, match="wrong way"):
        range_text(entry(5.0, "t", 6, 4), "nl")


@given(st.floats(min_value=1e-9, max_value=1e12), st.integers(2, 4))
def test_rounding_keeps_as_many_digits_as_asked_and_is_close(value: float, digits: int) -> None:
    out = rounded(value, digits)
    assert len(out.as_tuple().digits) <= digits or out == out.to_integral_value()
    assert abs(out - Decimal(repr(value))) <= abs(Decimal(repr(value))) * Decimal(10) ** (1 - digits) / 2


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=3, max_size=3))
def test_rounding_keeps_order(values: list[float]) -> None:
    low, middle, high = sorted(values)
    assert rounded(low) <= rounded(middle) <= rounded(high)


def test_every_unit_has_words_in_both_languages() -> None:
    for code in UNITS:
        for lang in ("nl", "en"):
            assert number_text(2.0, code, lang)  # type: ignore[arg-type]
