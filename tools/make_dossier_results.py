"""Makes the results that the two shipped dossiers show, with their manifests, from the evidence store.

    python tools/make_dossier_results.py            # writes src/lodestock_desk/dossiers/data/results/

Three runs: the flagship scenario (its brief's figures), copper, and rare-earth magnets. Run it again after the store or
a method changed; the desk offers what differs, and nothing on a page changes by itself.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from dossier_figures import Words, bars, square_map

from lodestock import __version__
from lodestock.criticality.copper import copper_dossier
from lodestock.criticality.inputs import trade
from lodestock.disruption.controls import find, on_products_with
from lodestock.evidence.ledger import Ledger, Method, Text
from lodestock.evidence.manifest import Manifest, write
from lodestock.evidence.marks import Mark, weakest
from lodestock.evidence.result import RunInfo, sha256_of
from lodestock.evidence.rows import read_rows
from lodestock.evidence.store import Store, fingerprint
from lodestock.publish.compose import publish_brief
from lodestock.publish.figures.base import Drawing, standing_alone, to_svg
from lodestock.publish.words import MARKS
from lodestock.scenario.load import load
from lodestock.scenario.run import run_scenario
from lodestock.vocabulary import country, sector

OUT = Path(__file__).parents[1] / "src" / "lodestock_desk" / "dossiers" / "data" / "results"
FLAGSHIP = "china-heavy-rare-earths-2025"
LANGS = ("nl", "en")
SHARE = Method("production.share", "Share of a country in world production", "definition",
               "tools.make_dossier_results:producers", "Aandeel van een land in de wereldproductie")  # fmt: skip
TRACE = Method("transit.trace", "Own use and origin traced through trade and transit", "MODEL §1.5, §13 traps 1, 21",
               "lodestock.criticality.transit:trace_good",
               "Eigen gebruik en herkomst, herleid door handel en doorvoer")  # fmt: skip
STAGES = {"extraction": Text("Winning", "Mining"), "processing": Text("Raffinage", "Refining")}
STATUS = {
    "not announced": Text("niet aangekondigd", "not announced"), "announced": Text("aangekondigd", "announced"),
    "in force": Text("van kracht", "in force"), "suspended": Text("opgeschort", "suspended"),
    "ended": Text("beëindigd", "ended"), "not known": Text("niet bekend", "not known"),
    "to be checked": Text("na te gaan", "to be checked"),
}  # fmt: skip


@dataclass(slots=True)
class Run:
    """A run that is being made: its ledger and the figures written so far."""

    name: str
    title: Text
    store: Store
    day: date
    folder: Path
    ledger: Ledger = field(default_factory=Ledger)
    figures: dict[str, Any] = field(default_factory=dict)

    def rows(self, key: str, label: Text, table: str, where: Mapping[str, Any], column: str, unit: str,
             how: str = "sum") -> float | None:  # fmt: skip
        """Record a number read from the store."""
        value, rows = read_rows(self.store, table, where, column, how)
        self.ledger.rows(key, label, value, unit, rows)
        return value

    def sources(self, entries: tuple[str, ...]) -> list[dict[str, Any]]:
        """The snapshots behind these entries."""
        used = {s for key in entries for _d, e in self.ledger.chain(key) if e.rows for s in e.rows.snapshots}
        found = self.store.snapshots().filter(pl.col("snapshot").is_in(list(used))).sort("snapshot")
        keep = ("title", "producer", "licence", "address", "snapshot", "sha256", "accessed")
        return [{name: str(row[name]) for name in keep} for row in found.iter_rows(named=True)]

    def figure(self, key: str, kind: str, mark: Mark, covers: str, frame: pl.DataFrame, columns: dict[str, Any],
               entries: tuple[str, ...], drawings: dict[str, Drawing] | None, words: Words,
               source: Text) -> None:  # fmt: skip
        """Write one figure: its table, its picture in both languages (unless it is a table only), its manifest."""
        folder = self.folder / "figures"
        folder.mkdir(parents=True, exist_ok=True)
        heads = {c: f"{c} [{columns[c]['unit']}]" if columns[c].get("unit") else c for c in frame.columns}
        frame.rename(heads).write_csv(folder / f"{key}.csv")
        files = [f"{key}.csv"]
        said = {lang: {"title": words.title[lang], "alt": words.title[lang], "caption": words.caption[lang],
                       "subtitle": f"{words.subtitle[lang]} {'Bron' if lang == 'nl' else 'Source'}: {source[lang]}"}
                for lang in LANGS}  # fmt: skip
        for lang, drawing in (drawings or {}).items():
            said[lang]["alt"] = drawing.alt
            (folder / f"{key}.{lang}.svg").write_text(standing_alone(to_svg(drawing, lang), drawing), encoding="utf-8")
            files.append(f"{key}.{lang}.svg")
        digest = {name: sha256_of(folder / name) for name in files}
        table = {"file": f"{key}.csv", "sha256": digest[f"{key}.csv"], "rows": frame.height, "columns": columns}
        content = {
            "figure": key, "kind": kind, "scenario": self.name, "made": self.day.isoformat(),
            "code_version": __version__, "seed": 0, "mark": mark.value, "covers": covers, "words": said,
            "tables": {"rows": table}, "images": {n: d for n, d in digest.items() if n.endswith(".svg")},
            "entries": list(entries), "sources": self.sources(entries),
        }  # fmt: skip
        own = folder / f"{key}.manifest.json"
        own.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        held = {f"figures/{name}": value for name, value in digest.items()} | {f"figures/{own.name}": sha256_of(own)}
        self.figures[key] = {"title": asdict(words.title), "kind": kind, "mark": mark.value, "inputs": list(entries),
                             "files": held}  # fmt: skip

    def close(self) -> None:
        """Write the manifest of the run and its title."""
        title = f"title: {{nl: {json.dumps(self.title.nl, ensure_ascii=False)}, en: {json.dumps(self.title.en)}}}\n"
        (self.folder / f"{self.name}.yml").write_text(title, encoding="utf-8")
        recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        info = RunInfo(self.name, recipe, __version__, fingerprint(self.store.home), self.day.isoformat(), 0, 0)
        used = {s for entry in self.ledger if entry.rows for s in entry.rows.snapshots}
        keep = ("source", "title", "producer", "licence", "address", "accessed", "vintage", "sha256", "rows", "made")
        snapshots = {
            row["snapshot"]: {name: row[name] for name in keep}
            for row in self.store.snapshots().iter_rows(named=True) if row["snapshot"] in used
        }  # fmt: skip
        files = {name: value for figure in self.figures.values() for name, value in figure["files"].items()}
        write(Manifest(info, self.ledger, snapshots, self.figures, files), self.folder / "manifest.json")


def label(nl: str, en: str) -> dict[str, str]:
    """A column's words."""
    return {"nl": nl, "en": en}


