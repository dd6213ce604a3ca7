"""What `lodestock coalition` prints: the same answer as JSON for machines and as text in Dutch or English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from lodestock.cli.coalition_words import WORDS
from lodestock.cli.output import table
from lodestock.cli.stock_tables import place_name
from lodestock.cli.stock_words import speech
from lodestock.criticality.words import listing
from lodestock.measures.robustness import SHARE_NEEDED
from lodestock.publish.numbers import digits_text, number_text, span_text
from lodestock.scenario.coalition_draws import Span
from lodestock.scenario.coalition_members import Lack
from lodestock.scenario.coalition_needs import MOST_APART
from lodestock.scenario.coalition_run import AllianceRow, CoalitionRun
from lodestock.stock.coalition import MOST_EXACT
from lodestock.stock.crisis import CrisisRule
from lodestock.stock.large_game import ORDERS, LargeGame

MOST_NAMED = 6  # members that are called by name in a sentence
TIE = 1e-6  # share of a cost below which two costs are the same


def payload(found: CoalitionRun) -> dict[str, Any]:
    """The answer for machines; money in thousands of euros a year."""
    names = [item.region for item in found.members]
    ranges = found.ranges
    return {
        "scenario": found.scenario,
        "rule": found.asked,
        "common": found.common,
        "yearly_chance": found.chance,
        "pays_from_chance": found.break_even,
        "pays_from_range": None if ranges.break_even is None else list(ranges.break_even),
        "holding_keur_t_yr": found.holding,
        "stock_t": found.game.pooled,
        "cost_together_keur": found.game.grand,
        "cost_alone_keur": dict(zip(names, found.game.alone.tolist(), strict=True)),
        "gain_keur": found.game.gain,
        "gain_over_draws": {"verdict": ranges.gained.verdict.value, "share": ranges.gained.share,
                            "low_keur": ranges.gain[0], "high_keur": ranges.gain[1]},
        "members": _members(found),
        "members_without_data": {name: why.value for name, why in found.lacking.items()},
        "joint_values": {
            table: {"net_exporters_between_0_and_imports": list(one.unsure), "without_quantity": list(one.unknown),
                    "value_per_tonne_lower_by_at_most": one.effect}
            for table, one in found.joined.items() if one.unsure or one.unknown
        },
        "shares_sampled": isinstance(found.game, LargeGame),
        "core": {
            "in_core": found.shares.core.in_core,
            "within_sampling_error": _within_error(found),
            "worst_group": list(found.shares.core.worst),
            "excess_keur": found.shares.core.excess,
            "groups_tried": found.shares.core.tried,
            "every_group_tried": found.shares.core.complete,
        },
        "common_cause": [{"common": one.common, "gain_keur": one.gain, "insurance_keur": one.insurance,
                          "gain_error_keur": one.gain_error, "insurance_error_keur": one.insurance_error}
                         for one in found.axis],
        "end_user_bound": found.end_user_bound,
        "gain_if_shared": _if_shared(found),
        "filled": found.filled,
        "brought_t": dict(zip(names, found.contribution.tolist(), strict=True)),
        "crisis": [
            {"rule": one.rule.value, "worst_service": dict(zip(names, one.worst_service.tolist(), strict=True)),
             "expected_loss_keur": one.total_loss}
            for one in found.crises
        ],
        "alliances": [_alliance(one) for one in found.alliances],
    }  # fmt: skip


def _if_shared(found: CoalitionRun) -> dict[str, Any] | None:
    """What pooling would save if nothing were bound; only when licences are bound."""
    free = found.if_shared
    if free is None:
        return None
    low, high = free.draws.span
    return {"gain_keur": free.gain, "low_keur": low, "high_keur": high, "verdict": free.draws.against.verdict.value,
            "share": free.draws.against.share}  # fmt: skip


def _members(found: CoalitionRun) -> list[dict[str, Any]]:
    ranges, paid = found.ranges, found.shares
    return [
        {
            "region": item.region, "imports_t": item.base.imports, "exports_t": item.base.exports,
            "rare_earth_share": list(item.share), "own_use_t": item.use, "own_use_range_t": list(ranges.use[i]),
            "value_keur_t": item.value, "value_range_keur_t": list(ranges.value[i]),
            "alone_range_keur": list(ranges.alone[i]), "share_keur": float(paid.amount[i]),
            "share_range_keur": None if ranges.amount is None else list(ranges.amount[i]),
            "share_error_keur": float(paid.error[i]),
        }
        for i, item in enumerate(found.members)
    ]  # fmt: skip


def _alliance(one: AllianceRow) -> dict[str, Any]:
    return {
        "alliance": one.alliance.alliance, "instrument": one.alliance.instrument, "state": one.alliance.state,
        "on": one.alliance.on, "mark": one.alliance.mark.value, "source": one.alliance.source.en,
        "members": list(one.members),
        "members_without_data": {name: why.value for name, why in one.lacking.items()},
        "alone_keur": one.alone.total, "within_keur": one.within.total,
        "alone_range_keur": list(one.alone_range), "within_range_keur": list(one.within_range),
        "within_against_alone": {key: str(value) if key == "verdict" else value
                                 for key, value in asdict(one.against).items()},
        "cost_alone_keur": dict(zip(one.members, one.alone.cost.tolist(), strict=True)),
        "cost_within_keur": dict(zip(one.members, one.within.cost.tolist(), strict=True)),
        "worst_service_alone": dict(zip(one.members, one.alone.worst_service.tolist(), strict=True)),
        "worst_service_within": dict(zip(one.members, one.within.worst_service.tolist(), strict=True)),
    }  # fmt: skip


class _Writer:
    """The numbers of an answer in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = speech(lang)
        self.words: Any = WORDS[lang]

    def money(self, keur: float) -> str:
        """With its unit."""
        return number_text(0.0 if abs(keur) < 1e-3 else keur / 1e3, "MEUR/yr", self.lang)

    def bare(self, keur: float, span: Span | None = None) -> str:
        """In millions of euros, digits only; with its range when given."""
        return self.digits(0.0 if abs(keur) < 1e-3 else keur / 1e3, None if span is None else _times(1e-3, span))

    def digits(self, value: float, span: Span | None = None) -> str:
        """Digits only, with a range when given and it is one."""
        text = digits_text(value, "ratio", self.lang)
        if span is None or span[0] == span[1]:
            return text
        ends = (digits_text(end, "ratio", self.lang) for end in span)
        return f"{text} ({'–'.join(ends)})"

    def share(self, value: float) -> str:
        """As per cent."""
        return number_text(value, "1", self.lang)

    def tonnes(self, value: float) -> str:
        """With its unit."""
        return number_text(value, "t", self.lang)

    def error(self, keur: float) -> str:
        """A standard error behind a number: ± in its unit, nothing for none."""
        return f" ± {self.bare(keur)}" if keur > 0.0 else ""

    def bond(self, name: str) -> str:
        """An alliance as the language calls it."""
        return str(self.words["bonds"].get(name, name))

    def names(self, codes: list[str]) -> str:
        """Few members by name, many by code."""
        return listing(codes if len(codes) > MOST_NAMED else [place_name(code, self.lang) for code in codes], self.lang)

    def whole(self, codes: list[str]) -> str:
        """All members: few by name, many by how many there are (the table of shares names each)."""
        many = self.words["countries"].format(count=len(codes))
        return str(many) if len(codes) > MOST_NAMED else self.names(codes)


