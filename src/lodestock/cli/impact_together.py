"""`lodestock impact A B`: several scenarios at once, each alone and together between the largest and the sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

import polars as pl

from lodestock.cli.impact_text import WORDS as ONE
from lodestock.cli.impact_text import source_of
from lodestock.cli.output import table
from lodestock.economy.library import Held
from lodestock.economy.propagation import Model, Settings
from lodestock.evidence.ledger import Ledger, Text
from lodestock.evidence.manifest import entry_to_dict
from lodestock.evidence.store import Store
from lodestock.publish.numbers import interval_text, number_text, span_text
from lodestock.scenario.impact import load_licence, run_impact
from lodestock.scenario.impact_files import write_tables
from lodestock.scenario.impact_tables import PLANNED
from lodestock.scenario.impact_together import Overlap, Together, shared_months, tables_together, together
from lodestock.scenario.impact_together_record import joint_info, record_together
from lodestock.scenario.impact_words import MODELS

Lang = Literal["nl", "en"]
_ROUNDING = 1e-3  # under a thousand euro is what a solver's rounding leaves
WORDS = {
    "head": Text(
        "Samen {span} aan verloren toegevoegde waarde in {region}, van {start} tot en met {end}, {vintage}: "
        "over modellen en over wat samenvalt.",
        "Together {span} of value added lost in {region}, from {start} to {end}, {vintage}: "
        "across the models and across what overlaps.",
    ),
    "bounds": Text(
        "Ten minste: de stoffen leggen dezelfde producten stil en alleen de grootste telt. Ten hoogste: elk legt "
        "andere producten stil. Niemand telt welke; daartussen staat de regel per productfamilie. Tel losse "
        "uitkomsten niet op.",
        "At least: the materials stop the same products and only the largest counts. At most: each stops other "
        "products. Nobody counts which; in between stands the rule by product family. Do not add up separate results.",
    ),
    "one_seed": Text(
        "De scenario's hebben één ensemble.seed ({seeds}) en delen hun toeval en wat over het vergunningenkantoor niet "
        "bekend is.",
        "The scenarios have one ensemble.seed ({seeds}) and share their luck and what is not known of the licence "
        "office.",
    ),
    "seeds": Text(
        "Let op: de scenario's hebben een eigen ensemble.seed ({seeds}) en dus een eigen trekking van alles wat niet "
        "bekend is. Delen zij een vergunningenkantoor, geef ze dan dezelfde; anders valt ook 'ten minste' hoger uit.",
        "Note: the scenarios have an ensemble.seed of their own ({seeds}), and so draws of their own of all that is "
        "not known. Where they share a licence office, give them the same; otherwise 'at least' comes out higher too.",
    ),
    "where": Text(
        "Waar het valt, {model} ({region}, mediaan, {vintage})", "Where it falls, {model} ({region}, median, {vintage})"
    ),
    "net": Text("na inhalen", "after recapture"),
    "direct": Text("direct", "direct"),
    "range": Text("5–95 % (naar productfamilie)", "5–95% (by product family)"),
    "rests": Text(
        "Berust op oordelen: {share} van de gebruikte gegevens van alle scenario's.",
        "Rests on judgement: {share} of the inputs of all scenarios.",
    ),
    "left_out": Text("Niet doorgerekend: {model}, want {why}", "Not run: {model}, because {why}"),
}


def run_together(
    scenarios: Sequence[str], store: Store, found: Held, country: str, models: tuple[Model, ...], settings: Settings,
    paths: int, out: Path | None, as_of: date | None, language: str,
) -> tuple[dict[str, Any], list[str]]:  # fmt: skip
    """Run several scenarios and their overlap; the answer for machines, and as lines of text."""
    lang, day = cast(Lang, language), as_of or date.today()
    loaded = [load_licence(name) for name in scenarios]
    shared_months([item.scenario for item in loaded])  # what is refused is refused before anything is computed
    runs = [run_impact(item, store, found, region=country, models=(), most_paths=paths, as_of=day) for item in loaded]
    done = together(runs, models=models, most_paths=paths, settings=settings)
    ledger, start = record_together(done, store)
    tables = tables_together(done)
    payload = _payload(done, ledger, start, tables)
    lines = _lines(done, ledger, start, tables, lang)
    if out is not None:
        titles = {
            "together": Text("verlies apart en samen", "loss alone and together"),
            "together_by_sector": Text("verlies apart en samen naar bedrijfstak", "the same by industry"),
        }
        shown = [entry.id for entry in ledger if entry.id.startswith(f"{start}.")]
        keys = {
            "together": [key for key in shown if ".judgement." not in key],
            "together_by_sector": [key for key in shown if ".lost." in key],
        }
        parts = tuple(run.run.info for run in runs)
        written = write_tables(out, joint_info(done), ledger, store.snapshots(), tables, titles, keys, parts)
        payload["files"] = written
        lines += ["", *written["tables"].values(), f"lodestock trace {written['manifest']} {start}.direct"]
    return payload, lines


def _payload(done: Together, ledger: Ledger, start: str, tables: dict[str, pl.DataFrame]) -> dict[str, Any]:
    return {
        "scenarios": [run.run.scenario.id for run in done.runs],
        "for": done.region,
        "table": done.held.id,
        "vintage": {"nl": done.table.vintage.nl, "en": done.table.vintage.en},
        "starts": done.starts.isoformat(),
        "months": done.months,
        "seeds": [run.run.scenario.ensemble.seed for run in done.runs],
        "entries": {entry.id: entry_to_dict(entry) for entry in ledger if entry.id.startswith(f"{start}.")},
        "tables": {name: frame.to_dicts() for name, frame in tables.items()},
        "left_out": {str(model): why for model, why in done.left_out.items()},
    }


def _lines(done: Together, ledger: Ledger, start: str, tables: dict[str, pl.DataFrame], lang: Lang) -> list[str]:
    vintage, frame = done.table.vintage[lang], tables["together"]
    ends = [ledger[f"{start}.lost.{model}"].bracket for model in done.models]
    reach = [value for end in ends if end is not None for value in end]
    last = done.starts.year * 12 + done.starts.month - 2 + done.months
    head = WORDS["head"][lang].format(
        span=span_text(min(reach), max(reach), "MEUR", lang), region=done.region, vintage=vintage,
        start=f"{done.starts:%Y-%m}", end=f"{last // 12}-{last % 12 + 1:02d}",
    )  # fmt: skip
    titles = dict(zip(frame["case"], frame[f"case_{lang}"], strict=True))
    ids = [run.run.scenario.id for run in done.runs]
    names = [f"{chr(65 + k)}: {titles[name]} ({name})" for k, name in enumerate(ids)]
    lines = [*names, f"{done.region}, {done.held.id}: {source_of(done.held, lang)}", "", head, WORDS["bounds"][lang]]
    seeds = [run.run.scenario.ensemble.seed for run in done.runs]
    told = ", ".join(str(seed) for seed in dict.fromkeys(seeds))
    lines += [
        WORDS["one_seed" if len(set(seeds)) == 1 else "seeds"][lang].format(seeds=told),
        "",
        _table(done, frame, lang),
        "",
    ]
    lines += [f"{WORDS['range'][lang]}: " + "; ".join(
        f"{model} {interval_text(ledger[f'{start}.lost.{model}'], lang)}" for model in done.models
    ), ""]  # fmt: skip
    model = done.models[-1]
    lines.append(WORDS["where"][lang].format(model=MODELS[model][lang], region=done.region, vintage=vintage))
    lines.append(_by_sector(done, tables["together_by_sector"], model, lang))
    lines += [ONE["planned"][lang].format(region=done.region)] if model in PLANNED else []
    judged = number_text(ledger[f"{start}.judgement.inputs"].value, "1", lang)
    lines += ["", WORDS["rests"][lang].format(share=judged)]
    lines += [WORDS["left_out"][lang].format(model=MODELS[m][lang], why=why) for m, why in done.left_out.items()]
    return lines


def _heads(done: Together, lang: Lang) -> list[str]:
    short = {
        Overlap.SAME: Text("ten minste", "at least"), Overlap.BY_FAMILY: Text("naar familie", "by family"),
        Overlap.APART: Text("ten hoogste", "at most"),
    }  # fmt: skip
    return [*(chr(65 + k) for k in range(len(done.runs))), *(text[lang] for text in short.values())]


def _table(done: Together, frame: pl.DataFrame, lang: Lang) -> str:
    rows = []
    for name in ("direct", *(model.value for model in done.models)):
        part = frame.filter(pl.col("model") == name)
        label = WORDS["direct"][lang] if name == "direct" else f"{name}: {MODELS[Model(name)][lang]}"
        rows.append([label, *(number_text(value, "MEUR", lang) for value in part["lost_meur"])])
        if name != "direct":
            rows.append([f"  {WORDS['net'][lang]}",
                         *(number_text(value, "MEUR", lang) for value in part["after_recapture_meur"])])  # fmt: skip
    heads = ["", *_heads(done, lang)]
    return table(rows, heads, right=tuple(range(1, len(heads))))


def _by_sector(done: Together, frame: pl.DataFrame, model: Model, lang: Lang) -> str:
    mine = frame.filter(pl.col("model") == model.value)
    hit = mine.filter((pl.col("case") == Overlap.APART.value) & (pl.col("lost_meur") > _ROUNDING))
    most = hit.sort("lost_meur", descending=True).head(8)
    rows = []
    for code in most["industry"]:
        part = mine.filter(pl.col("industry") == code)
        rows.append([f"{code} {part[f'name_{lang}'][0]}", *(number_text(v, "MEUR", lang) for v in part["lost_meur"])])
    heads = ["", *_heads(done, lang)]
    return table(rows, heads, right=tuple(range(1, len(heads))))
