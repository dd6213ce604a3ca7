"""What coalitions, holders and release rules write into the ledger of their run: each number with what stands behind.

The stated rates go in once, as for a plan; a number that is not in the ledger is not to be published.
"""

from __future__ import annotations

from collections.abc import Sequence

from lodestock.evidence.ledger import Ledger, Text
from lodestock.scenario.baseline import prefix
from lodestock.scenario.coalition_run import CoalitionRun
from lodestock.scenario.holders_run import HoldersRun
from lodestock.scenario.release_run import ReleaseRun
from lodestock.scenario.run import ScenarioRun
from lodestock.scenario.stock_data import stated
from lodestock.scenario.stock_record import put, state
from lodestock.stock.release import ReleaseRule

SCENARIO = ("param.price", "param.carry", "param.yearly_chance")


def record_coalition(run: ScenarioRun, found: CoalitionRun) -> tuple[str, ...]:
    """Record the cost game, the shares, the axis, the crisis rules and the alliances; returns the ids made."""
    ledger, behind = run.ledger, (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made: list[str] = []

    def add(key: str, nl: str, en: str, value: float, unit: str, method: str, inputs: Sequence[str]) -> None:
        made.append(put(ledger, f"coalition.{key}", Text(nl, en), value, unit, method, inputs))

    own = []
    for i, item in enumerate(found.members):
        at = prefix(item.region)
        add(f"{at}.use", f"{item.region}: eigen gebruik", f"{item.region}: own use", item.use, "t/yr", "cost-game",
            item.entries)  # fmt: skip
        add(f"{at}.value", f"{item.region}: waarde per ton", f"{item.region}: value per tonne", item.value / 1e3,
            "MEUR/t", "cost-game", (*item.entries, *_rates(ledger)))  # fmt: skip
        own += [f"coalition.{at}.use", f"coalition.{at}.value"]
        add(f"{at}.alone", f"{item.region}: kosten alleen", f"{item.region}: cost alone",
            float(found.game.alone[i]) / 1e3, "MEUR/yr", "cost-game", (*own[-2:], *behind))  # fmt: skip
    game = (*own, *behind)
    add("stock", "gezamenlijke voorraad", "common stock", float(found.game.stock[-1]), "t", "cost-game", game)
    add("cost", "kosten samen", "cost together", found.game.grand / 1e3, "MEUR/yr", "cost-game", game)
    add("gain", "wat samen doen scheelt", "what doing it together saves", found.game.gain / 1e3, "MEUR/yr",
        "cost-game", game)  # fmt: skip
    for i, item in enumerate(found.members):
        add(f"{prefix(item.region)}.share", f"{item.region}: aandeel ({found.asked})",
            f"{item.region}: share ({found.asked})", float(found.shares.amount[i]) / 1e3, "MEUR/yr", "cost-shares",
            ("coalition.cost", *game))  # fmt: skip
    for one in found.axis:
        add(f"gain_at_{100 * one.common:.0f}", f"besparing als {100 * one.common:.0f} % allen tegelijk treft",
            f"saving when {100 * one.common:.0f}% hits all at once", one.gain / 1e3, "MEUR/yr", "cost-game",
            game)  # fmt: skip
    for rule in found.crises:
        for i, item in enumerate(found.members):
            add(f"{prefix(item.region)}.service.{rule.rule.value}", f"{item.region}: laagste dekking ({rule.rule})",
                f"{item.region}: lowest cover ({rule.rule})", float(rule.worst_service[i]), "1", "crisis-rule",
                ("coalition.stock", *game))  # fmt: skip
    made += _alliances(ledger, found, behind)
    return tuple(made)


def record_holders(run: ScenarioRun, found: HoldersRun) -> tuple[str, ...]:
    """Record what each form of ownership holds, costs and leaves; returns the ids made."""
    behind = (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made = []
    for row in found.rows:
        out = row.outcome
        name = Text(f"{out.holder}, {out.financing}", f"{out.holder}, {out.financing}")
        for key, nl, en, value, unit in (
            ("tonnes", "voorraad", "stock", out.tonnes, "t"),
            ("net_added", "extra voorraad", "extra stock", out.net_added, "t"),
            ("public_cost", "kosten staat", "cost to the state", out.public_cost / 1e3, "MEUR/yr"),
            ("users_cost", "kosten gebruikers", "cost to users", out.users_cost / 1e3, "MEUR/yr"),
            ("total", "kosten en schade", "cost and loss", out.total / 1e3, "MEUR/yr"),
            ("break_even", "kans waarboven het loont", "chance above which it pays", out.break_even, "1/yr"),
        ):
            label = Text(f"{name.nl}: {nl}", f"{name.en}: {en}")
            made.append(
                put(run.ledger, f"holders.{out.financing.value}.{key}", label, value, unit, "holders-compared", behind)
            )
    return tuple(made)


def record_release(run: ScenarioRun, found: ReleaseRun) -> tuple[str, ...]:
    """Record by how much each release rule is dearer than the best release; returns the ids made."""
    behind = (*SCENARIO, *_rates(run.ledger), *_shortage(run))
    made = []
    for number, (start, supply, rules) in enumerate(found.starts, start=1):
        for rule in rules:
            label = Text(
                f"vrijgave vanaf {start}, {supply:.0%} komt aan", f"release from {start}, {supply:.0%} arrives"
            )
            key = f"release.{start}_{number}.{rule_key(rule.rule)}"
            made.append(put(run.ledger, key, label, rule.excess, "1", "release-rule", behind))
    return tuple(made)


def _alliances(ledger: Ledger, found: CoalitionRun, behind: Sequence[str]) -> list[str]:
    made = []
    for row in found.alliances:
        name = f"coalition.{row.alliance.alliance.lower()}.{row.alliance.instrument.replace(' ', '_')}"
        inputs = (*_known(ledger, row.members), *behind)
        for key, standing, nl, en in (
            ("alone", row.alone, "alleen", "alone"),
            ("within", row.within, "binnen", "within"),
        ):
            label = Text(
                f"{row.alliance.alliance}, {row.alliance.name.nl}: kosten {nl}",
                f"{row.alliance.alliance}, {row.alliance.name.en}: cost {en}",
            )
            made.append(put(ledger, f"{name}.{key}", label, standing.total / 1e3, "MEUR/yr", "cost-game", inputs))
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
