"""`lodestock watch`: is anything unusual in what a country imports of a material?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table

if TYPE_CHECKING:
    from lodestock.criticality.watch import Watched

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "volume_t": "hoeveelheid [t]", "unit_value_kusd_per_t": "prijs per ton [1000 $/t]", "hhi": "concentratie (HHI)",
        "heads": "code;jaar;indicator;waarde;score;oordeel", "unusual": "ONGEWOON", "calm": "niet ongewoon",
        "untested": "niet te toetsen", "entered": "nieuwe leveranciers", "left": "vertrokken leveranciers",
        "press": "Uitvoer van China volgens de pers (nog na te gaan), niet getoetst",
        "press heads": "maand;bestemming;t;tegen een jaar eerder", "estimate": "afgeleid",
    },
    "en": {
        "volume_t": "volume [t]", "unit_value_kusd_per_t": "unit value [1000 $/t]", "hhi": "concentration (HHI)",
        "heads": "code;year;indicator;value;score;verdict", "unusual": "UNUSUAL", "calm": "not unusual",
        "untested": "cannot be tested", "entered": "new suppliers", "left": "suppliers gone",
        "press": "Exports of China as reported by the press (to be re-sourced), not tested",
        "press heads": "month;destination;t;on a year earlier", "estimate": "derived",
    },
}  # fmt: skip


def watch(
    *materials: str,
    for_: Annotated[str, Parameter(name="--for", help="country or coalition, any code or name")] = "NLD",
    limit: Annotated[float, Parameter(help="robust standard deviations above which a change is unusual")] = 3.5,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "en",
    json: Json = False,
) -> None:
    """Say whether the last yearly change in imports of a material is unusual, and how often this test cries wolf.

    Watched are volume, unit value, concentration, and suppliers that came or left. "Cannot be tested" is not the same
    as calm: fewer than four earlier changes are known. Example: `lodestock watch cobalt tungsten --for NLD`

    Parameters
    ----------
    materials
        names, Dutch or English, or symbols, of materials, groups or products
    """
    from lodestock.criticality.watch import watch as watch_materials
    from lodestock.evidence.store import Store

    found = watch_materials(Store.open(), materials, for_, limit)
    answer(_payload(found), "\n".join(_lines(found, lang)), as_json=json)


def _payload(found: Watched) -> dict[str, Any]:
    import polars as pl

    newest = found.tests.filter(pl.col("year") == pl.col("year").max().over("hs_code"))
    rates = found.rates.with_columns(pl.col(pl.Float64).fill_nan(None))
    return {
        "for": found.importer,
        "materials": list(found.materials),
        "limit": found.limit,
        "summary": {
            "tested": newest["unusual"].count(),
            "unusual": int(newest["unusual"].sum()),
            "not_testable": newest["unusual"].null_count(),
        },
        "newest": newest.to_dicts(),
        "history": found.tests.to_dicts(),
        "indicators": found.indicators.to_dicts(),
        "false_alarms": rates.to_dicts(),
        "press": found.press.to_dicts(),
        "missing": found.gaps,
    }


def _lines(found: Watched, lang: str) -> list[str]:
    from lodestock import vocabulary
    from lodestock.criticality.words import reason

    lines = []
    for name in found.materials:
        lines += [vocabulary.material(name).name(lang), *_of_material(found, name, lang), ""]
        if name in found.gaps:
            lines.insert(-1, f"  {reason(found.gaps[name], lang)}")
    return [*lines, *_honesty(found, lang)]


def _of_material(found: Watched, name: str, lang: str) -> list[str]:
    import polars as pl

    from lodestock.criticality.words import country, number, reason

    say, lines = _WORDS[lang], []
    tests = found.tests.filter(pl.col("material") == name)
    newest = tests.filter(pl.col("year") == pl.col("year").max().over("hs_code"))
    rows = []
    for row in newest.to_dicts():
        verdict = {True: say["unusual"], False: say["calm"], None: say["untested"]}[row["unusual"]]
        why = f" ({reason(row['reason'], lang)})" if row["reason"] else ""
        digits = 0 if row["indicator"] == "volume_t" else 2
        score = "-" if row["score"] is None else number(row["score"], lang, 1)
        value = number(row["value"], lang, digits)
        rows.append((row["hs_code"], row["year"], say[row["indicator"]], value, score, verdict + why))
    if rows:
        lines += table(rows, say["heads"].split(";"), right=(3, 4)).splitlines()
    last = found.indicators.filter(
        (pl.col("material") == name) & (pl.col("year") == pl.col("year").max().over("hs_code"))
    )
    for row in last.to_dicts():
        for side in ("entered", "left"):
            if row[side]:
                who = ", ".join(country(code, lang) for code in row[side].split(";"))
                lines.append(f"{row['hs_code']} {row['year']}, {say[side]}: {who}")
    press = found.press.filter(pl.col("material") == name)
    if press.height:
        lines += [say["press"]]
        cells = [
            (
                row["period"],
                {"WLD": "wereld" if lang == "nl" else "world", "EU27": "EU"}.get(row["destination"])
                or country(row["destination"], lang),
                number(row["quantity_t"], lang) + (f" ({say['estimate']})" if row["derived"] else ""),
                "-" if row["change_year"] is None else f"{number(100 * row['change_year'], lang)} %",
            )
            for row in press.to_dicts()
        ]
        lines += table(cells, say["press heads"].split(";"), right=(2, 3)).splitlines()
    return [f"  {line}" for line in lines]


def _honesty(found: Watched, lang: str) -> list[str]:
    """How often the test alarmed in years in which nothing was controlled, in and out of sample."""
    from lodestock.criticality.words import number, percent

    lines = []
    for row in found.rates.to_dicts():
        if row["periods_in"] + row["periods_out"] == 0:
            continue
        name = _WORDS[lang][row["indicator"]]
        default, inside, outside = (
            percent(None if row[key] != row[key] else row[key], lang)
            for key in ("rate_default", "rate_in_sample", "rate_out_of_sample")
        )
        chosen = number(None if row["limit_chosen"] != row["limit_chosen"] else row["limit_chosen"], lang, 1)
        lines.append(
            f"  {name}: {default} bij 3,5; grens {chosen}: {inside} op de jaren die haar kozen, {outside} daarna"
            if lang == "nl"
            else f"  {name}: {default} at 3.5; limit {chosen}: {inside} on the years that chose it, {outside} after"
        )
    if not lines:
        return []
    head = (
        "Hoe vaak de toets alarm sloeg tot 2022, toen op deze goederen geen uitvoerbeperking gold (bovengrens)"
        if lang == "nl"
        else "How often the test alarmed up to 2022, before export controls on these goods (an upper bound)"
    )
    return [head, *lines]
