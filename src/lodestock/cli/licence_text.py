"""The answers of `lodestock licence`: as plain text for people and as rows for machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lodestock.cli.licence_words import (
    FIT,
    OUTLOOK,
    WARNINGS,
    months_text,
    number,
    paragraph,
    ranged,
    share_text,
    whole,
)
from lodestock.cli.output import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lodestock.disruption.case_report import CaseReport
    from lodestock.disruption.information import Narrowing
    from lodestock.disruption.outlook import Outlook, Range
    from lodestock.disruption.pooled import GroupEstimate, PooledGroups

FOLLOWED = 12  # months for which one more case is followed
_HARDLY = 0.75  # how alike groups are is known no better than before any case was seen, when its range is this wide


def outlook_row(item: Outlook, applications: float, stock: float, at_once: bool) -> dict[str, Any]:
    """An outlook under one reading, for machines."""
    from lodestock.disruption.outlook import one_range, ranges

    granted = [{"month": n + 1, **points(found)} for n, found in enumerate(ranges(item.granted))]
    running = [{"month": n + 1, **points(found)} for n, found in enumerate(ranges(item.granted.cumsum(axis=1)))]
    usable = [{"month": n + 1, **points(found)} for n, found in enumerate(ranges(item.usable))]
    one = {
        "never_granted": item.never,
        "lost_in_part": item.in_part,
        "permanent_loss": item.permanent(),
        "never_granted_applications": applications * item.never,
        "mean_lead_months": item.mean_lead,
        "transitional_loss_months": item.late,
        "missing_late": item.missing_late,
        "missing_in_part": item.missing_in_part,
        "missing_never": item.missing_never,
        "bridging_stock_months": item.bridging_stock(0.0),
        "extra_stock_months": item.bridging_stock(stock),
    }
    found = {name: points(one_range(values)) for name, values in one.items()}
    if at_once:  # a batch is not a flow: it has no stock of months to bridge it
        for name in ("transitional_loss_months", "bridging_stock_months", "extra_stock_months"):
            del found[name]
    return {"granted": granted, "granted_so_far": running, "usable_share": usable, **found}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an outlook was asked: how many applications (in all, or a month), how far, with which stock [month]."""

    applications: float
    months: int
    stock: float
    at_once: bool

    def total(self) -> float:
        """How many applications are filed over the whole horizon."""
        return self.applications * (1 if self.at_once else self.months)


def next_case_row(told: Narrowing, followed: int) -> dict[str, float]:
    """What one more dated case tells of the never-granted share, for machines."""
    seen = told.chance[:-1]
    granted = float(seen @ told.means[:-1] / seen.sum()) if seen.sum() else told.mean
    return {
        "followed_months": followed,
        "never_granted_mean_now": told.mean,
        "never_granted_mean_if_granted": granted,
        "never_granted_mean_if_open": float(told.means[-1]),
        "never_granted_sd_now": told.spread,
        "never_granted_sd_after": told.spread_after,
    }


def outlook_text(
    told: list[str],
    found: dict[str, Outlook],
    asked: Asked,
    cases: dict[str, Narrowing],
    lang: str,
    facts: dict[str, Any],
) -> str:
    """An outlook under each reading, in plain words."""
    from lodestock.disruption.outlook import Range

    words = OUTLOOK[lang]
    count, total = whole(asked.applications, lang), whole(asked.total(), lang)
    filed = words["batch" if asked.at_once else "flow"].format(count=count, months=asked.months, total=total)
    lines = [
        *told,
        paragraph(filed),
        paragraph(words["readings"] if len(found) > 1 else words["one reading"]),
        "",
        *_by_month(found, asked, lang),
        "",
        *_in_the_end(found, asked, lang),
        *_groups_text(facts, lang),
        "",
        paragraph(words["permanent"]),
        paragraph(words["late"]),
    ]
    terms = facts.get("granted_within_statutory_term", {})
    if terms:
        one = next(iter(terms.values()))
        shares = "; ".join(f"{words[name]} {share_text(Range(**term['share']), lang)}" for name, term in terms.items())
        when = number(one["months"], lang)
        lines.append(paragraph(words["term"].format(days=one["working_days"], months=when, shares=shares)))
    lines += ["", *_layers(found, asked, lang)]
    for name, case in cases.items():
        row = next_case_row(case, FOLLOWED)
        narrower = 100.0 * (1.0 - case.spread_after / case.spread) if case.spread else 0.0
        said = {
            key: number(100.0 * row[f"never_granted_mean_{part}"], lang)
            for key, part in (("now", "now"), ("granted", "if_granted"), ("open", "if_open"))
        }
        text = words["next"].format(months=FOLLOWED, narrower=number(narrower, lang), name=words[name], **said)
        lines.append(paragraph(text))
    if facts.get("to_be_checked"):
        lines.append(paragraph(words["unchecked"].format(names=", ".join(facts["to_be_checked"]))))
    return "\n".join(lines)


