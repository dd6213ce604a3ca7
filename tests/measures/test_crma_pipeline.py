"""The pipeline and the benchmarks: against closed forms, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from lodestock.errors import InputError
from lodestock.measures.crma_pipeline import PipelineProject, displaced, pipeline_effect


def _project(name, chance=0.5, year=(2029.0, 2029.0, 2029.0), capacity=(100.0, 100.0, 100.0)):
    return PipelineProject(name, chance, year, capacity, "example")


def _effect(projects, **changes):
    asked = {"stage": "processing", "year": 2030, "consumption": 1000.0, "own_now": 0.2, "largest_now": 0.7}
    return pipeline_effect(projects, **(asked | changes))


def test_against_the_binomial():
    found = _effect([_project(f"p{n}") for n in range(6)], draws=65536)
    # 40 % needs at least two more of 100 t out of six with chance one half each
    exact = 1.0 - binom.cdf(1, 6, 0.5)
    assert found.chance == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 65536))
    assert found.added.mean == pytest.approx(0.3, abs=4 * np.sqrt(6 * 0.25 / 65536) * 0.1)
    assert found.added.median == pytest.approx(0.3)
    assert sum(share for _, share in found.by_project) == pytest.approx(found.added.mean, rel=1e-12)


def test_a_project_after_the_year_does_not_count_and_a_triangle_counts_in_part():
    late = _project("late", 1.0, (2031.0, 2032.0, 2035.0))
    assert _effect([late]).added.mean == 0.0
    # symmetric triangle on the four years 2029 to 2032: by 2030 the lower half of it
    half = _project("half", 1.0, (2029.0, 2030.5, 2032.0), (50.0, 100.0, 150.0))
    found = _effect([half], draws=65536)
    assert found.added.mean == pytest.approx(0.05, abs=4 * 0.053 / 256)


def test_the_last_year_of_a_range_can_be_the_first_of_production():
    # two years, the second the likelier: a triangle on 2029 to 2031 with its top at 2030.5 leaves a third below 2030
    late = _project("late", 1.0, (2029.0, 2030.0, 2030.0))
    at_2029 = _effect([late], year=2029, draws=65536).added.mean / 0.1
    assert at_2029 == pytest.approx(1.0 / 3.0, abs=4 * np.sqrt(2 / 9 / 65536))
    assert _effect([late], year=2030).added.mean == pytest.approx(0.1)


def test_adding_a_project_does_not_change_the_others():
    one = _effect([_project("a"), _project("b")])
    two = _effect([_project("a"), _project("b"), _project("c")])
    assert dict(two.by_project)["a"] == dict(one.by_project)["a"]
    assert two.added.mean > one.added.mean and two.chance >= one.chance


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 2))
def test_what_is_displaced_stays_a_share(own, part, added):
    largest = part * (1.0 - own)
    low, high = displaced(own, largest, np.array([added]))
    assert 0.0 <= low[0] <= high[0] <= largest + 1e-15
    assert high[0] <= max(1.0 - own - added, 0.0) + 1e-15


def test_unknown_stays_unknown():
    found = _effect([_project("a")], own_now=None)
    assert (found.own, found.chance, found.largest) == (None, None, None) and found.added.mean > 0
    assert _effect([_project("a")], largest_now=None).largest_chance is None
    empty = _effect([])
    assert empty.added.mean == 0.0 and empty.own.median == 0.2 and empty.chance == 0.0


def test_bad_input_is_refused():
    for message, made in [
        ("without a source", lambda: PipelineProject("a", 0.5, (1, 1, 1), (1, 1, 1), " ")),
        ("from 0 to 1", lambda: _project("a", 1.5)),
        ("low ≤ mode ≤ high", lambda: _project("a", 0.5, (2030, 2029, 2031))),
        ("no benchmark", lambda: _effect([], stage="manufacturing")),
        ("above 0", lambda: _effect([], consumption=0.0)),
        ("stands twice", lambda: _effect([_project("a"), _project("a")])),
        ("from 0 to 1", lambda: _effect([], own_now=1.2)),
    ]:
        with pytest.raises(InputError, match=message):
            made()