def producers(run: Run, commodity: str, stages: tuple[str, ...], what: Text, year: int = 2023) -> None:
    """Who makes it: tonnes per country, world total, the share of the largest; bars and a map."""
    found: list[dict[str, Any]] = []
    entries: list[str] = []
    for stage in stages:
        named = run.store.table("production").filter(
            (pl.col("commodity") == commodity) & (pl.col("stage") == stage) & (pl.col("year") == year)
            & (pl.col("production_t") > 0) & (pl.col("country") != "OTH")
        ).sort("production_t", descending=True).collect()  # fmt: skip
        total = f"world.{stage}"
        said = Text(
            f"wereld, {STAGES[stage].nl.lower()} van {what.nl}", f"world, {STAGES[stage].en.lower()} of {what.en}"
        )
        where = {"commodity": commodity, "stage": stage, "year": year, "kind": "production"}
        run.rows(total, said, "world_total", where, "quantity_t", "t/yr", "value")
        for row in named.iter_rows(named=True):
            key, name = f"{stage}.{row['country'].lower()}", country(row["country"])
            here = {"commodity": commodity, "stage": stage, "year": year, "country": row["country"]}
            who = Text(f"{STAGES[stage].nl} van {what.nl}: {name.name('nl')}",
                       f"{STAGES[stage].en} of {what.en}: {name.name('en')}")  # fmt: skip
            value = run.rows(key, who, "production", here, "production_t", "t/yr", "value")
            world = run.ledger[total].value
            share = value / world if value is not None and world else None
            run.ledger.computed(f"{key}.share", Text(f"aandeel {who.nl}", f"share {who.en}"), share, "1",
                                method=SHARE, inputs=(key, total))  # fmt: skip
            found.append({"stage": stage, "country": row["country"], "production_t": value, "share": share})
            entries.append(f"{key}.share")
    frame = pl.DataFrame(found)
    columns = {
        "stage": {"unit": "", "label": label("stap", "stage"), "words": {s: asdict(STAGES[s]) for s in stages}},
        "country": {"unit": "", "label": label("land", "country")},
        "production_t": {"unit": "t/yr", "label": label("productie", "production")},
        "share": {"unit": "1", "label": label("aandeel in de wereld", "share of the world")},
    }  # fmt: skip
    source = Text("USGS Mineral Commodity Summaries 2024.", "USGS Mineral Commodity Summaries 2024.")
    words = Words(
        Text(f"Wie {what.nl} maakt", f"Who makes {what.en}"),
        Text(f"Aandeel in de wereldproductie (%), {year}.", f"Share of world production (%), {year}."),
        Text("Alleen landen die de bron bij naam noemt, de grootste acht per stap. Cijfers over het laatste jaar zijn "
             "een schatting van de bron.", "Only countries that the source names, the largest eight of each stage. "
             "Figures of the last year are an estimate of the source."),
    )  # fmt: skip
    top = pl.concat([frame.filter(pl.col("stage") == s).head(8) for s in stages])
    drawn = {lang: bars(words, [(Text(country(r["country"]).name("nl"), country(r["country"]).name("en")),
                                 STAGES[r["stage"]][lang] if len(stages) > 1 else "", r["share"])
                                for r in top.iter_rows(named=True)], "1", lang) for lang in LANGS}  # fmt: skip
    kept = tuple(entries)
    run.figure("producers", "producers", Mark.COMPUTED, str(year), frame, columns, kept, drawn, words, source)
    first = frame.filter(pl.col("stage") == "extraction")
    mapped = Words(
        Text(f"Waar {what.nl} uit de grond komt", f"Where {what.en} is mined"),
        Text(f"Aandeel in de winning van de wereld (%), {year}.", f"Share of world mining (%), {year}."),
        Text("Eén vierkant per land, ongeveer waar het ligt; de grootte zegt niets. Grijs: de bron noemt het land "
             "niet. De letters zijn de ISO-code van het land.", "One square per country, roughly where it lies; its "
             "size means nothing. Grey: the source does not name the country. The letters are the ISO code."),
    )  # fmt: skip
    shares = {r["country"]: r["share"] for r in first.iter_rows(named=True) if r["share"]}
    maps = {lang: square_map(mapped, shares, lang) for lang in LANGS}
    own = {name: spec for name, spec in columns.items() if name != "stage"}
    mined = tuple(key for key in kept if key.startswith("extraction"))
    run.figure("mines", "map", Mark.COMPUTED, str(year), first.drop("stage"), own, mined, maps, mapped, source)


