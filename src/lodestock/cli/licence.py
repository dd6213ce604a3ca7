"""`lodestock licence`: lead times from one's own cases, and what to expect of licence applications."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import App, Parameter

from lodestock.cli.licence_cases import DRAWS, SEED, regimes_of_cases
from lodestock.cli.licence_text import (
    FOLLOWED,
    Asked,
    next_case_row,
    outlook_row,
    outlook_text,
    points,
    pooled_row,
    pooled_text,
    report_row,
    report_text,
)
from lodestock.cli.licence_what_if import what_if
from lodestock.cli.licence_words import FIT, OUTLOOK, months_text, number, paragraph, share_text
from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    from lodestock.disruption.licence_parameters import LicenceParameters
    from lodestock.disruption.outlook import Regimes
    from lodestock.disruption.ridge import RidgeDraws

app = App(
    name="licence",
    help="""Export licences: how long they take, what part never comes, and what to expect of new applications.

`fit` learns from your own dated cases; `outlook` says what to expect of applications under a set of parameters;
`what-if` says what a quota, ban, tax, general licence, resubmission, tie or inspection would change. A licence is not
an export stop: what comes late, in part and never is kept apart.""",
    help_format="markdown",
)

Lang = Annotated[Literal["nl", "en"], Parameter(help="language of the answer")]
Material = Annotated[
    str | None, Parameter(help="with a CSV file of cases: only this material, supported by the others")
]


@app.command
def fit(
    cases: Annotated[Path, Parameter(name="CASES")],
    /,
    *,
    by: Annotated[Literal["material", "population", "end_use"] | None, Parameter(help="one answer for each")] = None,
    as_of: Annotated[
        str | None, Parameter(help="no date may lie after this day (yyyy-mm-dd); today if not given")
    ] = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Estimate lead times and the never-granted share from dated cases, and say what they cannot tell.

    Columns: id, submitted, outcome (granted, partly, denied, withdrawn, pending), decided or decided_from and
    decided_until, last_seen, fraction, material, end_use, population. Rows with impossible dates are refused by line.
    A table of counts (population, starts, on, filed, granted) is read too; counts cannot tell slow from never, and are
    answered with both readings of their age. Cases of several materials are also answered material by material, each by
    itself and with the support of the others.

    Parameters
    ----------
    cases
        a CSV file, see docs/how-to/use-your-own-licence-cases.md
    """
    from lodestock.disruption.case_report import case_report, group_cases
    from lodestock.disruption.cases import read_cases
    from lodestock.disruption.pooled import pool_groups
    from lodestock.disruption.snapshot_table import is_snapshot_table
    from lodestock.errors import InputError

    if is_snapshot_table(cases):
        if by not in (None, "population"):
            raise InputError(
                f"a table of counts does not tell {by.replace('_', ' ')}s apart", where="--by",
                mend="leave it out: every population has a row of its own",
            )  # fmt: skip
        _fit_counts(cases, lang, json)
        return
    read = read_cases(cases, today=_day(as_of, "--as-of"))
    groups = group_cases(read, by) if by else {"": read}
    if by and set(groups) == {""}:
        raise InputError(f"no case names its {by}", where="--by", mend=f"fill the column {by}, or leave --by out")
    reports = {name: case_report(group) for name, group in groups.items()}
    payload: dict[str, Any] = {"file": str(cases), "by": by, "groups": [], "pooled": None}
    blocks = []
    for name, report in reports.items():
        payload["groups"].append(report_row(report) | {"group": name or None})
        title = f"{FIT[lang][by]} {name or FIT[lang]['blank']}" if by else str(cases)
        blocks.append(report_text(title, report, lang))
    if not by and len(found := group_cases(read, "material")) > 1:
        reports = {name: case_report(group) for name, group in found.items()}
    reports = {name: report for name, report in reports.items() if name}  # not stated is no group that lends support
    if len(reports) > 1:
        lent = pool_groups(list(reports.values()))
        payload["pooled"] = {"by": by or "material"} | pooled_row(reports, lent)
        blocks.append(pooled_text(by or "material", reports, lent, lang))
    answer(payload, "\n\n".join([*blocks, paragraph(FIT[lang]["prior"])]), as_json=json)


