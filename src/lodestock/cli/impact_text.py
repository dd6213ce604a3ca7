"""How `lodestock impact` words its answer, in Dutch and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, cast

import polars as pl

from lodestock.cli.output import table
from lodestock.economy.library import Held
from lodestock.economy.propagation import Model, Settings
from lodestock.economy.value_added import euros_per_unit
from lodestock.evidence.ledger import Entry, Ledger, Text
from lodestock.evidence.manifest import entry_to_dict
from lodestock.evidence.marks import Mark
from lodestock.publish.numbers import interval_text, localised, number_text, rounded, span_text
from lodestock.publish.words import MARKS
from lodestock.scenario.impact import ImpactRun
from lodestock.scenario.impact_extract import Extraction
from lodestock.scenario.impact_judgement import Mover
from lodestock.scenario.impact_service import TierService
from lodestock.scenario.impact_tables import PLANNED
from lodestock.scenario.impact_words import ALLOCATIONS, MODELS, TIERS

Lang = Literal["nl", "en"]
Tables = Mapping[str, pl.DataFrame]
RULES = {
    "pro_rata": Text("naar rato", "pro rata"),
    "by_value": Text("naar waarde", "by value"),
    "first": Text("eerst bediend", "served first"),
}
WORDS = {
    "direct": Text("direct, zonder doorwerking", "direct, nothing spreads"),
    "spread": Text(
        "Tussen de modellen: {span} aan verloren toegevoegde waarde in {months} maanden, {vintage}.",
        "Across the models: {span} of value added lost in {months} months, {vintage}.",
    ),
    "never": Text(
        "De modellen verschillen in wat bedrijven mogen doen; hun spreiding is structuur en wordt niet gemiddeld. "
        "De 5–95 % achter een bedrag is wat binnen dat model niet bekend is.",
        "The models differ in what firms may do; their spread is structure and is not averaged. "
        "The 5–95% behind an amount is what is not known within that model.",
    ),
    "elsewhere": Text("buiten {region}, samen", "outside {region}, together"),
    "free": Text(
        "Bij lp kiest de planner waar orders wegvallen: per bedrijfstak in één land, waar dat het minste kost. "
        "Wie getroffen wordt is zo niet bekend; alleen {region} en het totaal van alle landen zijn ondergrenzen.",
        "In lp the planner chooses where orders fall away: each sector's in one country, where it costs least. "
        "Who is hit is then not known; only {region} and the total over all countries are lower bounds.",
    ),
    "settings": Text(
        "PBL-variant: {variant}; {steps} stappen per maand.", "PBL variant: {variant}; {steps} steps a month."
    ),
    "old": Text(
        "Deze tabel is oud en grof; haal een nieuwere binnen met `lodestock io import`.",
        "This table is old and coarse; get a newer one in with `lodestock io import`.",
    ),
    "model": Text("model", "model"),
    "lost": Text("verlies", "lost"),
    "net": Text("na inhalen", "after recapture"),
    "range": Text("5–95 %", "5–95%"),
    "jobs": Text("arbeidsjaren", "job-years"),
    "where": Text(
        "Waar het verlies valt ({region}, mediaan, {vintage})", "Where the loss falls ({region}, median, {vintage})"
    ),
    "industry": Text("bedrijfstak", "industry"),
    "month": Text("Wanneer (middelste pad, per maand, {vintage})", "When (middle path, by month, {vintage})"),
    "region": Text("In welk land (middelste pad, {vintage})", "In which country (middle path, {vintage})"),
    "shared": Text("Wie zonder komt te zitten (middelste pad, {vintage})", "Who goes without (middle path, {vintage})"),
    "value": Text("Toegevoegde waarde per ontbrekende ton ({vintage})", "Value added per lacking tonne ({vintage})"),
    "mark": Text("bewijs", "evidence"),
    "tiers": Text(
        "Gebruik met voorrang: geleverd deel van de behoefte, niet in geld",
        "Priority uses: share of need served, not in money",
    ),
    "licensed": Text("met vergunningen en voorraad: {span}", "with licences and stock: {span}"),
    "rests": Text(
        "Berust op oordelen: {inputs} van de gebruikte gegevens, en {variance} van de spreiding.",
        "Rests on judgement: {inputs} of the inputs, and {variance} of the spread.",
    ),
    "moves": Text(
        "Wat het directe verlies na inhalen het meest beweegt", "What moves the direct loss after recapture most"
    ),
    "share": Text(
        "Dat is {share} van alle toegevoegde waarde van {region} in een jaar.",
        "That is {share} of all value added of {region} in a year.",
    ),
    "counts": Text("Wat als verlies van {region} telt", "What counts as a loss of {region}"),
    "counts_lost": Text(
        "verloren toegevoegde waarde, na inhalen, {vintage}", "value added lost, after recapture, {vintage}"
    ),
    "counts_price": Text("hogere prijzen op tonnen die nog worden gekocht", "higher prices on tonnes still bought"),
    "price": Text(
        "prijs niet bekend; elke verdubbeling van {price} kost {amount} ({span})",
        "price not known; each doubling of {price} costs {amount} ({span})",
    ),
    "counts_stock": Text("waarde van voorraden", "value of stocks"),
    "stock": Text(
        "niet geteld: hier is geen overheidsvoorraad; wat gebruikers opmaken is al kosten",
        "not counted: there is no public stock here; what users use up is a cost already",
    ),
    "counts_cost": Text("overheidskosten", "public cost"),
    "cost": Text("geen: hier is geen maatregel genomen", "none: no measure is taken here"),
    "once": Text(
        "Niet opgeteld: de prijs is van een ander jaar dan de toegevoegde waarde. Wat niet werd ingekocht is al van de "
        "toegevoegde waarde af; hogere prijzen verplaatsen geld naar het buitenland en kosten geen productie.",
        "Not added up: the price is of another year than the value added. What was not bought is already off value "
        "added; higher prices move money abroad and cost no output.",
    ),
    "planned": Text(
        "Bij lp en lp-fixed kiest de planner welke bedrijfstak inlevert: het totaal van {region} is een grens, de "
        "verdeling over bedrijfstakken is één van meer verdelingen die even goed kunnen zijn. Zeker is alleen het "
        "directe verlies.",
        "In lp and lp-fixed the planner chooses which industry gives way: the total of {region} is a bound, the split "
        "over industries is one of several that can be equally good. Only the direct loss is certain.",
    ),
    "no_jobs": Text(
        "Arbeidsjaren: niet bekend, want banen per euro zijn niet beoordeeld voor {region} in het jaar van de tabel.",
        "Job-years: not known, because jobs per euro were not judged for {region} in the year of the table.",
    ),
    "left_out": Text("Niet doorgerekend: {model}, want {why}", "Not run: {model}, because {why}"),
}


def _say(key: str, lang: Lang, **values: str) -> str:
    return WORDS[key][lang].format(**values)


def describe(
    run: ImpactRun, start: str, tables: Tables, moved: Sequence[Mover], served: Sequence[TierService], language: str
) -> list[str]:
    """The answer as lines of text."""
    lang = cast(Lang, language)
    ledger, vintage = run.run.ledger, run.table.vintage[lang]
    totals = [ledger[f"{start}.lost.{model}"].value or 0.0 for model in run.models]
    months = str(run.run.scenario.horizon_months)
    span = span_text(min(totals), max(totals), "MEUR", lang)
    lines = [run.run.scenario.title.nl if lang == "nl" else run.run.scenario.title.en]
    lines += [f"{run.region}, {run.held.id}: {source_of(run.held, lang)}", ""]
    lines.append(_say("spread", lang, span=span, months=months, vintage=vintage))
    lines.append(_say("share", lang, share=_share(run, min(totals), max(totals), lang), region=run.region))
    lines += [_say("never", lang), *([_say("old", lang)] if run.held.ships else []), *_settings_line(run, lang), ""]
    lines += [_model_table(run, start, lang)]
    unknown = all(found.job_years is None for found in run.models.values())
    lines += [*([_say("no_jobs", lang, region=run.region)] if unknown else []), ""]
    lines += [_say("where", lang, region=run.region, vintage=vintage), _sector_table(run, tables, lang)]
    lines += [*([_say("planned", lang, region=run.region)] if set(PLANNED) & set(run.models) else []), ""]
    lines += [_counts_table(run, start, lang), WORDS["once"][lang], ""]
    lines += [_say("month", lang, vintage=vintage), _month_table(run, tables, lang), ""]
    lines += [
        _say("shared", lang, vintage=vintage),
        _pivot(run, tables["impact_by_allocation"], "allocation", ALLOCATIONS, lang),
        "",
    ]
    lines += [_say("region", lang, vintage=vintage), _region_table(run, tables["impact_by_region"], lang)]
    free = Model.LP in run.models and len(run.table.regions) > 1
    lines += [*([_say("free", lang, region=run.region)] if free else []), ""]
    lines += [_say("value", lang, vintage=vintage), _value_table(tables["value_per_tonne"], lang), ""]
    if served:
        lines += [WORDS["tiers"][lang], *_tier_lines(served, lang), ""]
    judged = {
        name: number_text(ledger[f"{start}.judgement.{name}"].value, "1", lang) for name in ("inputs", "variance")
    }
    lines += [_say("rests", lang, **judged), WORDS["moves"][lang], _mover_table(moved, lang)]
    lines += [_say("left_out", lang, model=MODELS[m][lang], why=why) for m, why in run.left_out.items()]
    return lines


def source_of(found: Held, lang: Lang) -> str:
    """Where a table comes from; the one that ships in both languages."""
    return "WIOD, uitgave van 2013, jaar 2011, acht regio's" if found.ships and lang == "nl" else found.table.source


def _settings_line(run: ImpactRun, lang: Lang) -> list[str]:
    """How the models ran, where that is not the usual way."""
    given, usual = run.settings, Settings()
    if (given.variant, given.steps_per_month) == (usual.variant, usual.steps_per_month):
        return []
    return [_say("settings", lang, variant=str(given.variant), steps=str(given.steps_per_month))]


def _euro(value: float, lang: Lang) -> str:
    """Under a thousand euro is what a solver's rounding leaves, and counts as nothing."""
    return number_text(value if abs(value) >= 1e-3 else 0.0, "MEUR", lang)


