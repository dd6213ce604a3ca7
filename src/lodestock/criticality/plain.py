"""An assessment in plain words, Dutch or English: per material what is known, from whom, and what is not known.

Each sentence is made from the rows of the tables; nothing is said that they do not hold, and what is missing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from lodestock import vocabulary
from lodestock.criticality import plain_trade, words
from lodestock.criticality.eu_method import ECONOMIC_IMPORTANCE_THRESHOLD, SUPPLY_RISK_THRESHOLD
from lodestock.criticality.measurable import Attribution, Shown, shown
from lodestock.criticality.transit import goods
from lodestock.criticality.words import Asked

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One subject of one material: a head and its sentences."""

    head: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """What the tables say about one material, in one language."""

    material: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def stories(tables: Tables, materials: tuple[str, ...], importer: str, year: int, lang: str) -> list[Story]:
    """The tables of one assessment in words, one story per material.

    tables: as `assess` gives them. Raises InputError for another language than nl or en.
    """
    words.check_language(lang)
    region = vocabulary.region(importer, date(year, 12, 31))
    out = []
    for name in materials:
        ask = Asked(vocabulary.material(name), region, year, lang)
        own = {
            key: table.filter(pl.col("material") == name) if "material" in table.columns and key != "transit" else table
            for key, table in tables.items()
        }
        parts = [Paragraph(head, tuple(lines)) for head, lines in _paragraphs(ask, own) if lines]
        out.append(Story(name, _title(ask), tuple(parts)))
    return out


def _title(ask: Asked) -> str:
    day = date(ask.year, 12, 31)
    critical, strategic = vocabulary.is_critical(ask.material, day), vocabulary.is_strategic(ask.material, day)
    listed = {
        (True, True): ask.say("kritieke en strategische grondstof", "critical and strategic raw material"),
        (True, False): ask.say("kritieke grondstof", "critical raw material"),
        (False, True): ask.say("strategische grondstof", "strategic raw material"),
        (False, False): ask.say("op geen van beide EU-lijsten", "on neither list of the Union"),
    }[critical, strategic]
    if not vocabulary.critical_raw_materials(day):
        listed = ask.say("er was nog geen EU-lijst", "there was no list of the Union yet")
    elif not critical and not vocabulary.strategic_raw_materials(day):
        listed = ask.say("niet op de EU-lijst", "not on the list of the Union")
    elif ask.material.kind is vocabulary.MaterialKind.PRODUCT:
        listed = ask.say("een product; de EU-lijsten noemen grondstoffen", "a product; the lists name raw materials")
    return f"{ask.material.name(ask.lang)} ({listed}, {day.year})"


def _paragraphs(ask: Asked, own: Tables) -> Iterator[tuple[str, list[str]]]:
    subjects: tuple[tuple[str, str, Callable[[Asked, Tables], list[str]]], ...] = (
        ("In het kort", "In short", _short),
        ("Wat handelscijfers kunnen tonen", "What trade figures can show", _measurable),
        ("Leveringsrisico en economisch belang (EU-methode)", "Supply risk and economic importance (EU method)", _eu),
        ("Wie het maakt", "Who makes it", _makers),
        ("Over de grens", "Across the border", plain_trade.border),
        ("Politieke stabiliteit van de aanvoer", "Political stability of supply", plain_trade.geopolrisk),
        ("Eigen gebruik en doorvoer", "Own use and transit", plain_trade.own_use),
        ("In producten", "In products", plain_trade.in_products),
        ("Sectoren die erop steunen", "Sectors that stand on it", plain_trade.sectors),
        ("Wat ontbreekt en waarom", "What is missing and why", _missing),
    )
    for nl, en, tell in subjects:
        yield ask.say(nl, en), tell(ask, own)


def _short(ask: Asked, own: Tables) -> list[str]:
    """The three figures that decide, in one line each: published risk, largest maker, what trade shows."""
    lines = []
    scores = own["eu"].drop_nulls("sr_published").sort("sr_published", descending=True).head(1).to_dicts()
    for row in scores:
        value, name = words.number(row["sr_published"], ask.lang, 1), words.stage(row["stage"], ask.lang)
        high = row["sr_published"] >= SUPPLY_RISK_THRESHOLD
        level = ask.say("hoog" if high else "laag", "high" if high else "low")
        lines.append(
            ask.say(
                f"Het leveringsrisico voor de EU is {level}: {value} bij {name} (gepubliceerd in 2023).",
                f"Supply risk for the EU is {level}: {value} in {name} (published in 2023).",
            )
        )
    makers = own["sources"].drop_nulls("largest_share").sort("largest_share", "source", descending=[True, False])
    for row in makers.head(1).to_dicts():
        same = makers.filter((pl.col("stage") == row["stage"]) & (pl.col("largest") == row["largest"]))["largest_share"]
        who, name = words.country(row["largest"], ask.lang), words.stage(row["stage"], ask.lang)
        share = words.span(min(same.to_list()), max(same.to_list()), ask.lang, share=True)
        lines.append(
            ask.say(
                f"Het sterkst geconcentreerd is {name}: {share} van de wereldproductie in één land ({who}).",
                f"Most concentrated is {name}: {share} of world production in one country ({who}).",
            )
        )
    if shown(own["codes"]) in (Shown.MIXED_ONLY, Shown.NOTHING):
        lines.append(
            ask.say(
                "Hoeveel ervan wordt ingevoerd is uit handelscijfers niet af te lezen.",
                "How much of it is imported cannot be read from trade figures.",
            )
        )
    return lines


