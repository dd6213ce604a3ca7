"""What the figures show and say; labels that do not overlap."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from example import dependency, figures, parameters, shortage
from hypothesis import given
from hypothesis import strategies as st
from stock_example import euros, stock_figures

from lodestock.errors import DataError, LodestockError
from lodestock.evidence.ledger import Text
from lodestock.evidence.marks import Mark
from lodestock.publish.figures import draw
from lodestock.publish.figures.base import covers, size_of, spread, standing_alone, to_svg
from lodestock.publish.figures.tables import HEADERS
from lodestock.publish.model import FIGURE_TABLES, FigureKind, FigureSpec, Lang

LANGS: tuple[Lang, ...] = ("nl", "en")
START = date(2025, 4, 4)


def spec(kind: FigureKind, **tables: pl.DataFrame) -> FigureSpec:
    return FigureSpec(kind.value, kind, tables, "2024", Text("bron", "source"), Mark.SEEN)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=8), st.floats(5, 30))
def test_labels_are_pushed_apart_in_order_and_stay_inside(places: list[float], gap: float) -> None:
    out = spread(places, gap, 0, 200)
    room = min(gap, 200 / max(1, len(places) - 1))
    ordered = sorted(out)
    assert all(b - a >= room - 1e-6 for a, b in pairwise(ordered))
    assert ordered[0] >= -1e-6 and ordered[-1] <= 200 + 1e-6
    for i, j in ((i, j) for i in range(len(places)) for j in range(len(places)) if places[i] < places[j]):
        assert out[i] < out[j] + 1e-6


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert spread([150.0, 20.0, 80.0], 16, 0, 200) == [150.0, 20.0, 80.0]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", list(FigureKind))
def test_each_figure_speaks_one_language_and_fetches_nothing(kind: FigureKind, lang: Lang) -> None:
    (figure,) = [figure for figure in (*figures(), *stock_figures()) if figure.kind is kind]
    drawing = draw(figure, lang, START)
    svg = to_svg(drawing, lang)
    assert drawing.alt and drawing.title and drawing.caption and figure.source[lang] in drawing.subtitle
    assert "http" not in svg.replace("http://www.w3.org/", "")
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {"Lodestock Sans"}
    text = " ".join(re.findall(r">([^<>]+)</text>", svg))
    foreign = {
        "nl": ("Netherlands", "months", "stock", "million"),
        "en": ("Nederland ", "maanden", "voorraad", "miljoen"),
    }
    assert not any(word in text for word in foreign[lang])
    width, height = size_of(svg)
    assert 480 <= width <= 640 and height < 700
    alone = standing_alone(svg, drawing)
    assert drawing.title.split()[0] in alone and size_of(alone)[1] > height


def test_dutch_and_english_signs_in_the_axes() -> None:
    (figure,) = [figure for figure in figures() if figure.kind is FigureKind.CONTEXT]
    assert ">6.000</text>" in to_svg(draw(figure, "nl", START), "nl")
    assert ">6,000</text>" in to_svg(draw(figure, "en", START), "en")
    assert "okt 2025" in to_svg(draw(figure, "nl", START), "nl")


def test_missing_months_break_the_line() -> None:
    months = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 4, 1), date(2025, 5, 1)]
    frame = pl.DataFrame({"month": months, "tonnes": [100.0, 110.0, 120.0, 130.0]})
    drawing = draw(spec(FigureKind.CONTEXT, exports=frame), "en", None)
    assert "No figure for: March 2025." in drawing.alt
    paths = re.findall(r'<path[^>]* d="([^"]+)"[^>]*stroke="#154273"', to_svg(drawing, "en"))
    (path,) = [found for found in paths if "L" in found]
    assert path.count("M") == 2  # two strokes: before and after the gap


def test_value_at_risk_names_the_vintage_in_its_title() -> None:
    (figure,) = [figure for figure in figures() if figure.kind is FigureKind.VALUE_AT_RISK]
    assert "2011" in draw(figure, "nl").title and "2011" in draw(figure, "en").title


def test_alt_text_of_the_shortage_names_the_worst_month_of_the_data() -> None:
    worst = (pl.col("month") == date(2026, 2, 1)) & (pl.col("convention") == "one-age")
    raised = [
        pl.when(worst).then(peak).otherwise(name).alias(name) for name, peak in (("median", 41.2), ("high", 90.0))
    ]
    drawing = draw(spec(FigureKind.SHORTAGE, path=shortage().with_columns(raised)), "en")
    assert "February 2026, at 41\u00a0tonnes" in drawing.alt and "to 90\u00a0tonnes" in drawing.alt


def test_imports_from_outside_only_are_said_so() -> None:
    inside = draw(spec(FigureKind.DEPENDENCY, shares=dependency()), "en").caption
    frame = dependency().filter((pl.col("importer") == "NLD") | (pl.col("partner") != "other EU"))
    outside = draw(spec(FigureKind.DEPENDENCY, shares=frame), "en").caption
    assert "only imports from outside the EU" in outside and "only imports from outside" not in inside


def test_an_unknown_share_is_not_drawn_as_zero() -> None:
    blank = pl.when(pl.col("product") == "280530").then(None)
    frame = dependency().with_columns(blank.otherwise(pl.col(name)).alias(name) for name in ("share", "quantity_t"))
    svg = to_svg(draw(spec(FigureKind.DEPENDENCY, shares=frame), "nl"), "nl")
    assert svg.count(">onbekend</text>") == 2


def test_what_cannot_be_drawn_is_refused_in_words() -> None:
    wrong = dependency().with_columns(product=pl.lit("999999"))
    with pytest.raises(LodestockError, match="999999"):
        draw(spec(FigureKind.DEPENDENCY, shares=wrong), "nl")
    wrong = dependency().with_columns(partner=pl.lit("Mars"))
    with pytest.raises(LodestockError, match="Mars"):
        draw(spec(FigureKind.DEPENDENCY, shares=wrong), "nl")
    wrong = shortage().with_columns(convention=pl.lit("no-age"))
    with pytest.raises(LodestockError, match="no-age"):
        draw(spec(FigureKind.SHORTAGE, path=wrong), "nl")
    empty = shortage().with_columns(median=pl.lit(None, dtype=pl.Float64))
    with pytest.raises(DataError, match="no value at all"):
        draw(spec(FigureKind.SHORTAGE, path=empty), "nl")
    with pytest.raises(DataError, match="no rows"):
        spec(FigureKind.SHORTAGE, path=shortage().head(0))


def test_years_in_words() -> None:
    assert covers("2024", "nl") == "2024"
    assert covers("2025-04", "nl") == "april 2025"
    assert covers("2025-04/2026-03", "en") == "April 2025 – March 2026"


def test_every_column_has_a_heading() -> None:
    for tables in FIGURE_TABLES.values():
        for columns in tables.values():
            assert set(columns) <= set(HEADERS)


def test_an_assumption_that_stands_fixed_is_not_drawn_and_noise_is_called_less_than_one_per_cent() -> None:
    drawing = draw(spec(FigureKind.SENSITIVITY, parameters=parameters()), "en")
    assert "mean lead time: 140\xa0tonnes when low, 330\xa0tonnes when high (45% of the spread)" in drawing.alt
    assert "less than 1%" in drawing.alt and "granted" not in drawing.alt


def test_a_measure_without_room_has_no_next_euro() -> None:
    drawing = draw(spec(FigureKind.EURO, measures=euros()), "en")
    assert "recycling of magnets: first euro 32, next euro 0.50" in drawing.alt
    assert "substitution: designs without heavy rare earths: first euro 43, next euro no room left" in drawing.alt
    svg = to_svg(drawing, "en")
    assert "no room left" in svg and "next euro" in svg


@pytest.mark.parametrize("lang", LANGS)
def test_labels_of_two_lines_end_above_the_figures_of_the_axis(lang: Lang) -> None:
    (figure,) = [figure for figure in stock_figures() if figure.kind is FigureKind.FRONTIER]
    chart = draw(figure, lang).chart.to_dict()
    marks = [layer for layer in chart["layer"] if layer["mark"]["type"] == "text"]
    assert len(marks) == 2
    for layer in marks:
        (row,) = json.loads(layer["data"]["values"])
        lines = row["text"].count("\n")
        last = layer["encoding"]["y"]["value"] + layer["mark"]["dy"] + 14 * lines
        assert lines == 1 and last + 3 <= chart["height"]  # 3 px: what hangs below the line of writing


@pytest.mark.parametrize(("lang", "unit"), [("nl", "miljoen"), ("en", "million")])
def test_amounts_beside_dots_have_their_unit(lang: Lang, unit: str) -> None:
    (figure,) = [figure for figure in figures() if figure.kind is FigureKind.VALUE_AT_RISK]
    svg = to_svg(draw(figure, lang), lang)
    amounts = [text for text in re.findall(r">([^<>]+)</text>", svg) if text.startswith("€")]
    assert len(amounts) >= 2 and all(unit in text for text in amounts)


@pytest.mark.parametrize("kind", [FigureKind.FRONTIER, FigureKind.EURO, FigureKind.MUST_BE_TRUE])
def test_what_a_model_answers_is_not_labelled_as_a_figure_of_a_year(kind: FigureKind) -> None:
    (figure,) = [figure for figure in stock_figures() if figure.kind is kind]
    assert ", op basis van het gebruik in 2024." in draw(figure, "nl").subtitle
    assert ", based on use in 2024." in draw(figure, "en").subtitle
