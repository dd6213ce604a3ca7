"""How `lodestock io` words a table, in Dutch and English."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, cast

from lodestock.cli.impact_text import source_of
from lodestock.cli.output import table
from lodestock.economy.io_system import InputOutputTable
from lodestock.economy.library import Held
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


def _digits(value: float, places: int, lang: Lang) -> str:
    return localised(Decimal(f"{value:.{places}f}"), lang)


def size(found: InputOutputTable, lang: Lang = "en") -> str:
    """How large a table is, with the year of its value added in the same sentence."""
    total = _digits(float(found.value_added.sum()), 0, lang)
    return WORDS["size"][lang].format(
        regions=len(found.regions), sectors=len(found.sectors), total=total, unit=found.unit,
        vintage=found.vintage[lang],
    )  # fmt: skip


def show_text(found: Held, payload: dict[str, Any], language: str) -> str:
    """A table as lines of text: where it comes from, what does not balance, and the industries of one region."""
    lang = cast(Lang, language)
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
