"""Pictures of the shipped dossiers: bars, and a map of one square per country (no outlines are needed for that)."""

from __future__ import annotations

from dataclasses import dataclass

import altair as alt

from lodestock.evidence.ledger import Text
from lodestock.publish.figures.base import BLUE, GREY, INK, PAPER, Drawing, Row, data
from lodestock.publish.numbers import number_text
from lodestock.vocabulary import country

# Column and row of each country, roughly where it lies; every square is as large as any other.
SQUARES = {
    "CAN": (2, 1), "USA": (2, 2), "MEX": (2, 3), "PER": (4, 6), "BRA": (5, 6), "BOL": (5, 7), "CHL": (4, 8),
    "ARG": (5, 8), "GRL": (6, 0), "NOR": (10, 0), "SWE": (11, 0), "FIN": (12, 0), "GBR": (8, 1), "DNK": (10, 1),
    "LVA": (12, 1), "NLD": (9, 2), "DEU": (10, 2), "POL": (11, 2), "BEL": (9, 3), "FRA": (8, 3), "AUT": (10, 3),
    "ROU": (12, 3), "PRT": (7, 4), "ESP": (8, 4), "ITA": (10, 4), "BGR": (12, 4), "GRC": (11, 5), "TUR": (13, 5),
    "MAR": (8, 6), "RUS": (15, 1), "KAZ": (15, 2), "UZB": (14, 3), "IRN": (14, 4), "MNG": (17, 2), "CHN": (17, 3),
    "KOR": (18, 3), "JPN": (19, 3), "IND": (16, 5), "MMR": (17, 4), "VNM": (18, 4), "THA": (17, 5), "PHL": (19, 5),
    "MYS": (17, 6), "IDN": (18, 7), "PNG": (19, 7), "AUS": (18, 8), "COG": (10, 8), "COD": (11, 8), "TZA": (12, 8),
    "AGO": (10, 9), "ZMB": (11, 9), "MOZ": (12, 9), "NAM": (10, 10), "ZWE": (11, 10), "ZAF": (11, 11),
    "MDG": (14, 10), "EGY": (12, 6), "SAU": (14, 6),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Title, subtitle and caption of a figure in both languages."""

    title: Text
    subtitle: Text
    caption: Text


def bars(words: Words, rows: list[tuple[Text, str, float]], unit: str, lang: str) -> Drawing:
    """Horizontal bars: (label, group, value); largest first within a group, with the number at its end."""
    shown: list[Row] = [
        {"label": label[lang], "group": group, "value": value, "text": number_text(value, unit, lang)}
        for label, group, value in rows
    ]
    base = alt.Chart(data(shown))
    y = alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, minExtent=205, domain=False, ticks=False))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, 1.25 * max(r[2] for r in rows)]))
    layers = alt.layer(
        base.mark_bar(color=BLUE, height=15).encode(x=x, y=y),
        base.mark_text(align="left", dx=5, color=INK).encode(x=x, y=y, text="text:N"),
    )
    groups = list(dict.fromkeys(group for _label, group, _value in rows))
    if len(groups) == 1:
        chart: alt.Chart = layers.properties(width=400, height=22 * len(rows))
    else:
        chart = alt.vconcat(*(
            layers.transform_filter(alt.datum.group == group).properties(
                width=400, height=22 * sum(r[1] == group for r in rows),
                title=alt.TitleParams(group, anchor="start", frame="group", fontSize=13, color=INK),
            )
            for group in groups
        ))  # fmt: skip
    said = "; ".join(f"{row['group']}, {row['label']}: {row['text']}".strip(", ") for row in shown)
    start = "Staven. " if lang == "nl" else "Bars. "
    return Drawing(words.title[lang], words.subtitle[lang], start + said.replace("\u00a0", " ") + ".",
                   words.caption[lang], chart)  # fmt: skip


def square_map(words: Words, shares: dict[str, float], lang: str) -> Drawing:
    """A map of squares, darker where more of the world's production is."""
    rows: list[Row] = []
    for code, (column, line) in SQUARES.items():
        share = shares.get(code)
        text = number_text(share, "1", lang) if share else ""
        rows.append({"x": column, "y": line, "code": code, "share": share or 0.0, "text": text,
                     "dark": bool(share and share > 0.12)})  # fmt: skip
    base = alt.Chart(data(rows))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[1, 20], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[11.6, -0.6], nice=False))
    colour = alt.condition(
        alt.datum.share > 0,
        alt.Color("share:Q", scale=alt.Scale(range=["#d6e6f2", BLUE], domain=[0, max(shares.values())]), legend=None),
        alt.value(GREY),
    )
    ink = alt.condition(alt.datum.dark, alt.value(PAPER), alt.value(INK))
    chart = alt.layer(
        base.mark_square(size=900, opacity=1).encode(x=x, y=y, color=colour),
        base.mark_text(dy=-5, fontSize=10, fontWeight=600).encode(x=x, y=y, text="code:N", color=ink),
        base.mark_text(dy=7, fontSize=10).encode(x=x, y=y, text="text:N", color=ink),
    ).properties(width=600, height=400)
    largest = sorted(shares.items(), key=lambda item: -item[1])
    said = "; ".join(f"{country(code).name(lang)}: {number_text(share, '1', lang)}" for code, share in largest)
    start = "Kaart met één vierkant per land. " if lang == "nl" else "A map with one square per country. "
    return Drawing(words.title[lang], words.subtitle[lang], start + said.replace("\u00a0", " ") + ".",
                   words.caption[lang], chart)  # fmt: skip
