"""The answers of `lodestock licence`: as plain text for people and as rows for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lodestock.cli.licence_words import FIT, OUTLOOK, WARNINGS, months_text, number, paragraph, ranged, share_text
from lodestock.cli.output import table

if TYPE_CHECKING:
    from lodestock.disruption.case_report import CaseReport
    from lodestock.disruption.outlook import Outlook, Range


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


def outlook_text(
    told: list[str],
    found: dict[str, Outlook],
    applications: float,
    months: int,
    stock: float,
    at_once: bool,
    lang: str,
    facts: dict[str, Any],
) -> str:
    """An outlook under each reading, in plain words."""
    from lodestock.disruption.outlook import one_range, ranges

    words = OUTLOOK[lang]
    names = [words[name] for name in found]
    columns = [ranges(item.granted) for item in found.values()]
    cells = [(n + 1, *(ranged(column[n], lang) for column in columns)) for n in range(months)]
    total = (words["together"], *(ranged(one_range(item.granted.sum(axis=1)), lang) for item in found.values()))
    filed = words["batch" if at_once else "flow"].format(count=number(applications, lang), months=months)
    lines = [
        *told,
        filed,
        "",
        words["granted"],
        table([*cells, total], (words["month"], *names), right=range(len(names) + 1)),
    ]

    def row(key: str, values: list[Any], show: Any) -> tuple[str, ...]:
        return (words[key], *(show(one_range(value), lang) for value in values))

    items = list(found.values())
    span = share_text if at_once else months_text
    rows = [
        row("never", [x.never for x in items], share_text),
        row("in part", [x.in_part for x in items], share_text),
        row("mean lead", [x.mean_lead for x in items], months_text),
        row("missing late", [x.missing_late for x in items], span),
        row("missing in part", [x.missing_in_part for x in items], span),
        row("missing never", [x.missing_never for x in items], span),
    ]
    if not at_once:
        rows.append(row("bridging", [x.bridging_stock(0.0) for x in items], months_text))
        if stock:
            rows.append(row("extra", [x.bridging_stock(stock) for x in items], months_text))
    lines += [
        "",
        table(rows, ("", *names), right=range(1, len(names) + 1)),
        *_groups_text(facts, lang),
        "",
        paragraph(words["permanent"]),
        paragraph(words["late"]),
    ]
    terms = facts.get("granted_within_statutory_term", {})
    for name, term in terms.items():
        low, mid, high = (number(100 * term["share"][key], lang) for key in ("low", "median", "high"))
        said = words["term"].format(days=term["working_days"], months=number(term["months"], lang))
        lines.append(paragraph(f"{said} {words[name]}: {mid} % [{low}–{high}]."))
    lines.append(paragraph(words["readings"] if len(found) > 1 else words["one reading"]))
    if facts.get("to_be_checked"):
        lines.append(paragraph(words["unchecked"].format(names=", ".join(facts["to_be_checked"]))))
    return "\n".join(lines)


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


def report_text(title: str, report: CaseReport, pooled: Range | None, lang: str) -> str:
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
    if pooled:
        rows.insert(1, (words["pooled"], share_text(pooled, lang)))
    if report.fraction_mean is not None:
        rows.append((words["fraction"], f"{number(100 * report.fraction_mean, lang)} %"))
    case = report.next_case
    narrower = [
        number(100 * (1 - after / now), lang) if now else "0"
        for now, after in ((case.never_now, case.never_after), (case.lead_now, case.lead_after))
    ]
    lines = [
        f"{title}: {report.cases} {words['cases']} ({counts})",
        table(rows, (words["law"].format(law=words[report.family.value]), words["range"]), right=(1,)),
        "",
        table(ages, words["age heads"], right=range(4)),
        paragraph(words["next"].format(months=number(case.followed_months, lang), never=narrower[0], lead=narrower[1])),
    ]
    return "\n".join([*lines, *(paragraph(f"! {WARNINGS[lang][item.value]}") for item in report.warnings)])


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
    case = report.next_case
    return {
        "cases": report.cases,
        "outcomes": {name.value: count for name, count in report.outcomes.items()},
        "longest_wait_months": report.longest,
        "family": report.family.value,
        "never_granted": points(report.never),
        "never_granted_other_law": points(report.other_never),
        "lead_median_months": points(report.lead_median),
        "lead_mean_months": points(report.lead_mean),
        "granted_fraction_mean": report.fraction_mean,
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
