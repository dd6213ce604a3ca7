"""The page of benchmarks: what a project adds, what is not known, and which projects a reader may see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from lodestock_desk.measures import pipeline
from lodestock_desk.measures.pipeline import Gauge, stages
from lodestock_desk.processing.models import Project

from .people import actor, client

ON = date(2026, 11, 1)


@pytest.fixture
def gauges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gauges of today that are easy to add to: 20 % processed in the Union, 70 % from one country."""
    known = {"processing": (Gauge(0.2, 0.2, 0.4, False, ""), Gauge(0.7, 0.7, 0.65, False, "CHN"))}
    monkeypatch.setattr(pipeline, "gauges", lambda *_args: known)


def _project(**change: object) -> Project:
    who = actor("contactpunt")
    values = {
        "name": "Proefproject (voorbeeld)", "promoter_name": "voorbeeld", "material": "gallium", "stage": "processing",
        "capacity_t": Decimal(100), "capacity_source": "voorbeeld", "chance": 50, "chance_source": "voorbeeld",
        "start_year": 2029, "share": "state", "organisation": who.organisation, "owner": who.membership,
        "made_by": who.user, **change,
    }  # fmt: skip
    return Project(**values)


def _stage(*projects: Project, use: float | None = 500.0, year: int = 2030):
    return stages(None, "gallium", projects, year=year, consumption_t=use, on=ON)[0]


def test_a_project_adds_its_chance_times_its_capacity(db: None, gauges: None) -> None:
    found = _stage(_project())
    assert found.projects[0].tonnes == 50.0  # half of 100 t
    assert found.projects[0].share == pytest.approx(0.1, abs=0.01)  # 50 of 500 t; four standard errors of 8,192 draws
    assert found.effect.own.low == pytest.approx(0.2) and found.effect.own.high == pytest.approx(0.4)
    assert found.effect.chance == pytest.approx(0.5, abs=4 * 0.5 / 8192**0.5)  # 40 % exactly if it is built


def test_a_project_that_starts_later_adds_nothing_in_the_year(db: None, gauges: None) -> None:
    found = _stage(_project(start_year=2031))
    assert found.projects[0].tonnes == 0.0 and found.effect.chance == 0.0


@pytest.mark.parametrize("missing", ["chance", "capacity_t", "start_year"])
def test_what_is_not_known_of_a_project_is_not_counted(db: None, gauges: None, missing: str) -> None:
    found = _stage(_project(**{missing: None}))
    assert found.projects[0].tonnes is None and found.effect is None


def test_without_the_use_of_the_union_a_share_is_not_known(db: None, gauges: None) -> None:
    found = _stage(_project(), use=None)
    assert found.effect is None and found.projects[0].share is None and found.projects[0].tonnes == 50.0


def test_a_confidential_project_does_not_show_through(db: None) -> None:
    _project(name="Geheim project (voorbeeld)", share="own").save()
    _project(name="Gedeeld project (voorbeeld)").save()
    asked = {"material": "gallium", "year": "2030", "consumption_t": "", "source": ""}
    page = client("beleid.ez").get(reverse("measures:benchmarks"), asked).content.decode()
    assert "Gedeeld project" in page and "Geheim project" not in page
    assert "Geheim project" in client("contactpunt").get(reverse("measures:benchmarks"), asked).content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"material": "gold"}, "material"),
        ({"consumption_t": "500"}, "source"),
        ({"consumption_t": "0", "source": "x"}, "consumption_t"),
        ({"year": "1066"}, "year"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_at_its_field(db: None, change: dict, field: str) -> None:
    asked = {"material": "gallium", "year": "2030", "consumption_t": "", "source": "", **change}
    page = client("analist.nmo").get(reverse("measures:benchmarks"), asked).content.decode()
    assert f"id_{field}_error" in page