def _measurable(ask: Asked, own: Tables) -> list[str]:
    codes = own["codes"]
    alone = [words.code(row, ask.lang) for row in codes.filter(pl.col("attribution") == "whole").to_dicts()]
    mixed = [words.code(row, ask.lang) for row in codes.filter(pl.col("attribution") == "mixed").to_dicts()]
    head = {
        Shown.BOTH_STAGES: ask.say(
            "Winning en verwerking zijn beide te volgen", "Extraction and processing can both be followed"
        ),
        Shown.ONE_STAGE: ask.say("Eén schakel van de keten is te volgen", "One stage of the chain can be followed"),
        Shown.MIXED_ONLY: ask.say(
            "Niets van dit materiaal alleen: het zit in codes die materialen mengen. De invoer ervan is niet bekend; "
            "dat is iets anders dan nul",
            "Nothing of this material alone: it is in codes that mix materials. Its imports are not known, which "
            "is not the same as zero",
        ),
        Shown.NOTHING: ask.say(
            f"Niets: geen code van de handelstabel van {ask.year} bevat het",
            f"Nothing: no code of the trade table of {ask.year} holds it",
        ),
    }[shown(codes)]
    lines = [f"{head}: {words.listing(alone, ask.lang)}." if alone else f"{head}."]
    if mixed:
        lines.append(ask.say("Gemengde codes: ", "Mixed codes: ") + words.listing(mixed, ask.lang) + ".")
    for row in codes.filter(pl.col("attribution") == Attribution.SPLIT.value).to_dicts():
        part = words.span(row["split_low"], row["split_high"], ask.lang, share=True)
        lines.append(
            ask.say(
                f"Aanname: van {words.code(row, ask.lang)} is {part} dit materiaal (bron: {row['split_source']}).",
                f"Assumption: of {words.code(row, ask.lang)} {part} is this material (source: {row['split_source']}).",
            )
        )
    return lines


def _eu(ask: Asked, own: Tables) -> list[str]:
    lines = []
    for row in own["eu"].to_dicts():
        published = words.number(row["sr_published"], ask.lang, 1)
        name = words.stage(row["stage"], ask.lang)
        if row["sr"] is None:
            why = words.reason(row["reason"], ask.lang)
            lines.append(
                ask.say(
                    f"Leveringsrisico {name}: gepubliceerd {published}; niet na te rekenen ({why}).",
                    f"Supply risk, {name}: published {published}; cannot be recomputed ({why}).",
                )
            )
            continue
        ours = words.number(row["sr"], ask.lang, 2)
        lines.append(
            ask.say(
                f"Leveringsrisico {name}: nagerekend {ours}, gepubliceerd {published}",
                f"Supply risk, {name}: recomputed {ours}, published {published}",
            )
            + _side(ask, row["sr_published"], SUPPLY_RISK_THRESHOLD)
        )
    for row in own["importance"].to_dicts():
        ours, published = words.number(row["ei"], ask.lang, 1), words.number(row["ei_published"], ask.lang, 1)
        side = _side(ask, row["ei_published"], ECONOMIC_IMPORTANCE_THRESHOLD)
        text = ask.say(f"nagerekend {ours}, gepubliceerd {published}", f"recomputed {ours}, published {published}")
        if row["ei"] is None:
            why = words.reason(row["reason"], ask.lang)
            text = ask.say(
                f"gepubliceerd {published}; niet na te rekenen ({why})",
                f"published {published}; cannot be recomputed ({why})",
            )
        lines.append(ask.say("Economisch belang: ", "Economic importance: ") + text + side)
    for row in own["misses"].to_dicts():
        what = ask.say("Waarom de twee verschillen", "Why the two differ")
        name = words.stage(row["stage"], ask.lang) or ask.say("economisch belang", "economic importance")
        why = row[ask.say("reason_nl", "reason")]
        likely = ask.say(" Waarschijnlijk; eigen oordeel.", " Likely; our judgement.") if row["mark"] == "prior" else ""
        lines.append(f"{what} ({name}): {words.reason(row['class'], ask.lang)}. {why}{likely}".rstrip())
    return lines or [_not_assessed(ask)]


def _not_assessed(ask: Asked) -> str:
    inside = [member.name(ask.lang).lower() for member in vocabulary.members(ask.material.id)]
    if not inside:
        return ask.say("Niet beoordeeld onder deze naam.", "Not assessed under this name.")
    listed = words.listing(inside, ask.lang)
    return ask.say(
        f"Niet beoordeeld als groep; vraag de leden: {listed}.", f"Not assessed as a group; ask its members: {listed}."
    )