def _range(entry: Entry, lang: Lang) -> str:
    return interval_text(entry, lang) or ""


def _model_table(run: ImpactRun, start: str, lang: Lang) -> str:
    ledger = run.run.ledger
    direct = ledger[f"{start}.direct"]
    rows = [[WORDS["direct"][lang], _euro(direct.value or 0.0, lang), _range(direct, lang), "", "", ""]]
    for model in run.models:
        lost, net = ledger[f"{start}.lost.{model}"], ledger[f"{start}.net.{model}"]
        work = f"{start}.jobs.{model}"
        jobs = localised(rounded(ledger[work].value or 0.0), lang) if work in ledger else "–"
        row = [f"{model}: {MODELS[model][lang]}", _euro(lost.value or 0.0, lang), _range(lost, lang)]
        rows.append([*row, _euro(net.value or 0.0, lang), _range(net, lang), jobs])
    heads = [WORDS[name][lang] for name in ("model", "lost", "range", "net", "range", "jobs")]
    return table(rows, heads, right=(1, 2, 3, 4, 5))


def _share(run: ImpactRun, least: float, most: float, lang: Lang) -> str:
    here = [item.region == run.region for item in run.table.industries]
    whole = float(run.table.value_added[here].sum()) * euros_per_unit(run.table)
    return span_text(least / whole, most / whole, "1", lang)