def controls(run: Run, material: str) -> None:
    """The register's measures on the material and on products with it, as they stand on the day: a table."""
    held = [*find(material_name=material), *on_products_with(material)]
    key = "controls.count"
    run.ledger.parameter(key, Text("exportmaatregelen in het register", "export controls in the register"),
                         float(len(held)), "count", mark=Mark.SEEN,
                         source=Text("register van exportmaatregelen", "register of export controls"))  # fmt: skip
    if not held:
        return
    frame = pl.DataFrame([
        {"title_nl": m.title.nl, "title_en": m.title.en, "issuer": m.issuer, "status": str(m.status(run.day)),
         "until": str(m.lapses_on() or ""), "source": m.source, "mark": m.mark.value} for m in held
    ])  # fmt: skip
    columns = {
        "title_nl": {"unit": "", "label": label("maatregel", "measure")},
        "title_en": {"unit": "", "label": label("maatregel", "measure")},
        "issuer": {"unit": "", "label": label("land", "country")},
        "status": {"unit": "", "label": label("stand", "state"), "words": {k: asdict(v) for k, v in STATUS.items()}},
        "until": {"unit": "", "label": label("laatste dag", "last day")},
        "source": {"unit": "", "label": label("bron", "source")},
        "mark": {"unit": "", "label": label("bewijs", "evidence"),
                 "words": {m.value: asdict(MARKS[m]) for m in Mark}},
    }  # fmt: skip
    words = Words(
        Text("Exportmaatregelen in het register", "Export controls in the register"),
        Text(f"Stand op {run.day.isoformat()}.", f"As on {run.day.isoformat()}."),
        Text("Een vergunningsverplichting is geen exportstop. ‘Na te gaan’ betekent dat een einddatum voorbij is en "
             "niemand heeft gelezen wat nu geldt.", "A licence obligation is not an export stop. ‘To be checked’ means "
             "that a last day has passed and nobody has read what applies now."),
    )  # fmt: skip
    source = Text("register van exportmaatregelen.", "register of export controls.")
    run.figure("controls", "table", weakest(m.mark for m in held), run.day.isoformat(), frame, columns, (key,), None,
               words, source)  # fmt: skip


