"""A common stock of countries on the flagship: who is in it, what it costs, who pays, who gets what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.store import Store
from lodestock.scenario import coalition_needs
from lodestock.scenario.coalition_members import Lack, MemberBook
from lodestock.scenario.coalition_needs import Event, axis_of, event_of, needs
from lodestock.scenario.coalition_run import CoalitionRun, PoolAsk, coalition_run
from lodestock.scenario.licences import REFERENCE
from lodestock.scenario.load import load
from lodestock.scenario.run import ScenarioRun, run_scenario
from lodestock.scenario.stock_data import alliances
from lodestock.scenario.stock_evidence import record_coalition
from lodestock.scenario.stock_options import stock_case
from lodestock.stock.coalition import coalition_cost
from lodestock.stock.crisis import CrisisRule
from lodestock.stock.large_game import LargeGame

DAY = date(2026, 11, 21)
Ask = Callable[..., CoalitionRun]
NAMES = ("NLD", "BEL", "DEU", "FRA")


@pytest.fixture(scope="module")
def run(store: Store) -> ScenarioRun:
    return run_scenario(load("china-heavy-rare-earths-2025"), store, as_of=DAY)


@pytest.fixture(scope="module")
def book(run: ScenarioRun, store: Store) -> MemberBook:
    return MemberBook(run, store, stock_case(run, "NLD"))


@pytest.fixture(scope="module")
def pool(run: ScenarioRun, store: Store, book: MemberBook) -> CoalitionRun:
    return coalition_run(run, store, PoolAsk(NAMES), today=DAY, book=book)


@pytest.fixture(scope="module")
def asked(run: ScenarioRun, store: Store, book: MemberBook) -> Ask:
    """Ask for members, without the alliances beside them."""

    def ask(*names: str, **said: Any) -> CoalitionRun:
        return coalition_run(run, store, PoolAsk(names, alliances=False, **said), today=DAY, book=book)

    return ask


@pytest.fixture(scope="module")
def union(asked: Ask) -> CoalitionRun:
    return asked("EU27")


def test_at_full_common_cause_pooling_insures_nothing(pool: CoalitionRun) -> None:
    assert [one.common for one in pool.axis] == [0.0, 0.25, 0.5, 0.75, 1.0]
    scale = pool.game.grand
    assert abs(pool.axis[-1].insurance) <= 1e-9 * scale
    assert pool.axis[0].insurance > 1e-3 * scale
    assert all(one.gain >= -1e-9 * scale for one in pool.axis)
    assert all(left.gain >= right.gain for left, right in zip(pool.axis, pool.axis[1:], strict=False))
    assert pool.axis[-1].gain == pytest.approx(pool.game.gain)


def test_the_strata_give_the_cost_of_all_draws(run: ScenarioRun, book: MemberBook, pool: CoalitionRun) -> None:
    """Every draw of the shortage as a scenario of its own, against the strata: cost, stock-out and gain of pooling."""
    event = event_of(run, book.case)
    assert event.weight.sum() == pytest.approx(1.0) and event.weight[-1] < 0.01
    focus = run.draws.of("NLD")
    short = focus.out[REFERENCE].total_short() / focus.use
    assert event.weight @ event.sizes == pytest.approx(short.mean())
    whole = Event(event.chance, short, np.full(short.size, 1.0 / short.size), event.holding)
    use = np.array([item.use for item in pool.members])
    value = np.array([item.value for item in pool.members])
    need, probability = needs(whole, use, 1.0)
    grand = coalition_cost(need, probability, value, event.holding, 15)[0]
    apart = sum(coalition_cost(need, probability, value, event.holding, 1 << i)[0] for i in range(4))
    assert pool.game.grand == pytest.approx(grand, rel=1e-3)
    assert pool.game.gain == pytest.approx(apart - grand, abs=2e-3 * grand)


def test_drawn_combinations_agree_with_all_of_them(
    run: ScenarioRun, book: MemberBook, pool: CoalitionRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = event_of(run, book.case)
    use = np.array([item.use for item in pool.members])
    value = np.array([item.value for item in pool.members])
    monkeypatch.setattr(coalition_needs, "MOST_APART", 3)
    monkeypatch.setattr(coalition_needs, "PATTERNS", 4096)
    drawn = axis_of(event, NAMES, use, value, seed=3)
    for one, exact in zip(drawn, pool.axis, strict=True):
        assert abs(one.gain - exact.gain) <= 0.02 * pool.game.grand


@pytest.mark.parametrize("rule", ["shapley", "nucleolus", "use", "equal-days"])
def test_shares_add_up_and_carry_their_core_test(asked: Ask, rule: str) -> None:
    found = asked(*NAMES[:3], rule=rule, common=0.0)
    assert found.shares.amount.sum() == pytest.approx(found.game.grand)
    assert found.shares.core.complete and found.shares.core.tried == 6
    if rule == "nucleolus":
        assert found.shares.core.in_core


def test_ranges_hold_the_middle_and_the_gain_is_judged_draw_by_draw(pool: CoalitionRun) -> None:
    ranges = pool.ranges
    assert ranges.amount is not None
    for i, item in enumerate(pool.members):
        assert ranges.use[i][0] < item.use < ranges.use[i][1]
        assert ranges.value[i][0] < item.value < ranges.value[i][1]
        assert ranges.alone[i][0] < pool.game.alone[i] < ranges.alone[i][1]
        assert ranges.amount[i][0] < pool.shares.amount[i] < ranges.amount[i][1]
    assert ranges.grand[0] < pool.game.grand < ranges.grand[1]
    assert 0.0 <= ranges.gain[0] <= pool.game.gain  # pooling the same needs never costs more
    assert ranges.gained.low >= 0.0 and 0.0 < ranges.gained.share < 0.9


def test_the_union_is_shared_by_sampling_with_its_error(union: CoalitionRun, pool: CoalitionRun) -> None:
    assert isinstance(union.game, LargeGame)
    assert union.lacking == {"HRV": Lack.NOT_STATED, **dict.fromkeys(("LUX", "LVA", "SVN"), Lack.NET_EXPORTS)}
    assert len(union.members) == 23
    assert union.shares.amount.sum() == pytest.approx(union.game.grand)
    assert (union.shares.error > 0.0).all()
    core = union.shares.core
    assert not core.complete and 2_000 < core.tried < 2**23 - 2
    assert union.ranges.amount is None
    at = {item.region: i for i, item in enumerate(union.members)}
    for i, item in enumerate(pool.members):
        assert union.game.alone[at[item.region]] == pytest.approx(pool.game.alone[i])
    assert union.focus == "NLD"


def test_the_nucleolus_of_the_union_is_refused_with_the_reason(asked: Ask) -> None:
    with pytest.raises(InputError, match="nucleolus cannot be computed") as error:
        asked("EU27", rule="nucleolus")
    assert "8,388,608 coalitions" in error.value.why
    with pytest.raises(InputError, match="too many members to follow being hit apart"):
        asked("EU27", common=0.5)


def test_own_use_is_net_imports_and_alliances_differ_by_instrument(pool: CoalitionRun) -> None:
    belgium = pool.members[1]
    assert belgium.base.imports is not None and belgium.base.exports is not None
    net = belgium.base.imports - belgium.base.exports
    assert net * belgium.share[0] <= belgium.use <= net * belgium.share[2]
    assert len(pool.alliances) == len(alliances()) == 9
    joint = next(row for row in pool.alliances if row.alliance.instrument == "joint purchase")
    assert joint.within.total < joint.alone.total and joint.against.share == 1.0
    shared = next(row for row in pool.alliances if row.alliance.instrument == "emergency sharing")
    assert shared.within.total <= shared.alone.total  # what is left over can only help
    assert shared.within.total == pytest.approx(shared.alone.total, rel=0.01)  # hit at once: hardly anything is left
    for row in pool.alliances:
        assert row.alone_range[0] < row.alone.total < row.alone_range[1]


def test_alliances_hold_all_their_members_with_data(pool: CoalitionRun) -> None:
    parts = {row.alliance.alliance: row for row in pool.alliances}
    assert set(parts["EU"].lacking) == {"HRV", "LUX", "LVA", "SVN"}  # no table, or net exporters
    assert "USA" in parts["IEA"].members and "USA" in parts["NATO"].members and "USA" not in parts["EU"].members
    assert parts["IEA"].lacking["KOR"] is Lack.NOT_STATED and "GBR" in parts["NATO"].lacking
    at = parts["EU"].members.index("BEL")
    assert parts["EU"].alone.cost[at] == pytest.approx(pool.game.alone[1])  # the same member in game and alliance


def test_rest_of_the_union_shares_one_value_per_tonne(run: ScenarioRun, book: MemberBook) -> None:
    italy, poland, states = (book.member(name) for name in ("ITA", "POL", "USA"))
    assert italy.table == poland.table == "REU" and states.table == "USA"
    assert italy.value == poland.value != states.value
    for member in (italy, poland, states):
        assert all(name in run.ledger for name in member.entries)


def test_who_brings_more_gets_more_only_by_contribution(asked: Ask) -> None:
    half = asked("NLD", "BEL", filled=0.5)
    tonnes = float(half.contribution.sum())
    assert tonnes == pytest.approx(0.5 * half.game.pooled)
    assert half.contribution / tonnes == pytest.approx(half.shares.amount / half.shares.amount.sum())
    brought = {"NLD": tonnes, "Belgium": 0.0}
    found = asked("NLD", "BEL", brought=brought)
    by = {one.rule: one.worst_service for one in found.crises}
    same = {one.rule: one.worst_service for one in half.crises}
    for rule in (CrisisRule.EQUAL_DAYS, CrisisRule.VALUE):  # the same stock, whoever brought it
        assert by[rule] == pytest.approx(same[rule])
    assert by[CrisisRule.CONTRIBUTION][0] > same[CrisisRule.CONTRIBUTION][0]
    assert by[CrisisRule.CONTRIBUTION][1] == 0.0
    assert found.filled == pytest.approx(0.5)
    for wrong, named in (({"NLD": 5.0}, "nothing is said of BEL"), ({"NLD": 1.0, "BEL": -1.0}, "BEL: -1 t"),
                         ({"NLD": 0.0, "BEL": 0.0}, "they bring nothing"),
                         ({"NLD": 1.0, "BEL": 1.0, "DEU": 1.0}, "DEU is no member")):  # fmt: skip
        with pytest.raises(InputError, match="not clear") as error:
            asked("NLD", "BEL", brought=wrong)
        assert named in error.value.why


def test_paying_by_use_makes_contribution_the_same_as_equal_days(asked: Ask) -> None:
    found = asked("NLD", "DEU", rule="use")
    by = {one.rule: one.worst_service for one in found.crises}
    assert by[CrisisRule.CONTRIBUTION] == pytest.approx(by[CrisisRule.EQUAL_DAYS]) and found.days_by_contribution


def test_bound_licences_never_serve_better(asked: Ask, pool: CoalitionRun) -> None:
    """Nobody may pass on what it brought: never better than passing it on, nor than the division that loses least."""
    bound = {one.rule: one for one in asked(*NAMES, end_user_bound=True).crises}
    for free in pool.crises:
        if free.rule is not CrisisRule.EQUAL_DAYS:  # equal days may leave more loss than each using its own
            assert bound[free.rule].total_loss >= free.total_loss - 1e-6 * free.total_loss


def test_a_member_without_data_is_refused_not_zero(run: ScenarioRun, store: Store, book: MemberBook) -> None:
    for ask, kind, told in (
        (PoolAsk(("NLD", "GBR"), "use"), InputError, "member GBR is without data"),
        (PoolAsk(("NLD", "SVN"), "use"), InputError, "SVN exports more than it imports"),
        (PoolAsk(("NLD", "NLD"), "use"), InputError, "two or more different"),
        (PoolAsk(("EU27", "NLD"), "use"), InputError, "two or more different"),
        (PoolAsk(NAMES, "fair"), UnknownNameError, "fair"),
        (PoolAsk(NAMES, "use", common=1.5), InputError, "out of range"),
        (PoolAsk(NAMES, filled=0.5, brought={"NLD": 1.0}), InputError, "asked for twice"),
        (PoolAsk(("NLD", "Narnia")), UnknownNameError, "Narnia"),
    ):
        with pytest.raises(kind, match=told):
            coalition_run(run, store, ask, today=DAY, book=book)


def test_every_printed_number_has_its_range_and_its_chain(run: ScenarioRun, pool: CoalitionRun) -> None:
    made = record_coalition(run, pool)
    entry = run.ledger["coalition.deu.share"]
    assert entry.value == pytest.approx(pool.shares.amount[2] / 1e3)
    assert entry.low is not None and entry.high is not None and entry.low < entry.high
    behind = {one.id for _, one in run.ledger.chain("coalition.deu.service.contribution")}
    assert {"coalition.deu.brought", "coalition.stock", "param.stock.member_share.deu"} <= behind
    wanted = ("coalition.loss.value", "coalition.gain_share", "coalition.insurance_at_50",
              "coalition.eu.common_stock.within.nl", "coalition.nato.joint_purchase.service_within")  # fmt: skip
    assert set(wanted) <= set(made)