def _counts_table(run: ImpactRun, start: str, lang: Lang) -> str:
    """The parts of a country's loss (MODEL §6.3): what is known, and why the rest is not."""
    ledger = run.run.ledger
    net = [ledger[f"{start}.net.{model}"].value or 0.0 for model in run.models]
    price = ledger[f"{start}.price_doubling"]
    before = number_text(ledger["param.price"].value, ledger["param.price"].unit, lang)
    told = _say("price", lang, price=before, amount=_euro(price.value or 0.0, lang), span=_range(price, lang))
    rows = [
        [_say("counts_lost", lang, vintage=run.table.vintage[lang]), span_text(min(net), max(net), "MEUR", lang)],
        [_say("counts_price", lang), told],
        *([_say(f"counts_{name}", lang), _say(name, lang)] for name in ("stock", "cost")),
    ]
    return table(rows, [_say("counts", lang, region=run.region), ""])


def _sector_table(run: ImpactRun, tables: Tables, lang: Lang) -> str:
    frame = tables["impact_by_sector"]
    largest = frame.group_by("industry").agg(pl.col("lost_meur").max()).sort("lost_meur", descending=True).head(8)
    names = dict(zip(frame["industry"], frame[f"name_{lang}"], strict=True))
    rows = []
    for code in largest["industry"]:
        part = frame.filter(pl.col("industry") == code)
        direct = float(part["direct_meur"][0])
        rows.append([f"{code} {names[code]}", _euro(direct, lang), *(_euro(v, lang) for v in part["lost_meur"])])
    heads = [WORDS["industry"][lang], WORDS["direct"][lang].split(",")[0], *(str(model) for model in run.models)]
    return table(rows, heads, right=tuple(range(1, len(heads))))


