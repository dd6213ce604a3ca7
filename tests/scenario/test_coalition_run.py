"""A common stock of countries on the flagship: who is in it, what it costs, who pays, who gets what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from lodestock.cli.coalition_text import payload, text
from lodestock.errors import InputError, UnknownNameError
from lodestock.evidence.ledger import Ledger
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
from lodestock.stock.coalition import CoreTest, coalition_cost
from lodestock.stock.crisis import CrisisRule
from lodestock.stock.large_game import LargeGame

DAY = date(2026, 11, 21)
Ask = Callable[..., CoalitionRun]
NAMES = ("NLD", "BEL", "DEU", "FRA")
REST = ("AUT", "BGR", "CYP", "CZE", "DNK", "EST", "FIN", "GRC", "HUN", "IRL", "ITA", "LTU", "MLT", "POL", "PRT", "ROU",
        "SVK", "ESP", "SWE")  # fmt: skip


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


def test_drawn_combinations_of_eight_agree_with_all_of_them_within_their_error(
    run: ScenarioRun, book: MemberBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight members followed exactly, and drawn as if they were too many: what is printed beyond eight stands up."""
    names = (*NAMES, "ITA", "ESP", "POL", "SWE")
    event = event_of(run, book.case)
    use, value = (np.array([getattr(book.member(name), key) for name in names]) for key in ("use", "value"))
    exact = axis_of(event, names, use, value, seed=3)
    assert all(one.gain_error == one.insurance_error == 0.0 for one in exact)
    monkeypatch.setattr(coalition_needs, "MOST_APART", 7)
    drawn = axis_of(event, names, use, value, seed=3)
    for one, all_of_them in zip(drawn[:-1], exact[:-1], strict=True):
        assert 0.0 < one.gain_error < 0.05 * all_of_them.gain and one.insurance_error > 0.0
        assert abs(one.gain - all_of_them.gain) <= 4.0 * one.gain_error
        assert abs(one.insurance - all_of_them.insurance) <= 4.0 * one.insurance_error
    assert drawn[-1] == exact[-1]  # all at once needs no drawing


def test_what_is_not_known_of_a_country_is_not_nothing(run: ScenarioRun, book: MemberBook) -> None:
    """Net exporters use something too: the joint use lies between none and all of what they import."""
    joint = book.joined("REU")
    assert joint.unsure == ("LVA", "LUX", "SVN") and joint.unknown == ()
    ensemble = run.scenario.ensemble
    for code in ("LVA", "LUX", "SVN"):
        assert book.lack(code) is Lack.NET_EXPORTS
    sure = np.sum([book.member(code).uses for code in REST], axis=0)
    imports = {"LVA": 21.967, "LUX": 20.403, "SVN": 618.568}  # BACI, code 850511, 2023 [t]
    most = 0.78 * sum(imports.values())
    assert sure.shape == (ensemble.draws,)
    assert (joint.use >= sure).all() and (joint.use <= sure + most).all()
    assert np.median(joint.use - sure) == pytest.approx(0.5 * 0.60 * sum(imports.values()), rel=0.1)
    assert joint.effect == pytest.approx(
        0.6 * sum(imports.values()) / (np.median(sure) + 0.6 * sum(imports.values())), rel=0.1
    )
    behind = {one.id for _, one in run.ledger.chain(joint.entry)}
    assert {"svn.magnets.imports", "param.stock.member_share.svn"} <= behind
    assert joint.entry in book.member("ITA").entries and not book.joined("NLD").entry


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


def test_bound_licences_hold_in_every_table(asked: Ask, pool: CoalitionRun) -> None:
    """Nothing passes from one member to another: an additive game, no gain on the axis, no sharing in a crisis."""
    bound = asked(*NAMES, end_user_bound=True, filled=1.0)
    assert bound.game.alone == pytest.approx(pool.game.alone)
    assert bound.game.grand == pytest.approx(bound.game.alone.sum()) and bound.game.gain == 0.0
    assert bound.shares.amount == pytest.approx(bound.game.alone) and bound.shares.core.in_core
    assert all(one.gain == one.insurance == 0.0 for one in bound.axis) and len(bound.axis) == len(pool.axis)
    held = bound.holding * bound.contribution.sum()
    for one in bound.crises:  # the best stocks are there: holding them and what they leave is the cost of the game
        assert held + one.total_loss == pytest.approx(bound.game.grand)
    assert bound.ranges.gain == (0.0, 0.0) and bound.ranges.gained.share == 0.0
    assert bound.if_shared is not None and pool.if_shared is None
    assert bound.if_shared.gain == pytest.approx(pool.game.gain)
    assert bound.if_shared.draws.span == pytest.approx(pool.ranges.gain)
    assert bound.if_shared.draws.against.share == pool.ranges.gained.share
    apart = asked(*NAMES, end_user_bound=True, common=0.0)  # being hit apart helps nobody either
    assert apart.game.alone == pytest.approx(bound.game.alone) and apart.game.gain == 0.0
    assert apart.if_shared is not None and apart.if_shared.gain == pytest.approx(pool.axis[0].gain)


def test_paying_by_use_when_bound_is_paying_for_another(asked: Ask) -> None:
    found = asked(*NAMES, rule="use", end_user_bound=True)
    over = found.shares.amount - found.game.alone
    core = found.shares.core
    assert found.shares.amount.sum() == pytest.approx(found.game.grand)
    assert not core.in_core and core.excess == pytest.approx(over[over > 0.0].sum())
    assert core.worst == tuple(name for name, more in zip(NAMES, over, strict=True) if more > 0.0)


