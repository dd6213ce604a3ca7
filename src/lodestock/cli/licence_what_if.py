"""`lodestock licence what-if`: what another rule would change, against the regime as it is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.licence_words import OUTLOOK, months_text, number, paragraph, ranged, share_text, whole
from lodestock.cli.output import Json, answer, table
from lodestock.cli.whole import whole_number

if TYPE_CHECKING:
    from lodestock.disruption.outlook import Range
    from lodestock.disruption.what_if import Arrivals, Rules

WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "wanted": "Gewenst: {tonnes} t per maand, {months} maanden, {total} t in totaal. Midden [5–95 %].",
        "heads": "wat|nu|met deze regels",
        "arrives": "komt binnen, t",
        "share": "deel van wat gewenst is",
        "missing": "ontbreekt, in maanden gebruik",
        "last": "komt binnen in de laatste maand, t",
        "price": "Kopers betalen {rise} % meer; vraagelasticiteit {elasticity}, een aanname.",
        "expired": "vergunningen die ongebruikt verlopen, t",
        "by_tie": "niet verscheept doordat een vergunning aan de gebruiker vastzit, t",
        "wait": "wachttijd voor behandeling, laatste maand",
        "quota_left": "quotum dat ongebruikt blijft, t",
        "rules": "Regels: {rules}.",
        "ban": "verbod op {value} % van de stroom",
        "quota": "quotum van {value} t per jaar; wat niet past wacht",
        "tax": "uitvoerbelasting van {value} %",
        "general_licence_share": "algemene vergunning voor {value} % van de stroom, zonder wachttijd",
        "validity_months": "een vergunning geldt {value} maanden",
        "resubmission_rate": "{value} % van de weigeringen wordt opnieuw ingediend",
        "capacity_per_month": "het kantoor behandelt {value} t per maand",
        "end_users": "vergunningen op naam van {value} gebruikers, niet overdraagbaar",
        "ship_every": "elke gebruiker verscheept eens per {value} maanden",
        "inspection_months": "controle aan de grens houdt alles {value} maanden op",
        "refused": "Van wat nooit verleend wordt is {value} % uitdrukkelijk geweigerd (aanname; --refused-share).",
    },
    "en": {
        "wanted": "Wanted: {tonnes} t a month, {months} months, {total} t in all. Median [5–95 %].",
        "heads": "what|now|with these rules",
        "arrives": "arrives, t",
        "share": "share of what is wanted",
        "missing": "missing, in months of use",
        "last": "arrives in the last month, t",
        "price": "Buyers pay {rise} % more; elasticity of demand {elasticity}, an assumption.",
        "expired": "licences that lapse unused, t",
        "by_tie": "not shipped because a licence is tied to its user, t",
        "wait": "wait before the office takes a case up, last month",
        "quota_left": "quota that stays unused, t",
        "rules": "Rules: {rules}.",
        "ban": "ban on {value} % of the flow",
        "quota": "quota of {value} t a year; what does not fit waits",
        "tax": "export tax of {value} %",
        "general_licence_share": "general licence for {value} % of the flow, without waiting",
        "validity_months": "a licence is valid for {value} months",
        "resubmission_rate": "{value} % of refusals is filed again",
        "capacity_per_month": "the office takes up {value} t a month",
        "end_users": "licences in the name of {value} users, who may not pass them on",
        "ship_every": "each user ships once in {value} months",
        "inspection_months": "inspection at the border holds everything up for {value} months",
        "refused": "Of what is never granted, {value} % is refused outright (assumption; --refused-share).",
    },
}
_PERCENT = ("ban", "tax", "general_licence_share", "resubmission_rate")
_ASIDE = ("expired", "by_tie", "wait", "quota_left")


def what_if(
    *,
    parameters: Annotated[str, Parameter(help="a parameter set, a YAML file, or a CSV file of your own cases")],
    tonnes: Annotated[float, Parameter(help="tonnes a month that are wanted")] = 100.0,
    months: Annotated[int, Parameter(converter=whole_number, help="how far to look, 1 to 600")] = 12,
    ban: Annotated[float | None, Parameter(help="share of the flow that may not leave, 0 to 1")] = None,
    quota: Annotated[float | None, Parameter(help="tonnes a year that may leave")] = None,
    tax: Annotated[float | None, Parameter(help="export tax, as a share of the price")] = None,
    demand_elasticity: Annotated[float, Parameter(help="with --tax: below 0")] = -0.5,
    general_licence_share: Annotated[float | None, Parameter(help="share of the flow that need not wait")] = None,
    validity_months: Annotated[
        int | None, Parameter(converter=whole_number, help="how long a licence is valid")
    ] = None,
    resubmission_rate: Annotated[float | None, Parameter(help="share of refusals that is filed again")] = None,
    refused_share: Annotated[float, Parameter(help="part of the never granted that is refused outright")] = 0.5,
    capacity_per_month: Annotated[float | None, Parameter(help="tonnes a month that the office takes up")] = None,
    end_users: Annotated[
        int | None, Parameter(converter=whole_number, help="licences are tied to so many users")
    ] = None,
    ship_every: Annotated[int, Parameter(converter=whole_number, help="months between two shipments of one user")] = 1,
    inspection_months: Annotated[float | None, Parameter(help="delay by inspection at the border")] = None,
    material: Annotated[
        str | None, Parameter(help="with a CSV file of cases: only this material, supported by the others")
    ] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "en",
    json: Json = False,
) -> None:
    """Say what another rule would change: tonnes, shares and months against the regime as it is.

    Give one rule or several: they work together, in the order tax, ban, general licence, resubmission, office, validity
    and ties, quota, inspection. Ties and validity only bite when users do not ship every month (--ship-every).
    """
    from lodestock.cli.licence import regimes_for
    from lodestock.disruption.what_if import Rules, arrivals
    from lodestock.errors import InputError

    rules = Rules(
        ban=ban, quota=quota, tax=tax, elasticity=demand_elasticity, general_licence_share=general_licence_share,
        validity_months=validity_months, resubmission_rate=resubmission_rate, refused_share=refused_share,
        capacity_per_month=capacity_per_month, end_users=end_users, ship_every=ship_every,
        inspection_months=inspection_months,
    )  # fmt: skip
    if not _named(rules):
        raise InputError("no rule is given", where="licence what-if", mend="add one, such as --quota 600 or --tax 0.2")
    sets, told, facts = regimes_for(parameters, lang, date.today(), material)
    found = {
        name: (arrivals(s, tonnes, months, Rules()), arrivals(s, tonnes, months, rules)) for name, s in sets.items()
    }
    payload = {
        "parameters": parameters,
        "tonnes_per_month": tonnes,
        "months": months,
        "rules": asdict(rules),
        **facts,
        "readings": {name: {"now": _row(a), "with_rules": _row(b)} for name, (a, b) in found.items()},
    }
    words, many = WORDS[lang], {"tonnes": whole(tonnes, lang), "months": months, "total": whole(tonnes * months, lang)}
    lines = [
        *told,
        paragraph(words["rules"].format(rules="; ".join(_said(rules, lang)))),
        words["wanted"].format(**many),
    ]
    if len(found) > 1:
        lines.append(paragraph(OUTLOOK[lang]["readings"]))
    for name, pair in found.items():
        lines += ["", OUTLOOK[lang][name], _table(pair, tonnes, lang)]
    if rules.tax:
        rise = number(100.0 * (next(iter(found.values()))[1].price - 1.0), lang)
        lines += ["", paragraph(words["price"].format(rise=rise, elasticity=whole(rules.elasticity, lang)))]
    if rules.resubmission_rate:
        lines += ["", paragraph(words["refused"].format(value=whole(100.0 * rules.refused_share, lang)))]
    if facts.get("to_be_checked"):
        lines.append(paragraph(OUTLOOK[lang]["unchecked"].format(names=", ".join(facts["to_be_checked"]))))
    answer(payload, "\n".join(lines), as_json=json)


def _named(rules: Rules) -> dict[str, Any]:
    """The rules that apply, by name."""
    aside = ("elasticity", "refused_share")
    given = {key: value for key, value in asdict(rules).items() if value is not None and key not in aside}
    if given["ship_every"] == 1:
        del given["ship_every"]
    return given


def _said(rules: Rules, lang: str) -> list[str]:
    return [
        WORDS[lang][key].format(value=whole(100.0 * value if key in _PERCENT else value, lang))
        for key, value in _named(rules).items()
    ]


def _ranges(item: Arrivals) -> dict[str, Range]:
    from lodestock.disruption.outlook import one_range

    total = item.total()
    months = item.arrived.shape[-1]
    found = {
        "arrives": total,
        "share": total / item.wanted,
        "missing": (item.wanted - total) / (item.wanted / months),
        "last": item.arrived[:, -1],
        **{key: getattr(item, key) for key in _ASIDE},
    }
    return {key: one_range(value) for key, value in found.items()}


def _row(item: Arrivals) -> dict[str, Any]:
    from lodestock.disruption.outlook import ranges

    units = {"arrives": "arrived_t", "share": "share_of_wanted", "missing": "missing_months", "last": "last_month_t",
             "expired": "expired_t", "by_tie": "lost_by_tie_t", "wait": "office_wait_months",
             "quota_left": "quota_left_t"}  # fmt: skip
    row: dict[str, Any] = {units[key]: _points(found) for key, found in _ranges(item).items()}
    by_month = [{"month": n + 1, **_points(found)} for n, found in enumerate(ranges(item.arrived))]
    return row | {"buyer_price_ratio": item.price, "by_month_t": by_month}


def _points(found: Range) -> dict[str, float]:
    return {"low": found.low, "median": found.median, "high": found.high}


def _table(pair: tuple[Arrivals, Arrivals], tonnes: float, lang: str) -> str:
    words = WORDS[lang]
    before, after = (_ranges(item) for item in pair)
    show = {"share": share_text, "missing": months_text, "wait": months_text}
    keys = ["arrives", "share", "missing", "last"]
    keys += [key for key in _ASIDE if after[key].high > 1e-9 * tonnes or before[key].high > 1e-9 * tonnes]
    cells = [(words[key], *(show.get(key, ranged)(side[key], lang) for side in (before, after))) for key in keys]
    return table(cells, words["heads"].split("|"), right=(1, 2))