def uses(run: Run, material: str, what: Text) -> None:
    """For what the EU uses it, by industry, after the study of 2023."""
    rows = run.store.table("crm_end_use").filter((pl.col("material") == material) & (pl.col("assessment") == 2023))
    frame = rows.group_by("nace2").agg(pl.col("share").sum()).filter(pl.col("share") > 0).sort("share", descending=True)
    found = frame.collect()
    keys = []
    for row in found.iter_rows(named=True):
        name = sector(row["nace2"])
        key = f"use.{row['nace2'].lower()}"
        said = Text(
            f"gebruik van {what.nl} in de EU: {name.name('nl')}", f"use of {what.en} in the EU: {name.name('en')}"
        )
        run.rows(key, said, "crm_end_use", {"material": material, "assessment": 2023, "nace2": row["nace2"]}, "share",
                 "1")  # fmt: skip
        keys.append(key)
    names = {row["nace2"]: sector(row["nace2"]) for row in found.iter_rows(named=True)}
    columns = {
        "nace2": {"unit": "", "label": label("bedrijfstak", "industry"),
                  "words": {k: {n: f"{v.name(n)} ({k})" for n in LANGS} for k, v in names.items()}},
        "share": {"unit": "1", "label": label("deel van het gebruik", "share of use")},
    }  # fmt: skip
    words = Words(
        Text(f"Waarvoor de EU {what.nl} gebruikt", f"What the EU uses {what.en} for"),
        Text("Deel van het gebruik (%), studie van 2023.", "Share of use (%), study of 2023."),
        Text("Gebruik in de EU, niet in Nederland. De aandelen in de studie tellen niet altijd op tot honderd.",
             "Use in the EU, not in the Netherlands. The shares in the study do not always add up to a hundred."),
    )  # fmt: skip
    source = Text(
        "Europese Commissie, studie kritieke grondstoffen 2023.",
        "European Commission, study on critical raw materials 2023.",
    )
    drawn = {lang: bars(words, [(Text(names[r["nace2"]].name("nl"), names[r["nace2"]].name("en")), "", r["share"])
                                for r in found.iter_rows(named=True)], "1", lang) for lang in LANGS}  # fmt: skip
    run.figure("uses", "uses", Mark.SEEN, "2023", found, columns, tuple(keys), drawn, words, source)