def _by_month(found: dict[str, Outlook], asked: Asked, lang: str) -> list[str]:
    """How many are granted, by the end of each month for a batch, in each month for a flow."""
    from lodestock.disruption.outlook import one_range, ranges

    words = OUTLOOK[lang]
    count, total = whole(asked.applications, lang), whole(asked.total(), lang)
    columns = [ranges(item.granted.cumsum(axis=1) if asked.at_once else item.granted) for item in found.values()]
    shown = [n for n in range(asked.months) if n < 3 or (n + 1) % 3 == 0 or n == asked.months - 1]
    cells = [(str(n + 1), *(ranged(column[n], lang) for column in columns)) for n in shown]
    if not asked.at_once:
        sums = (ranged(one_range(item.granted.sum(axis=1)), lang) for item in found.values())
        cells.append((words["together"].format(total=total), *sums))
    heads = (words["month"], *(words[name] for name in found))
    title = words["granted batch" if asked.at_once else "granted"].format(count=count)
    return [paragraph(title), table(cells, heads, right=range(len(heads)))]


def _in_the_end(found: dict[str, Outlook], asked: Asked, lang: str) -> list[str]:
    """Granted, still to come and never, in applications; then what is lost and late of the volume."""
    from lodestock.disruption.outlook import one_range

    words, items = OUTLOOK[lang], list(found.values())
    total = asked.total()

    def row(key: str, values: list[Any], show: Any) -> tuple[str, ...]:
        return (words[key], *(show(one_range(value), lang) for value in values))

    sums = [item.granted.sum(axis=1) for item in items]
    span = share_text if asked.at_once else months_text
    rows = [
        row("count granted", sums, ranged),
        row("count late", [total * (1.0 - x.never) - y for x, y in zip(items, sums, strict=True)], ranged),
        row("count never", [total * x.never for x in items], ranged),
        row("never", [x.never for x in items], share_text),
        row("in part", [x.in_part for x in items], share_text),
        row("mean lead", [x.mean_lead for x in items], months_text),
        row("missing late", [x.missing_late for x in items], span),
        row("missing in part", [x.missing_in_part for x in items], span),
        row("missing never", [x.missing_never for x in items], span),
    ]
    if not asked.at_once:
        rows.append(row("bridging", [x.bridging_stock(0.0) for x in items], months_text))
        if asked.stock:
            rows.append(row("extra", [x.bridging_stock(asked.stock) for x in items], months_text))
    heads = (words["of them"], *(words[name] for name in found))
    title = words["in the end"].format(count=whole(total, lang), months=asked.months)
    return [paragraph(title), table(rows, heads, right=range(1, len(heads)))]


def _layers(found: dict[str, Outlook], asked: Asked, lang: str) -> list[str]:
    """The three layers of uncertainty apart: structure, parameters, chance."""
    from lodestock.disruption.outlook import by_chance, one_range

    words = OUTLOOK[lang]
    sums = [one_range(item.granted.sum(axis=1)) for item in found.values()]
    tossed = [by_chance(item, asked.applications, at_once=asked.at_once) for item in found.values()]

    def between(item: Range) -> str:
        return f"{number(item.low, lang)}–{number(item.high, lang)}"

    rows = [
        (words["structure"], *(number(item.median, lang) for item in sums)),
        (words["ignorance"], *(between(item) for item in sums)),
        (words["chance"], *(between(item) for item in tossed)),
    ]
    heads = (words["layer"], *(words[name] for name in found))
    return [words["layers"].format(months=asked.months), table(rows, heads, right=range(1, len(heads)))]


def _groups_text(facts: dict[str, Any], lang: str) -> list[str]:
    """The mean lead time that each reporting population says by itself, under each reading."""
    from lodestock.disruption.outlook import Range

    by_label: dict[str, list[str]] = {}
    readings = list(dict.fromkeys(row["reading"] for row in facts.get("by_population", [])))
    for row in facts.get("by_population", []):
        by_label.setdefault(row["label"], []).append(months_text(Range(**row["mean_lead_months"]), lang))
    if not by_label:
        return []
    words = OUTLOOK[lang]
    cells = [(label, *said) for label, said in by_label.items()]
    heads = (words["by population"], *(words[name] for name in readings))
    return ["", table(cells, heads, right=range(1, len(heads)))]


