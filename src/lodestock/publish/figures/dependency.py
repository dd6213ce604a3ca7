"""Figure: from where the Netherlands and the EU import magnets and rare earths."""

from __future__ import annotations

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import (
    BLUE,
    GREY,
    INK,
    PAPER,
    SKY,
    Drawing,
    KeyItem,
    Panel,
    Row,
    caption,
    colour_key,
    data,
    named,
    per_cent,
    present,
    share_axis,
    subtitle,
    value,
)
from lodestock.publish.model import FigureSpec, Lang
from lodestock.publish.numbers import number_text

TITLE = Text(
    "Waar de invoer van magneten en zeldzame aarden vandaan komt", "Where imports of magnets and rare earths come from"
)
WHAT = Text("Aandeel in de ingevoerde tonnen (%)", "Share of tonnes imported (%)")
CAVEAT = Text(
    "Invoer aan de grens, ook van goederen die door Nederland heen gaan naar andere landen. Een deel van de invoer uit "
    "andere EU-landen is eerder uit China gekomen. De code voor magneten telt ook magneten zonder zeldzame aarden.",
    "Imports at the border, including goods that pass through the Netherlands to other countries. Part of what comes "
    "from other EU countries came from China before. The code for magnets also counts magnets without rare earths.",
)
OUTSIDE = Text(
    " Voor de EU27 telt alleen invoer van buiten de EU.", " For the EU27 only imports from outside the EU are counted."
)
PRODUCTS = {
    "850511": Text("Permanente magneten van metaal (HS 8505 11)", "Permanent magnets of metal (HS 8505 11)"),
    "284690": Text("Verbindingen van zeldzame aarden (HS 2846 90)", "Compounds of rare earths (HS 2846 90)"),
    "280530": Text("Zeldzame-aardmetalen (HS 2805 30)", "Rare-earth metals (HS 2805 30)"),
}
IMPORTERS = {"NLD": Text("Nederland", "Netherlands"), "EU27": Text("EU27", "EU27")}
PARTNERS = {
    "CHN": Text("China", "China"),
    "other EU": Text("andere EU-landen", "other EU countries"),
    "other": Text("overig", "other"),
}
_FILL = {"CHN": BLUE, "other EU": SKY, "other": GREY}
_PLOT = 420


def _rows(figure: FigureSpec, lang: Lang) -> list[Row]:
    out: list[Row] = []
    order = list(PARTNERS)
    for row in sorted(
        figure.tables["shares"].to_dicts(), key=lambda r: order.index(r["partner"]) if r["partner"] in order else -1
    ):
        share = row["share"]
        out.append(
            {
                "product": named(PRODUCTS, row["product"], lang, "product"),
                "importer": named(IMPORTERS, row["importer"], lang, "importer"),
                "partner": named(PARTNERS, row["partner"], lang, "partner"),
                "order": order.index(row["partner"]),
                "share": share,
                "share_text": per_cent(share, lang) if share is not None and share >= 0.07 else "",
                "quantity_t": row["quantity_t"],
                "ink": PAPER if row["partner"] == "CHN" else INK,
            }
        )
    starts: dict[tuple[object, object], float] = {}
    for item in present(out, "share"):
        key = (item["product"], item["importer"])
        item["middle"] = starts.get(key, 0.0) + value(item, "share") / 2
        starts[key] = starts.get(key, 0.0) + value(item, "share")
    return out


def _totals(rows: list[Row], lang: Lang) -> list[Row]:
    sums: dict[tuple[object, object], float | None] = {}
    for row in rows:
        key = (row["product"], row["importer"])
        before = sums.get(key, 0.0)
        sums[key] = None if before is None or row["quantity_t"] is None else before + value(row, "quantity_t")
    return [{"product": p, "importer": i, "text": number_text(total, "t", lang)} for (p, i), total in sums.items()]


def _alt(rows: list[Row], lang: Lang) -> str:
    head = Text("Gestapelde balken. Aandeel van China in de invoer:", "Stacked bars. China’s share of imports:")[lang]
    parts = [
        f"{row['product']}, {row['importer']} {per_cent(value(row, 'share'), lang)}"
        for row in present(rows, "share")
        if row["order"] == 0
    ]
    return f"{head} {'; '.join(parts)}."


def _panel(rows: list[Row], totals: list[Row], lang: Lang, *, last: bool) -> Panel:
    names = [text[lang] for text in PARTNERS.values()]
    y = alt.Y("importer:N", title=None, sort=[text[lang] for text in IMPORTERS.values()])
    axis = share_axis() if last else None
    bars = (
        alt.Chart(data(rows))
        .mark_bar(height=22, stroke=PAPER, strokeWidth=1)
        .encode(
            y=y,
            x=alt.X("share:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color(
                "partner:N", sort=names, scale=alt.Scale(domain=names, range=list(_FILL.values())), legend=None
            ),
            order="order:Q",
        )
    )
    inside = (
        alt.Chart(data(present(rows, "share")))
        .mark_text()
        .encode(y=y, x="middle:Q", text="share_text:N", color=alt.Color("ink:N", scale=None))
    )
    beside = alt.Chart(data(totals)).mark_text(align="left", dx=8).encode(y=y, x=alt.value(_PLOT), text="text:N")
    return alt.layer(bars, inside, beside).properties(width=_PLOT, height=60)


def draw(figure: FigureSpec, lang: Lang) -> Drawing:
    """Stacked bars of the import shares of China, other EU countries and others, per product, for the NL and the EU."""
    rows = _rows(figure, lang)
    totals = _totals(rows, lang)
    products = [text[lang] for text in PRODUCTS.values() if any(row["product"] == text[lang] for row in rows)]
    key = [KeyItem(text[lang], _FILL[name]) for name, text in PARTNERS.items()]
    panels: list[Panel] = [colour_key(key, _PLOT)]
    for product in products:
        mine = [row for row in rows if row["product"] == product]
        sums = [row for row in totals if row["product"] == product]
        panel = _panel(mine, sums, lang, last=product == products[-1])
        panels.append(
            panel.properties(
                title=alt.TitleParams(product, anchor="start", fontSize=13, fontWeight=600, color=INK, offset=4)
            )
        )
    chart = alt.vconcat(*panels, spacing=10)
    inside = any(row["importer"] == IMPORTERS["EU27"][lang] and row["order"] == 1 and row["share"] for row in rows)
    words = caption(CAVEAT, figure, lang) + ("" if inside else OUTSIDE[lang])
    return Drawing(TITLE[lang], subtitle(WHAT, figure, lang), _alt(rows, lang), words, chart)
