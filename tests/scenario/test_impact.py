"""What a shortage costs: identities against the scenario run, three models side by side, lineage, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lodestock.economy import leontief
from lodestock.economy.io_system import Industry, InputOutputTable
from lodestock.economy.library import Held, held, keep, names, use
from lodestock.economy.propagation import Model
from lodestock.economy.representatives import medoids
from lodestock.economy.table_rows import check_table, digest_of
from lodestock.errors import DataError, InputError, UnknownNameError
from lodestock.evidence import manifest as manifests
from lodestock.evidence.ledger import Kind, Rows, Text
from lodestock.evidence.marks import Mark
from lodestock.evidence.store import Store
from lodestock.evidence.trace import Chain, trace
from lodestock.publish.compose import source_lines
from lodestock.scenario.impact import ImpactRun, by_sector, run_impact
from lodestock.scenario.impact_extract import extract, extract_all
from lodestock.scenario.impact_files import write_tables
from lodestock.scenario.impact_judgement import movers, spread_by_judgement
from lodestock.scenario.impact_paths import Paths
from lodestock.scenario.impact_record import record
from lodestock.scenario.impact_service import TierService, services
from lodestock.scenario.impact_tables import build
from lodestock.scenario.impact_together import Overlap, shared_months, tables_together, together
from lodestock.scenario.impact_together_record import joint_info, record_together
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.load import load
from lodestock.scenario.value import own_table

DAY = date(2026, 11, 21)
FLAGSHIP = "china-heavy-rare-earths-2025"


@pytest.fixture(scope="module")
def shipped(store: Store, store_home: Path) -> Held:
    return held(store_home, store)


@pytest.fixture(scope="module")
def impact(store: Store, shipped: Held) -> ImpactRun:
    return run_impact(load(FLAGSHIP), store, shipped, region="NLD", most_paths=4, as_of=DAY)


@pytest.fixture(scope="module")
def served(impact: ImpactRun) -> tuple[TierService, ...]:
    return services(impact)


@pytest.fixture(scope="module")
def start(impact: ImpactRun, store: Store, served: tuple[TierService, ...]) -> str:
    return record(impact, store, served)


def test_the_direct_loss_is_the_scenarios_value_at_risk_pro_rata(impact: ImpactRun, start: str) -> None:
    """Two ways to the same number: ceilings of industries in the table, and families valued one by one (V09)."""
    direct, at_risk = impact.run.ledger[f"{start}.direct"], impact.run.ledger["var.total.pro_rata"]
    for name in ("value", "low", "high"):
        assert getattr(direct, name) == pytest.approx(getattr(at_risk, name), rel=1e-9)
    assert direct.bracket == pytest.approx(at_risk.bracket, rel=1e-9)


def test_a_brief_values_what_is_at_risk_on_the_table_in_use_and_says_its_year(
    impact: ImpactRun, store: Store, shipped: Held, tmp_path: Path
) -> None:
    """Value added three times as large in another year: three times the value at risk, by the same draws (§6.1)."""
    before = impact.run
    table = shipped.table
    tripled = replace(
        table, flows=table.flows * 3, final=table.final * 3, value_added=table.value_added * 3, unit="MEUR",
        output=table.output * 3, other_costs=table.other * 3, scaled_to=2023,
    )  # fmt: skip
    use(tmp_path, keep(tmp_path, "wiod-2011-va2023", tripled, {"value_added_sha256": "a" * 64}))
    mine = Store(tmp_path, store.folder)
    other = run_impact(load(FLAGSHIP), mine, shipped, region="NLD", models=[Model.LP], most_paths=1, as_of=DAY)
    after = other.run
    assert (before.value_year, after.value_year) == (2011, 2023)
    assert own_table(before.ledger) is None
    own = own_table(after.ledger)
    assert own is not None and own.id == "wiod-2011-va2023" and own.sha256 == "a" * 64
    rate = 1.392  # the shipped table is in dollars, this one is read as euros
    for name in ("best", "pro_rata", "worst"):
        key = f"var.total.{name}"
        assert after.ledger[key].value == pytest.approx(3 * rate * (before.ledger[key].value or 0.0), rel=1e-9)
        assert "2023" in after.ledger[key].label.en and "2023" in after.ledger[key].label.nl
        ends = [item.id for _, item in after.ledger.chain(key) if not item.inputs]
        assert "nl.va.table" in ends and not any(end.endswith(".output") for end in ends)
    money = [line for line in source_lines(after) if line.snapshot == "wiod-2011-va2023"]
    assert len(money) == 1 and money[0].address.startswith("https://")
    named = after.info.io_tables
    assert before.info.io_tables == {} and list(named) == [own.id] and named[own.id] == digest_of(tripled)
    assert manifests.run_to_dict(before.info).get("io_tables") is None  # as it ships: held by the store
    manifests.write(manifests.Manifest(after.info, after.ledger), tmp_path / "manifest.json")
    read = manifests.read(tmp_path)
    assert read.run == after.info

    def check(rows: Rows, value: float | None) -> tuple[bool, str]:
        return check_table(tmp_path, mine, rows, value)

    def chain() -> Chain:
        return trace(read, "nl.va.C28", folder=tmp_path, store=mine, imported=check)

    assert chain().intact and [step.agrees for step in chain().steps if step.entry.id == "nl.va.table"] == [True]
    assert not trace(read, "nl.va.C28", folder=tmp_path, store=mine).intact  # nobody looked
    a_little_more = replace(tripled, final=tripled.final * (1 + 1e-12))
    keep(tmp_path, own.id, a_little_more, {"value_added_sha256": "a" * 64})
    changed = chain()
    assert not changed.intact and "were changed" in changed.steps[1].found
    (tmp_path / "io" / own.id).rename(tmp_path / "elsewhere")
    gone = chain()
    assert not gone.intact and f"{own.id} is not in" in gone.steps[1].found and "import" in gone.steps[1].found
    (tmp_path / "elsewhere").rename(tmp_path / "io" / own.id)
    begin = record(other, mine, ())  # a run on another table than the one in use keeps its own rate and split
    assert other.run.ledger[f"{begin}.direct"].value == pytest.approx(before.ledger["var.total.pro_rata"].value)


def test_no_model_loses_less_than_what_cannot_be_made_except_by_overtime(impact: ImpactRun) -> None:
    direct = impact.paths.direct().sum(axis=1)
    for model in (Model.LP, Model.LP_FIXED, Model.PBL):
        assert (impact.models[model].lost.sum(axis=1) >= direct * (1 - 1e-6)).all()
    lp, fixed = impact.models[Model.LP].lost.sum(axis=1), impact.models[Model.LP_FIXED].lost.sum(axis=1)
    assert (lp <= fixed * (1 + 1e-6)).all()


def test_a_representative_has_the_loss_of_its_own_run(impact: ImpactRun) -> None:
    for found in impact.models.values():
        assert found.lost[impact.middle].sum() == pytest.approx(found.by_month.sum(), rel=1e-9)
        assert found.by_region["NLD"] == pytest.approx(found.by_month.sum(), rel=1e-9)
        triple = found.by_allocation
        assert triple["best"] <= triple["pro_rata"] * (1 + 1e-9) <= triple["worst"] * (1 + 1e-9)
        assert triple["pro_rata"] == pytest.approx(found.by_region["NLD"], rel=1e-9)
    assert impact.weights.sum() == pytest.approx(1.0)


def test_a_doubled_price_takes_the_price_once_more_on_what_still_arrives(impact: ImpactRun, start: str) -> None:
    """Terms of trade by hand (§6.3): need minus shortage minus what stocks gave is what was bought."""
    out = impact.focus.out[REFERENCE]
    from_stock = out.initial_stock - out.stock[:, -1]
    bought = out.need.sum(axis=1) - out.shortage.sum(axis=1) - from_stock
    expected = float(np.median(impact.run.draws.shared["price"] / 1000 * bought))
    entry = impact.run.ledger[f"{start}.price_doubling"]
    assert entry.value == pytest.approx(expected, rel=1e-9) and entry.unit == "MEUR"


def test_an_industry_that_is_hit_loses_at_least_its_direct_loss(impact: ImpactRun) -> None:
    """By industry and draw, where nobody makes more than before: the planner cannot make what cannot be made."""
    here = np.array([item.region == "NLD" for item in impact.table.industries])
    direct = by_sector(impact.paths.direct(), impact.paths.industries, here)
    assert (direct.sum(axis=0) > 0).sum() == 3
    for model in (Model.LP, Model.LP_FIXED, Model.PBL):
        lost = impact.models[model].lost
        assert (lost - direct * (1 - 1e-6) >= -1e-9)[:, direct.sum(axis=0) > 0].all()


def test_recapture_lowers_a_loss_and_jobs_follow_it(impact: ImpactRun) -> None:
    for found in impact.models.values():
        lost, net = found.lost, found.net
        assert (net <= lost + 1e-9).all() and (net[lost > 0] >= 0.15 * lost[lost > 0]).all()
        assert found.job_years is not None
        assert np.isfinite(found.job_years).all() and (found.job_years > 0).mean() > 0.99


def test_every_number_leads_down_to_rows_and_parameters_and_says_its_year(impact: ImpactRun, start: str) -> None:
    ledger = impact.run.ledger
    mine = [entry for entry in ledger if entry.id.startswith(f"{start}.")]
    assert len(mine) > 20
    for entry in mine:
        ends = [item for _, item in ledger.chain(entry.id) if not item.inputs]
        assert ends and all(item.kind in (Kind.ROWS, Kind.PARAMETER) for item in ends), entry.id
        assert all(item.source for item in ends if item.kind is Kind.PARAMETER), entry.id
        if entry.unit in ("MEUR", "kEUR/t") and entry.id != f"{start}.price_doubling":
            assert "2011" in entry.label.en and "2011" in entry.label.nl, entry.id
        if entry.low is not None and entry.high is not None and entry.value is not None:
            assert entry.low <= entry.value <= entry.high
    assert any(item.id == "io.table" for _, item in ledger.chain(f"{start}.net.ario"))


def test_the_models_are_never_averaged(impact: ImpactRun, start: str) -> None:
    keys = [entry.id for entry in impact.run.ledger if entry.id.startswith(f"{start}.lost")]
    assert keys == [f"{start}.lost.{model}" for model in Model]


def test_value_per_tonne_is_by_hand_for_one_draw(impact: ImpactRun, served: tuple[TierService, ...]) -> None:
    """C29 holds one family: κ·e·VA·1000 / (share of use × tonnes)."""
    k = next(i for i, family in enumerate(impact.paths.families) if family.id == "vehicles")
    worth = impact.paths.stopped[:, k] * 2615.66091954023 * 1000
    tonnes = impact.focus.use * impact.paths.use[:, k]
    table = build(impact, served, ())["value_per_tonne"]
    row = table.filter(pl.col("sector") == "C29").row(0, named=True)
    assert row["keur_per_t"] == pytest.approx(float(np.median(worth / tonnes)), rel=1e-9)
    assert row["mark"] == Mark.PRIOR.value


def test_priority_uses_get_physical_levels(served: tuple[TierService, ...], impact: ImpactRun) -> None:
    assert {item.tier.value for item in served} == {"defence", "health", "grid", "security"}
    even = 1.0 - impact.paths.short[impact.middle].mean()
    for item in served:
        assert item.rules["pro_rata"].mean == pytest.approx(even, rel=1e-9)
        assert item.rules["first"].mean == pytest.approx(1.0)
        assert item.rules["first"].unit == "t"
    defence = next(item for item in served if item.tier.value == "defence")
    assert defence.licensed is not None and 0.0 <= defence.licensed[0] <= defence.licensed[1] < even


def test_what_rests_on_judgement(impact: ImpactRun, start: str) -> None:
    """Lead times, exposure and recapture are judgements here: nearly all of the spread."""
    share = impact.run.ledger[f"{start}.judgement.inputs"]
    assert share.value is not None and 0.5 < share.value < 1.0 and "prior" in share.note
    assert 0.9 < spread_by_judgement(impact) <= 1.0
    found = movers(impact)
    swings = [abs(item.high - item.low) for item in found]
    assert swings == sorted(swings, reverse=True)
    signs = {item.name: item.high - item.low for item in found}
    assert signs["stock"] <= 0 and signs["recapture"] < 0 and signs["never_civil"] > 0 and signs["issuer_share"] > 0


def test_written_tables_can_be_traced(
    impact: ImpactRun, start: str, served: tuple[TierService, ...], store: Store, tmp_path: Path
) -> None:
    tables = build(impact, served, movers(impact))
    titles = {name: Text(name, name) for name in tables}
    keys = {name: [f"{start}.direct"] for name in tables}
    write_tables(tmp_path, impact.run.info, impact.run.ledger, impact.run.snapshots, tables, titles, keys)
    read = manifests.read(tmp_path)
    assert trace(read, f"{start}.net.pbl", folder=tmp_path, store=store).intact
    chain = trace(read, "impact_by_sector", folder=tmp_path, store=store)
    assert chain.intact and chain.files == {"impact_by_sector.csv": True}
    (tmp_path / "impact_by_sector.csv").write_text("changed\n")
    assert not trace(read, "impact_by_sector", folder=tmp_path, store=store).intact
    assert json.loads((tmp_path / "manifest.json").read_text())["figures"]["impact_by_month"]["kind"] == "table"


def test_another_country_and_too_many_paths_are_refused(store: Store, shipped: Held) -> None:
    with pytest.raises(InputError, match="not judged for DEU"):
        run_impact(load(FLAGSHIP), store, shipped, region="DEU", as_of=DAY)
    with pytest.raises(InputError, match="51 representative paths"):
        run_impact(load(FLAGSHIP), store, shipped, region="NLD", most_paths=51, as_of=DAY)


def test_extraction_one_by_one_is_extraction_of_all(shipped: Held) -> None:
    """Closed form for all industries at once against one solve with the industry's output at zero."""
    ranking = extract_all(shipped, "NLD")
    assert ranking.height == 280
    for name in ("NLD.c14", "CHN.c14", "DEU.c15"):
        one = extract(shipped, name, "NLD")
        row = ranking.filter(pl.col("industry") == name).row(0, named=True)
        assert row["lost_meur"] == pytest.approx(one.total, rel=1e-9)
        assert row["lost_in_country_meur"] == pytest.approx(one.here, rel=1e-9)
        assert row["lost_in_itself_meur"] == pytest.approx(one.own, rel=1e-9)
        assert one.by_region["lost_meur"].sum() == pytest.approx(one.total, rel=1e-12)
    assert extract(shipped, "c14", "NLD").industry == "NLD.c14"
    with pytest.raises(UnknownNameError, match="did you mean"):
        extract(shipped, "c144", "NLD")


