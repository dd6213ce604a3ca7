"""What the smaller verbs under `lodestock stock` print: safe levels, norms, holders, release rules and pilots."""

from __future__ import annotations

from datetime import date
from typing import Any

from lodestock.cli.output import table
from lodestock.cli.stock_words import WORDS, speech
from lodestock.errors import LodestockError
from lodestock.publish.numbers import digits_text, full_text, number_text, span_text
from lodestock.publish.words import MARKS, date_text
from lodestock.scenario.holders_run import HoldersRun
from lodestock.scenario.pilot import WeighedPilot
from lodestock.scenario.release_run import ReleaseRun
from lodestock.scenario.stock_words import FORMS, STATES, VERDICTS, held_none, rule_text
from lodestock.scenario.trade_norms import CodeLevel, Levels, Norms
from lodestock.vocabulary import material, region

THE = ("NLD", "USA", "GBR")


def place_name(code: str, lang: str) -> str:
    """A country or coalition in words; its code where it is not known by one."""
    try:
        found = region(code, date.today())
    except LodestockError:
        return code
    name = found.name_nl if lang == "nl" else found.name_en
    many = found.members != (found.id,)
    article = {"nl": "de " if many or found.id in ("USA",) else "", "en": "the " if many or found.id in THE else ""}
    return name if name.lower().startswith(("de ", "het ", "the ")) else article[lang] + name


def days_text(days: float, lang: str) -> str:
    """A number of days that was asked for, as it was given: '60 dagen', '1 day'."""
    one, many = {"nl": ("dag", "dagen"), "en": ("day", "days")}[lang]
    return f"{full_text(days, 'count', speech(lang))} {one if days == 1.0 else many}"


def _level_plain(item: CodeLevel) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": {"nl": item.name.nl, "en": item.name.en},
        "materials": list(item.materials),
        "mixed": item.mixed,
        "weight": item.basis,
        "imports_t": item.imports,
        "exports_t": item.exports,
        "flows_without_quantity": item.missing,
        "daily_net_imports_t": None if item.level is None else item.level.daily,
        "safe_level_t": None if item.level is None else item.level.tonnes,
        "reason": {"nl": item.reason.nl, "en": item.reason.en},
        "snapshots": sorted({name for rows in item.read for name in rows.snapshots}),
    }


def level_payload(found: Levels) -> dict[str, Any]:
    """The safe levels for machines."""
    return {
        "for": found.region,
        "days": found.days,
        "base_year": found.year,
        "previous_calendar_year": found.wanted,
        "base_is_previous_year": found.year == found.wanted,
        "codes": [_level_plain(item) for item in found.codes],
    }


def level_text(found: Levels, lang: str) -> str:
    """The safe levels for people."""
    words: Any = WORDS[lang]
    lines = [
        words["level"].format(region=place_name(found.region, lang), days=days_text(found.days, lang), year=found.year)
    ]
    if found.year != found.wanted:
        lines.append(words["older"].format(wanted=found.wanted, year=found.year))
    rows = []
    for item in found.codes:
        daily = words["unknown"] if item.level is None else number_text(item.level.daily, "t", speech(lang))
        tonnes = item.reason[lang] if item.level is None else number_text(item.level.tonnes, "t", speech(lang))
        said = [words["mixed"]] if item.mixed else []
        if item.missing:
            said.append(words["missing one" if item.missing == 1 else "missing"].format(count=item.missing))
        if item.level is not None and item.level.daily <= 0.0:
            said.append(words["net exports"])
        rows.append((item.code, _short(item.name[lang]), daily, tonnes, "; ".join(said)))
    return "\n".join([*lines, table(rows, words["level heads"], right=(2, 3)), words["gross"]])


def _short(text: str, most: int = 48) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip(" ,;") + "…"


def norms_payload(found: Norms) -> dict[str, Any]:
    """The norms for machines."""
    codes = [item.code for item in found.levels.codes]
    return {
        "material": found.material,
        "own_optimum_t": None if found.own is None else found.own.tonnes,
        "levels": level_payload(found.levels),
        "norms": [
            {
                "id": norm.id,
                "name": {"nl": norm.name.nl, "en": norm.name.en},
                "applies_to": {"nl": norm.applies.nl, "en": norm.applies.en},
                "days": norm.days,
                "tonnes": dict(zip(codes, norm.tonnes, strict=True)),
                "mark": norm.mark.value,
                "source": norm.source,
            }
            for norm in found.norms
        ],
    }