def _times(factor: float, span: Span) -> Span:
    return factor * span[0], factor * span[1]


def text(found: CoalitionRun, lang: str) -> str:
    """The answer for people."""
    write = _Writer(lang)
    words, game = write.words, found.game
    names = [item.region for item in found.members]
    lines = [
        words["none held"],
        words["game bound" if found.end_user_bound else "game"].format(
            members=write.whole(names), stock=write.tonnes(game.pooled), grand=write.money(game.grand),
            alone=write.money(float(game.alone.sum())),
        ),
        *_pays_from(found, write),
        *(_bound(found, write) if found.end_user_bound else [*_gain(found, write), words["not bound"]]),
        *_lacking(found.lacking, words["left out"], write),
    ]  # fmt: skip
    if not found.end_user_bound:
        lines += ["", *_axis(found, write)]
    lines += ["", *_shares(found, write), "", *_crises(found, write), *_alliances(found, write), *_joined(found, write)]
    return "\n".join(lines).rstrip("\n")


def _pays_from(found: CoalitionRun, write: _Writer) -> list[str]:
    """The yearly chance above which the stock pays, beside the chance that was reckoned with."""
    words, even = write.words, found.break_even
    chance = number_text(found.chance, "1/yr", write.lang)
    if found.game.pooled <= 0.0:
        return [words["no stock"].format(chance=chance)]
    if even is None:
        return [] if found.common >= 1.0 else [words["pays apart"]]
    if even >= 1.0:
        return [words["pays never"]]
    span = found.ranges.break_even
    drawn = "" if span is None else f" ({span_text(*span, '1/yr', write.lang, even)})"
    return [words["pays from"].format(even=number_text(even, "1/yr", write.lang) + drawn, chance=chance)]


