"""How `lodestock io` words a table, in Dutch and English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, cast

from lodestock.cli.impact_text import source_of
from lodestock.cli.output import table
from lodestock.economy.embedded import EMBEDDED
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.library import Held
from lodestock.errors import InputError
from lodestock.evidence.ledger import Text
from lodestock.publish.numbers import localised

Lang = Literal["nl", "en"]
WORDS = {
    "size": Text(
        "{regions} regio's, {sectors} sectoren; toegevoegde waarde {total} {unit} in totaal, {vintage}",
        "{regions} regions, {sectors} sectors; value added {total} {unit} in all, {vintage}",
    ),
    "ships": Text(
        "wordt meegeleverd met Lodestock: oud en grof, goed voor structuur; haal een nieuwere tabel binnen voor "
        "waarden van nu",
        "ships with Lodestock: old and coarse, fit for structure; import a newer table for current values",
    ),
    "gaps": Text(
        "{count} rijen tellen niet op tot de productie (de uitgever kapt cellen af op hele miljoenen), samen {total} "
        "{unit}: {worst}; …",
        "{count} rows do not add up to output (published cells are cut off to whole millions), together {total} "
        "{unit}: {worst}; …",
    ),
    "kept": Text(
        "elk gat is bewaard als een eigen bestemming, zodat het niet voor vraag wordt gehouden",
        "each gap is kept as a use of its own, so that it is not taken for demand",
    ),
    "imported": Text("{file} bewaard als {name}: {size}", "kept {file} as {name}: {size}"),
    "joined": Text(
        "bedrijfstakken samengevoegd tot NACE-sectoren met: {how}", "industries joined to NACE sectors with: {how}"
    ),
    "unmatched": Text(
        "{count} bedrijfstakken staan niet in de concordantie ({first}); ze houden hun naam en `lodestock impact` zal "
        "om een koppeling vragen: haal de tabel opnieuw binnen met --match BESTAND",
        "{count} industries are not in the concordance ({first}), so they keep their names and a scenario's impact "
        "will ask for a match: import again with --match FILE",
    ),
    "in_use": Text("in gebruik: {name}", "in use: {name}"),
    "use": Text("in gebruik nemen: lodestock io use {name}", "use it with: lodestock io use {name}"),
    "listed": Text("* in gebruik", "* in use"),
    "gone": Text(
        "in gebruik was {name}, maar die tabel is weg: haal het bestand opnieuw binnen, of: lodestock io use {back}",
        "in use was {name}, but that table is gone: import its file again, or: lodestock io use {back}",
    ),
    "made": Text("{name} gemaakt {vintage}: {size}", "made {name} {vintage}: {size}"),
    "alike": Text(
        "{count} bedrijfstakken hadden geen cijfer en groeiden mee met de andere: {first}",
        "{count} industries had no figure and grew as the others did: {first}",
    ),
    "removed": Text(
        "{name} verwijderd; getallen die erop rusten kan `lodestock trace` pas weer nagaan als de tabel opnieuw is "
        "binnengehaald",
        "removed {name}; `lodestock trace` can check numbers that rest on it again once it is imported again",
    ),
    "fell_back": Text(
        "die tabel was in gebruik: vanaf nu geldt {name}, de tabel die wordt meegeleverd",
        "that table was in use: from now on it is {name}, the table that ships",
    ),
    "lacks": Text(
        "LET OP: deze tabel heeft {what}; brief, impact, stock, coalition en measures weigeren scenario's die dat "
        "nodig hebben. Koppel bedrijfstakken met --match BESTAND, of ga terug: lodestock io use {back}",
        "NOTE: this table has {what}; brief, impact, stock, coalition and measures refuse scenarios that need it. Join "
        "industries with --match FILE, or go back: lodestock io use {back}",
    ),
    "no_sector": Text("geen bedrijfstak voor {names}", "no industry for {names}"),
    "no_region": Text("geen regio {names}", "no region {names}"),
    "no_rate": Text("geen bekende eurokoers voor {names}", "no known rate to the euro for {names}"),
    "linkages": Text(
        "Achterwaarts boven 1: trekt meer toeleveranciers dan de gemiddelde bedrijfstak; voorwaarts boven 1: bedient "
        "meer afnemers.",
        "Backward above 1: pulls more suppliers than the average industry; forward above 1: serves more users.",
    ),
}
HEADS = (
    Text("bedrijfstak", "industry"), Text("toegevoegde waarde {unit}", "value added {unit}"),
    Text("productie", "output"), Text("achterwaarts", "backward"),
    Text("voorwaarts", "forward"),
)  # fmt: skip


LISTED = (
    Text("", ""), Text("id", "id"), Text("structuur", "structure"), Text("herschaald naar", "scaled to"),
    Text("eenheid", "unit"), Text("toegevoegde waarde", "value added"), Text("bewaard op", "kept on"),
    Text("bron", "source"),
)  # fmt: skip
SHIPPED = Text("WIOD, uitgave van 2013; wordt meegeleverd met Lodestock", "WIOD release of 2013, ships with Lodestock")
# How a table's industries were joined where no file of the user says it: English is what the table keeps.
JOINED_BY = {
    "exiobase": Text("de meegeleverde concordantie", "the concordance that ships"),
    "cbs": Text("de NACE-afdelingen in hun labels", "the NACE divisions in their labels"),
}


def require_language(name: str) -> Lang:
    """The language, or an InputError."""
    if name not in ("nl", "en"):
        raise InputError(f"unknown language '{name}'", where="--lang", mend="use nl or en")
    return cast(Lang, name)


def _digits(value: float, places: int, lang: Lang) -> str:
    return localised(Decimal(f"{value:.{places}f}"), lang)


def import_text(file: str, payload: dict[str, Any], found: InputOutputTable, lang: Lang) -> str:
    """What was imported, how its industries were joined, and whether it is in use."""
    lines = [WORDS["imported"][lang].format(file=file, name=payload["id"], size=size(found, lang))]
    lines.append(f"sha256 {payload['sha256']}")
    if payload["matched_with"]:
        how = next((text[lang] for text in JOINED_BY.values() if text.en == payload["matched_with"]), None)
        lines.append(WORDS["joined"][lang].format(how=how or payload["matched_with"]))
    if payload["unmatched"]:
        lines.append(
            WORDS["unmatched"][lang].format(
                count=len(payload["unmatched"]), first=_first(payload["unmatched"], 3, "; ", lang)
            )
        )
    return "\n".join([*lines, _use_line(payload, lang)])


def rescale_text(payload: dict[str, Any], found: InputOutputTable, lang: Lang) -> str:
    """What was made, which industries had no figure, and whether it is in use."""
    lines = [WORDS["made"][lang].format(name=payload["id"], vintage=found.vintage[lang], size=size(found, lang))]
    alike = payload["grown_alike"]
    if alike:
        lines.append(WORDS["alike"][lang].format(count=len(alike), first=_first(alike, 8, ", ", lang)))
    return "\n".join([*lines, _use_line(payload, lang)])


def list_text(rows: list[dict[str, Any]], gone: str | None, lang: Lang) -> str:
    """All tables; the one in use is marked, or said to be gone."""
    last = WORDS["listed"][lang] if gone is None else WORDS["gone"][lang].format(name=gone, back=EMBEDDED)
    cells = [
        [
            "*" if row["in_use"] else "", row["id"], row["year"], row["scaled_to"] or "", row["unit"],
            "" if row["value_added_total"] is None else _digits(row["value_added_total"], 0, lang),
            row["kept_on"] or "",
            SHIPPED[lang] if row["source"] == SHIPPED.en else row["source"],
        ]
        for row in rows
    ]  # fmt: skip
    return "\n".join([table(cells, [head[lang] for head in LISTED], right=(5,)), last])


def use_text(payload: dict[str, Any], lang: Lang) -> str:
    """Which table is in use now, and what it lacks."""
    return "\n".join([WORDS["in_use"][lang].format(name=payload["in_use"]), *_lacks(payload, lang)])


def remove_text(payload: dict[str, Any], lang: Lang) -> str:
    """What was removed, and which table is in use where it was that one."""
    lines = [WORDS["removed"][lang].format(name=payload["removed"])]
    if payload["was_in_use"]:
        lines.append(WORDS["fell_back"][lang].format(name=payload["in_use"]))
    return "\n".join(lines)


def _use_line(payload: dict[str, Any], lang: Lang) -> str:
    told = WORDS["in_use" if payload["in_use"] else "use"][lang].format(name=payload["id"])
    return "\n".join([told, *_lacks(payload, lang)])


def _lacks(payload: dict[str, Any], lang: Lang) -> list[str]:
    lacking = payload["lacks"]
    what = [WORDS[key][lang].format(names=", ".join(found)) for key, found in lacking.items() if found]
    joined = {"nl": " en ", "en": " and "}[lang].join(what)
    return [WORDS["lacks"][lang].format(what=joined, back=EMBEDDED)] if what else []


def _first(names: list[str], count: int, between: str, lang: Lang) -> str:
    more = {"nl": "… en nog {}", "en": "… and {} more"}[lang].format(len(names) - count)
    return between.join([*names[:count], *([more] if len(names) > count else [])])


def size(found: InputOutputTable, lang: Lang = "en") -> str:
    """How large a table is, with the year of its value added in the same sentence."""
    total = _digits(float(found.value_added.sum()), 0, lang)
    return WORDS["size"][lang].format(
        regions=len(found.regions), sectors=len(found.sectors), total=total, unit=found.unit,
        vintage=found.vintage[lang],
    )  # fmt: skip


def show_text(found: Held, payload: dict[str, Any], lang: Lang) -> str:
    """A table as lines of text: where it comes from, what does not balance, and the industries of one region."""
    lines = [f"{found.id}: {source_of(found, lang)}", size(found.table, lang)]
    if found.ships:
        lines.append(WORDS["ships"][lang])
    if found.gaps:
        worst = "; ".join(f"{gap.cell} {_digits(gap.amount, 0, lang)}" for gap in found.gaps[:4])
        total = _digits(sum(gap.amount for gap in found.gaps), 0, lang)
        told = WORDS["gaps"][lang].format(count=len(found.gaps), total=total, unit=found.table.unit, worst=worst)
        lines += [told, WORDS["kept"][lang]]
    rows = [
        [
            f"{row['industry']} {row[f'name_{lang}']}" if row[f"name_{lang}"] != row["industry"] else row["industry"],
            _digits(row["value_added"], 0, lang), _digits(row["output"], 0, lang),
            *(_digits(row[name], 2, lang) for name in ("backward", "forward")),
        ]
        for row in payload["industries"]
    ]  # fmt: skip
    heads = [text[lang].format(unit=found.table.unit) for text in HEADS]
    lines += ["", f"{payload['industries_of']}, {found.table.vintage[lang]}", table(rows, heads, right=(1, 2, 3, 4))]
    return "\n".join([*lines, WORDS["linkages"][lang]])
