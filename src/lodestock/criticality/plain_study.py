"""The EU study recomputed, in plain words: how close it comes, why it misses, and which list it selects."""

from __future__ import annotations

from typing import Any

import polars as pl

from lodestock import vocabulary
from lodestock.criticality import words
from lodestock.criticality.assess import Assessment


def study_lines(found: Assessment, lang: str) -> list[str]:
    """What `assess_eu` found, line by line in `lang`; raises InputError for another language than nl or en."""
    words.check_language(lang)
    return [*_closeness(found, lang), "", *_list(found, lang), "", *_misses(found, lang), *_corrections(found, lang)]


def _closeness(found: Assessment, lang: str) -> list[str]:
    n: dict[str, Any] = dict(found.summary)
    vintage = found.notes[0].split(";")[0].removeprefix("governance of ")
    if lang == "nl":
        return [
            f"De EU-methode nagerekend voor de studie van 2023, bestuursscores {vintage} (de studie: 2016–2020)",
            f"Leveringsrisico: {n['sr_compared']} schakels vergeleken; {n['sr_within_015']} binnen 0,15, "
            f"{n['sr_within_030']} binnen 0,3, {n['sr_same_side']} aan dezelfde kant van 1,0.",
            f"Economisch belang: {n['ei_compared']} vergeleken; {n['ei_within_01']} binnen 0,1.",
            f"Daarnaast {n['sr_joined_by_name']} schakels die de bijlage op twee manieren spelt en die alleen via de "
            f"woordenlijst te koppelen zijn; {n['sr_joined_by_name_within_015']} daarvan binnen 0,15.",
            f"Zonder verklaring blijven {n['unexplained']} afwijkingen.",
        ]
    return [
        f"The EU method recomputed for the study of 2023, with governance of {vintage} (the study: 2016–2020)",
        f"Supply risk: {n['sr_compared']} stages compared; {n['sr_within_015']} within 0.15, "
        f"{n['sr_within_030']} within 0.3, {n['sr_same_side']} on the same side of 1.0.",
        f"Economic importance: {n['ei_compared']} compared; {n['ei_within_01']} within 0.1.",
        f"Besides, {n['sr_joined_by_name']} stages that the annex spells in two ways, and that only the vocabulary "
        f"joins; {n['sr_joined_by_name_within_015']} of them within 0.15.",
        f"Misses that stay unexplained: {n['unexplained']}.",
    ]


def _list(found: Assessment, lang: str) -> list[str]:
    """The list that the thresholds select, against the list of the Act."""
    table = found.tables["selection"]
    chosen = table.filter(pl.col("selected"))
    critical = table.filter(pl.col("list_status") == "critical")
    extra = _names(chosen.filter(pl.col("list_status") != "critical"), lang)
    lacking = _names(critical.filter(~pl.col("selected")), lang)
    ours = table.filter(pl.col("selected_recomputed").is_not_null())
    gained = _names(ours.filter(pl.col("selected_recomputed") & ~pl.col("selected")), lang)
    lost = _names(ours.filter(~pl.col("selected_recomputed") & pl.col("selected")), lang)
    basis = chosen.filter(pl.col("ei_basis") == "published").height
    none = {"nl": "geen", "en": "none"}[lang]
    if lang == "nl":
        return [
            f"De drempels (SR 1,0 en EI 2,8) kiezen op gepubliceerde scores {chosen.height} materialen "
            "(groepen uitgesplitst).",
            f"  Op de lijst maar niet gekozen: {lacking or none}. Gekozen maar niet op de lijst: {extra or none}.",
            f"  Met nagerekende scores erbij: {gained or none}; eraf: {lost or none}.",
            f"  Voor {basis} gekozen materialen is het economisch belang niet na te rekenen en telt het gepubliceerde.",
        ]
    return [
        f"The thresholds (SR 1.0 and EI 2.8, published scores) select {chosen.height} materials, groups spelled out.",
        f"  On the list but not selected: {lacking or none}. Selected but not on the list: {extra or none}.",
        f"  On recomputed scores added: {gained or none}; dropped: {lost or none}.",
        f"  For {basis} selected materials economic importance cannot be recomputed; there the published one counts.",
    ]


def _names(rows: pl.DataFrame, lang: str) -> str:
    return words.listing([vocabulary.material(name).name(lang) for name in rows["material"].to_list()], lang)


def _misses(found: Assessment, lang: str) -> list[str]:
    """What nothing explains first, with both values; then each miss with its reason."""
    rows = found.tables["misses"].sort("measure", "class", "material", descending=[True, False, False])
    unknown = pl.col("class") == "unexplained"
    heads = {"nl": ("Zonder verklaring", "Met verklaring"), "en": ("Unexplained", "Explained")}[lang]
    lines = []
    for head, part in zip(heads, (rows.filter(unknown), rows.filter(~unknown)), strict=True):
        lines += [head, *(_miss(row, lang) for row in part.to_dicts())]
    return lines


def _miss(row: dict[str, Any], lang: str) -> str:
    ours, published = words.number(row["recomputed"], lang, 2), words.number(row["published"], lang, 1)
    at = f", {words.stage(row['stage'], lang)}" if row["stage"] else ""
    name = vocabulary.material(row["material"]).name(lang)
    against = "tegen" if lang == "nl" else "against"
    text = f"  {row['measure'].upper()} {name}{at}: {ours} {against} {published}"
    if row["class"] == "unexplained":
        return text
    why = row["reason_nl" if lang == "nl" else "reason"]
    return f"{text}; {words.reason(row['class'], lang)}. {why} [{_mark(row['mark'], lang)}]"


def _mark(mark: str, lang: str) -> str:
    if mark == "prior":
        return "waarschijnlijk, eigen oordeel" if lang == "nl" else "likely, our judgement"
    return words.MARKS[lang][mark]


def _corrections(found: Assessment, lang: str) -> list[str]:
    if "corrections" not in found.tables:
        return []
    why = "reason_nl" if lang == "nl" else "reason"
    rows = found.tables["corrections"].to_dicts()
    head = "Toegepaste correcties" if lang == "nl" else "Corrections applied"
    return ["", head, *(f"  {row['id']}: {row[why]} [{row['document']}]" for row in rows)]