def copper_numbers(run: Run) -> None:
    """The facts of the copper dossier, each with what stands behind it."""
    year = 2024
    found = {fact.key: fact for fact in copper_dossier(run.store, year).facts}
    for good, code, revision in (("copper-ores", "260300", "HS92"), ("copper-cathodes", "740311", "HS2012+")):
        fact = found[f"{good}.imports"]
        where = {"importer": "NLD", "hs_code": code, "hs_revision": revision, "year": year}
        name = Text(fact.text_nl.lower(), fact.text_en.lower())
        value = run.rows(f"nl.{good}.imports", name, "trade", where, "quantity_t", "t/yr")
        if value is None or fact.value is None or abs(value - fact.value) > 1e-6 * value:
            raise SystemExit(f"{good}: the dossier says {fact.value}, the rows say {value}")
        for part, unit in (("own_use_low", "t/yr"), ("own_use_high", "t/yr"), ("largest_origin", "1")):
            fact = found[f"{good}.{part}"]
            run.ledger.computed(f"nl.{good}.{part}", Text(fact.text_nl, fact.text_en), fact.value, unit, method=TRACE,
                                inputs=(f"nl.{good}.imports",))  # fmt: skip
    shippers = trade(run.store, ("740311",), [year]).filter(pl.col("importer") == "NLD").collect()
    first = shippers.sort("quantity_t", descending=True, nulls_last=True)["exporter"][0]
    run.rows("nl.copper-cathodes.first", Text(f"kathoden uit {country(first).name('nl')}",
             f"cathodes from {country(first).name('en')}"), "trade",
             {"importer": "NLD", "hs_code": "740311", "hs_revision": "HS2012+", "year": year, "exporter": first},
             "quantity_t", "t/yr")  # fmt: skip
    part, whole = run.ledger["nl.copper-cathodes.first"].value, run.ledger["nl.copper-cathodes.imports"].value
    run.ledger.computed("nl.copper-cathodes.largest_shipper",
                        Text("grootste afzender van kathoden", "largest shipper of cathodes"),
                        part / whole if part and whole else None, "1", method=SHARE,
                        inputs=("nl.copper-cathodes.first", "nl.copper-cathodes.imports"))  # fmt: skip
    said = Text("koper uit afgedankte producten, deel van de vraag", "copper from products at the end of life")
    study(run, "copper", "eol_recycling_input_rate", "copper.recycling", said, "1")
    for key in ("eu.extraction", "eu.processing", "scrap.imports"):
        fact = found[key]
        unit = {"-": "1"}.get(fact.unit, "t/yr")
        run.ledger.parameter(f"copper.{key}", Text(fact.text_nl, fact.text_en), fact.value, unit, mark=Mark(fact.mark),
                             source=fact.source, note=fact.reason)  # fmt: skip
    run.rows("price.last", Text("koperprijs, mei 2023", "copper price, May 2023"), "metal_price",
             {"commodity": "Copper", "month": "2023-05"}, "price_usd_per_t", "USD/t", "value")  # fmt: skip
    run.rows("price.high", Text("koperprijs, maart 2022", "copper price, March 2022"), "metal_price",
             {"commodity": "Copper", "month": "2022-03"}, "price_usd_per_t", "USD/t", "value")  # fmt: skip


def study(run: Run, material: str, measure: str, key: str, said: Text, unit: str, **where: Any) -> None:
    """A number of the EU study as its table prints it."""
    rules = {"material": material, "assessment": 2023, "measure": measure, "transcription": "results", **where}
    run.rows(key, said, "crm_result", rules, "value", unit, "value")