def _bound(found: CoalitionRun, write: _Writer) -> list[str]:
    """What bound licences do to every table, and what there would be to gain without them."""
    words, free = write.words, found.if_shared
    if free is None or (free.gain <= TIE * found.game.grand and free.draws.against.share == 0.0):
        return [words["bound"], words["free nothing"]]
    sure = free.draws.against.share >= SHARE_NEEDED
    told = words["free gain" if sure else "free unsure"].format(
        gain=write.money(free.gain), share=write.share(free.draws.against.share)
    )
    return [words["bound"], told]


def _joined(found: CoalitionRun, write: _Writer) -> list[str]:
    """Whose own use cannot be told in a joint value per tonne, and what that can do to it."""
    out = []
    for one in found.joined.values():
        if one.unsure:
            key = "joined one" if len(one.unsure) == 1 else "joined"
            effect = number_text(one.effect, "1", write.lang)
            out.append(write.words[key].format(codes=write.names(list(one.unsure)), effect=effect))
        if one.unknown:
            out.append(write.words["joined unknown"].format(codes=write.names(list(one.unknown))))
    return out


def _axis(found: CoalitionRun, write: _Writer) -> list[str]:
    """What pooling would save along the common cause, with its standard error where it is an estimate."""
    words = write.words
    drawn = len(found.members) > MOST_APART
    rows = [
        (
            write.share(one.common),
            *(
                f"{write.bare(_nil(value, found.game.grand))}{write.error(error) if drawn else ''}"
                for value, error in ((one.gain, one.gain_error), (one.insurance, one.insurance_error))
            ),
        )
        for one in found.axis
    ]
    lines = [words["axis"], table(rows, words["axis heads"], right=(0, 1, 2))]
    return [*lines, words["axis drawn"].format(most=MOST_APART)] if drawn else lines


def _gain(found: CoalitionRun, write: _Writer) -> list[str]:
    """What doing it together saves, claimed only when nine of ten draws say so."""
    gained = found.ranges.gained
    if found.game.gain <= TIE * found.game.grand and gained.share == 0.0:
        lines = [write.words["no gain"]]
    elif gained.share >= SHARE_NEEDED:
        lines = [write.words["gain"].format(gain=write.money(found.game.gain))]
    else:
        gain, share = write.money(found.game.gain), write.share(gained.share)
        lines = [write.words["gain unsure"].format(gain=gain, share=share)]
    return [*lines, *([write.words["why"]] if found.common >= 1.0 else [])]


def _lacking(lacking: Mapping[str, Lack], title: str, write: _Writer) -> list[str]:
    if not lacking:
        return []
    parts = []
    for why in dict.fromkeys(lacking.values()):
        codes = [code for code, found in lacking.items() if found is why]
        many = f"{why.value} many"
        told = write.words[many if len(codes) > 1 and many in write.words else why.value]
        parts.append(f"{listing(codes, write.lang)} ({told})")
    return [f"{title} {'; '.join(parts)}."]


def _shares(found: CoalitionRun, write: _Writer) -> list[str]:
    words, paid, ranges, game = write.words, found.shares, found.ranges, found.game
    sampled = bool(paid.error.any())
    rule = words["equal-days cost"] if found.asked == "equal-days" else words[found.asked]
    heads = list(words["share heads"])
    if sampled:
        heads.insert(4, words["error"])
    rows = []
    for i, item in enumerate(found.members):
        row = [
            item.region,
            write.digits(item.use, ranges.use[i]),
            write.bare(float(game.alone[i]), ranges.alone[i]),
            write.bare(float(paid.amount[i]), None if ranges.amount is None else ranges.amount[i]),
            write.bare(_nil(float(paid.amount[i] - game.alone[i]), game.grand)),
        ]
        if sampled:
            row.insert(4, write.bare(_nil(float(paid.error[i]), game.grand)))
        rows.append(tuple(row))
    lines = [words["shares"].format(rule=rule), words["meur"]]
    if sampled:
        lines.append(words["sampled"].format(most=MOST_EXACT, orders=number_text(ORDERS, "count", write.lang)))
    lines.append(table(rows, tuple(heads), right=tuple(range(1, len(heads)))))
    if ranges.amount is None:
        lines.append(words["no ranges"])
    if not found.end_user_bound and game.gain > TIE * game.grand and ranges.gained.share < SHARE_NEEDED:
        lines.append(words["difference unsure"])
    if found.asked in ("use", "equal-days") and found.common >= 1.0:
        lines.append(words["same"])
    return [*lines, _core(found, write)]


