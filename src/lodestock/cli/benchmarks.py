"""`lodestock benchmarks`: how far the Union is from its own benchmarks for 2030, per strategic raw material."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from lodestock.cli.output import Json, answer, table

_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "made in the Union": "gemaakt in de EU, ten minste",
        "largest third country": "grootste derde land, ten hoogste",
        "recycled in the Union": "gerecycled in de EU, ten minste", "recycling": "recycling",
        "met": "gehaald", "not met": "niet gehaald", "unknown": "niet te zeggen",
        "heads": "materiaal;schakel;maatstaf;norm;waarde;tweede cijfer;oordeel;waarom",
    },
    "en": {
        "made in the Union": "made in the Union, at least", "largest third country": "largest third country, at most",
        "recycled in the Union": "recycled in the Union, at least", "recycling": "recycling",
        "met": "met", "not met": "not met", "unknown": "cannot be said",
        "heads": "material;stage;gauge;benchmark;value;second figure;verdict;why",
    },
}  # fmt: skip
_STAND_INS = {
    "nl": (
        "Verordening (EU) 2024/1252, artikel 5: in 2030 ten minste 10 % gewonnen, 40 % verwerkt en 25 % gerecycled in",
        "de EU, en ten hoogste 65 % uit één derde land. De verordening meet capaciteit; die is niet openbaar. Hier",
        "staan plaatsvervangers uit de EU-studie van 2023 (gemiddelde 2016–2020) [berekend]: gemaakt = 1 − netto",
        "importafhankelijkheid; grootste derde land = zijn afgedrukte deel van de EU-aanvoer; gerecycled = aandeel uit",
        "afgedankte producten, voor veel metalen wereldwijd.",
    ),
    "en": (
        "Regulation (EU) 2024/1252, Article 5: by 2030 at least 10 % extracted, 40 % processed and 25 % recycled in",
        "the Union, and at most 65 % from one third country. The Act measures capacity, which is not public. These are",
        "stand-ins from the EU study of 2023 (mean of 2016–2020) [computed]: made = 1 − net import reliance; largest",
        "third country = its printed part of EU sourcing; recycled = end-of-life recycling input rate, world-wide for",
        "many metals.",
    ),
}


def benchmarks(
    *,
    for_: Annotated[str, Parameter(name="--for", help="the Union; its members have no own benchmarks")] = "EU27",
    on: Annotated[date | None, Parameter(help="day (yyyy-mm-dd) whose list of strategic materials counts")] = None,
    lang: Annotated[Literal["nl", "en"], Parameter(help="language of the answer")] = "en",
    json: Json = False,
) -> None:
    """Say how far the Union is from 10, 40, 25 and 65 % per strategic raw material and stage.

    "Cannot be said" means that the figures do not decide, and the last column says why; it is not "met".
    """
    import polars as pl

    from lodestock.criticality.benchmarks_crma import crma_gauges
    from lodestock.evidence.store import Store

    day = on or date(2024, 12, 31)
    found = crma_gauges(Store.open(), for_, day)
    counts = {
        "met": int(found["met"].sum()),
        "not_met": int((~found["met"]).sum()),
        "undecided": found["met"].null_count(),
    }
    payload = {
        "for": for_,
        "on": day.isoformat(),
        "entries": found["entry"].n_unique(),
        "summary": counts | {"gauges": found.height},
        "gauges": found.with_columns(pl.col(pl.Float64).fill_nan(None)).to_dicts(),
    }
    say = _WORDS[lang]
    cells = [_cells(row, lang) for row in found.to_dicts()]
    total = (
        f"{say['met']}: {counts['met']}; {say['not met']}: {counts['not_met']}; {say['unknown']}: {counts['undecided']}"
    )
    lines = [*_STAND_INS[lang], "", table(cells, say["heads"].split(";"), right=(3, 4, 5)), "", total]
    answer(payload, "\n".join(lines), as_json=json)


def _cells(row: dict[str, Any], lang: str) -> tuple[str, ...]:
    from lodestock import vocabulary
    from lodestock.criticality.words import country, percent, reason, stage

    say = _WORDS[lang]
    value = percent(row["value"], lang)
    if row["largest"]:
        value = f"{country(row['largest'], lang)} {value}"
    verdict = say[{True: "met", False: "not met", None: "unknown"}[row["met"]]]
    second = "" if row["check"] is None or row["gauge"] != "made in the Union" else percent(row["check"], lang)
    why = reason(row["reason"], lang)
    if row["met"] and row["value"] is None:
        highest = percent(row["value_high"], lang)
        why += f"; ten hoogste {highest}" if lang == "nl" else f"; at most {highest}"
    name = vocabulary.material(row["material"]).name(lang)
    at = say["recycling"] if row["stage"] == "recycling" else stage(row["stage"], lang)
    return (name, at, say[row["gauge"]], percent(row["target"], lang), value, second, verdict, why)