def report_text(title: str, report: CaseReport, lang: str) -> str:
    """What a group of cases says, in plain words."""
    words = FIT[lang]
    counts = ", ".join(f"{count} {words[name.value]}" for name, count in report.outcomes.items() if count)
    ages = [
        (number(p.age, lang), *(f"{number(100 * part, lang)} %" for part in (p.granted, p.denied, p.open)))
        for p in report.by_age
    ]
    rows = [
        (words["never"], share_text(report.never, lang)),
        (words["other never"], share_text(report.other_never, lang)),
        (words["median"], months_text(report.lead_median, lang)),
        (words["mean"], months_text(report.lead_mean, lang)),
    ]
    if report.granted_part is not None:
        part = dict.fromkeys(number(100 * one, lang) for one in report.granted_part)
        rows.append((words["fraction"], f"{'–'.join(part)} %"))
    case = report.next_case
    narrower = [
        number(100 * (1 - after / now), lang) if now else "0"
        for now, after in ((case.never_now, case.never_after), (case.lead_now, case.lead_after))
    ]
    lines = [
        f"{title}: {report.cases} {words['one case' if report.cases == 1 else 'cases']} ({counts})",
        table(rows, (words["law"].format(law=words[report.family.value]), words["range"]), right=(1,)),
        "",
        table(ages, words["age heads"], right=range(4)),
        paragraph(words["next"].format(months=number(case.followed_months, lang), never=narrower[0], lead=narrower[1])),
    ]
    return "\n".join([*lines, *(paragraph(f"! {WARNINGS[lang][item.value]}") for item in report.warnings)])


def pooled_text(by: str, reports: Mapping[str, CaseReport], lent: PooledGroups, lang: str) -> str:
    """Groups by themselves and with the support of the others, side by side, and how far that can be trusted."""
    from lodestock.disruption.case_report import FEW_GRANTS

    words = FIT[lang]
    grants = [_grants(report) for report in reports.values()]
    names = [name or words["blank"] for name in reports]
    rows = [
        (
            name, str(report.cases), str(count), share_text(alone.never, lang), share_text(pooled.never, lang),
            ranged(alone.lead_median, lang), ranged(pooled.lead_median, lang),
        )
        for name, report, count, alone, pooled in zip(
            names, reports.values(), grants, lent.alone, lent.pooled, strict=True
        )
    ]  # fmt: skip
    lines = [
        paragraph(words["pool title"].format(by=words[by], law=words[lent.family.value])),
        table(rows, (words[by], *words["pool heads"]), right=range(1, 7)),
    ]
    few = [f"{name} ({count})" for name, count in zip(names, grants, strict=True) if count < FEW_GRANTS]
    if few:
        lines.append(paragraph(words["pool few"].format(names=", ".join(few))))
    alike = {"never": ranged(lent.never_alike, lang), "lead": ranged(lent.lead_alike, lang)}
    told = words["pool alike"].format(**alike)
    if all(item.high - item.low > _HARDLY for item in (lent.never_alike, lent.lead_alike)):
        told = f"{told} {words['pool hardly']}"
    return "\n".join([*lines, paragraph(told)])


def pooled_row(reports: Mapping[str, CaseReport], lent: PooledGroups) -> dict[str, Any]:
    """Groups by themselves and pooled, for machines."""
    return {
        "family": lent.family.value,
        "never_alike": points(lent.never_alike),
        "lead_alike": points(lent.lead_alike),
        "groups": [
            {
                "group": name or None,
                "cases": report.cases,
                "granted": _grants(report),
                "alone": _group_points(alone),
                "pooled": _group_points(pooled),
            }
            for (name, report), alone, pooled in zip(reports.items(), lent.alone, lent.pooled, strict=True)
        ],
    }


def _group_points(found: GroupEstimate) -> dict[str, Any]:
    return {
        "never_granted": points(found.never),
        "lead_median_months": points(found.lead_median),
        "lead_mean_months": points(found.lead_mean),
    }


def _grants(report: CaseReport) -> int:
    return sum(count for name, count in report.outcomes.items() if name.value in ("granted", "partly"))


def report_row(report: CaseReport) -> dict[str, Any]:
    """What a group of cases says, for machines."""
    fits = {}
    for family, best in report.fits.items():
        low, high = best.never_interval()
        at = best.parameters
        fits[family.value] = {
            "never_granted": float(at.never),
            "never_granted_low": low,
            "never_granted_high": high,
            "shape": float(at.shape),
            "scale_months": float(at.scale),
            "log_likelihood": best.log_likelihood,
            "aic": best.aic,
            "at_the_edge": best.edge,
        }
    case, part = report.next_case, report.granted_part
    return {
        "cases": report.cases,
        "outcomes": {name.value: count for name, count in report.outcomes.items()},
        "longest_wait_months": report.longest,
        "family": report.family.value,
        "never_granted": points(report.never),
        "never_granted_other_law": points(report.other_never),
        "lead_median_months": points(report.lead_median),
        "lead_mean_months": points(report.lead_mean),
        "granted_fraction_mean": part[0] if part and part[0] == part[1] else None,
        "granted_fraction_range": part,
        "best_fits": fits,
        "by_age": [{"months": p.age, "granted": p.granted, "denied": p.denied, "open": p.open} for p in report.by_age],
        "one_more_case": {
            "followed_months": case.followed_months,
            "never_granted_sd_now": case.never_now,
            "never_granted_sd_after": case.never_after,
            "log_mean_lead_sd_now": case.lead_now,
            "log_mean_lead_sd_after": case.lead_after,
        },
        "warnings": [item.value for item in report.warnings],
    }


def points(found: Range) -> dict[str, float]:
    """A range by name."""
    return {"low": found.low, "median": found.median, "high": found.high}
