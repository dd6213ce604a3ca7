"""`lodestock watch`: is anything unusual in what a country imports of a material?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table

if TYPE_CHECKING:
    import polars as pl

    from lodestock.criticality.watch import Watched

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "volume_t": "hoeveelheid [t]", "unit_value_kusd_per_t": "prijs per ton [1000 $/t]", "hhi": "concentratie (HHI)",
        "heads": "code;jaar;indicator;waarde;op een jaar eerder;score;oordeel",
        "unusual": "ONGEWOON", "calm": "niet ongewoon", "untested": "niet te toetsen",
        "entered": "nieuwe leveranciers", "left": "vertrokken leveranciers",
        "press": "Uitvoer van China volgens de pers (nog na te gaan), niet getoetst",
        "press heads": "maand;bestemming;t;tegen een jaar eerder", "estimate": "afgeleid",
        "mixed": "gemengde code",
        "more": "Een verandering is te toetsen vanaf het zesde jaar. Oudere of nieuwere jaren van BACI leest "
        "`lodestock data import baci BESTAND` in.",
    },
    "en": {
        "volume_t": "volume [t]", "unit_value_kusd_per_t": "unit value [1000 $/t]", "hhi": "concentration (HHI)",
        "heads": "code;year;indicator;value;on a year earlier;score;verdict",
        "unusual": "UNUSUAL", "calm": "not unusual", "untested": "cannot be tested",
        "entered": "new suppliers", "left": "suppliers gone",
        "press": "Exports of China as reported by the press (to be re-sourced), not tested",
        "press heads": "month;destination;t;on a year earlier", "estimate": "derived", "mixed": "mixed code",
        "more": "A change can be tested from the sixth year on. Older or newer years of BACI are read with "
        "`lodestock data import baci FILE`.",
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
    as calm; what one year alone shows is then said: the largest shipper, and how the country stands beside others that
    import the same. A code that mixes materials is marked. Example: `lodestock watch cobalt tungsten --for NLD`

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

    newest = found.newest
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
        "standing": found.standing.to_dicts(),
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
    if found.newest["unusual"].has_nulls():
        lines += [_WORDS[lang]["more"], ""]
    return [*lines, *_honesty(found, lang)]


def _of_material(found: Watched, name: str, lang: str) -> list[str]:
    import polars as pl

    from lodestock.criticality.words import country, number

    say, lines = _WORDS[lang], list[str]()
    newest = found.newest.filter(pl.col("material") == name)
    if newest.height:
        rows = [_cells(row, lang) for row in newest.to_dicts()]
        lines += table(rows, say["heads"].split(";"), right=(3, 4, 5)).splitlines()
    lines += _notes(found, newest, name, lang)
    current = found.standing.select("hs_code", pl.col("year").cast(newest.schema["year"]))
    last = found.indicators.filter(pl.col("material") == name).join(current, on=["hs_code", "year"], how="semi")
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


def _cells(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    from lodestock.criticality.words import number, reason, tonnes

    say, value = _WORDS[lang], row["value"]
    verdict = {True: say["unusual"], False: say["calm"], None: say["untested"]}[row["unusual"]]
    why = f" ({reason(row['reason'], lang)})" if row["reason"] else ""
    mixed = f" [{say['mixed']}]" if row["attribution"] == "mixed" else ""
    shown = tonnes(value, value, lang) if row["indicator"] == "volume_t" else number(value, lang, 2)
    points = None if row["change"] is None else round(100 * row["change"])
    change = "-" if points is None else f"{'+' if points > 0 else ''}{number(points, lang)} %"
    score = "-" if row["score"] is None else number(row["score"], lang, 1)
    return (row["hs_code"], str(row["year"]), say[row["indicator"]], shown, change, score, verdict + why + mixed)


def _notes(found: Watched, newest: pl.DataFrame, name: str, lang: str) -> list[str]:
    """What a mixed code holds, and what one year shows of a code that cannot be tested."""
    import polars as pl

    from lodestock import vocabulary

    lines = []
    own, dutch = vocabulary.material(name).name(lang).lower(), lang == "nl"
    for row in newest.filter(pl.col("attribution") == "mixed").unique("hs_code", maintain_order=True).to_dicts():
        known = next(code for code in vocabulary.product_codes_for(name) if code.code == row["hs_code"])
        lines.append(
            f"{row['hs_code']} ({known.description_nl}) is een gemengde code: "
            f"dit gaat over het geheel en zegt niets over {own} alleen."
            if dutch
            else f"{row['hs_code']} ({known.description_en}) is a mixed code: "
            f"this is about the whole of it, and says nothing about {own} alone."
        )
    untested = newest.filter(pl.col("unusual").is_null())["hs_code"].unique().to_list()
    alone = found.standing.filter(pl.col("hs_code").is_in(untested)).to_dicts()
    return lines + [_standing(row, "nl" if dutch else "en") for row in alone]


_STANDING = {
    "nl": ("{code}, alleen {year}: grootste afzender {who} {part} ({limit})",
           "; sterker geconcentreerd dan {less} van de {alike} landen die ten minste een tiende zoveel invoeren",
           "; een ton kost {times} keer wat alle anderen samen betalen, mogelijk voor een andere mengeling"),
    "en": ("{code}, only {year}: largest shipper {who} {part} ({limit})",
           "; more concentrated than {less} of the {alike} countries that import at least a tenth as much",
           "; a tonne costs {times} times what all others together pay, perhaps for another mix"),
}  # fmt: skip


def _standing(row: dict[str, Any], lang: str) -> str:
    from lodestock.criticality.words import against_limit, country, number, percent

    shipper, concentrated, dear = _STANDING[lang]
    text = shipper.format(
        code=row["hs_code"], year=row["year"], who=country(row["largest"], lang),
        part=percent(row["largest_share"], lang), limit=against_limit(row, row["year"], lang),
    )  # fmt: skip
    if row["less_concentrated"] is not None:
        text += concentrated.format(less=row["less_concentrated"], alike=row["alike"])
    if row["unit_value_to_others"] is not None:
        text += dear.format(times=number(row["unit_value_to_others"], lang, 2))
    return text + "."


def _honesty(found: Watched, lang: str) -> list[str]:
    """How often the test alarmed in years in which nothing was controlled, in and out of sample."""
    from lodestock.criticality.words import number, percent

    lines = []
    for row in found.rates.to_dicts():
        if row["periods_in"] + row["periods_out"] == 0:
            continue
        name = _WORDS[lang][row["indicator"]]
        used, inside, outside = (
            percent(None if row[key] != row[key] else row[key], lang)
            for key in ("rate", "rate_in_sample", "rate_out_of_sample")
        )
        chosen = number(None if row["limit_chosen"] != row["limit_chosen"] else row["limit_chosen"], lang, 1)
        limit = number(row["limit"], lang, 1)
        lines.append(
            f"  {name}: {used} bij {limit}; grens {chosen}: {inside} op de jaren die haar kozen, {outside} daarna"
            if lang == "nl"
            else f"  {name}: {used} at {limit}; limit {chosen}: {inside} on the years that chose it, {outside} after"
        )
    if not lines:
        return []
    head = (
        "Hoe vaak de toets alarm sloeg tot en met 2022, over alle codes"
        " (bovengrens: ook jaren met beperkingen tellen mee)"
        if lang == "nl"
        else "How often the test alarmed up to and including 2022, over all codes"
        " (an upper bound: years with controls count too)"
    )
    return [head, *lines]