@app.command
def outlook(
    *,
    applications: Annotated[float, Parameter(help="how many, all filed today; or every month, with --each-month")],
    parameters: Annotated[str, Parameter(help="a parameter set, a YAML file of your own, or a CSV file of your cases")],
    months: Annotated[int, Parameter(converter=whole_number, help="how far to look, 1 to 600")] = 12,
    each_month: Annotated[bool, Parameter(help="so many are filed every month", negative="")] = False,
    stock: Annotated[float, Parameter(help="with --each-month: stock that you hold, in months of licensed use")] = 0.0,
    on: Annotated[
        str | None, Parameter(help="day on which the register of controls is asked; today if not given")
    ] = None,
    material: Material = None,
    lang: Lang = "en",
    json: Json = False,
) -> None:
    """Say how many of so many applications come by which month, and what comes late, in part and never.

    Two readings of the published shares stand side by side: all cases filed when the regime began, or filed evenly ever
    since. They are two ways of looking and are not averaged. Ranges are 5 to 95 % along the ridge of regimes that fit.
    """
    from lodestock.disruption.outlook import by_chance, one_more_case_tells
    from lodestock.disruption.outlook import outlook as expected
    from lodestock.errors import InputError

    if not 0 <= stock <= 600:
        raise InputError(f"a stock of {stock:g} months is not possible", where="--stock", mend="give 0 to 600")
    if stock and not each_month:
        raise InputError(
            "a stock in months bridges what is wanted every month, not applications of one day",
            where="--stock",
            mend="add --each-month",
        )
    at_once = not each_month
    sets, told, facts = regimes_for(parameters, lang, _day(on, "--on"), material)
    found = {name: expected(regimes, applications, months, at_once=at_once) for name, regimes in sets.items()}
    payload: dict[str, Any] = {
        "parameters": parameters,
        "applications": applications,
        "at_once": at_once,
        "months": months,
        "stock_months": stock,
        **facts,
        "readings": {name: outlook_row(item, applications, stock, at_once) for name, item in found.items()},
    }
    for name, terms in facts.get("granted_within_statutory_term", {}).items():
        payload["readings"][name]["granted_within_statutory_term"] = terms
    asked = Asked(applications, months, stock, at_once)
    cases = {name: one_more_case_tells(regimes, FOLLOWED) for name, regimes in sets.items()}
    for name, told_by_case in cases.items():
        payload["readings"][name]["one_more_case"] = next_case_row(told_by_case, FOLLOWED)
        payload["readings"][name]["granted_by_chance_alone"] = points(
            by_chance(found[name], applications, at_once=at_once)
        )
    text = outlook_text(told, found, asked, cases, lang, facts)
    answer(payload, text, as_json=json)


app.command(what_if, name="what-if")


def regimes_for(
    parameters: str, lang: str, day: date, material: str | None
) -> tuple[dict[str, Regimes], list[str], dict[str, Any]]:
    """Regimes by reading, what to say of them, and facts for machines; from a parameter set or one's own cases."""
    from lodestock.errors import InputError

    if parameters.lower().endswith(".csv"):
        return regimes_of_cases(Path(parameters), lang, material)
    if material is not None:
        raise InputError(
            "a parameter set knows no materials", where="--material",
            mend="leave it out, or give a CSV file of your own cases with --parameters",
        )  # fmt: skip
    return _from_parameters(parameters, lang, day)


