"""What the brief takes for own use and origin, beside what `assess` reads from trade, and why the two differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lodestock.criticality import words
from lodestock.criticality.assess import Assessment
from lodestock.criticality.transit import Good, goods
from lodestock.scenario.triangle import triangular

if TYPE_CHECKING:
    from lodestock.scenario.schema import Estimate, Importer, Scenario

SCENARIO = "china-heavy-rare-earths-2025"
SAME = 0.01  # closer than this, two figures are said to be the same
DRAWN = (0.05, 0.95)  # the part of the draws that the brief prints as its range
Row = dict[str, Any]


def beside(found: Assessment) -> list[Row]:
    """One row per good that both follow for this importer: own use and origin by trade, and as the brief takes them.

    The tonnes of the brief are its share of own use times the same imports. Empty where the brief does not go.
    """
    table = found.tables["transit"]
    traced = {name: good for name, good in goods().items() if name in set(table["good"])}
    if not traced:
        return []
    from lodestock.scenario.load import load  # heavy, and not needed above

    scenario = load(SCENARIO).scenario
    importer = next((item for item in scenario.importers if item.region == found.importer), None)
    if importer is None:
        return []
    rows = []
    for name, good in traced.items():
        if not set(scenario.product.codes) & set(good.hs_codes):
            continue
        of_good = table.filter((table["good"] == name) & (table["country"] == found.importer)).to_dicts()
        rows += [_row(found, scenario, importer, good, row) for row in of_good if row["import_t"] is not None]
    return rows


def _row(found: Assessment, scenario: Scenario, importer: Importer, good: Good, row: Row) -> Row:
    share, made = importer.own_use_share, importer.issuer_share
    low, high = triangular(DRAWN, share.low, share.value, share.high)
    issuer = scenario.issuer
    table = found.tables["origins"]
    origin = table.filter(
        (table["good"] == good.id) & (table["country"] == found.importer) & (table["origin"] == issuer)
    ).to_dicts()
    keys = ("traced_share", "share_low", "share_high")
    return {
        "good": good.id,
        "country": found.importer,
        "scenario": SCENARIO,
        "trade": {
            "year": found.year,
            "import_t": row["import_t"],
            "own_use_low_t": row["own_use_low_t"],
            "own_use_high_t": row["own_use_high_t"],
            "origin": issuer,
            **{key: origin[0][key] if origin else None for key in keys},
        },
        "brief": {
            "year": scenario.baseline_year,
            "own_use_share": _estimate(share),
            "own_use_middle_t": share.value * row["import_t"] if scenario.baseline_year == found.year else None,
            "own_use_low_t": low * row["import_t"] if scenario.baseline_year == found.year else None,
            "own_use_high_t": high * row["import_t"] if scenario.baseline_year == found.year else None,
            "origin_share": _estimate(made),
        },
        "brief_below_trade": share.low * row["import_t"] < (1.0 - SAME) * row["own_use_low_t"],
    }


def _estimate(item: Estimate) -> Row:
    source = item.source
    told = {"nl": source, "en": source} if isinstance(source, str) else {"nl": source.nl, "en": source.en}
    return {"low": item.low, "middle": item.value, "high": item.high, "mark": str(item.mark.value), "source": told}


def beside_lines(rows: list[Row], lang: str) -> list[str]:
    """The same in words: both answers, what each counts, and which to use."""
    lines: list[str] = []
    for row in rows:
        lines += _lines(row, lang)
    return lines


def _lines(row: Row, lang: str) -> list[str]:
    trade, brief = row["trade"], row["brief"]
    good, who = goods()[row["good"]], words.country(trade["origin"], lang)
    here = words.tonnes(trade["own_use_low_t"], trade["own_use_high_t"], lang)
    kept, made = brief["own_use_share"], brief["origin_share"]
    of_imports, of_use = (_share(item, lang) for item in (kept, made))
    sent = words.percent(trade["traced_share"], lang)
    range_ = words.span(trade["share_low"], trade["share_high"], lang, share=True)
    there = words.tonnes(brief["own_use_low_t"], brief["own_use_high_t"], lang)
    middle = words.number(brief["own_use_middle_t"], lang)
    known = brief["own_use_middle_t"] is not None
    same = known and abs(brief["own_use_middle_t"] - trade["own_use_low_t"]) < SAME * trade["own_use_low_t"]
    if lang == "nl":
        taken = f"; van deze invoer is dat {there} t (negen van de tien trekkingen), midden {middle} t" if known else ""
        return [
            "Waarom de beleidsbrief andere cijfers geeft",
            f"  Eigen gebruik, {good.name_nl}: hier {here} t ({trade['year']}). De brief neemt een deel van de invoer: "
            f"{of_imports}, op basis van {brief['year']}{taken}.",
            "  Hier telt alleen wat de handelscijfers toelaten. Laag: alles wat vertrok, was eerst ingevoerd. "
            "Hoog: niets ervan. De brief geeft een aanname over wat aannemelijk is"
            f"{'; het midden ervan is de lage kant hier, invoer min uitvoer' if same else ''}. Bron van de brief: "
            f"{kept['source']['nl']} [{words.MARKS['nl'].get(kept['mark'], kept['mark'])}].",
            *_below(row, lang),
            f"  Gemaakt in {who}: hier {sent} ({range_}) van alles onder {' en '.join(good.hs_codes)}, herleid via "
            f"doorvoerlanden. De brief: {of_use}, van alleen het deel met zeldzame aarden. Bron van de brief: "
            f"{made['source']['nl']} [{words.MARKS['nl'].get(made['mark'], made['mark'])}].",
            "  De twee zijn dus antwoorden op verschillende vragen; tel ze niet op en neem er geen gemiddelde van.",
        ]
    taken = f"; of these imports that is {there} t (nine in ten draws), middle {middle} t" if known else ""
    return [
        "Why the policy brief gives other figures",
        f"  Own use, {good.name_en.lower()}: here {here} t ({trade['year']}). The brief takes a share of imports: "
        f"{of_imports}, on the basis of {brief['year']}{taken}.",
        "  Here only what trade figures allow counts. Low: all that left had been imported first. High: nothing of it "
        f"had. The brief states an assumption on what is plausible"
        f"{'; its middle is the low end here, imports less exports' if same else ''}. Source of the brief: "
        f"{kept['source']['en']} [{words.MARKS['en'].get(kept['mark'], kept['mark'])}].",
        *_below(row, lang),
        f"  Made in {who}: here {sent} ({range_}) of all under {' and '.join(good.hs_codes)}, traced through hubs. The "
        f"brief: {of_use}, of the part with rare earths alone. Source of the brief: "
        f"{made['source']['en']} [{words.MARKS['en'].get(made['mark'], made['mark'])}].",
        "  So the two answer different questions; neither add nor average them.",
    ]


def _below(row: Row, lang: str) -> list[str]:
    """That the low end of the brief asks for more re-export than trade in these codes shows."""
    if not row["brief_below_trade"]:
        return []
    trade, low = row["trade"], row["brief"]["own_use_share"]["low"]
    least = words.percent(trade["own_use_low_t"] / trade["import_t"], lang)
    if lang == "nl":
        return [
            f"  De lage kant van de brief ({words.percent(low, lang)} van de invoer) ligt onder invoer min uitvoer "
            f"({least}). Binnen deze code kan dat niet: er zou meer zijn doorgevoerd dan er is uitgevoerd. De brief "
            "laat ruimte voor doorvoer onder andere codes (in motoren bijvoorbeeld) en voor uitvoer die niet is geteld."
        ]
    return [
        f"  The low end of the brief ({words.percent(low, lang)} of imports) lies below imports less exports "
        f"({least}). Within this code that cannot be: more would have been re-exported than was exported. The brief "
        "leaves room for re-export under other codes (inside motors, say) and for exports that were not counted."
    ]


def _share(item: Row, lang: str) -> str:
    return f"{words.percent(item['middle'], lang)} ({words.span(item['low'], item['high'], lang, share=True)})"