def norms_text(found: Norms, lang: str) -> str:
    """The norms for people: a row per norm, a column per trade code."""
    words: Any = WORDS[lang]
    codes = found.levels.codes
    heads = (*words["norm heads"], *(item.code for item in codes), words["mark"])
    rows = [
        (
            norm.name[lang],
            norm.applies[lang],
            words["unknown"] if norm.days is None else full_text(norm.days, "count", speech(lang), 3),
            *("–" if one is None else number_text(one, "t", speech(lang)) for one in norm.tonnes),
            MARKS[norm.mark][lang],
        )
        for norm in found.norms
    ]
    title = words["norms"].format(
        material=found.name[lang].lower(), region=place_name(found.levels.region, lang), year=found.levels.year
    )
    lines = [title, table(rows, heads, right=tuple(range(2, 3 + len(codes))))]
    for item in codes:
        sold = item.level is not None and item.level.daily <= 0.0
        lines.append(f"  {item.code}: {item.name[lang]}" + (f" ({words['net exports']})" if sold else ""))
    if found.own is not None:
        tonnes = number_text(found.own.tonnes, "t", speech(lang))
        lines.append(words["own optimum"].format(tonnes=tonnes, days=number_text(found.own.days, "day", speech(lang))))
    return "\n".join([*lines, words["norms meant"]])


def holders_payload(found: HoldersRun) -> dict[str, Any]:
    """The three forms of ownership for machines; money in k€ a year."""
    return {
        "scenario": found.scenario,
        "product": found.product,
        "for": found.region,
        "typical_shortage_t": found.shortage,
        "value_keur_t": found.value,
        "yearly_chance": found.chance,
        "public_released_first": found.public_first,
        "ways": [
            {
                "holder": row.outcome.holder.value,
                "financing": row.outcome.financing.value,
                "tonnes": row.outcome.tonnes,
                "private_tonnes": row.outcome.private,
                "net_added_tonnes": row.outcome.net_added,
                "public_cost_keur": row.outcome.public_cost,
                "users_cost_keur": row.outcome.users_cost,
                "loss_left_keur": row.outcome.loss_left,
                "total_keur": row.outcome.total,
                "break_even": row.outcome.break_even,
                "ranges": {name: list(span) for name, span in row.ranges.items()},
                "verdict_against_first": row.against.verdict.value,
                "share": row.against.share,
            }
            for row in found.rows
        ],
    }


def holders_text(found: HoldersRun, lang: str) -> str:
    """The three forms of ownership for people: a table, and what each is in plain words."""
    words: Any = WORDS[lang]
    rows = []
    for row in found.rows:
        out = row.outcome
        rows.append(
            (
                words[out.holder.value],
                words["pays"][out.financing.value],
                _with_range(out.tonnes, row.ranges["tonnes"], "t", lang),
                number_text(out.net_added, "t", speech(lang)),
                number_text(out.public_cost / 1e3, "MEUR/yr", speech(lang)),
                number_text(out.users_cost / 1e3, "MEUR/yr", speech(lang)),
                _with_range(out.total / 1e3, row.ranges["total"], "MEUR/yr", lang, 1e-3),
                _with_range(out.break_even, row.ranges["break_even"], "1", lang),
                VERDICTS[row.against.verdict.value][lang] if row is not found.rows[0] else words["cheapest"],
            )
        )
    said = [f"  {words[name]}: {words['plain'][name]}" for name in ("public", "public-private", "private")]
    table_text = table(rows, words["holder heads"], right=(2, 3, 4, 5, 6, 7))
    return "\n".join([words["holders"], table_text, "", *said, "", words["firms"], held_none(found.region)[lang]])


def _with_range(value: float, span: tuple[float, float], unit: str, lang: str, factor: float = 1.0) -> str:
    """A number with its range over the draws in brackets."""
    low, high = (digits_text(factor * end, unit, speech(lang)) for end in span)
    return f"{number_text(value, unit, speech(lang))} ({low}–{high})"