def _side(ask: Asked, value: float | None, limit: float) -> str:
    if value is None:
        return "."
    shown_limit = words.number(limit, ask.lang, 1)
    if value >= limit:
        return ask.say(
            f" (op of boven de drempel van {shown_limit}).", f" (at or above the threshold of {shown_limit})."
        )
    return ask.say(f" (onder de drempel van {shown_limit}).", f" (below the threshold of {shown_limit}).")


_ALIKE = 2  # percentage points: sources that lie closer are said to agree


def _makers(ask: Asked, own: Tables) -> list[str]:
    lines = []
    for key, rows in own["sources"].group_by(["stage"], maintain_order=True):
        told = [
            f"{words.country(row['largest'], ask.lang)} {words.percent(row['largest_share'], ask.lang)} "
            f"({words.reason(row['source'], ask.lang)})"
            for row in rows.to_dicts()
        ]
        agree = rows["agree"].to_list()[0]
        shares = [share for share in rows["largest_share"].to_list() if share is not None]
        apart = round(100.0 * max(shares)) - round(100.0 * min(shares)) if shares else 0
        note = {
            True: ask.say(
                f"; hetzelfde land, de aandelen liggen {apart} procentpunt uiteen",
                f"; the same country, the shares lie {apart} percentage points apart",
            )
            if apart > _ALIKE
            else ask.say("; de bronnen stemmen overeen", "; the sources agree"),
            False: ask.say("; de bronnen spreken elkaar tegen", "; the sources contradict each other"),
            None: "",
        }[agree]
        name = words.stage(str(key[0]), ask.lang)
        lines.append(ask.say(f"Grootste bij {name}: ", f"Largest in {name}: ") + "; ".join(told) + note + ".")
    return lines


def _missing(ask: Asked, own: Tables) -> list[str]:
    """Every gap once, with its reason."""
    lines = _missing_imports(ask, own)
    if own["eu"].is_empty():
        lines.append(ask.say("EU-scores: niet beoordeeld onder deze naam.", "EU scores: not assessed under this name."))
    absent = (pl.col("status") == "missing") & (pl.col("boundary") == "in products")
    what = ask.say("In producten", "In products")
    lines += [f"{what}: {words.reason(row['reason'], ask.lang)}." for row in own["embedded"].filter(absent).to_dicts()]
    lines += _missing_accounts(ask, plain_trade.traded(ask, own))
    scores = own["geopolrisk"].filter((pl.col("status") == "missing") & pl.col("hhi").is_null())
    for row in scores.unique("stage", maintain_order=True).to_dicts():
        at = f" ({words.stage(row['stage'], ask.lang)})" if row["stage"] else ""
        lines.append(
            ask.say(
                f"Concentratie van de productie{at}: geen productieaandelen.",
                f"Concentration of production{at}: no production shares.",
            )
        )
    return list(dict.fromkeys(lines))


def _missing_imports(ask: Asked, own: Tables) -> list[str]:
    """Codes that mix materials, and codes under which nothing is reported; made from the codes, not from reasons."""
    lines = []
    mixed = own["codes"].filter(pl.col("attribution") == Attribution.MIXED.value)["hs_code"].to_list()
    if mixed:
        codes = words.listing(mixed, ask.lang)
        lines.append(
            ask.say(
                f"Invoer van dit materiaal alleen: in {codes} zijn materialen gemengd, zonder opgegeven verdeling.",
                f"Imports of this material alone: materials are mixed in {codes} and no split was stated.",
            )
        )
    rows = own["codes"].join(own["concentration"].select("hs_code", "status"), on="hs_code", how="inner")
    unreported = rows.filter(pl.col("status") == "missing")["hs_code"].to_list()
    if unreported:
        codes = words.listing(unreported, ask.lang)
        lines.append(
            ask.say(
                f"Invoer onder {codes}: geen opgegeven, of zonder gewicht; daaruit volgt geen aandeel.",
                f"Imports under {codes}: none reported, or without a weight; no share follows from that.",
            )
        )
    return lines


def _missing_accounts(ask: Asked, rows: pl.DataFrame) -> list[str]:
    """Goods without weighed trade, and the transit that trade figures never hold."""
    lines = []
    for name, part in rows.filter(pl.col("status") == "missing").group_by(["good"], maintain_order=True):
        good = goods()[str(name[0])]
        title = good.name_nl if ask.lang == "nl" else good.name_en
        who = words.listing([words.country(code, ask.lang) for code in part["country"].to_list()], ask.lang)
        lines.append(
            ask.say(
                f"Eigen gebruik, {title}: geen handel met gewicht in {ask.year} ({who}).",
                f"Own use, {title}: no weighed trade in {ask.year} ({who}).",
            )
        )
    if rows.height:
        lines.append(
            ask.say(
                "Douanetransit (nooit ingevoerd, alleen doorgereden) staat niet in handelscijfers; hij is niet nul.",
                "Customs transit (never imported, only driven through) is not in trade figures; it is not zero.",
            )
        )
    return lines