def test_the_whole_union_is_exact_when_bound(asked: Ask, union: CoalitionRun) -> None:
    """23 members without sampling, the nucleolus too; the ranges of the shares are those of each alone."""
    found = asked("EU27", rule="nucleolus", end_user_bound=True)
    assert found.shares.amount == pytest.approx(union.game.alone) and not found.shares.error.any()
    assert found.shares.core.complete and found.shares.core.tried == 2**23 - 2
    assert found.ranges.amount == found.ranges.alone
    assert np.array(found.ranges.alone) == pytest.approx(np.array(union.ranges.alone))


def test_alliances_keep_only_buying_together_when_bound(
    run: ScenarioRun, store: Store, book: MemberBook, pool: CoalitionRun
) -> None:
    bound = coalition_run(run, store, PoolAsk(NAMES, end_user_bound=True), today=DAY, book=book)
    for row, free in zip(bound.alliances, pool.alliances, strict=True):
        assert row.alone.cost == pytest.approx(free.alone.cost)
        if row.alliance.instrument == "joint purchase":
            assert row.within.cost == pytest.approx(free.within.cost) and row.against == free.against
        else:
            assert row.within.cost == pytest.approx(row.alone.cost)
            assert row.against.low == row.against.high == row.against.share == 0.0
    apart = replace(run, ledger=Ledger(dict(run.ledger.entries)))
    made = record_coalition(apart, bound)
    entry = apart.ledger["coalition.cost"]
    assert entry.method is not None and entry.method.id == "bound-game" and "bound to end users" in entry.note
    assert "coalition.gain_if_shared" in made and apart.ledger["coalition.gain_at_0"].value == 0.0


def test_sentences_read_as_one_and_as_several(pool: CoalitionRun, union: CoalitionRun) -> None:
    def told(lang: str, *group: str) -> str:
        core = CoreTest(False, group, 100.0, tried=14)
        return text(replace(pool, shares=replace(pool.shares, core=core)), lang)

    assert "van Nederland, België, Duitsland en Frankrijk: " in told("nl", "BEL")
    assert ": België betaalt € 0,10\u00a0miljoen" in told("nl", "BEL").replace("€\u00a0", "€ ")
    assert ": Nederland en België betalen samen " in told("nl", "NLD", "BEL")
    assert ": Belgium pays " in told("en", "BEL") and ": the Netherlands and Belgium together pay " in told(
        "en", *NAMES[:2]
    )
    assert "LUX, LVA en SVN (voeren meer uit dan in" in told("nl", "BEL") and "HRV (gebruik" in told("nl", "BEL")
    assert "\nNAVO " in told("nl", "BEL") and "NATO" not in told("nl", "BEL") and "\nNATO " in told("en", "BEL")
    assert "van 23 landen: " in text(union, "nl") and "na ± haar standaardfout" in text(union, "nl")
    assert "niet te onderscheiden van niets" in text(union, "nl") and "The column difference" in text(union, "en")


def test_a_best_stock_of_nothing_is_not_filled(asked: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a chance of one in a million no tonne pays: there is no part of the best stock to speak of."""
    monkeypatch.setattr(
        "lodestock.scenario.coalition_run.event_of", lambda run, case: replace(event_of(run, case), chance=1e-6)
    )
    for bound in (False, True):
        found = asked("NLD", "BEL", end_user_bound=bound)
        assert found.game.pooled == 0.0 and found.filled is None and found.break_even is None
        assert found.contribution == pytest.approx([0.0, 0.0]) and found.ranges.break_even is None
        told = payload(found)
        assert told["filled"] is None and told["pays_from_chance"] is None
        assert "there is no stock to fill" in text(found, "en") and "er is niets om te vullen" in text(found, "nl")
        stated = asked("NLD", "BEL", brought={"NLD": 10.0, "BEL": 0.0}, end_user_bound=bound)
        assert stated.filled is None and "the best is no stock" in text(stated, "en")


def test_the_stock_pays_from_the_chance_that_is_printed(
    run: ScenarioRun, asked: Ask, book: MemberBook, pool: CoalitionRun
) -> None:
    """At p* what the whole stock saves is what holding it costs; what is saved follows from the event and the game."""
    event = event_of(run, book.case)
    for found in (pool, asked(*NAMES, end_user_bound=True)):
        use, value = (np.array([getattr(item, key) for item in found.members]) for key in ("use", "value"))
        without = event.chance * float(event.weight @ event.sizes) * float(use @ value)
        held = found.holding * found.game.pooled
        saved = without - (found.game.grand - held)
        assert found.break_even == pytest.approx(found.chance * held / saved)
        assert found.ranges.break_even is not None and found.break_even is not None
        assert found.ranges.break_even[0] < found.break_even < found.ranges.break_even[1]
    assert asked(*NAMES, common=0.5).break_even is None  # what is saved is then not in proportion to the chance


def test_bound_licences_never_serve_better(asked: Ask, pool: CoalitionRun) -> None:
    """Nobody may pass on what it brought: never better than passing it on, nor than the division that loses least."""
    brought = dict(zip(NAMES, pool.contribution.tolist(), strict=True))
    bound = {one.rule: one for one in asked(*NAMES, end_user_bound=True, brought=brought).crises}
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
        (PoolAsk(("NLD", "BEL"), brought={"NLD": 1e15, "BEL": 0.0}), InputError, "than they use in many years"),
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
