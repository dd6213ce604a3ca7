"""Siting: dominance before ranking, gaps that stay gaps, and what may never happen."""

from __future__ import annotations

import datetime as dt
from itertools import permutations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lodestock.errors import InputError, LodestockError, UnknownNameError
from lodestock.evidence.marks import Mark
from lodestock.measures.site_book import Fact, compare_sites, parse_sites, plants_near, site_book
from lodestock.measures.siting import distance_km, least_weighted, on_scale, rank, weight_range

share = st.floats(0.0, 1.0, allow_subnormal=False)


@st.composite
def _case(draw):
    n, c = draw(st.integers(2, 5)), draw(st.integers(1, 4))
    ends = [[sorted((draw(share), draw(share))) for _ in range(c)] for _ in range(n)]
    cells = np.array(ends)
    weights = np.array([draw(st.floats(0.01, 1.0)) for _ in range(c)])
    return cells[..., 0], cells[..., 1], *weight_range(weights, draw(share))


def _corners(lowest, highest):
    """Every corner of the weights in [lowest, highest] that sum to 1: all but one share at an end of its range."""
    c = lowest.size
    for free in range(c):
        for ends in product(*([(lowest[k], highest[k]) for k in range(c) if k != free])):
            weights = np.insert(np.array(ends), free, 1.0 - sum(ends))
            if lowest[free] - 1e-12 <= weights[free] <= highest[free] + 1e-12:
                yield weights


@given(_case())
def test_the_least_weighted_sum_against_every_corner_of_the_weights(case):
    low, _, lowest, highest = case
    corners = np.array(list(_corners(lowest, highest)))
    assert least_weighted(low, lowest, highest) == pytest.approx((low @ corners.T).min(axis=1), abs=1e-10)


@settings(max_examples=25)
@given(_case())
def test_the_least_weighted_sum_against_a_linear_programme(case):
    low, _, lowest, highest = case
    assume((highest - lowest).min() > 1e-4)  # the solver keeps bounds to 1e-7 only
    found = least_weighted(low, lowest, highest)
    for row, value in zip(low, found, strict=True):
        best = linprog(row, A_eq=np.ones((1, row.size)), b_eq=[1.0], bounds=list(zip(lowest, highest, strict=True)))
        assert value == pytest.approx(best.fun, abs=1e-9)


@given(_case(), st.data())
def test_adding_a_dominated_site_never_changes_the_best(case, data):
    low, high, lowest, highest = case
    before = rank(low, high, lowest, highest)
    above = data.draw(st.integers(0, low.shape[0] - 1))
    top = low[above] * data.draw(share)  # at most what the site above surely has
    bottom = top * data.draw(share)
    after = rank(np.vstack([low, bottom]), np.vstack([high, top]), lowest, highest)
    assert after.possible_best[:-1].tolist() == before.possible_best.tolist()
    assert after.beats[:-1, :-1].tolist() == before.beats.tolist()
    if before.dominates.any():
        assert (before.beats | ~before.dominates | (before.low[:, None] - before.high[None, :] <= 1e-9)).all()


@given(_case())
def test_a_true_ranking_lies_within_its_intervals(case):
    low, high, lowest, highest = case
    found = rank(low, high, lowest, highest)
    rng = np.random.default_rng(0)
    for _ in range(5):
        values = low + (high - low) * rng.random(low.shape)
        weight = lowest + (highest - lowest) * (1 - lowest.sum()) / max((highest - lowest).sum(), 1e-300)
        score = values @ weight
        for site, mine in enumerate(score):
            better = int((score > mine + 1e-9).sum())
            no_worse = int((score >= mine - 1e-9).sum())
            assert found.first[site] <= no_worse and better + 1 <= found.last[site]


def test_a_gap_is_the_whole_scale_never_its_middle():
    low, high = on_scale(
        np.array([[np.nan, 50.0], [10.0, 300.0]]), np.array([[np.nan, 60.0], [12.0, 300.0]]),
        np.array([0.0, 200.0]), np.array([20.0, 40.0]),
    )  # fmt: skip
    assert low.tolist() == [[0.0, 0.875], [0.5, 0.0]]
    assert high.tolist() == [[1.0, 0.9375], [0.6, 0.0]]
    found = rank(low, high, *weight_range(np.array([1.0, 0.0]), 0.0))
    assert found.possible_best.tolist() == [True, True]  # what is not known can be the best and the worst
    assert found.first.tolist() == [1, 1] and found.last.tolist() == [2, 2]