def _from_parameters(name: str, lang: str, day: date) -> tuple[dict[str, Regimes], list[str], dict[str, Any]]:
    import numpy as np

    from lodestock.disruption.licence_parameters import read_parameters
    from lodestock.disruption.outlook import Regimes
    from lodestock.disruption.ridge import AgeConvention, draw_ridge, mix_populations
    from lodestock.evidence.store import Store
    from lodestock.scenario.licences import published_shares
    from lodestock.scenario.sampling import sobol, triangular

    chosen = read_parameters(name)
    published = published_shares(Store.open(), chosen.statistics, chosen.starts)
    cube = sobol(4 * DRAWS, 4, SEED)
    # shuffled, because neighbours in the sequence are far apart by design and populations are taken in turn
    part = np.random.default_rng(SEED).permutation(triangular(cube[:DRAWS, 3], *chosen.granted_fraction.values))
    sets, groups = {}, []
    for convention in AgeConvention:
        ridges = draw_ridge(
            cube[:, :3],
            [item.snapshot for item in published],
            convention,
            prior_never_granted=(chosen.never_granted.values[0], chosen.never_granted.values[1]),
            prior_shape=(chosen.lead_time_shape.values[0], chosen.lead_time_shape.values[1]),
        )
        groups += [_group_row(item.label[lang], ridge) for item, ridge in zip(published, ridges, strict=True)]
        mixed = mix_populations(ridges, DRAWS)
        sets[convention.value] = Regimes(mixed.never_granted, part, mixed.law())
    words = OUTLOOK[lang]
    named = "; ".join(item.label[lang] for item in published)
    told = [f"{chosen.title[lang]} ({chosen.id})", paragraph(words["rests on"].format(names=named))]
    unchecked, terms = _controls(chosen, sets, day)
    facts: dict[str, Any] = {
        "mark": chosen.mark.value,
        "statistics": list(chosen.statistics),
        "by_population": groups,
        "to_be_checked": unchecked,
        "granted_within_statutory_term": terms,
    }
    return sets, told, facts


def _group_row(label: str, ridge: RidgeDraws) -> dict[str, Any]:
    """What one reporting population says by itself under one reading."""
    from lodestock.disruption.outlook import one_range

    return {
        "population": ridge.snapshot.population,
        "label": label,
        "reading": ridge.convention.value,
        "months": ridge.snapshot.months,
        "share_granted": ridge.snapshot.share,
        "mean_lead_months": points(one_range(ridge.law().mean())),
    }


def _controls(chosen: LicenceParameters, sets: dict[str, Regimes], day: date) -> tuple[list[str], dict[str, Any]]:
    """What must be checked about the issuer's measures, and the share of grants within the statutory term."""
    import numpy as np

    from lodestock.disruption.calendar import read_calendar
    from lodestock.disruption.controls import bearing_on, control, to_be_checked
    from lodestock.disruption.office_clock import statutory_terms
    from lodestock.disruption.outlook import one_range

    measures = [control(key) for key in chosen.controls]
    unchecked = [item.id for item in to_be_checked(day, bearing_on((), ids=chosen.controls))]
    days = next((item.review_working_days for item in measures if item.review_working_days), None)
    if days is None or not chosen.calendar:
        return unchecked, {}
    term = float(np.median(statutory_terms(read_calendar(chosen.calendar), chosen.starts, 12, days)))
    told = {
        name: {"working_days": days, "months": term, "share": points(one_range(regimes.law.cdf(term)))}
        for name, regimes in sets.items()
    }
    return unchecked, told


def _fit_counts(path: Path, lang: str, json: bool) -> None:
    """Answer a table of counts: the ridge under both age conventions, population by population."""
    from lodestock.disruption.outlook import one_range
    from lodestock.disruption.ridge import AgeConvention, draw_ridge
    from lodestock.disruption.snapshot_table import read_snapshots
    from lodestock.scenario.sampling import sobol

    snapshots = read_snapshots(path)
    cube = sobol(4 * DRAWS, 3, SEED)
    words, rows, cells = FIT[lang], [], []
    for convention in AgeConvention:
        for ridge in draw_ridge(cube, snapshots, convention):
            never, lead = one_range(ridge.never_granted), one_range(ridge.law().mean())
            share, when = ridge.snapshot.share, ridge.snapshot.months
            rows.append(
                {
                    "population": ridge.snapshot.population,
                    "months": when,
                    "share": share,
                    "convention": convention.value,
                    "never_granted": points(never),
                    "mean_lead_months": points(lead),
                    "accepted": ridge.accepted,
                }
            )
            granted, reading = f"{number(100 * share, lang)} %", OUTLOOK[lang][convention.value]
            first = (ridge.snapshot.population, number(when, lang), granted, reading)
            cells.append((*first, share_text(never, lang), months_text(lead, lang)))
    text = "\n".join([table(cells, words["count heads"], right=(1, 2, 4, 5)), paragraph(words["counts"])])
    answer({"file": str(path), "snapshots_only": True, "rows": rows}, text, as_json=json)


def _day(text: str | None, option: str) -> date:
    from lodestock.errors import InputError

    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a day", where=option, mend="write yyyy-mm-dd") from None
