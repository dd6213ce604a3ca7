"""`lodestock coalition`: a common stock of several countries: what it saves, who pays, who gets what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table

if TYPE_CHECKING:
    from lodestock.scenario.coalition_run import CoalitionRun


def coalition(
    scenario: str,
    /,
    *,
    members: Annotated[str, Parameter(help="countries, comma between: NLD,BEL,DEU,FRA")] = "NLD,BEL,DEU,FRA",
    rule: Annotated[str, Parameter(help="shapley, nucleolus, use or equal-days")] = "shapley",
    common: Annotated[float, Parameter(help="share of the chance that hits all at once; 1 for a licence regime")] = 1.0,
    filled: Annotated[float, Parameter(help="part of the common stock that is there when the crisis comes")] = 0.5,
    end_user_bound: Annotated[
        bool, Parameter(negative="", help="licences tie material to its end user: no sharing")
    ] = False,
    out: Annotated[Path | None, Parameter(help="folder for the answer (JSON) and the manifest behind it")] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "nl",
    json: Json = False,
) -> None:
    """Share a common stock: cost game, shares with the core test, crisis rules, EU, IEA and NATO alone and within.

    A licence regime hits all members at once, so that pooling insures nothing; the axis shows what it would save if
    part of the chance hit members apart.

    Parameters
    ----------
    scenario
        id of a scenario that ships, or a scenario file of your own (.yml)
    """
    from lodestock.cli.stock_files import numbers, write_answer
    from lodestock.evidence.store import Store
    from lodestock.scenario.coalition_run import coalition_run
    from lodestock.scenario.load import load
    from lodestock.scenario.run import run_scenario
    from lodestock.scenario.stock_evidence import record_coalition

    store = Store.open()
    names = tuple(name.strip() for name in members.split(",") if name.strip())
    run = run_scenario(load(scenario), store)
    found = coalition_run(
        run, store, names, rule, common=common, filled=filled,
        end_user_bound=end_user_bound, today=date.today(),
    )  # fmt: skip
    payload = _payload(found) | {"numbers": numbers(run, record_coalition(run, found))}
    files = [] if out is None else write_answer(run, "coalition", payload, out)
    answer(payload | {"files": files}, "\n".join([_text(found, lang), *files]), as_json=json)


def _payload(found: CoalitionRun) -> dict[str, Any]:
    names = [item.region for item in found.members]
    return {
        "scenario": found.scenario,
        "rule": found.asked,
        "common": found.common,
        "holding_keur_t_yr": found.holding,
        "stock_t": float(found.game.stock[-1]),
        "cost_together_keur": found.game.grand,
        "cost_alone_keur": dict(zip(names, found.game.alone.tolist(), strict=True)),
        "gain_keur": found.game.gain,
        "members": [
            {"region": item.region, "imports_t": item.base.imports, "exports_t": item.base.exports,
             "rare_earth_share": list(item.share), "own_use_t": item.use, "value_keur_t": item.value,
             "share_keur": float(found.shares.amount[i])}
            for i, item in enumerate(found.members)
        ],
        "core": {
            "in_core": found.shares.core.in_core,
            "worst_group": list(found.shares.core.worst),
            "excess_keur": found.shares.core.excess,
            "every_group_tried": found.shares.core.complete,
        },
        "common_cause": [{"common": one.common, "gain_keur": one.gain, "insurance_keur": one.insurance}
                         for one in found.axis],
        "end_user_bound": found.end_user_bound,
        "filled": found.filled,
        "crisis": [
            {"rule": one.rule.value, "worst_service": dict(zip(names, one.worst_service.tolist(), strict=True)),
             "expected_loss_keur": one.total_loss}
            for one in found.crises
        ],
        "alliances": [
            {"alliance": one.alliance.alliance, "instrument": one.alliance.instrument, "state": one.alliance.state,
             "on": one.alliance.on, "mark": one.alliance.mark.value, "source": one.alliance.source.en,
             "members": list(one.members), "members_without_data": list(one.lacking),
             "alone_keur": one.alone.total, "within_keur": one.within.total,
             "cost_alone_keur": dict(zip(one.members, one.alone.cost.tolist(), strict=True)),
             "cost_within_keur": dict(zip(one.members, one.within.cost.tolist(), strict=True)),
             "worst_service_alone": dict(zip(one.members, one.alone.worst_service.tolist(), strict=True)),
             "worst_service_within": dict(zip(one.members, one.within.worst_service.tolist(), strict=True))}
            for one in found.alliances
        ],
    }  # fmt: skip


def _text(found: CoalitionRun, lang: str) -> str:
    from lodestock.cli.stock_words import WORDS, speech
    from lodestock.publish.numbers import number_text

    words: Any = WORDS[lang]
    names = [item.region for item in found.members]

    def money(keur: float) -> str:
        return number_text(0.0 if abs(keur) < 1e-3 else keur / 1e3, "MEUR/yr", speech(lang))

    def share(value: float) -> str:
        return number_text(value, "1", speech(lang))

    game = found.game
    stock = number_text(float(game.stock[-1]), "t", speech(lang))
    lines = [
        words["none held"],
        words["game"].format(
            members=", ".join(names), stock=stock, grand=money(game.grand), alone=money(float(game.alone.sum()))
        ),
        words["gain"].format(gain=money(game.gain)) if game.gain > 1e-3 else words["no gain"],
        "",
        words["axis"],
        table([(share(one.common), money(one.gain), money(one.insurance)) for one in found.axis],
              words["axis heads"], right=(0, 1, 2)),
        "",
        words["shares"].format(rule=words.get(found.asked, found.asked)),
    ]  # fmt: skip
    rows = [
        (
            item.region,
            number_text(item.use, "t/yr", speech(lang)),
            money(float(game.alone[i])),
            money(float(found.shares.amount[i])),
            money(float(found.shares.amount[i] - game.alone[i])),
        )
        for i, item in enumerate(found.members)
    ]
    lines.append(table(rows, words["share heads"], right=(1, 2, 3, 4)))
    lines += _crisis_lines(found, words, money, share)
    return "\n".join(lines)


def _crisis_lines(
    found: CoalitionRun, words: Any, money: Callable[[float], str], share: Callable[[float], str]
) -> list[str]:
    """The core test, the crisis rules and the alliances."""
    names = [item.region for item in found.members]
    lines: list[str] = []
    core = found.shares.core
    lines.append(
        words["in core"]
        if core.in_core
        else words["out of core"].format(group=", ".join(core.worst), excess=money(core.excess))
    )
    lines += ["", words["crisis"].format(filled=share(found.filled))]
    lines.append(words["bound" if found.end_user_bound else "not bound"])
    crises = [
        (words[one.rule.value], *(share(float(value)) for value in one.worst_service), money(one.total_loss))
        for one in found.crises
    ]
    heads = (words["rule"], *names, words["loss left"])
    lines += [table(crises, heads, right=tuple(range(1, 2 + len(names)))), "", words["alliances"]]
    return [*lines, *_alliance_lines(found, words, money, share)]


def _alliance_lines(
    found: CoalitionRun, words: Any, money: Callable[[float], str], share: Callable[[float], str]
) -> list[str]:
    """Each alliance by instrument: all members with data together, and the first member asked for, alone and within."""
    first = found.members[0].region
    table_rows = []
    for one in found.alliances:
        at = one.members.index(first) if first in one.members else None
        own = ("–", "–") if at is None else (money(float(one.alone.cost[at])), money(float(one.within.cost[at])))
        table_rows.append(
            (
                one.alliance.alliance, words[one.alliance.instrument], words[one.alliance.state],
                f"{len(one.members)}/{len(one.members) + len(one.lacking)}",
                money(one.alone.total), money(one.within.total), *own,
                share(float(one.alone.worst_service.min())), share(float(one.within.worst_service.min())),
            )
        )  # fmt: skip
    heads = tuple(head.format(first=first) for head in words["alliance heads"])
    lines = [table(table_rows, heads, right=(3, 4, 5, 6, 7, 8, 9))]
    for name, lacking in {one.alliance.alliance: one.lacking for one in found.alliances}.items():
        if lacking:
            lines.append(words["lacking"].format(alliance=name, members=", ".join(lacking)))
    gains = [one for one in found.alliances if one.within.total < one.alone.total * (1.0 - 1e-6)]
    kinds = dict.fromkeys(words[one.alliance.instrument] for one in gains)
    lines.append(words["pays together"].format(kinds=", ".join(kinds)) if kinds else words["pays nowhere"])
    return lines