def test_three_sites_by_hand():
    # a is best on both; b and c swap: b 0.8 and 0.2, c 0.3 and 0.6; with equal weights b 0.5 and c 0.45
    points = np.array([[0.9, 0.9], [0.8, 0.2], [0.3, 0.6]])
    exact = rank(points, points, *weight_range(np.array([1.0, 1.0]), 0.0))
    assert exact.first.tolist() == exact.last.tolist() == [1, 2, 3]
    assert exact.dominates.tolist() == [[False, True, True], [False] * 3, [False] * 3]
    loose = rank(points, points, *weight_range(np.array([1.0, 1.0]), 0.5))
    # weights 0.25 to 0.75: b 0.35 to 0.65, c 0.375 to 0.525; at 0.25 c wins
    assert loose.first.tolist() == [1, 2, 2] and loose.last.tolist() == [1, 3, 3]
    assert loose.low == pytest.approx([0.9, 0.35, 0.375]) and loose.high == pytest.approx([0.9, 0.65, 0.525])


@given(_case())
def test_the_order_of_the_sites_does_not_matter(case):
    low, high, lowest, highest = case
    found = rank(low, high, lowest, highest)
    for order in list(permutations(range(low.shape[0])))[:4]:
        turned = rank(low[list(order)], high[list(order)], lowest, highest)
        assert turned.first.tolist() == found.first[list(order)].tolist()


def test_distances_against_known_ones():
    # Rotterdam (51.9225, 4.47917) to Hamburg (53.5511, 9.9937): 410 km on the great circle, by the cosine rule
    north, east = np.radians([51.9225, 53.5511]), np.radians([4.47917, 9.9937])
    cosine = np.sin(north[0]) * np.sin(north[1]) + np.cos(north[0]) * np.cos(north[1]) * np.cos(east[1] - east[0])
    found = distance_km(51.9225, 4.47917, np.array([53.5511]), np.array([9.9937]))
    assert found[0] == pytest.approx(6371.0088 * np.arccos(cosine), rel=1e-9)


def test_the_sites_that_ship_are_mostly_not_known():
    book = site_book()
    plants = pl.DataFrame(
        {
            "activity": ["refining", "mining", "recycling"], "operation": ["operating", "operating", "planned"],
            "latitude": [51.22, 51.22, 51.22], "longitude": [4.40, 4.40, 4.40],
        }
    )  # fmt: skip
    near = plants_near(book, plants, dt.date(2026, 11, 22))
    counts = {fact.site: fact.low for fact in near}
    assert counts["antwerp"] == 1.0 and counts["hamburg"] == 0.0  # 430 km away; mines and plans do not count
    found = compare_sites(book, {"transition-funds": 1, "plants-near": 1, "grid-wait": 1}, facts=near)
    assert not found.known[:, found.criteria.index("grid-wait")].any()
    assert found.ask_first[0] == "grid-wait"
    assert found.ranking.possible_best.all()  # the waiting time could turn everything: say so instead of ranking
    only = compare_sites(book, {"plants-near": 1}, facts=near, tolerance=0.0)
    assert {only.sites[i] for i in np.flatnonzero(only.ranking.possible_best)} >= {"antwerp", "rotterdam"}
    assert "hamburg" not in {only.sites[i] for i in np.flatnonzero(only.ranking.possible_best)}
    assert {"rotterdam", "groningen", "zeeland", "chemelot", "antwerp", "hamburg", "dunkirk"} <= set(book.sites)


def test_the_latest_fact_counts_and_unknown_names_are_refused():
    book = site_book()
    old, new = (
        Fact("rotterdam", "draught", value, value, dt.date(year, 1, 1), "port", Mark.SEEN)
        for value, year in ((20.0, 2020), (24.0, 2025))
    )
    found = compare_sites(book, {"draught": 1}, facts=[new, old])
    assert found.facts[("rotterdam", "draught")].low == 24.0
    with pytest.raises(UnknownNameError):
        compare_sites(book, {"harbour": 1})
    with pytest.raises(UnknownNameError):
        compare_sites(book, {"draught": 1}, sites=["roterdam"])
    with pytest.raises(InputError, match="without a source"):
        Fact("rotterdam", "draught", 1.0, 1.0, dt.date(2025, 1, 1), "", Mark.SEEN)
    with pytest.raises(InputError, match="not all 0"):
        compare_sites(book, {"draught": 0})
    with pytest.raises(InputError, match="a share"):
        compare_sites(book, {"draught": 1}, tolerance=2)


_FILE = """
schema: lodestock-sites/1
criteria: [{id: c, theme: t, title: {nl: c, en: c}, unit: m, worst: 0, best: 1}]
sites: [{id: s, nl: s, en: s, country: NLD, latitude: 52, longitude: 5}]
facts: [{site: s, criterion: c, low: 0.1, high: 0.2, on: 2026-01-01, mark: seen, source: x}]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", source: x", "", "'source' needs a text"),
        ("on: 2026-01-01, ", "", "needs its day"),
        ("best: 1", "best: 0", "two different ends"),
        ("site: s", "site: t", "unknown site"),
        ("latitude: 52", "latitude: 520", "does not fit"),
    ],
)
def test_a_file_with_a_fault_is_refused(old, new, said):
    assert len(parse_sites(_FILE, where="f.yml").facts) == 1
    with pytest.raises(LodestockError, match=said):
        parse_sites(_FILE.replace(old, new), where="f.yml")