def release_payload(found: ReleaseRun) -> dict[str, Any]:
    """The release rules for machines; money in k€ over the horizon."""
    return {
        "scenario": found.scenario,
        "stock_t": found.stock,
        "stock_days": found.stock_days,
        "quarters": found.quarters,
        "steps": [{"share_of_use": share, "value_keur_t": value} for share, value in found.steps],
        "starts": [
            {
                "state": state,
                "share_arriving": share,
                "rules": [
                    {"rule": cost.rule.kind.value, "lag_quarters": cost.rule.lag, "trigger": cost.rule.trigger,
                     "cost_keur": cost.cost, "optimal_keur": cost.optimal, "excess": cost.excess,
                     "excess_range": list(drawn[cost.rule].excess),
                     "verdict_against_first": drawn[cost.rule].against.verdict.value}
                    for cost in costs
                ],
            }
            for (state, share, costs), drawn in zip(found.starts, found.drawn, strict=True)
        ],
    }  # fmt: skip


def release_text(found: ReleaseRun, lang: str) -> str:
    """The release rules for people."""
    words: Any = WORDS[lang]
    lines = [
        words["release"].format(
            stock=number_text(found.stock, "t", speech(lang)),
            days=days_text(found.stock_days, lang),
            quarters=found.quarters,
        )
    ]
    for (state, share, costs), drawn in zip(found.starts, found.drawn, strict=True):
        lines += ["", words["start"].format(state=STATES[state][lang], share=number_text(share, "1", speech(lang)))]
        rows = [
            (
                rule_text(cost.rule)[lang],
                number_text(cost.excess, "1", speech(lang)),
                span_text(*drawn[cost.rule].excess, "1", speech(lang)),
                words["cheapest"] if cost is costs[0] else VERDICTS[drawn[cost.rule].against.verdict.value][lang],
            )
            for cost in costs
        ]
        lines.append(table(rows, words["rule heads"], right=(1, 2)))
    return "\n".join([*lines, "", words["decides"]])


def pilot_payload(found: WeighedPilot) -> dict[str, Any]:
    """The pilot for machines."""
    pilot = found.pilot
    return {
        "id": pilot.id,
        "example": pilot.example,
        "stage": pilot.stage.value,
        "holds_a_stock": found.holds,
        "as_of": pilot.as_of.isoformat(),
        "ownership": pilot.holder.value,
        "place": pilot.place,
        "for": pilot.serves,
        "materials": [
            {"material": one.item.material, "form": one.item.form, "tonnes": one.item.tonnes, "days_covered": one.days,
             "days_wanted": pilot.days_wanted, "reason": {"nl": one.why_nl, "en": one.why_en}}
            for one in found.cover
        ],
        "yearly_cost_keur": found.yearly_cost,
        "open": list(found.open),
        "feasibility": {name: getattr(pilot.feasibility, name).model_dump(mode="json")
                        for name in type(pilot.feasibility).model_fields},
    }  # fmt: skip


def _material(name: str, lang: str) -> str:
    found = material(name)
    return found.name_nl if lang == "nl" else found.name_en


def pilot_text(found: WeighedPilot, lang: str) -> str:
    """The pilot for people."""
    words: Any = WORDS[lang]
    pilot = found.pilot
    lines = [pilot.title.nl if lang == "nl" else pilot.title.en]
    if pilot.example:
        lines.append(words["invented"])
    lines.append(
        words["holding"]
        if found.holds
        else words["stage"].format(stage=words[pilot.stage.value], on=date_text(pilot.as_of, speech(lang)))
    )
    lines.append(words["owned"].format(holder=words[pilot.holder.value], place=pilot.place,
                                       region=place_name(pilot.serves, lang)))  # fmt: skip
    wanted = full_text(pilot.days_wanted, "count", speech(lang))
    for one in found.cover:
        tonnes = one.item.tonnes
        lines.append(words["covers unknown" if one.days is None else "covers"].format(
            material=_material(one.item.material, lang), form=FORMS[one.item.form][lang], wanted=wanted,
            tonnes=words["amount unknown"] if tonnes is None else number_text(tonnes, "t", speech(lang)),
            days="" if one.days is None else digits_text(one.days, "day", speech(lang)),
            why=one.why_nl if lang == "nl" else one.why_en,
        ))  # fmt: skip
    cost = words["unknown"] if found.yearly_cost is None else number_text(1e3 * found.yearly_cost, "EUR", speech(lang))
    lines += [words["yearly"].format(cost=cost), ""]
    rows = []
    for name in type(pilot.feasibility).model_fields:
        part = getattr(pilot.feasibility, name)
        rows.append((words[name], words[part.state.value], part.on, part.text.nl if lang == "nl" else part.text.en))
    return "\n".join([*lines, table(rows, words["pilot heads"])])