def _month_table(run: ImpactRun, tables: Tables, lang: Lang) -> str:
    frame = tables["impact_by_month"]
    rows = []
    for (month,), part in frame.group_by("month", maintain_order=True):
        share = number_text(float(part["unserved_share"][0]), "1", lang)
        rows.append([f"{month:%Y-%m}", share, *(_euro(value, lang) for value in part["lost_meur"])])
    heads = ["", {"nl": "tekort", "en": "short"}[lang], *(str(model) for model in run.models)]
    return table(rows, heads, right=tuple(range(1, len(heads))))


def _pivot(run: ImpactRun, frame: pl.DataFrame, column: str, names: Mapping[str, Text], lang: Lang) -> str:
    rows = []
    for (key,), part in frame.group_by(column, maintain_order=True):
        name = names[str(key)][lang] if str(key) in names else str(key)
        rows.append([name, *(_euro(value, lang) for value in part["lost_meur"])])
    heads = ["", *(str(model) for model in run.models)]
    return table(rows, heads, right=tuple(range(1, len(heads))))


def _region_table(run: ImpactRun, frame: pl.DataFrame, lang: Lang) -> str:
    """The country first, then the sum of all others, then the others one by one where the model says so."""
    abroad = frame.filter(pl.col("region") != run.region)
    rows = [[run.region, *(_euro(v, lang) for v in frame.filter(pl.col("region") == run.region)["lost_meur"])]]
    if abroad.height:
        sums = abroad.group_by("model", maintain_order=True).agg(pl.sum("lost_meur"))["lost_meur"]
        rows.append([_say("elsewhere", lang, region=run.region), *(_euro(value, lang) for value in sums)])
    for (region,), part in abroad.group_by("region", maintain_order=True):
        cells = zip(part["lost_meur"], part["free"], strict=True)
        rows.append([f"  {region}", *("·" if free else _euro(value, lang) for value, free in cells)])
    return table(rows, ["", *(str(model) for model in run.models)], right=tuple(range(1, len(run.models) + 1)))


def _value_table(frame: pl.DataFrame, lang: Lang) -> str:
    rows = [
        [
            f"{row['product']} × {row['sector']} {row[f'name_{lang}']}",
            number_text(row["keur_per_t"] / 1000.0, "MEUR/t", lang),
            span_text(row["low_keur_per_t"] / 1000.0, row["high_keur_per_t"] / 1000.0, "MEUR/t", lang),
            MARKS[Mark(row["mark"])][lang],
        ]
        for row in frame.iter_rows(named=True)
    ]
    return table(rows, ["", "", WORDS["range"][lang], WORDS["mark"][lang]], right=(1, 2))


def _tier_lines(served: Sequence[TierService], lang: Lang) -> list[str]:
    rows = []
    for item in served:
        cells = [number_text(found.mean, "1", lang) for found in item.rules.values()]
        note = ""
        if item.licensed is not None:
            low, middle, high = item.licensed
            span = f"{number_text(middle, '1', lang)} ({span_text(low, high, '1', lang)})"
            note = _say("licensed", lang, span=span)
        rows.append([TIERS[item.tier][lang], *cells, note])
    heads = ["", *(RULES[name][lang] for name in served[0].rules), ""]
    return [table(rows, heads, right=(1, 2, 3))]


def _mover_table(moved: Sequence[Mover], lang: Lang) -> str:
    rows = [
        [item.label[lang], f"{_euro(item.low, lang)} … {_euro(item.high, lang)}", MARKS[item.mark][lang]]
        for item in moved[:5]
    ]
    return table(rows, ["", WORDS["range"][lang], WORDS["mark"][lang]], right=(1,))


