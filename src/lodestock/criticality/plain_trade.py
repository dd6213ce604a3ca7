"""What trade and industry say about one material, in plain words: border, own use, products and sectors."""

from __future__ import annotations

from typing import Any

import polars as pl

from lodestock import vocabulary
from lodestock.criticality import words
from lodestock.criticality.inputs import reference_table
from lodestock.criticality.measurable import Attribution, family
from lodestock.criticality.transit import goods
from lodestock.criticality.words import Asked
from lodestock.errors import LodestockError

Tables = dict[str, pl.DataFrame]
Row = dict[str, Any]


def border(ask: Asked, own: Tables) -> list[str]:
    """What crosses the border under each code of the material, and how concentrated it is."""
    lines = []
    known = own["codes"].join(own["concentration"].drop("hs_revision"), on="hs_code", how="left", maintain_order="left")
    for row in known.to_dicts():
        name, tonnes = words.code(row, ask.lang), row["total"]
        if tonnes is None:
            continue
        weight, top = words.tonnes(tonnes, tonnes, ask.lang), words.percent(row["top3"], ask.lang)
        first = f"{words.country(row['largest'], ask.lang)} {words.percent(row['largest_share'], ask.lang)}"
        text = ask.say(
            f"{name}: {weight} t uit {row['suppliers']} landen; grootste afzender {first} "
            f"({words.against_limit(row, ask.year, ask.lang)}), de drie grootste samen {top}, HHI "
            f"{words.number(row['hhi'], ask.lang, 2)}.",
            f"{name}: {weight} t from {row['suppliers']} countries; largest shipper {first} "
            f"({words.against_limit(row, ask.year, ask.lang)}), the three largest together {top}, HHI "
            f"{words.number(row['hhi'], ask.lang, 2)}.",
        )
        if row["attribution"] == Attribution.MIXED.value:
            text += ask.say(
                " Dit is de hele gemengde code, en zegt niets over dit materiaal alleen.",
                " This is the whole mixed code, and says nothing about this material alone.",
            )
        if row["attribution"] == Attribution.SPLIT.value:
            part = words.tonnes(tonnes * row["split_low"], tonnes * row["split_high"], ask.lang)
            text += ask.say(
                f" Dit is de hele gemengde code; volgens de aanname is {part} t ervan dit materiaal.",
                f" This is the whole mixed code; by the assumption {part} t of it are this material.",
            )
        if row["pairs_without_quantity"]:
            count = row["pairs_without_quantity"]
            text += ask.say(
                f" Stromen zonder gewicht, niet meegeteld: {count}.", f" Flows without weight, not counted: {count}."
            )
        lines.append(text)
    return lines


def geopolrisk(ask: Asked, own: Tables) -> list[str]:
    """The GeoPolRisk scores of the material, inner trade of a coalition left out."""
    lines = []
    rows = own["geopolrisk"].filter(pl.col("codes").is_not_null() & (pl.col("intra") == "left out"))
    for row in rows.to_dicts():
        name = words.stage(row["stage"], ask.lang)
        low, high = (words.number(row[end], ask.lang, 3) for end in ("score_low", "score_high"))
        if row["score"] is not None:
            score = words.number(row["score"], ask.lang, 3)
            lines.append(f"GeoPolRisk, {name}: {score} ({low} {ask.say('tot', 'to')} {high}).")
        elif row["score_low"] is not None:
            why = words.reason(row["reason"], ask.lang)
            lines.append(
                ask.say(
                    f"GeoPolRisk, {name}: niet bekend, tussen {low} en {high} ({why}).",
                    f"GeoPolRisk, {name}: not known, between {low} and {high} ({why}).",
                )
            )
    if lines and (own["codes"]["attribution"] == Attribution.SPLIT.value).any():
        lines.append(
            ask.say(
                "De marge is breed: de code zegt wie het geheel levert, niet wie dit materiaal levert.",
                "The range is wide: the code says who ships the whole, not who ships this material.",
            )
        )
    if lines:
        lines.append(
            ask.say(
                "Schaal 0 tot 1; hoger is slechter: concentratie van wereldproductie × instabiliteit van leveranciers.",
                "Scale 0 to 1; higher is worse: concentration of world production × instability of who supplies.",
            )
        )
    return lines


def own_use(ask: Asked, own: Tables) -> list[str]:
    """What stays, what leaves again, and where it was made, for each traced good of the material.

    Of a coalition first the whole, its inner trade left out, then the members that import most.
    """
    known, lines = goods(), list[str]()
    rows = traded(ask, own)
    several = len(ask.region.members) > 1
    for name, part in rows.group_by(["good"], maintain_order=True):
        good = known[str(name[0])]
        found = part.filter(pl.col("status") == "estimated").sort("import_t", descending=True)
        if found.is_empty():
            continue
        title = good.name_nl if ask.lang == "nl" else good.name_en
        whole = pl.col("country") == ask.region.id
        shown_rows = found.filter(whole).to_dicts() + found.filter(~whole).head(3).to_dicts()
        for row in shown_rows:
            who = f", {words.country(row['country'], ask.lang)}" if several else ""
            lines.append(f"{title}{who}: {_account(ask, row)}{_origins(ask, own, good.id, row['country'])}")
        if found.height > len(shown_rows):
            rest = found.height - len(shown_rows)
            lines.append(
                ask.say(f"{title}: nog {rest} landen in de tabel.", f"{title}: {rest} more countries in the table.")
            )
    return lines


