"""What coalitions, holders and release rules write into the ledger of their run: each number with what stands behind.

The stated rates go in once, as for a plan; a number that is not in the ledger is not to be published.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lodestock.evidence.ledger import Ledger, Text
from lodestock.scenario.baseline import prefix
from lodestock.scenario.coalition_draws import Span
from lodestock.scenario.coalition_run import CoalitionRun
from lodestock.scenario.holders_run import HoldersRun
from lodestock.scenario.release_run import ReleaseRun
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import stated
from lodestock.scenario.stock_record import put, state
from lodestock.scenario.stock_words import BONDS, CRISIS, HELD_BY, STATES, rule_text
from lodestock.scenario.summary import Summary
from lodestock.stock.release import ReleaseRule

BOUND = "licences bound to end users: nothing passes from one member to another"
SCENARIO = ("param.price", "param.carry", "param.yearly_chance")


def record_coalition(run: ScenarioRun, found: CoalitionRun) -> tuple[str, ...]:
    """Record the cost game, the shares, the axis, the crisis rules and the alliances; returns the ids made."""
    ledger, behind = run.ledger, (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made: list[str] = []
    play, bound = ("bound-game", BOUND) if found.end_user_bound else ("cost-game", "")

    def add(
        key: str, nl: str, en: str, value: float, unit: str, method: str, inputs: Sequence[str],
        span: Span | None = None, factor: float = 1.0, note: str = "",
    ) -> None:  # fmt: skip
        told = value if span is None else Summary(value, *span, (value, value))
        name = put(
            ledger, f"coalition.{key}", Text(nl, en), told, unit, method, inputs, factor=factor, note=note or bound
        )
        made.append(name)

    ranges, own = found.ranges, []
    for i, item in enumerate(found.members):
        at, who = prefix(item.region), item.region
        add(f"{at}.use", f"{who}: eigen gebruik", f"{who}: own use", item.use, "t/yr", "cost-game", item.entries,
            ranges.use[i])  # fmt: skip
        add(f"{at}.value", f"{who}: waarde per ton", f"{who}: value per tonne", item.value, "MEUR/t", "cost-game",
            (*item.entries, *_rates(ledger)), ranges.value[i], 1e-3)  # fmt: skip
        own += [f"coalition.{at}.use", f"coalition.{at}.value"]
        add(f"{at}.alone", f"{who}: kosten alleen", f"{who}: cost alone", float(found.game.alone[i]), "MEUR/yr",
            play, (*own[-2:], *behind), ranges.alone[i], 1e-3)  # fmt: skip
    game = (*own, *behind)
    add("stock", "gezamenlijke voorraad", "common stock", found.game.pooled, "t", play, game, ranges.stock)
    add("cost", "kosten samen", "cost together", found.game.grand, "MEUR/yr", play, game, ranges.grand, 1e-3)
    add("gain", "wat samen doen scheelt", "what doing it together saves", found.game.gain, "MEUR/yr", play,
        game, ranges.gain, 1e-3)  # fmt: skip
    add("gain_share", "deel van de trekkingen waarin samen goedkoper is",
        "share of the draws in which together is cheaper", ranges.gained.share, "1", "paired-draws", game)  # fmt: skip
    for i, item in enumerate(found.members):
        at, who = prefix(item.region), item.region
        span = None if ranges.amount is None else ranges.amount[i]
        add(f"{at}.share", f"{who}: aandeel ({found.asked})", f"{who}: share ({found.asked})",
            float(found.shares.amount[i]), "MEUR/yr", "cost-shares", ("coalition.cost", *game), span, 1e-3)  # fmt: skip
        if found.shares.error.any():
            add(f"{at}.share_error", f"{who}: standaardfout van het aandeel", f"{who}: standard error of the share",
                float(found.shares.error[i]), "MEUR/yr", "cost-shares", ("coalition.cost", *game), None,
                1e-3)  # fmt: skip
    _worth(found, add, game)
    _axis(found, add, game, play)
    _crises(found, add, ("coalition.stock", *game))
    made += _alliances(ledger, found, behind)
    return tuple(made)


def _worth(found: CoalitionRun, add: Callable[..., None], game: Sequence[str]) -> None:
    """The chance above which the stock pays, and what pooling would save if licences were not bound."""
    if found.break_even is not None:
        span, inputs = found.ranges.break_even, ("coalition.stock", *game)
        add("break_even", "jaarlijkse kans waarboven de voorraad loont", "yearly chance above which the stock pays",
            found.break_even, "1/yr", "break-even-probability", inputs, span)  # fmt: skip
    if found.if_shared is not None:
        free = found.if_shared
        add("gain_if_shared", "wat samen doen zou schelen als alles mocht worden gedeeld",
            "what doing it together would save if all could be shared", free.gain, "MEUR/yr", "cost-game", game,
            free.draws.span, 1e-3, "licences not bound")  # fmt: skip


def _axis(found: CoalitionRun, add: Callable[..., None], game: Sequence[str], play: str) -> None:
    """What pooling saves along the common cause, with the standard error of what is drawn."""
    for one in found.axis:
        for name, value, error, nl, en in (
            ("gain", one.gain, one.gain_error, "besparing", "saving"),
            ("insurance", one.insurance, one.insurance_error, "verzekering", "insurance"),
        ):
            add(f"{name}_at_{100 * one.common:.0f}", f"{nl} als {100 * one.common:.0f}% allen tegelijk treft",
                f"{en} when {100 * one.common:.0f}% hits all at once", value, "MEUR/yr", play, game, None, 1e-3,
                f"estimate; standard error {error / 1e3:.2g} MEUR/yr" if error > 0.0 else "")  # fmt: skip


def _crises(found: CoalitionRun, add: Callable[..., None], inputs: Sequence[str]) -> None:
    """What each member brought in, its lowest cover under each rule, and the loss that each rule leaves."""
    for i, item in enumerate(found.members):
        at, who = prefix(item.region), item.region
        add(f"{at}.brought", f"{who}: inbreng", f"{who}: brought in", float(found.contribution[i]), "t", "crisis-rule",
            inputs)  # fmt: skip
    brought = tuple(f"coalition.{prefix(item.region)}.brought" for item in found.members)
    for rule in found.crises:
        name = CRISIS[rule.rule.value]
        add(f"loss.{rule.rule.value}", f"schade over, {name.nl}", f"loss left, {name.en}", rule.total_loss, "MEUR/yr",
            "crisis-rule", (*brought, *inputs), None, 1e-3)  # fmt: skip
        for i, item in enumerate(found.members):
            add(f"{prefix(item.region)}.service.{rule.rule.value}", f"{item.region}: laagste dekking, {name.nl}",
                f"{item.region}: lowest cover, {name.en}", float(rule.worst_service[i]), "1", "crisis-rule",
                (*brought, *inputs))  # fmt: skip


def record_holders(run: ScenarioRun, found: HoldersRun) -> tuple[str, ...]:
    """Record what each form of ownership holds, costs and leaves; returns the ids made."""
    behind = (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made = []
    for row in found.rows:
        out = row.outcome
        name = HELD_BY[out.financing.value]
        for key, nl, en, value, unit, factor in (
            ("tonnes", "voorraad", "stock", out.tonnes, "t", 1.0),
            ("net_added", "extra voorraad", "extra stock", out.net_added, "t", 1.0),
            ("public_cost", "kosten staat", "cost to the state", out.public_cost, "MEUR/yr", 1e-3),
            ("users_cost", "kosten gebruikers", "cost to users", out.users_cost, "MEUR/yr", 1e-3),
            ("total", "kosten en schade", "cost and loss", out.total, "MEUR/yr", 1e-3),
            ("break_even", "kans waarboven het loont", "chance above which it pays", out.break_even, "1/yr", 1.0),
        ):
            label = Text(f"{name.nl}: {nl}", f"{name.en}: {en}")
            told = Summary(value, *row.ranges[key], (value, value))
            made.append(
                put(run.ledger, f"holders.{out.financing.value}.{key}", label, told, unit, "holders-compared", behind,
                    factor=factor)
            )  # fmt: skip
        label = Text(f"{name.nl}: deel van de trekkingen waarin dit beter is dan het eerste",
                     f"{name.en}: share of the draws in which this beats the first")  # fmt: skip
        made.append(
            put(
                run.ledger,
                f"holders.{out.financing.value}.share",
                label,
                row.against.share,
                "1",
                "paired-draws",
                behind,
            )
        )
    return tuple(made)


def record_release(run: ScenarioRun, found: ReleaseRun) -> tuple[str, ...]:
    """Record by how much each release rule is dearer than the best release; returns the ids made."""
    behind = (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made = []
    for number, (start, supply, rules) in enumerate(found.starts, start=1):
        begin = STATES[start]
        for rule in rules:
            how = rule_text(rule.rule)
            label = Text(
                f"begin {begin.nl}, {supply:.0%} komt binnen, {how.nl}: duurder dan de beste vrijgave",
                f"start {begin.en}, {supply:.0%} arrives, {how.en}: dearer than the best release",
            )
            drawn = found.drawn[number - 1][rule.rule]
            told = Summary(rule.excess, *drawn.excess, (rule.excess, rule.excess))
            key = f"release.{start}_{number}.{rule_key(rule.rule)}"
            made.append(put(run.ledger, key, label, told, "1", "release-rule", behind))
    return tuple(made)


def _alliances(ledger: Ledger, found: CoalitionRun, behind: Sequence[str]) -> list[str]:
    made = []
    play, note = ("bound-game", BOUND) if found.end_user_bound else ("cost-game", "")
    for row in found.alliances:
        name = f"coalition.{row.alliance.alliance.lower()}.{row.alliance.instrument.replace(' ', '_')}"
        inputs = (*_known(ledger, row.members), *behind)
        title = Text(
            f"{BONDS.get(row.alliance.alliance, row.alliance.alliance)}, {row.alliance.name.nl}",
            f"{row.alliance.alliance}, {row.alliance.name.en}",
        )
        for key, standing, span, nl, en in (
            ("alone", row.alone, row.alone_range, "alleen", "alone"),
            ("within", row.within, row.within_range, "binnen", "within"),
        ):
            label = Text(f"{title.nl}: kosten {nl}", f"{title.en}: cost {en}")
            told = Summary(standing.total, *span, (standing.total, standing.total))
            made.append(put(ledger, f"{name}.{key}", label, told, "MEUR/yr", play, inputs, factor=1e-3, note=note))
            cover = Text(f"{title.nl}: laagste dekking {nl}", f"{title.en}: lowest cover {en}")
            worst = float(standing.worst_service.min())
            made.append(put(ledger, f"{name}.service_{key}", cover, worst, "1", "crisis-rule", inputs, note=note))
            for i, member in enumerate(row.members):
                one = Text(f"{title.nl}: kosten {nl}, {member}", f"{title.en}: cost {en}, {member}")
                made.append(
                    put(ledger, f"{name}.{key}.{prefix(member)}", one, float(standing.cost[i]), "MEUR/yr", play,
                        inputs, factor=1e-3, note=note)
                )  # fmt: skip
        share = Text(f"{title.nl}: deel van de trekkingen waarin binnen goedkoper is",
                     f"{title.en}: share of the draws in which within is cheaper")  # fmt: skip
        made.append(put(ledger, f"{name}.share", share, row.against.share, "1", "paired-draws", inputs, note=note))
    return made


def rule_key(rule: ReleaseRule) -> str:
    """A release rule as part of an id: its kind, lag in quarters and trigger in per cent."""
    return f"{rule.kind.value.replace(' ', '_')}.lag{rule.lag}.above{100 * rule.trigger:.0f}"


def _rates(ledger: Ledger) -> tuple[str, ...]:
    """The stated rates, recorded once, as for a plan."""
    out = []
    for key, item in stated("rates").items():
        large = item.unit == "kEUR/t"
        low, middle, high = (1e-3 * one if large else one for one in item.value)
        unit = "MEUR/t" if large else item.unit
        out.append(state(ledger, key, item.name, (low, middle, high), unit, item.mark, item.source))
    return tuple(out)


def _shortage(run: ScenarioRun) -> tuple[str, ...]:
    region = prefix(run.scenario.economy.region)
    return (f"{region}.{run.scenario.product.id}.shortage_12m",)


def _known(ledger: Ledger, members: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for name in members if (key := f"param.stock.member_share.{prefix(name)}") in ledger)