def payload_of(run: ImpactRun, start: str, tables: Tables, moved: Sequence[Mover]) -> dict[str, Any]:
    """The answer for machines."""
    ledger = run.run.ledger
    totals = {str(model): ledger[f"{start}.lost.{model}"].value for model in run.models}
    return {
        "scenario": run.run.scenario.id,
        "for": run.region,
        "table": run.held.id,
        "vintage": {"nl": run.table.vintage.nl, "en": run.table.vintage.en},
        "horizon_months": run.run.scenario.horizon_months,
        "between_models": [
            min(v for v in totals.values() if v is not None),
            max(v for v in totals.values() if v is not None),
        ],
        "entries": {entry.id: entry_to_dict(entry) for entry in ledger if entry.id.startswith(f"{start}.")},
        "tables": {name: frame.to_dicts() for name, frame in tables.items()},
        "settings": {"pbl_variant": str(run.settings.variant), "steps_per_month": run.settings.steps_per_month},
        "left_out": {str(model): why for model, why in run.left_out.items()},
        "paths": len(run.representatives),
    }


def extraction_payload(found: Extraction, ledger: Ledger, start: str) -> dict[str, Any]:
    """An extraction for machines."""
    return {
        "industry": found.industry,
        "for": found.region,
        "vintage": {"nl": found.vintage.nl, "en": found.vintage.en},
        "entries": {entry.id: entry_to_dict(entry) for entry in ledger if entry.id.startswith(f"{start}.")},
        "by_industry": found.by_industry.to_dicts(),
        "by_region": found.by_region.to_dicts(),
    }


def describe_extraction(found: Extraction, language: str) -> list[str]:
    """An extraction as lines of text."""
    lang = cast(Lang, language)
    vintage = found.vintage[lang]
    here, total, own = (number_text(v, "MEUR/yr", lang) for v in (found.here, found.total, found.own))
    nl = (
        f"Zonder {found.industry} verliest {found.region} {here} aan toegevoegde waarde, en alle regio's samen {total} "
        f"(waarvan {own} in de bedrijfstak zelf), {vintage}."
    )
    en = (
        f"Without {found.industry} {found.region} loses {here} of value added, and all regions together {total} "
        f"(of which {own} in the industry itself), {vintage}."
    )
    why_nl = "Niemand neemt het over en niets wordt ingehaald: een maat voor structuur, geen voorspelling."
    why_en = "Nobody steps in and nothing is made up: a measure of structure, not a forecast."
    rows = [
        [row["industry"], row[f"name_{lang}"], number_text(row["lost_meur"], "MEUR/yr", lang)]
        for row in found.by_industry.head(10).iter_rows(named=True)
    ]
    regions = [
        [row["region"], number_text(row["lost_meur"], "MEUR/yr", lang)] for row in found.by_region.iter_rows(named=True)
    ]
    heads = [found.region, WORDS["industry"][lang], WORDS["lost"][lang]]
    return [
        {"nl": nl, "en": en}[lang],
        {"nl": why_nl, "en": why_en}[lang],
        "",
        table(rows, heads, right=(2,)),
        "",
        table(regions, ["", WORDS["lost"][lang]], right=(1,)),
    ]


def ranking_text(found: Held, frame: pl.DataFrame, country: str, language: str) -> str:
    """All extractions, the most important for the country first."""
    lang = cast(Lang, language)
    vintage = found.table.vintage[lang]
    top = {
        "nl": f"Bedrijfstakken zonder welke {country} het meest verliest, {vintage} (niemand neemt het over)",
        "en": f"Industries without which {country} loses most, {vintage} (nobody steps in)",
    }[lang]
    rows = [
        [
            row["industry"], row[f"name_{lang}"], number_text(row["lost_in_country_meur"], "MEUR/yr", lang),
            number_text(row["lost_meur"], "MEUR/yr", lang),
        ]
        for row in frame.head(25).iter_rows(named=True)
    ]  # fmt: skip
    everywhere = {"nl": "in alle regio's", "en": "in all regions"}[lang]
    return f"{top}\n{table(rows, ['', WORDS['industry'][lang], country, everywhere], right=(2, 3))}"