def test_medoids_stand_for_the_nearest_and_are_members() -> None:
    rng = np.random.default_rng(2)
    centres = np.array([0.0, 10.0, 50.0])
    features = np.repeat(centres, 40)[:, None] + rng.normal(0, 0.5, (120, 3))
    chosen, cluster = medoids(features, 3)
    assert sorted(cluster[chosen]) == [0, 1, 2]
    assert {int(k) // 40 for k in chosen} == {0, 1, 2}
    for k, group in zip(chosen, cluster[chosen], strict=True):
        assert (cluster == group).sum() == 40 and cluster[k] == group
    same, _ = medoids(np.zeros((10, 2)), 4)
    assert same.size == 1


def test_a_kept_table_comes_back_as_it_was_and_a_wrong_one_is_refused(
    store: Store, shipped: Held, tmp_path: Path
) -> None:
    table = shipped.table
    name = keep(tmp_path, "mine-2011", table, {"sha256": "0" * 64})
    assert names(tmp_path) == ("wiod-2011", "mine-2011")
    use(tmp_path, name)
    back = held(tmp_path, store)
    assert back.id == name and not back.ships
    assert back.table.industries == table.industries and back.table.year == table.year
    np.testing.assert_array_equal(back.table.flows, table.flows)
    leontief.require_productive(leontief.input_coefficients(back.table.flows, back.table.output))
    with pytest.raises(UnknownNameError, match="did you mean mine-2011"):
        held(tmp_path, store, "mine-2012")
    spoiled = type(table)(
        table.industries, table.users, table.flows * 1.5, table.final, table.value_added, table.output, table.unit,
        table.year, table.source,
    )  # fmt: skip
    with pytest.raises(DataError, match="sales minus output"):
        keep(tmp_path, "wrong", spoiled, {})
    assert names(tmp_path) == ("wiod-2011", "mine-2011")
    assert [path.name for path in (tmp_path / "io").iterdir() if path.name.startswith(".")] == []


def copied(impact: ImpactRun, name: str, **changes: object) -> ImpactRun:
    """The same run under another name and of another product, with changes in its scenario."""
    product = impact.run.scenario.product.model_copy(update={"codes": ["284690"]})
    scenario = impact.run.scenario.model_copy(update={"id": name, "product": product, **changes})
    return replace(impact, run=replace(impact.run, scenario=scenario))


def renamed(impact: ImpactRun) -> ImpactRun:
    """The same run with product families of other names."""
    families = tuple(replace(family, id=f"{family.id}-other") for family in impact.paths.families)
    return replace(impact, paths=replace(impact.paths, families=families))


def test_the_same_products_are_lost_once_and_other_products_twice(impact: ImpactRun) -> None:
    """A shortage beside itself (V09-C): ℓ ≤ 1 − (1 − ℓ)² ≤ 2ℓ, and by family exactly ℓ where the names agree."""
    twin = copied(impact, "twin")
    found = together([impact, twin], models=[Model.LP_FIXED], most_paths=2)
    alone, same, family, apart = (
        found.cases[name] for name in (FLAGSHIP, Overlap.SAME, Overlap.BY_FAMILY, Overlap.APART)
    )
    np.testing.assert_allclose(same.direct, alone.direct, rtol=1e-12)
    np.testing.assert_allclose(family.direct, alone.direct, rtol=1e-12)
    np.testing.assert_allclose(apart.direct, 2 * alone.direct, rtol=1e-12)  # no industry stops by half here
    np.testing.assert_allclose(same.lost[Model.LP_FIXED], alone.lost[Model.LP_FIXED], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(alone.direct, impact.paths.direct().sum(axis=1), rtol=1e-12)
    other = together([impact, renamed(twin)], models=[], most_paths=1).cases[Overlap.BY_FAMILY]
    by_hand = 1 - (1 - impact.paths.loss()) ** 2
    expected = (by_hand.sum(axis=1) * impact.paths.value / 12).sum(axis=1)
    np.testing.assert_allclose(other.direct, expected, rtol=1e-12)


def test_scenarios_meet_in_the_months_that_both_reach(impact: ImpactRun, store: Store) -> None:
    earlier = copied(impact, "earlier", starts=date(2025, 1, 4))
    found = together([impact, earlier], models=[Model.LP], most_paths=1)
    assert (found.starts, found.months) == (date(2025, 1, 1), 12)
    whole = impact.paths.loss() * impact.paths.value / 12
    np.testing.assert_allclose(found.cases[FLAGSHIP].direct, whole[:, :9].sum(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(found.cases["earlier"].direct, whole.sum(axis=(1, 2)), rtol=1e-12)
    ledger, begin = record_together(found, store)
    for key in (f"{begin}.direct", f"{begin}.lost.lp", f"{begin}.net.lp"):
        entry = ledger[key]
        assert entry.bracket is not None and entry.value is not None
        assert entry.bracket[0] <= entry.value <= entry.bracket[1] and entry.bracket[0] < entry.bracket[1]
        assert "2011" in entry.label.nl and entry.mark is Mark.PRIOR
    falls = tables_together(found)["together_by_sector"].filter(pl.col("case") == Overlap.APART.value)
    assert falls.height == len(found.sectors) and falls["lost_meur"].sum() > 0


APART = InputOutputTable(  # two industries that buy nothing from each other, so that nothing spreads
    (Industry("NLD", "c14"), Industry("NLD", "c15")), (("NLD", "consumption"),), np.zeros((2, 2)),
    np.array([[1200.0], [2400.0]]), np.array([1200.0, 2400.0]), np.array([1200.0, 2400.0]), "MEUR", 2011, "made up",
)  # fmt: skip


def by_hand(
    impact: ImpactRun, name: str, industry: int, short: list[float], made_up: list[list[float]], seed: int
) -> ImpactRun:
    """A scenario of two draws that stops one of the two industries for two months, with made-up recapture [D, S]."""
    months = np.zeros((2, 12))
    months[:, :2] = np.array(short)[:, None]
    family = replace(impact.paths.families[0], id=name)
    paths = Paths(
        (family,), months, np.ones((2, 1)), np.ones((2, 1)), np.ones((1, 1)), np.array([industry]),
        APART.value_added[[industry]], np.ones((2, 12)),
    )  # fmt: skip
    code = {0: "850511", 1: "284690"}[industry]
    scenario = impact.run.scenario
    scenario = scenario.model_copy(
        update={
            "id": name, "product": scenario.product.model_copy(update={"codes": [code]}),
            "ensemble": scenario.ensemble.model_copy(update={"seed": seed}),
        }
    )  # fmt: skip
    return replace(
        impact, run=replace(impact.run, scenario=scenario), paths=paths, table=APART, sectors=("c14", "c15"),
        recaptured=np.array(made_up),
    )  # fmt: skip


def test_each_scenario_makes_up_by_its_own_draws_and_all_together_by_one(impact: ImpactRun) -> None:
    """By hand: 100 a month of c14, 200 of c15. A loses half of c14 for two months in draw 1 (100) and a quarter in
    draw 2 (50); B a quarter of c15 (100) and half (200). Alone 100 × 0.8, 50 × 0.7 and 100 × 0.5, 200 × 0.2."""
    of_a, of_b = [[0.2, 0.4], [0.3, 0.1]], [[0.6, 0.5], [0.7, 0.8]]
    lost = {"a": [100.0, 50.0], "b": [100.0, 200.0], **{key: [200.0, 250.0] for key in Overlap}}
    # One fact for all: the smaller seed is A's, so c15 makes up 0.4 and 0.1; then B's, so c14 makes up 0.6 and 0.7.
    for seeds, joint in (((1, 2), [80 + 60.0, 35 + 180.0]), ((2, 1), [40 + 50.0, 15 + 40.0])):
        a = by_hand(impact, "a", 0, [0.5, 0.25], of_a, seeds[0])
        b = by_hand(impact, "b", 1, [0.25, 0.5], of_b, seeds[1])
        net = {"a": [80.0, 35.0], "b": [50.0, 40.0], **dict.fromkeys(Overlap, joint)}
        for runs in ([a, b], [b, a]):
            found = together(runs, models=[Model.LP_FIXED], most_paths=2)
            for name, case in found.cases.items():
                np.testing.assert_allclose(case.direct, lost[name], rtol=1e-12)
                np.testing.assert_allclose(case.lost[Model.LP_FIXED].sum(axis=1), lost[name], rtol=1e-7)
                np.testing.assert_allclose(case.net[Model.LP_FIXED].sum(axis=1), net[name], rtol=1e-7)


def test_a_joint_amount_is_followed_to_the_rows_and_parameters_of_each_scenario(
    impact: ImpactRun, store: Store, tmp_path: Path
) -> None:
    """What stands behind a scenario in the joint manifest is what stands behind it in its own, and is read again."""
    second = copied(impact, "second", ensemble=impact.run.scenario.ensemble.model_copy(update={"seed": 1}))
    info = replace(second.run.info, scenario="second", scenario_sha256="b" * 64, seed=1)
    runs = [impact, replace(second, run=replace(second.run, info=info))]
    found = together(runs, models=[Model.LP], most_paths=1)
    ledger, begin = record_together(found, store)
    keys = {"together": [f"{begin}.direct", f"{begin}.lost.lp", f"{begin}.net.lp"]}
    parts = tuple(run.run.info for run in runs)
    titles = {"together": Text("verlies apart en samen", "loss alone and together")}
    tables = {"together": tables_together(found)["together"]}
    write_tables(tmp_path, joint_info(found), ledger, store.snapshots(), tables, titles, keys, parts)
    read = manifests.read(tmp_path)
    assert read.sealed and [run.scenario for run in read.runs] == [FLAGSHIP, "second"]
    assert [run.scenario_sha256 for run in read.runs] == [impact.run.info.scenario_sha256, "b" * 64]
    assert read.run.seed == 1 and read.run.scenario == f"{FLAGSHIP} + second"
    chain = trace(read, "together", folder=tmp_path, store=store)
    assert chain.intact
    met = {step.entry.id: step for step in chain.steps}
    for name in (FLAGSHIP, "second"):
        alone = met[f"{begin}.alone.{name}.direct"].entry
        assert alone.value == pytest.approx(float(np.median(impact.paths.direct().sum(axis=1))))
        key = "nl.magnets.shortage_12m"
        own = {entry.id for _, entry in impact.run.ledger.chain(key)}
        assert {f"{name}:{one}" for one in own} <= set(met)
        for one in own:
            entry, joint = impact.run.ledger[one], met[f"{name}:{one}"]
            assert (joint.entry.value, joint.entry.mark, joint.entry.source) == (entry.value, entry.mark, entry.source)
            assert joint.agrees is (True if entry.kind is Kind.ROWS else None)
        assert any(step.agrees for one, step in met.items() if one.startswith(f"{name}:"))
    assert {"io.table", "param.recapture.c14"} <= set(met)
    assert all(not step.entry.inputs or step.entry.method for step in chain.steps)


def test_scenarios_that_cannot_be_laid_side_by_side_are_refused(impact: ImpactRun) -> None:
    fewer = impact.run.scenario.ensemble.model_copy(update={"draws": 128})
    for others, message in (
        ([copied(impact, FLAGSHIP)], "given twice"),
        ([copied(impact, "other", ensemble=fewer)], "different numbers of draws"),
        ([copied(impact, "later", starts=date(2026, 6, 1))], "starts after another has ended"),
        ([replace(copied(impact, "other"), region="DEU")], "different economies"),
        ([copied(impact, "apart")], "cannot be called 'apart'"),
        ([copied(impact, "other", product=impact.run.scenario.product)], "follow the same product"),
        ([], "one scenario is not several"),
    ):
        with pytest.raises(InputError, match=message):
            together([impact, *others])
    dotted = copied(impact, "other", product=impact.run.scenario.product.model_copy(update={"codes": ["8505.11"]}))
    with pytest.raises(InputError, match="product code 850511"):
        shared_months([impact.run.scenario, dotted.run.scenario])
