"""What-ifs on any critical material: classes, chance and ignorance, named mistakes, the same on any worker."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from lodestock.cli.simulate_text import describe
from lodestock.disruption.regimes import discounted_months, joint_chain
from lodestock.errors import InputError
from lodestock.evidence.store import Store
from lodestock.network.balance import balanced_network
from lodestock.network.faults import (
    MissingFiguresError,
    ShutsTooMuchError,
    StageCycleError,
    UnreachableDemandError,
)
from lodestock.network.price import clearing_price
from lodestock.network.structure import Adaptation, NetworkClass
from lodestock.scenario import network_data
from lodestock.scenario.ensemble import CancelledError, Part, ProcessEngine, parameter_points, read_part, run_parts
from lodestock.scenario.network_data import Classified, figures_of
from lodestock.scenario.simulate_case import Case, run_case
from lodestock.scenario.simulate_chance import WORLD_KEYS, Stated, draw, event_open, world_of, world_paths
from lodestock.scenario.simulate_schema import LoadedWhatIf, WhatIf, load_what_if, shipped_what_ifs
from lodestock.scenario.simulate_values import read_value_steps
from lodestock.scenario.simulate_what_if import WhatIfRun, run_what_if, stated_ranges
from lodestock.scenario.simulate_what_if_record import record_what_if
from lodestock.scenario.simulate_what_if_tables import build_what_if, gap_of
from lodestock.vocabulary import region

ON = date(2026, 11, 22)


def estimate(value: float, low: float | None = None, high: float | None = None, unit: str = "share") -> dict[str, Any]:
    low, high = value if low is None else low, value if high is None else high
    return {"value": value, "low": low, "high": high, "unit": unit, "mark": "prior", "source": "of the test"}


def tree(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "schema": "lodestock-network/1", "id": "test", "title": {"nl": "proef", "en": "test"},
        "starts": "2027-01-01", "horizon_months": 12, "baseline_year": 2024, "materials": ["gallium"],
        "importers": ["EU27"], "commercial_stock": estimate(1.0, 0.5, 2.0, "months"),
        "events": [quota("CHN", 0.5)], "ensemble": {"seed": 5, "points": 4},
    }  # fmt: skip
    return base | changes


def quota(country: str, allowed: float, **more: Any) -> dict[str, Any]:
    return {
        "kind": "quota", "country": country, "first_month": 1, "share": estimate(1.0), "allowed": estimate(allowed)
    } | more  # fmt: skip


def outage(country: str, share: float, **more: Any) -> dict[str, Any]:
    return {"kind": "outage", "country": country, "first_month": 1, "share": estimate(share)} | more


def loaded(**changes: Any) -> LoadedWhatIf:
    return LoadedWhatIf(WhatIf.model_validate_json(json.dumps(tree(**changes))), Path("test.yml"), "0" * 64)


def run(store: Store, scenarios: int = 64, planner: int = 0, **changes: Any) -> WhatIfRun:
    return run_what_if(loaded(**changes), store, scenarios=scenarios, planner=planner, as_of=ON)


def median(found: WhatIfRun, place: str = "EU27", stage: int = -1) -> float:
    one = found.materials[0]
    return float(one.parts["market"]["lost_quantiles"][1, stage, one.places.index(place)])


def test_shipped_examples_are_marked_and_named_as_their_file() -> None:
    known = shipped_what_ifs()
    assert len(known) >= 2
    for name in known:
        found = load_what_if(name).scenario
        assert found.id == name and found.example and found.title.nl.startswith("Voorbeeld")


def test_the_example_of_regimes_runs(store: Store) -> None:  # the other examples run in other tests
    example = load_what_if("example-rare-earth-regimes").scenario
    fewer = example.model_copy(update={"ensemble": example.ensemble.model_copy(update={"points": 1})})
    found = run_what_if(LoadedWhatIf(fewer, Path("test.yml"), "0" * 64), store, scenarios=2, as_of=ON)
    assert [one.material for one in found.materials] == example.materials


def test_the_example_of_regimes_comes_by_chance_alone_and_all_materials_meet_one_world() -> None:
    what_if = load_what_if("example-rare-earth-regimes").scenario
    assert not what_if.events and what_if.regimes is not None and "heavy-rare-earths" in what_if.materials
    stated = stated_ranges(what_if)
    drawn = [draw(what_if, stated, name, 0, 8, 2048) for name in what_if.materials]
    assert drawn[0].weights == pytest.approx(drawn[1].weights)  # the same draws of the same world
    for one in drawn:
        calm = (one.regime[0] >= 1.0 - 1e-12).all(axis=1)  # China never restricts within the horizon
        assert 0.05 < float(one.weights @ calm) < 0.95
    hit = [(one.regime[0] < 1.0).any(axis=1) for one in drawn]
    both, apart = (float(drawn[0].weights @ (hit[0] & hit[1])), float(np.prod([drawn[0].weights @ h for h in hit])))
    assert both > 1.1 * apart  # common cause: they are hit together more often than by separate chances


def test_regimes_by_chance_run_on_magnets_too(store: Store) -> None:
    example = load_what_if("example-magnet-regimes").scenario
    fewer = example.model_copy(update={"ensemble": example.ensemble.model_copy(update={"points": 2})})
    found = run_what_if(LoadedWhatIf(fewer, Path("test.yml"), "0" * 64), store, scenarios=64, as_of=ON)
    (one,) = found.materials
    network = one.built[0].network
    assert (network.stages, network.network_class) == (("processing", "manufacturing"), NetworkClass.CHAIN)
    # 58,000 t is the press total of China's exports in 2024; the world makes more, and no less than it ships
    assert 58_000 < one.built[0].closing[1].production < 187_827  # the whole of code 850511 in 2024
    lost = {name: one.parts["market"]["lost_quantiles"][:, 1, one.places.index(name)] for name in ("NLD", "EU27")}
    for low, middle, high in lost.values():
        assert low == middle == 0.0 < high  # by chance: mostly nothing, sometimes much
    assert set(found.loaded.scenario.exporters) == {"CHN", "JPN"}
    assert {item.id for item in found.to_be_checked} >= {f"cn-2025-{n}" for n in (56, 57, 61, 62)}
    tables = build_what_if(found)
    worst = f"5–95 %: 1.0–{tables['simulate_price']['p95'].max():.1f}"  # the middle is normal in every month
    assert worst != "5–95 %: 1.0–1.0"
    assert any(worst in line for line in describe(found, tables["simulate_lost"], "en"))
    ledger = record_what_if(found, store, tables["simulate_lost"])
    inputs = set(ledger["simulate.rare-earth-magnets.network"].inputs)
    assert {"world.trade.850511", "param.nld.rare_earth_share", "press.magnet_exports"} <= inputs


def test_substitution_of_magnets_counts_and_a_kind_of_magnet_is_sent_to_the_whole(store: Store) -> None:
    magnets = {"materials": ["rare-earth-magnets"], "events": [quota("CHN", 0.3, stage="manufacturing")]}
    give = {"rate": estimate(0.3, unit="share/yr"), "ceiling": estimate(0.5)}
    stiff, soft = run(store, 8, **magnets), run(store, 8, **magnets, substitution=give)
    assert 0 < median(soft) < median(stiff)
    with pytest.raises(InputError, match="850511") as caught:
        run(store, 8, materials=["ndfeb-magnets"], events=[quota("CHN", 0.3)])
    assert "give rare-earth-magnets" in caught.value.mend


def test_a_measure_towards_a_coalition_holds_for_its_members(store: Store) -> None:
    members = list(region("EU27", ON).members)
    lost = [
        median(run(store, 8, materials=["magnesium"], events=[quota("CHN", 0.0, destinations=to)]))
        for to in (["EU27"], members, ["DEU"])
    ]
    assert lost[0] == lost[1] > lost[2] > 0
    named = loaded(events=[quota("CHN", 0.0, destinations=["European Union", "Germany"])]).scenario.events[0]
    assert named.destinations == ["EU27", "DEU"]
    now = loaded(baseline_year=2022, events=[quota("CHN", 0.0, destinations=["NATO"])]).scenario
    assert {"FIN", "SWE"} <= (now.reached(now.events[0]) or set())  # as when it starts, not in the year of trade
    with pytest.raises(ShutsTooMuchError, match="nothing to shut") as caught:
        run(store, 8, materials=["magnesium"], events=[quota("CHN", 0.0, destinations=["CHN"])])
    assert "destinations CHN" in caught.value.where


def test_what_touches_nothing_is_told(store: Store) -> None:
    regimes = {"exporters": ["CHN", "NER"], "never_granted": {"a": 2, "b": 6, "mark": "prior", "source": "test"}}
    with pytest.raises(ShutsTooMuchError, match="no exports from NER"):
        run(store, 8, regimes=regimes)
    with pytest.raises(InputError, match="no material of this what-if has a stage 'extraction'"):
        two = ["gallium", "magnesium"]
        run(store, 8, materials=two, events=[quota("CHN", 0.5), quota("CHN", 0.5, stage="extraction")])


def test_an_element_is_sent_to_its_group(store: Store) -> None:
    with pytest.raises(InputError, match="light-rare-earths"):
        run(store, 8, materials=["neodymium"], events=[quota("CHN", 0.5)])


@pytest.mark.parametrize(
    ("name", "kind", "country", "stages"),
    [
        ("gallium", NetworkClass.SHARES_ONLY, "CHN", 1),
        ("magnesium", NetworkClass.SINGLE_STAGE, "CHN", 1),
        ("cobalt", NetworkClass.SINGLE_STAGE, "CHN", 1),
        ("lithium", NetworkClass.SINGLE_STAGE, "CHL", 1),
        ("tungsten", NetworkClass.CHAIN, "CHN", 2),
    ],
)
def test_each_class_runs_and_says_its_class(
    store: Store, name: str, kind: NetworkClass, country: str, stages: int
) -> None:
    found = run(store, 16, materials=[name], events=[quota(country, 0.1)])
    one = found.materials[0]
    assert one.figures.found.network_class is kind
    assert len(one.built[0].network.stages) == stages
    assert all(item.network.imbalance() <= 1e-9 for item in one.built)
    tables = build_what_if(found)
    for title in ("simulate_shortage", "simulate_lost", "simulate_price", "simulate_network"):
        assert set(tables[title]["class"]) == {kind.value}
    assert (tables["simulate_lost"]["served_share"] <= 1.0).all()
    assert median(found, "WORLD") > 0.0
    assert one.unit == ("% of EU yearly use" if kind is NetworkClass.SHARES_ONLY else "t")


def test_a_quota_on_all_supply_is_lost_but_for_the_stock(store: Store) -> None:
    """Gallium by hand: 69 of 100 come from China; half of that stops, other routes carry 30 % more at most."""
    found = run(
        store, 1, events=[quota("CHN", 0.5)], commercial_stock=estimate(0.0, unit="months"), recycling=False,
        ensemble={"seed": 5, "points": 1},
    )  # fmt: skip
    lost = median(found)
    point = found.materials[0].built[0].network
    spot, spare = point.adaptation.spot, point.capacity.sum() / point.made().sum() - 1.0
    extra = 31.0 * min(spot, spare)
    assert lost == pytest.approx(34.5 - extra, abs=1e-6)


def test_missing_is_refused_by_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    known = network_data.classify(store, 2024, ON)
    bare = tuple(
        Classified(c.material, c.name, NetworkClass.MISSING, {}, (), (), ()) if c.material == "hafnium" else c
        for c in known
    )
    monkeypatch.setattr(network_data, "classify", lambda *_: bare)
    with pytest.raises(MissingFiguresError, match="nothing can be simulated for hafnium"):
        figures_of(store, "hafnium", 2024, ON)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"events": [outage("NZL", 0.5)]}, ShutsTooMuchError, "nothing to shut"),
        ({"events": [quota("NZL", 0.5)]}, ShutsTooMuchError, "no exports of gallium from NZL"),
        ({"events": [outage("CHN", 0.7), outage("CHN", 0.6)]}, ShutsTooMuchError, "more than exists"),
        (
            {"materials": ["magnesium"], "events": [
                {"kind": "outage", "country": "CHN", "first_month": 1, "tonnes": estimate(5e6, unit="t/yr")}]},
            ShutsTooMuchError, "more than exists",
        ),
        ({"stages": {"extraction": ["processing"], "processing": ["extraction"]}}, StageCycleError, "circle"),
        ({"events": [outage("CHN", 0.5, stage="wafer")]}, InputError, "no stage 'wafer'"),
        ({"stages": {"extraction": ["processing"]}}, InputError, "no stage"),
        ({"importers": ["NZL"]}, UnreachableDemandError, "none of the importers"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(store: Store, changes: Any, kind: type[InputError], words: str) -> None:
    with pytest.raises(kind, match=words):
        run(store, 8, **changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"commercial_stock": estimate(-1.0, unit="months")}, "outside 0–120"),
        ({"events": [outage("CHN", 1.5)]}, "outside 0–1"),
        ({"events": []}, "nothing happens"),
        ({"events": [quota("CHN", 0.5, terms=None, tonnes=estimate(1, unit="t/yr"))]}, "says nothing about a quota"),
        ({"events": [{"kind": "licence", "country": "CHN", "first_month": 1, "share": estimate(1)}]}, "needs 'terms'"),
        ({"materials": ["unobtainium"]}, "unobtainium"),
        ({"events": [outage("CHN", 0.5, material="cobalt")]}, "not in materials"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_line(tmp_path: Path, changes: Any, words: str) -> None:
    path = tmp_path / "own.yml"
    path.write_text(yaml.safe_dump(tree(**changes), allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError, match="line") as caught:
        load_what_if(str(path))
    assert words in caught.value.why


def test_two_workers_give_what_one_gives(store: Store, tmp_path: Path) -> None:
    found = run(store, 1)
    one = found.materials[0]
    regimes = {"exporters": ["CHN"], "never_granted": {"a": 2, "b": 6, "mark": "prior", "source": "test"}}
    chance = {"seen": 2, "years": 5, "months": estimate(2, unit="months"), "share": estimate(0.5), "mark": "prior"}
    what_if = loaded(
        regimes=regimes, outages=[{"country": "DEU", "stage": "processing", "chance": chance | {"source": "test"}}]
    ).scenario
    text = what_if.model_dump_json(by_alias=True)
    networks = (one.built[0].network,) * 3
    inside = np.array([name == "CHN" for name in networks[0].countries])
    parts = [
        Part(f"p{n}", Case(text, stated_ranges(what_if), "gallium", networks, one.groups, inside, 50, 4, chosen, 2))
        for n, chosen in enumerate((None, 0, 1))
    ]
    first = run_parts(run_case, parts, tmp_path / "one")
    second = run_parts(run_case, parts, tmp_path / "two", engine=ProcessEngine(2))
    for name in first:
        left, right = read_part(first[name]), read_part(second[name])
        assert left.keys() == right.keys()
        for key in left:
            np.testing.assert_array_equal(left[key], right[key])


def regime_block(**more: Any) -> dict[str, Any]:
    return {"exporters": ["CHN"], "never_granted": {"a": 2, "b": 6, "mark": "prior", "source": "test"}} | more


def test_materials_meet_the_same_world_but_their_own_outages() -> None:
    chance = {
        "seen": 9, "years": 3, "months": estimate(2, unit="months"), "share": estimate(0.5), "mark": "prior",
        "source": "test",
    }  # fmt: skip
    what_if = loaded(
        materials=["gallium", "germanium"], events=[], regimes=regime_block(),
        outages=[{"country": "CHN", "stage": "processing", "chance": chance}],
    ).scenario  # fmt: skip
    one, two = (draw(what_if, stated_ranges(what_if), name, 1, 4, 800) for name in what_if.materials)
    np.testing.assert_array_equal(one.weights, two.weights)
    np.testing.assert_array_equal(one.strata, two.strata)
    assert (one.outages != two.outages).any()
    # a regime of one goes with a regime of the other far more often than by chance
    hit = [(item.regime[0] < 1.0).any(axis=1) for item in (one, two)]
    share = [float(one.weights @ h) for h in hit]
    assert float(one.weights @ (hit[0] & hit[1])) > 1.2 * share[0] * share[1]


def certain(**values: float) -> Stated:
    """Ranges of one value each, so that the exact chain is known."""
    usual = dict.fromkeys(WORLD_KEYS, 0.0) | {
        "calm_to_tense": 0.4, "tense_to_calm": 0.6, "tense_to_conflict": 0.1, "conflict_to_tense": 0.5,
        "new_control": 0.3, "tense_factor": 2.0, "conflict_factor": 4.0, "share_quota": 1.0, "duration": 9.0,
        "targetability": 0.7, "scope": 0.8, "lead_time": 2.0, "lead_shape": 1.0, "granted_fraction": 1.0,
        "tight_slower": 2.0, "tight_refused": 0.2, "quota": 0.25,
    } | values  # fmt: skip
    return Stated({key: (v, v, v) for key, v in usual.items()}, ((-0.2, -0.2, -0.2), (0.1, 0.1, 0.1), (10, 10, 10)))


def test_expected_shortage_is_that_of_the_exact_chain() -> None:
    """One supplier, one user, no stock, no spare: loss = D × scope × (1 − quota) × expected months under the quota."""
    trade = np.zeros((1, 2, 2))
    trade[0, 0, 1] = 10.0
    still = Adaptation(0.0, 0.0, 0.0, 0.0, (99.0,), 0.0, 0.0, 0.0)
    network = balanced_network(
        "gallium", ["processing"], ["CHN", "EU27"], np.array([[10.0, 0.0]]), trade, np.empty(0), spare=0.0,
        months=[0.0], adaptation=still,
    ).network  # fmt: skip
    what_if = loaded(events=[], regimes=regime_block(disturbed=0.6), horizon_months=24).scenario
    stated, count = certain(), 8
    case = Case(
        what_if.model_dump_json(by_alias=True), stated, "gallium", (network,) * count, np.ones((1, 2)),
        np.array([True, False]), 4000,
    )  # fmt: skip
    found = run_case(case)
    chain, sizes = joint_chain(world_of(stated.regimes, np.full(12, 0.5), 1, 1), (0,))
    months = discounted_months(chain, 0, 24, 0.0).reshape(sizes)
    exact = 10.0 * 0.8 * 0.75 * float(months.sum(axis=tuple(range(len(sizes) - 1)))[1:].sum())
    assert found["lost_error"][0, 1] > 0.0
    assert abs(found["lost_mean"][0, 1] - exact) < 4.0 * found["lost_error"][0, 1]
    assert found["lost_error"][0, 1] < 0.1 * exact


def test_a_forced_share_of_draws_does_not_bias_the_world() -> None:
    what_if = loaded(events=[], regimes=regime_block(disturbed=0.5), horizon_months=24).scenario
    stated = certain()
    paths = world_paths(what_if, stated, (0, 1), 6000)
    chain, sizes = joint_chain(world_of(stated.regimes, np.full(12, 0.5), 1, 1), (0,))
    exact = 24.0 - discounted_months(chain, 0, 24, 0.0).reshape(sizes).sum(axis=tuple(range(len(sizes) - 1)))[0]
    away = (paths.material[:, 0] > 0).sum(axis=1).astype(float)
    mean, spread = float(paths.weights @ away), 0.0
    for h in (0, 1):
        own = paths.strata == h
        spread += float(paths.weights[own].sum()) ** 2 * float(away[own].var(ddof=1)) / int(own.sum())
    assert abs(mean - exact) < 4.0 * np.sqrt(spread)


def test_a_licence_loses_its_mean_lead_time_and_what_is_never_granted() -> None:
    """The two identities of V03 for a licence event: E[T] months in all, then the share never granted each month."""
    terms = {
        "never_granted": estimate(0.2), "lead_time": estimate(2.5, unit="months"), "shape": estimate(1.3, unit="1"),
        "granted_fraction": estimate(0.9),
    }  # fmt: skip
    event = {"kind": "licence", "country": "CHN", "first_month": 3, "share": estimate(0.5), "terms": terms}
    item = loaded(events=[event], horizon_months=120).scenario.events[0]
    drawn = {"share": 0.5, "never_granted": 0.2, "lead_time": 2.5, "shape": 1.3, "granted_fraction": 0.9}
    open_ = event_open(item, {key: np.array([value]) for key, value in drawn.items()}, 120)[0]
    ever = 0.8 * 0.9
    assert (open_[:2] == 1.0).all()
    assert open_[-1] == pytest.approx(1.0 - 0.5 * (1.0 - ever), abs=1e-12)
    assert (open_[-1] - open_[2:]).sum() == pytest.approx(0.5 * ever * 2.5, rel=1e-9)


def test_adaptation_takes_effect_and_what_is_unknown_is_said(store: Store) -> None:
    event = [quota("CHN", 0.2)]
    bare = run(store, events=event, recycling=False)
    base = median(bare)
    give = {"rate": estimate(0.3, unit="share/yr"), "ceiling": estimate(0.3)}
    assert median(run(store, events=event, recycling=False, substitution=give)) < 0.95 * base
    more = run(store, events=event, recycling=False, commercial_stock=estimate(4.0, unit="months"))
    assert median(more) < 0.95 * base
    assert any("substitut" in t.en or "gives way" in t.en for t in bare.materials[0].unknown)
    assert any("strategic stocks" in t.en for t in bare.materials[0].unknown)
    # recycling in the EU comes on top of what is bought: the same tonnes are lost, a smaller share of use
    copper = {"materials": ["copper"], "events": [quota("CHL", 0.1, stage="processing")]}
    with_, without = run(store, 8, **copper), run(store, 8, recycling=False, **copper)
    assert with_.materials[0].recycled is not None and 0.0 < with_.materials[0].recycled < 1.0
    k, eu = -1, with_.materials[0].places.index("EU27")
    use = [
        float(
            (item.materials[0].groups @ item.materials[0].built[0].network.use[k])[eu - len(item.materials[0].places)]
        )
        for item in (with_, without)
    ]
    assert use[0] == pytest.approx(use[1] / (1.0 - with_.materials[0].recycled), rel=1e-9)


def test_a_host_that_stops_takes_its_by_product_along(store: Store) -> None:
    chance = {
        "seen": 500, "years": 1, "months": estimate(24, unit="months"), "share": estimate(1.0), "mark": "prior",
        "source": "test",
    }  # fmt: skip
    host = {
        "name": {"nl": "zink", "en": "zinc"}, "material": "germanium", "country": "CHN", "stage": "processing",
        "share": estimate(0.5), "chance": chance,
    }  # fmt: skip
    found = run(
        store, 8, materials=["germanium"], events=[], hosts=[host], commercial_stock=estimate(0, unit="months"),
        ensemble={"seed": 5, "points": 1},
    )  # fmt: skip
    what_if = found.loaded.scenario
    drawn = draw(what_if, stated_ranges(what_if), "germanium", 0, 1, 8)
    assert drawn.hosts.max() < 1e-9  # at 500 stops a year the host never works
    assert median(found) > 0.0
    lost = found.materials[0].parts["market"]["lost_quantiles"][1, 0, found.materials[0].places.index("EU27")]
    assert lost < 83.0 * 0.5 + 1e-9  # half of China's share does not hang on zinc


def test_planner_bounds_the_market_in_each_draw_and_the_gap_has_a_spread(store: Store) -> None:
    found = run(store, 32, planner=5, materials=["magnesium"], events=[quota("CHN", 0.1)])
    market, gap = gap_of(found.materials[0])
    assert market.size == 5 and (gap >= -1e-6).all() and gap.std() > 0.0
    for part in found.materials[0].planned:
        assert part["market"].sum() <= part["one_round"].sum() + 1e-6
        assert float(part["planner_value"]) == pytest.approx(float(part["planner"].sum()), rel=1e-9)


def test_values_per_tonne_are_cut_from_the_least_valuable(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "value_per_tonne.csv"
    path.write_text("sector,keur_per_t,use_t_per_yr\nC27,90,10\nC28,20,30\nC29,0,0\n", encoding="utf-8")
    steps = read_value_steps(path)
    assert steps.values == (20.0, 90.0) and steps.widths == (0.75, 0.25)
    events = [quota("CHN", 0.1)]
    found = run_what_if(
        loaded(materials=["magnesium"], events=events), store, scenarios=16, planner=2, steps=steps, as_of=ON
    )
    for part in found.materials[0].planned:
        short, use = part["market"][:, 0], part["use"][:, 0]
        dear = np.maximum(0.0, short - 0.75 * use)  # by hand: what goes beyond the cheap three quarters
        assert float(part["market_value"]) == pytest.approx(20.0 * (short - dear).sum() + 90.0 * dear.sum(), rel=1e-9)
        assert float(part["planner_value"]) <= float(part["market_value"]) * (1.0 + 1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sector,keur_per_t\nC27,9\n", "no column use_t_per_yr"),
        ("keur_per_t,use_t_per_yr\nnine,1\n", "'nine' is not a number"),
        ("keur_per_t,use_t_per_yr\n-9,1\n", "cannot be a keur_per_t"),
        ("keur_per_t,use_t_per_yr\n", "holds no use"),
    ],
)
def test_a_table_of_values_that_does_not_fit_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "values.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_value_steps(path)


def test_a_stopped_run_is_taken_up_again(store: Store, tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) == 2

    def go(**more: Any) -> WhatIfRun:
        return run_what_if(loaded(), store, scenarios=16, planner=3, folder=tmp_path / "parts", as_of=ON, **more)

    with pytest.raises(CancelledError, match="stopped"):
        go(cancelled=stop)
    assert len(list((tmp_path / "parts").glob("*.npz"))) == 2
    told: list[int] = []
    again = go(resume=True, progress=lambda now: told.append(now.done))
    assert told[0] == 2 and told[-1] == 5
    whole = run_what_if(loaded(), store, scenarios=16, planner=3, as_of=ON)
    for name, arrays in whole.materials[0].parts.items():
        for key in arrays:
            np.testing.assert_array_equal(arrays[key], again.materials[0].parts[name][key])


def test_prices_are_those_of_the_closed_form() -> None:
    found = clearing_price(np.array([0.0, 0.4]), np.array([-0.2, -0.2]), np.array([0.1, 0.1]))
    assert found == pytest.approx([1.0, 5.489], abs=5e-4)  # V06-A


def test_runs_of_the_sobol_sequence_are_spread_at_each_point() -> None:
    """The draws of a point fill every range, however the scenarios are divided over points."""
    for block in np.array_split(parameter_points(1000, 5, 1, "gallium", "terms"), 32):
        assert (np.abs(block.mean(axis=0) - 0.5) < 0.12).all()
        assert (block.max(axis=0) - block.min(axis=0) > 0.8).all()