def _nil(value: float, scale: float) -> float:
    """A difference that is nothing but rounding is nothing."""
    return 0.0 if abs(value) <= 1e-9 * scale else value


def _within_error(found: CoalitionRun) -> bool:
    """Whether what the worst group overpays is no more than four times the standard errors of its members' shares."""
    pairs = zip(found.members, found.shares.error, strict=True)
    inside = [error for item, error in pairs if item.region in found.shares.core.worst]
    return found.shares.core.excess <= 4.0 * float(sum(inside))


def _core(found: CoalitionRun, write: _Writer) -> str:
    core, words = found.shares.core, write.words
    tried = number_text(core.tried, "count", write.lang)
    every = number_text(2 ** len(found.members) - 2, "count", write.lang)
    if not core.in_core and _within_error(found):
        return str(words["core in error"].format(tried=tried, all=every))
    if not core.in_core:
        key = "out of core one" if len(core.worst) == 1 else "out of core"
        group = write.names(list(core.worst))
        return str(words[key].format(group=group, excess=write.money(core.excess), tried=tried, all=every))
    return str(words["in core" if core.complete else "core unsure"].format(tried=tried, all=every))


def _crises(found: CoalitionRun, write: _Writer) -> list[str]:
    """Each member's worst case under each crisis rule; one column when nothing may be passed on."""
    words = write.words
    held = float(found.contribution.sum())
    if held <= 0.0:
        return [words["nothing to divide" if found.filled is None else "nothing there"], ""]
    by = {one.rule: one for one in found.crises}
    rules: tuple[CrisisRule, ...] = (CrisisRule.EQUAL_DAYS, CrisisRule.CONTRIBUTION, CrisisRule.VALUE)
    if found.end_user_bound:
        rules = (CrisisRule.CONTRIBUTION,)
    rows = [
        (item.region, write.tonnes(float(found.contribution[i])),
         *(write.share(float(by[rule].worst_service[i])) for rule in rules))
        for i, item in enumerate(found.members)
    ]  # fmt: skip
    rows.append((words["loss left"], "", *(write.money(by[rule].total_loss) for rule in rules)))
    part = words["best is none"] if found.filled is None else words["part"].format(filled=write.share(found.filled))
    heads = words["own heads" if found.end_user_bound else "brought heads"]
    lines = [
        words["crisis"].format(held=write.tonnes(held), part=part),
        *([words["own only"]] if found.end_user_bound else []),
        table(rows, heads, right=tuple(range(1, len(heads)))),
    ]
    same = found.days_by_contribution and not found.end_user_bound
    return [*lines, *([words["same days"]] if same else []), ""]


def _alliances(found: CoalitionRun, write: _Writer) -> list[str]:
    """Each alliance by instrument: all members with data together, and the focus country, alone and within."""
    words, first = write.words, found.focus
    rows = []
    for one in found.alliances:
        at = one.members.index(first) if first in one.members else None
        own = (
            ("–", "–")
            if at is None
            else (write.bare(float(one.alone.cost[at])), write.bare(float(one.within.cost[at])))
        )
        rows.append(
            (
                write.bond(one.alliance.alliance), words[one.alliance.instrument], words[one.alliance.state],
                f"{len(one.members)}/{len(one.members) + len(one.lacking)}",
                write.bare(one.alone.total, one.alone_range), write.bare(one.within.total, one.within_range),
                words[_verdict(one)], *own,
                write.share(float(one.alone.worst_service.min())), write.share(float(one.within.worst_service.min())),
            )
        )  # fmt: skip
    if not rows:
        return []
    heads = tuple(head.format(first=first) for head in words["alliance heads"])
    lines = [words["alliances"], words["meur"], table(rows, heads, right=(3, 4, 5, 7, 8, 9, 10))]
    for name, lacking in {one.alliance.alliance: one.lacking for one in found.alliances}.items():
        lines += _lacking(lacking, words["of"].format(alliance=write.bond(name)), write)
    kinds = dict.fromkeys(words[one.alliance.instrument] for one in found.alliances if _verdict(one) == "better")
    told = words["pays together"].format(kinds=listing(list(kinds), write.lang)) if kinds else words["pays nowhere"]
    lines.append(told)
    return lines


def _verdict(one: AllianceRow) -> str:
    """within against alone: equal when no draw differs, else what nine of ten draws say."""
    same = abs(one.within.total - one.alone.total) <= TIE * one.alone.total
    if same and one.against.low == one.against.high == 0.0:
        return "equal"
    return one.against.verdict.value