def copper_border(run: Run) -> None:
    """Bars: what crosses the border and what stays, for cathodes."""
    keys = ("nl.copper-cathodes.imports", "nl.copper-cathodes.own_use_low", "nl.copper-cathodes.own_use_high")
    names = (Text("over de grens", "across the border"), Text("blijft, ten minste", "stays, at least"),
             Text("blijft, ten hoogste", "stays, at most"))  # fmt: skip
    values = [run.ledger[key].value or 0.0 for key in keys]
    frame = pl.DataFrame({"what_nl": [n.nl for n in names], "what_en": [n.en for n in names], "mass_t": values})
    columns = {"what_nl": {"unit": "", "label": label("wat", "what")},
               "what_en": {"unit": "", "label": label("wat", "what")},
               "mass_t": {"unit": "t/yr", "label": label("hoeveelheid", "quantity")}}  # fmt: skip
    words = Words(
        Text("Koperkathoden: over de grens en in eigen gebruik", "Copper cathodes: across the border and own use"),
        Text("Ton, 2024.", "Tonnes, 2024."),
        Text("Hoeveel blijft is niet gemeten: het ligt tussen deze grenzen. Wat onder douane alleen doorheen rijdt, "
             "staat niet in handelscijfers.", "What stays is not measured: it lies between these bounds. What only "
             "drives through under customs is not in trade figures."),
    )  # fmt: skip
    drawn = {
        lang: bars(words, [(n, "", v) for n, v in zip(names, values, strict=True)], "t/yr", lang) for lang in LANGS
    }
    source = Text("CEPII BACI, herleid.", "CEPII BACI, traced.")
    run.figure("border", "border", Mark.COMPUTED, "2024", frame, columns, keys, drawn, words, source)


def make(store: Store, day: date) -> None:
    """Make the three runs."""
    shutil.rmtree(OUT, ignore_errors=True)
    copper = Run(
        "copper", Text("Koper: cijfers voor het dossier", "Copper: figures for the dossier"), store, day, OUT / "copper"
    )
    producers(copper, "coppe", ("extraction", "processing"), Text("koper", "copper"))
    copper_numbers(copper)
    copper_border(copper)
    uses(copper, "copper", Text("koper", "copper"))
    said = Text("leveringsrisico, EU-studie", "supply risk, EU study")
    study(copper, "copper", "supply_risk", "eu.supply_risk", said, "ratio", stage="extraction")
    controls(copper, "copper")
    copper.close()
    title = Text("Magneten: cijfers voor het dossier", "Magnets: figures for the dossier")
    magnets = Run("rare-earth-magnets", title, store, day, OUT / "rare-earth-magnets")
    producers(magnets, "raree", ("extraction",), Text("zeldzame aarden", "rare earths"))
    for metal, nl in (("neodymium", "neodymium"), ("dysprosium", "dysprosium")):
        where = {"material": metal, "assessment": 2023, "scope": "global", "stage": "processing", "country": "CHN"}
        said = Text(f"China in de verwerking van {nl}, wereld", f"China in processing of {metal}, world")
        magnets.rows(f"{metal}.processing.china", said, "crm_supply_share", where, "share", "1", "value")
        said = Text(f"{nl} uit afgedankte producten, deel van de vraag", f"{metal} from products at the end of life")
        study(magnets, metal, "eol_recycling_input_rate", f"{metal}.recycling", said, "1")
    controls(magnets, "rare-earth-magnets")
    magnets.close()
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(FLAGSHIP)
        publish_brief(run_scenario(loaded, store, as_of=day), "both", Path(folder), made=day)
        target = OUT / FLAGSHIP
        shutil.copytree(Path(folder) / "figures", target / "figures")
        shutil.copy(Path(folder) / "manifest.json", target / "manifest.json")
        (target / f"{FLAGSHIP}.yml").write_bytes(loaded.path.read_bytes())


if __name__ == "__main__":
    make(Store.open(), date.fromisoformat(sys.argv[1]) if len(sys.argv) > 1 else date.today())
