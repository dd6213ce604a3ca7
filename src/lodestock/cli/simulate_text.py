"""What `lodestock simulate` tells of a what-if: who runs short of what, how sure, what coordination would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lodestock.cli.output import table

if TYPE_CHECKING:
    import polars as pl

    from lodestock.scenario.schema import Scenario
    from lodestock.scenario.simulate_what_if import MaterialRun, WhatIfRun

Floats = npt.NDArray[np.float64]
MAGNETS = "rare-earth-magnets"
CLASS_WORDS = {
    "nl": {"chain": "keten", "single stage": "één schakel", "shares only": "alleen aandelen", "missing": "ontbreekt"},
    "en": {"chain": "chain", "single stage": "single stage", "shares only": "shares only", "missing": "missing"},
}
WORDS: dict[str, dict[str, Any]] = {
    "nl": {
        "head": "{title}: {n} trekkingen over {points} netten, {months} maanden.",
        "example": "VOORBEELD: verzonnen om te laten zien hoe het werkt, geen voorspelling.",
        "material": "{name}. Klasse van het net: {kind}.",
        "chain": "winning en verwerking, met handelscodes van dit materiaal alleen",
        "magnets": "van verbindingen naar magneten, in ton oxide en ton magneten, met gemengde handelscodes; welk deel "
                   "van code 850511 een zeldzame-aardmagneet is, is een aanname",
        "single stage": "alleen {stages} is te volgen; geen schakel is verzonnen",
        "shares only": "geen eigen handelscode: gevolgd is wat de EU per land koopt, in % van een jaar gebruik; "
                       "concurrerende kopers buiten de EU blijven buiten beschouwing",
        "alone": "Alsof andere kopers blijven nemen wat zij namen: wie wie overbiedt, is niet te zien. Het tekort kan "
                 "groter of kleiner zijn.",
        "no_rivals": "Waarde van coördinatie: niet te zeggen, want andere kopers staan niet in de cijfers.",
        "lost": ["plaats", "schakel", "verloren, midden", "5–95 %", "gemiddeld", "bediend, midden", "één ronde",
                 "eenheid"],
        "stages": {"extraction": "winning", "processing": "verwerking", "manufacturing": "magneten"},
        "units": {"t": "t", "% of EU yearly use": "% van een EU-jaar"},
        "world": "WERELD",
        "error": "Standaardfout van het gemiddelde: {error} op {mean} ({place}).",
        "price": "Prijs buiten landen met een maatregel ten opzichte van gewoon, slechtste maand ({month}): ×{middle} "
                 "(5–95 %: {low}–{high}). Een aanwijzing, geen raming; gemaximeerd waar gebruik wijkt.",
        "planner": "Waarde van coördinatie in {n} trekkingen: {middle} {unit} ({low}–{high}), {share} van het tekort.",
        "no_gap": "Waarde van coördinatie in {n} trekkingen: geen; de markt verdeelt hier zo goed als het kan.",
        "worth": "Naar waarde (k€), mediaan: beste verdeling {planner} ≤ markt {market}; coördinatie scheelt {gap} "
                 "({low}–{high}). De stappen gelden voor elk land; van eerdere schakels telt de laagste.",
        "unknown": "Onbekend:",
        "check": "Na te kijken (einddatum voorbij of nabij): {controls}.",
        "files": "tabellen en manifest",
    },
    "en": {
        "head": "{title}: {n} draws over {points} networks, {months} months.",
        "example": "EXAMPLE: made up to show how it works, not a forecast.",
        "material": "{name}. Class of the network: {kind}.",
        "chain": "extraction and processing, with trade codes of this material only",
        "magnets": "from compounds to magnets, in tonnes of oxide and of magnets, with mixed trade codes; which part "
                   "of code 850511 is a rare-earth magnet is an assumption",
        "single stage": "only {stages} can be followed; no stage is invented",
        "shares only": "no trade code of its own: followed is what the EU buys by country, in % of a year's use; "
                       "competing buyers outside the EU are left out",
        "alone": "As if other buyers go on taking what they took: who outbids whom cannot be seen. The shortage may be "
                 "larger or smaller.",
        "no_rivals": "Value of coordination: cannot be told, because other buyers are not in the figures.",
        "lost": ["place", "stage", "lost, median", "5–95 %", "mean", "served, median", "one round", "unit"],
        "stages": {"extraction": "extraction", "processing": "processing", "manufacturing": "magnets"},
        "units": {"t": "t", "% of EU yearly use": "% of an EU year"},
        "world": "WORLD",
        "error": "Standard error of the mean: {error} on {mean} ({place}).",
        "price": "Price outside countries with a measure relative to normal, worst month ({month}): ×{middle} "
                 "(5–95 %: {low}–{high}). A diagnostic, not an estimate; capped where use gives way.",
        "planner": "Value of coordination in {n} draws: {middle} {unit} ({low}–{high}), {share} of the shortage.",
        "no_gap": "Value of coordination in {n} draws: none; the market divides as well as can be here.",
        "worth": "By value (k€), median: best allocation {planner} ≤ market {market}; coordination saves {gap} "
                 "({low}–{high}). The steps hold for every country; earlier stages count the lowest.",
        "unknown": "Unknown:",
        "check": "To be checked (end date passed or near): {controls}.",
        "files": "tables and manifest",
    },
}  # fmt: skip


EVIDENCE: dict[str, dict[str, Any]] = {
    "nl": {
        "line": "Gebruikte waarneming ({material}): {what} {middle} {unit} ({low}–{high}), {n} waarnemingen tot en met "
                "{until}, {mark}; {how}.",
        "stock_days": "voorraad bij gebruikers",
        "lead_months": "helft van de aanvragen verleend na",
        "units": {"d": "dagen", "month": "maanden", "months": "maanden", "days": "dagen"},
        "marks": {"seen": "gezien", "computed": "berekend", "press": "pers", "prior": "aanname"},
        "stock": "vervangt de aanname over de voorraad",
        "population": "telt mee als een bron naast de gepubliceerde aandelen; welk deel nooit of deels is verleend, "
                      "telt niet mee",
        "beside": "staat ernaast, niet in de trekkingen (use: population neemt haar mee)",
    },
    "en": {
        "line": "Evidence used ({material}): {what} {middle} {unit} ({low}–{high}), {n} observations until {until}, "
                "{mark}; {how}.",
        "stock_days": "stock with users",
        "lead_months": "half of the applications granted after",
        "units": {"d": "days", "month": "months"},
        "marks": {"seen": "seen", "computed": "computed", "press": "press", "prior": "prior"},
        "stock": "takes the place of the assumed stock",
        "population": "counts as one source beside the published shares; which share is never granted, or in part, "
                      "does not",
        "beside": "stands beside, not in the draws (use: population takes it in)",
    },
}  # fmt: skip


def number(value: float, lang: str, digits: int = 0) -> str:
    """A number with thousands, by language; more digits where it is small."""
    if digits == 0 and 0 < abs(value) < 100 and not isinstance(value, int):
        digits = 1
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def describe(run: WhatIfRun, lost: pl.DataFrame, lang: str, *, valued: bool = False) -> list[str]:
    """The lines for people."""
    words, what_if = WORDS[lang], run.loaded.scenario
    title = what_if.title.nl if lang == "nl" else what_if.title.en
    points = len(run.materials[0].built)
    lines = [words["head"].format(
        title=title, n=number(run.scenarios, lang), points=points, months=what_if.horizon_months
    )]  # fmt: skip
    if what_if.example:
        lines.append(words["example"])
    for one in run.materials:
        lines += ["", *_material(run, one, lost.filter(lost["material"] == one.material), lang)]
        if valued and one.planned:
            worth = [np.array([float(part[key]) for part in one.planned]) for key in ("market_value", "planner_value")]
            lines.append(worth_line(worth[0], worth[1], lang))
    if run.to_be_checked:
        lines += ["", words["check"].format(controls=", ".join(control.id for control in run.to_be_checked))]
    return lines


def evidence_lines(scenario: Scenario, lang: str) -> list[str]:
    """Which accepted observations the run used, and how; one line each."""
    words, out = EVIDENCE[lang], []
    for item in scenario.evidence:
        how = "stock" if item.parameter == "stock_days" else "population" if item.use else "beside"
        low, middle, high = (number(value, lang, 1) for value in (item.low, item.value, item.high))
        out.append(
            words["line"].format(
                what=words[item.parameter], low=low, middle=middle, high=high,
                unit=words["units"].get(item.unit, item.unit),
                material=item.material, n=item.observations, until=item.until, mark=words["marks"][item.mark.value],
                how=words[how],
            )
        )  # fmt: skip
    return out


def worth_line(market: Floats, planner: Floats, lang: str) -> str:
    """The value of coordination where tonnes are not worth the same, from what planned draws lose [k€]."""
    gap = market - planner
    told = {"planner": np.median(planner), "market": np.median(market), "gap": np.median(gap)}
    told |= {"low": gap.min(), "high": gap.max()}
    return str(WORDS[lang]["worth"].format(**{key: number(float(value), lang) for key, value in told.items()}))


def _material(run: WhatIfRun, one: MaterialRun, lost: pl.DataFrame, lang: str) -> list[str]:
    words, found = WORDS[lang], one.figures.found
    kind = found.network_class.value
    stages = " + ".join(words["stages"][stage.value] for stage in one.figures.stages)
    name = found.name.nl if lang == "nl" else found.name.en
    told = words["magnets" if one.material == MAGNETS else kind].format(stages=stages)
    lines = [
        words["material"].format(name=name[:1].upper() + name[1:], kind=f"{CLASS_WORDS[lang][kind]} ({told})"),
        table(_rows(run, one, lost, lang), words["lost"], right=(2, 3, 4, 5, 6)),
    ]
    if one.figures.shares:
        lines.append(words["alone"])
    last = lost.filter((lost["country"] == "WORLD") & (lost["stage"] == one.built[0].network.stages[-1]))
    for row in last.iter_rows(named=True):
        error, mean = number(row["standard_error"], lang), number(row["mean"], lang)
        lines.append(words["error"].format(error=error, mean=mean, place=words["world"]))
    price = one.parts["market"]["price"]
    worst = int(np.lexsort((-price[2], -price[1]))[0])  # by chance, the middle may be normal in every month
    low, middle, high = (number(float(v), lang, 1) for v in price[:, worst])
    lines.append(words["price"].format(month=worst + 1, low=low, middle=middle, high=high))
    if one.planned:
        lines.append(_gap(one, lang))
    texts = [text.nl if lang == "nl" else text.en for text in one.unknown]
    return [*lines, words["unknown"], *(f"  - {text}" for text in texts)]


def _rows(run: WhatIfRun, one: MaterialRun, lost: pl.DataFrame, lang: str) -> list[list[str]]:
    words = WORDS[lang]
    out = []
    for stage in one.built[0].network.stages[::-1]:
        held = lost.filter(lost["stage"] == stage)
        worst = held.filter(held["mean"] > 0).sort("mean", descending=True)["country"].to_list()[:6]
        shown = dict.fromkeys([*run.loaded.scenario.importers, "WORLD", *worst])
        if one.figures.shares:  # the EU's use is all that is followed
            del shown["WORLD"]
        rows = {row["country"]: row for row in held.iter_rows(named=True)}
        for place in shown:
            if place not in rows or place == "REST":
                continue
            row = rows[place]
            low, high = number(row["p05"], lang), number(row["p95"], lang)
            out.append([
                words["world"] if place == "WORLD" else place, words["stages"][stage], number(row["median"], lang),
                f"{low}–{high}", number(row["mean"], lang), f"{number(100 * row['served_share'], lang, 1)} %",
                number(row["one_round_median"], lang), words["units"][row["unit"]],
            ])  # fmt: skip
    return out


def _gap(one: MaterialRun, lang: str) -> str:
    from lodestock.scenario.simulate_what_if_tables import gap_of

    words = WORDS[lang]
    if one.figures.shares:
        return str(words["no_rivals"])
    market, gap = gap_of(one)
    if gap.max() <= 1e-6 * max(1.0, market.max()):
        return str(words["no_gap"].format(n=gap.size))
    share = f"{100 * gap.sum() / market.sum():.0f} %" if market.sum() > 0 else "–"
    low, middle, high = (number(float(v), lang) for v in (gap.min(), np.median(gap), gap.max()))
    unit = words["units"][one.unit]
    return str(words["planner"].format(n=gap.size, low=low, middle=middle, high=high, unit=unit, share=share))