def _account(ask: Asked, row: Row) -> str:
    crossed, out = (words.tonnes(row[name], row[name], ask.lang) for name in ("import_t", "reexport_high_t"))
    stays = words.tonnes(row["own_use_low_t"], row["own_use_high_t"], ask.lang)
    text = ask.say(
        f"{crossed} t over de grens, waarvan {stays} t in het land blijft en ten hoogste {out} t weer vertrekt.",
        f"{crossed} t across the border, of which {stays} t stay in the country and at most {out} t leave again.",
    )
    if row["pairs_without_quantity"]:
        count = row["pairs_without_quantity"]
        text += ask.say(
            f" Stromen zonder gewicht, niet meegeteld: {count}.", f" Flows without weight, not counted: {count}."
        )
    if row["least_production_t"] > 0.0:
        made = words.tonnes(row["least_production_t"], row["least_production_t"], ask.lang)
        text += ask.say(
            f" Er vertrok {made} t meer dan er binnenkwam: ten minste zoveel is er gemaakt of kwam uit voorraad.",
            f" {made} t more left than came in: at least that much was made there or came out of stock.",
        )
    return text


def _origins(ask: Asked, own: Tables, good: str, country: str) -> str:
    table = own["origins"]
    if table.is_empty():
        return ""
    mine = table.filter(
        (pl.col("good") == good) & (pl.col("country") == country) & pl.col("traced_share").is_not_null()
    )
    parts = [
        f"{words.country(row['origin'], ask.lang)} {words.percent(row['traced_share'], ask.lang)} "
        f"({words.span(row['share_low'], row['share_high'], ask.lang, share=True)})"
        for row in mine.head(2).to_dicts()
    ]
    if not parts:
        return ""
    return ask.say(" Gemaakt in: ", " Made in: ") + words.listing(parts, ask.lang) + "."


def traded(ask: Asked, own: Tables) -> pl.DataFrame:
    """The accounts of the goods that hold this material or a group it belongs to."""
    table = own["transit"]
    return table.filter(pl.col("material").is_in(sorted(family(ask.material)))) if table.height else table


def in_products(ask: Asked, own: Tables) -> list[str]:
    """What the scenario says is in products that are taken into use in a year."""
    rows = own["embedded"].filter((pl.col("boundary") == "in products") & (pl.col("status") == "estimated"))
    if rows.is_empty():
        return []
    names = {row["flow"]: row[f"name_{ask.lang}"] for row in reference_table("embedded-scenario.csv").to_dicts()}
    lines = [
        ask.say(
            f"{names[row['item']]}: {words.tonnes(row['low_t'], row['high_t'], ask.lang)} t per jaar, midden "
            f"{words.tonnes(row['middle_t'], row['middle_t'], ask.lang)} t.",
            f"{names[row['item']]}: {words.tonnes(row['low_t'], row['high_t'], ask.lang)} t a year, middle "
            f"{words.tonnes(row['middle_t'], row['middle_t'], ask.lang)} t.",
        )
        for row in rows.to_dicts()
    ]
    note = ask.say(
        "Scenario met eigen aannames; nooit optellen bij de invoer hierboven: dezelfde ton zou dubbel tellen.",
        "A scenario on assumptions of ours; never add it to the imports above: the same tonne would count twice.",
    )
    return [*lines, note]


def sectors(ask: Asked, own: Tables) -> list[str]:
    """Which sectors stand on the material, on whose word, and what it is a by-product of."""
    rows = own["exposure"]
    judged = rows.filter(pl.col("status") == "estimated").sort("share", "nace2", descending=[True, False])
    lines = []
    for row in judged.to_dicts():
        share = words.span(row["share_low"], row["share_high"], ask.lang, share=True)
        text = ask.say(
            f"{words.sector(row['nace2'], ask.lang)}: {share} van de omzet [{words.MARKS['nl'][row['mark']]}]",
            f"{words.sector(row['nace2'], ask.lang)}: {share} of output [{words.MARKS['en'][row['mark']]}]",
        )
        if row["value_added_musd"] is not None:
            worth = words.number(row["value_added_musd"] / 1000.0, ask.lang, 1)
            text += ask.say(
                f"; toegevoegde waarde van de hele bedrijfstak {worth} miljard dollar ({row['vintage']})",
                f"; value added of the whole industry {worth} billion dollars ({row['vintage']})",
            )
        why = str(row[ask.say("reason_nl", "reason")])
        lines.append(
            f"{text}. {ask.say('Waarom', 'Why')}: {why[0].lower() if why[1:2].islower() else why[0]}{why[1:]}."
        )
    unjudged = [
        f"{words.sector(row['nace2'], ask.lang)} {words.percent(row['eu_use_share'], ask.lang)}"
        for row in rows.filter(pl.col("status") == "missing").to_dicts()
    ]
    if unjudged:
        told = words.listing(unjudged, ask.lang)
        lines.append(
            ask.say(
                f"Gebruikt volgens de EU-studie, maar aandeel in de omzet door niemand beoordeeld (deel van het "
                f"EU-gebruik): {told}.",
                f"Used by the EU study, but nobody has judged the share of output (part of EU use): {told}.",
            )
        )
    hosts = rows.filter(pl.col("byproduct_share") > 0.0).head(1).to_dicts()
    if hosts:
        metals = [_material(name, ask.lang) for name in str(hosts[0]["hosts"] or "").split(";") if name]
        part = words.percent(hosts[0]["byproduct_share"], ask.lang)
        of = words.listing(metals, ask.lang) or words.UNKNOWN[ask.lang]
        lines.append(ask.say(f"Bijproduct voor {part}, van: {of}.", f"By-product for {part}, of: {of}."))
    return lines


def _material(name: str, lang: str) -> str:
    try:
        return vocabulary.material(name).name(lang)
    except LodestockError:
        return name
