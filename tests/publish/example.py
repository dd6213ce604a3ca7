"""An invented but plausible run, to try the publish room on: every number is made up and marked so."""

from __future__ import annotations

import math
from datetime import date

import polars as pl

from lodestock.evidence.ledger import Ledger, Method, Rows, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.model import BriefInput, DatedRule, Event, FigureKind, FigureSpec, SourceLine

MODEL = Method("licence-cohort", "Licence cohorts through stock and use", "Model §4.2", "lodestock.example:run")
SHA = "0123456789abcdef" * 4
CONVENTIONS = ("one-age", "constant-inflow")


def _rows(ledger: Ledger, key: str, nl: str, en: str, value: float | None, unit: str, note: str = "") -> None:
    rows = Rows(
        "trade", {"importer": "NLD", "product": "850511"}, "quantity_t", "sum", 41, 2, ("baci-2024",), ("r12", "r88")
    )
    ledger.rows(key, Text(nl, en), value, unit, rows, note=note)


def _computed(
    ledger: Ledger,
    key: str,
    nl: str,
    en: str,
    value: float | None,
    unit: str,
    span: tuple[float, float] | None = None,
    bracket: tuple[float, float] | None = None,
    inputs: tuple[str, ...] = ("nl.magnets.own_use", "licence.mean_lead"),
) -> None:
    low, high = span if span else (None, None)
    ledger.computed(key, Text(nl, en), value, unit, method=MODEL, inputs=inputs, low=low, high=high, bracket=bracket)


def ledger() -> Ledger:
    """The example's ledger: trade rows, parameters and results."""
    out = Ledger()
    par = out.parameter
    _rows(out, "nl.magnets.imports", "Invoer van permanente magneten", "Imports of permanent magnets", 3992.4, "t/yr")
    _rows(out, "nl.magnets.exports", "Uitvoer van permanente magneten", "Exports of permanent magnets", 1443.0, "t/yr")
    _rows(out, "nl.magnets.china_share_border", "Aandeel China aan de grens", "China’s share at the border", 0.798, "1")
    _rows(out, "eu27.magnets.china_share", "Aandeel China in invoer EU", "China’s share of EU imports", 0.951, "1")
    par(
        "nl.magnets.rare_earth_share",
        Text("Aandeel magneten met zeldzame aarden", "Share of magnets with rare earths"),
        0.42,
        "1",
        mark=Mark.PRESS,
        source="customs totals in the press",
        low=0.35,
        high=0.5,
    )
    par(
        "nl.magnets.licensed_share",
        Text("Vergunningsplichtig deel van het gebruik", "Part of use that needs a licence"),
        0.55,
        "1",
        mark=Mark.PRIOR,
        source="own judgement",
        low=0.35,
        high=0.75,
    )
    par(
        "nl.magnets.stock_months",
        Text("Voorraad bij bedrijven, in maanden", "Stock at firms, in months"),
        1.5,
        "month",
        mark=Mark.PRIOR,
        source="own judgement",
        low=0.5,
        high=4.0,
    )
    par(
        "licence.never_granted",
        Text("Deel dat nooit wordt toegekend", "Share never granted"),
        0.23,
        "1",
        mark=Mark.PRIOR,
        source="Beta prior along the ridge",
        low=0.05,
        high=0.47,
    )
    par(
        "licence.granted_part",
        Text("Deel van de hoeveelheid dat een vergunning geeft", "Part of the amount a licence gives"),
        0.85,
        "1",
        mark=Mark.PRIOR,
        source="own judgement",
        low=0.7,
        high=1.0,
    )
    par(
        "licence.mean_lead",
        Text("Gemiddelde doorlooptijd", "Mean lead time"),
        2.4,
        "month",
        mark=Mark.PRIOR,
        source="fitted to snapshots",
        low=1.2,
        high=5.4,
    )
    par("run.draws", Text("Aantal trekkingen", "Number of draws"), 2000, "count", mark=Mark.SEEN, source="scenario")
    _computed(
        out,
        "nl.magnets.own_use",
        "Eigen gebruik van magneten",
        "Own use of magnets",
        2549.0,
        "t/yr",
        (2100.0, 2900.0),
        inputs=("nl.magnets.imports", "nl.magnets.exports"),
    )
    _computed(
        out,
        "nl.magnets.own_use_rare_earth",
        "Eigen gebruik, met zeldzame aarden",
        "Own use, with rare earths",
        1070.0,
        "t/yr",
        (820.0, 1350.0),
        inputs=("nl.magnets.own_use", "nl.magnets.rare_earth_share"),
    )
    _computed(
        out,
        "nl.magnets.china_share",
        "Aandeel China in eigen gebruik",
        "China’s share of own use",
        0.91,
        "1",
        (0.86, 0.95),
        inputs=("nl.magnets.imports",),
    )
    results: list[tuple[str, str, str, float | None, str, tuple[float, float] | None, tuple[float, float] | None]] = [
        (
            "nl.magnets.shortage_12m",
            "Tekort in het eerste jaar",
            "Shortage in the first year",
            121.3,
            "t",
            (18.0, 262.0),
            (94.0, 171.0),
        ),
        (
            "nl.magnets.share_of_use_short",
            "Deel van het jaarverbruik",
            "Share of a year’s use",
            0.113,
            "1",
            (0.017, 0.24),
            (0.088, 0.16),
        ),
        (
            "nl.magnets.weeks_short",
            "Tekort in weken gebruik",
            "Shortage in weeks of use",
            5.9,
            "week",
            (0.9, 12.4),
            (4.6, 8.3),
        ),
        (
            "nl.magnets.first_short_month",
            "Eerste maand met tekort",
            "First month with a shortage",
            2.0,
            "month",
            (1.0, 5.0),
            None,
        ),
        ("nl.magnets.probability_short", "Kans op een tekort", "Chance of a shortage", 0.83, "1", None, (0.78, 0.91)),
        ("nl.magnets.not_arrived_delay", "Vertraagd", "Delayed", 92.0, "t", (40.0, 210.0), (70.0, 130.0)),
        ("nl.magnets.not_arrived_partial", "Gedeeltelijk", "Partial", 61.0, "t", (0.4, 130.0), None),
        ("nl.magnets.not_arrived_never", "Nooit", "Never", 118.0, "t", (22.0, 260.0), None),
        (
            "nl.stock.months_needed",
            "Benodigde voorraad in maanden",
            "Stock needed in months",
            0.6,
            "month",
            (0.2, 2.1),
            (0.4, 1.3),
        ),
        ("nl.stock.tonnes_needed", "Benodigde voorraad", "Stock needed", 54.0, "t", (18.0, 190.0), None),
        ("nl.stock.optimum", "Goedkoopste voorraad", "Cheapest stock", 75.2, "t", (12.0, 150.0), None),
        (
            "nl.stock.break_even_probability",
            "Kans waarbij de eerste ton loont",
            "Chance at which the first tonne pays",
            0.0054,
            "1/yr",
            None,
            None,
        ),
        ("nl.stock.carry_cost", "Kosten van aanhouden", "Cost of holding", 5404.0, "EUR/t/yr", None, None),
        (
            "var.total.best",
            "Waarde op het spel, beste verdeling",
            "Value at risk, best allocation",
            41.0,
            "MEUR",
            (6.0, 90.0),
            None,
        ),
        (
            "var.total.pro_rata",
            "Waarde op het spel, naar rato",
            "Value at risk, pro rata",
            310.0,
            "MEUR",
            (45.0, 700.0),
            None,
        ),
        (
            "var.total.worst",
            "Waarde op het spel, slechtste verdeling",
            "Value at risk, worst allocation",
            1240.0,
            "MEUR",
            (180.0, 2600.0),
            None,
        ),
    ]
    for key, nl, en, value, unit, span, bracket in results:
        _computed(out, key, nl, en, value, unit, span, bracket)
    return out


def dependency() -> pl.DataFrame:
    """Shares by importer, product and partner."""
    shares = {
        ("NLD", "850511"): (0.80, 0.14, 3992.0),
        ("EU27", "850511"): (0.62, 0.33, 61240.0),
        ("NLD", "284690"): (0.21, 0.05, 5120.0),
        ("EU27", "284690"): (0.38, 0.22, 12800.0),
        ("NLD", "280530"): (0.44, 0.51, 38.0),
        ("EU27", "280530"): (0.71, 0.20, 610.0),
    }
    rows = []
    for (importer, product), (china, other_eu, total) in shares.items():
        for partner, share in (("CHN", china), ("other EU", other_eu), ("other", 1 - china - other_eu)):
            rows.append((importer, product, partner, total * share, share))
    return pl.DataFrame(rows, schema=["importer", "product", "partner", "quantity_t", "share"], orient="row")


def licences() -> dict[str, pl.DataFrame]:
    """Curves, observations and ridge for two reporting populations and both conventions."""
    scale = {
        ("one-age", "chamber"): 9.0,
        ("one-age", "commission"): 6.0,
        ("constant-inflow", "chamber"): 4.0,
        ("constant-inflow", "commission"): 2.5,
    }
    curves, ridge = [], []
    for (convention, population), sigma in scale.items():
        for month in range(19):
            middle = 0.78 * (1 - math.exp(-month / sigma))
            curves.append((convention, population, month, middle * 0.7, middle, min(1.0, middle * 1.25)))
        for step in range(10):
            never = step * 0.05
            ridge.append((convention, population, never, sigma * (1 - never) ** 2 * 0.6))
    observations = [
        ("chamber", "EU-kamer", "EU Chamber", 5.0, 0.15, 0.2, 0.25),
        ("commission", "Europese Commissie", "European Commission", 7.5, 0.5, 0.52, 0.6),
        ("chamber", "EU-kamer", "EU Chamber", 11.0, 0.4, None, 0.6),
    ]
    return {
        "curves": pl.DataFrame(
            curves,
            schema=["convention", "population", "month", "share_low", "share_median", "share_high"],
            orient="row",
        ),
        "observations": pl.DataFrame(
            observations,
            schema=["population", "label_nl", "label_en", "month", "share_low", "share", "share_high"],
            orient="row",
        ),
        "ridge": pl.DataFrame(
            ridge, schema=["convention", "population", "never_granted", "mean_lead_months"], orient="row"
        ),
    }


def _months(count: int, year: int = 2025, month: int = 4) -> list[date]:
    return [date(year + (month - 1 + k) // 12, (month - 1 + k) % 12 + 1, 1) for k in range(count)]


def shortage() -> pl.DataFrame:
    """Shortage by month under both conventions."""
    rows = []
    for convention, height in (("one-age", 28.0), ("constant-inflow", 17.0)):
        for k, month in enumerate(_months(18)):
            middle = max(0.0, height * math.exp(-((k - 4.5) ** 2) / 9) - 1.5 + 3 * (k > 8))
            stock = 130 * max(0.1, 1 - k / 3.5)
            rows.append((convention, month, middle * 0.2, middle, middle * 2.1 + 4 * (k > 1), 89.0, stock))
    return pl.DataFrame(rows, schema=["convention", "month", "low", "median", "high", "use_t", "stock_t"], orient="row")


def sectors() -> pl.DataFrame:
    """Value added at risk by sector."""
    rows = [
        ("C28", "Machines", "Machinery", 9.0, 92.0, 410.0, 88.0),
        ("C26", "Computers en elektronica", "Computers and electronics", 7.0, 74.0, 330.0, 61.0),
        ("C29", "Auto’s en onderdelen", "Cars and parts", 12.0, 51.0, 220.0, 24.0),
        ("C27", "Elektrische apparatuur", "Electrical equipment", 6.0, 33.0, 150.0, 20.0),
        ("C30", "Overige transportmiddelen", "Other transport equipment", 3.0, 21.0, 80.0, 12.0),
        ("C33", "Reparatie en installatie van machines", "Repair and installation of machinery", 2.0, 18.0, 60.0, 15.0),
        ("D35", "Energievoorziening", "Energy supply", 0.5, 4.0, 31.0, 70.0),
    ]
    names = ["sector", "name_nl", "name_en", "best_meur", "pro_rata_meur", "worst_meur", "value_per_percent_meur"]
    return pl.DataFrame(rows, schema=names, orient="row")


def exports() -> pl.DataFrame:
    """China's monthly magnet exports, with two months missing."""
    tonnes = [5100, 4700, 5800, None, 1240, 3190, 5580, 6150, 5770, 5470, None, 5950]
    return pl.DataFrame({"month": _months(12, 2025, 1), "tonnes": [None if t is None else float(t) for t in tonnes]})


def cover() -> pl.DataFrame:
    """Share of draws without shortage against months of extra stock."""
    rows = [
        (convention, k * 0.5, 1 - 0.83 * math.exp(-k * 0.5 / size))
        for convention, size in (("one-age", 2.6), ("constant-inflow", 1.2))
        for k in range(25)
    ]
    return pl.DataFrame(rows, schema=["convention", "months_of_stock", "share_of_draws_without_shortage"], orient="row")


def parameters() -> pl.DataFrame:
    """What moves the shortage; one assumption stands fixed, one is lost in the noise."""
    rows = [("lead_time", 137.0, 330.0, 0.45), ("use", 84.0, 254.0, 0.19), ("stock", 209.0, 82.0, 0.004),
            ("fraction", 150.0, 150.0, None)]  # fmt: skip
    return pl.DataFrame(rows, schema=["parameter", "low_t", "high_t", "explains"], orient="row")


def figures() -> tuple[FigureSpec, ...]:
    """All seven figures."""
    baci = Text("CEPII BACI (voorbeeld)", "CEPII BACI (example)")
    model = Text("eigen berekening (voorbeeld)", "own computation (example)")
    press = Text("persberichten (voorbeeld)", "press reports (example)")
    k = FigureKind
    return (
        FigureSpec(
            "dependency", k.DEPENDENCY, {"shares": dependency()}, "2024", baci, Mark.SEEN, ("nl.magnets.imports",)
        ),
        FigureSpec("licences", k.LICENCES, licences(), "2025", press, Mark.PRESS, ("licence.mean_lead",)),
        FigureSpec(
            "shortage", k.SHORTAGE, {"path": shortage()}, "2025/2026", model, Mark.PRIOR, ("nl.magnets.shortage_12m",)
        ),
        FigureSpec(
            "value_at_risk", k.VALUE_AT_RISK, {"sectors": sectors()}, "2011", model, Mark.PRIOR, ("var.total.pro_rata",)
        ),
        FigureSpec("context", k.CONTEXT, {"exports": exports()}, "2025", press, Mark.PRESS),
        FigureSpec("stock", k.STOCK, {"cover": cover()}, "2025/2026", model, Mark.PRIOR, ("nl.stock.months_needed",)),
        FigureSpec("sensitivity", k.SENSITIVITY, {"parameters": parameters()}, "2025/2026", model, Mark.PRIOR),
    )


def facts() -> dict[str, object]:
    """Dates, lists and flags."""
    names = [
        ("samarium", "samarium"),
        ("gadolinium", "gadolinium"),
        ("terbium", "terbium"),
        ("dysprosium", "dysprosium"),
        ("lutetium", "lutetium"),
        ("scandium", "scandium"),
        ("yttrium", "yttrium"),
    ]
    return {
        "start": date(2025, 4, 4),
        "first_year_last": date(2026, 3, 31),
        "horizon_end": date(2026, 9, 30),
        "measure_ref": Text("Aankondiging 18 van 2025", "Announcement No 18 of 2025"),
        "controlled": tuple(Text(nl, en) for nl, en in names),
        "trade_year": 2024,
        "value_year": 2011,
        "stock_status_on": date(2025, 6, 30),
        "to_be_checked": (
            DatedRule(
                Text(
                    "de opschorting van het Chinese pakket van oktober {d:2025}",
                    "the suspension of China’s October {d:2025} package",
                ),
                date(2026, 11, 10),
                "MOFCOM 70/2025",
            ),
        ),
        "events": (
            Event(
                date(2025, 4, 4),
                Text(
                    "China stelt de uitvoer van zeven zeldzame aarden en van magneten daarmee onder vergunning.",
                    "China puts the export of seven rare earths, and magnets with them, under licence.",
                ),
                Mark.SEEN,
                "MOFCOM",
            ),
            Event(
                date(2025, 9, 10),
                Text(
                    "Van de aanvragen die de Europese kamer in China telde, is minder dan een kwart toegekend.",
                    "Of the applications counted by the EU Chamber in China, fewer than a quarter are granted.",
                ),
                Mark.PRESS,
                "EU Chamber",
            ),
        ),
        "unknown": (
            Text(
                "Hoe groot de voorraden bij bedrijven zijn; gerekend is met {range:nl.magnets.stock_months}.",
                "How large the stocks at firms are; we computed with {range:nl.magnets.stock_months}.",
            ),
        ),
        "example": True,
    }


def example(**changes: object) -> BriefInput:
    """The example run; named fields may be replaced."""
    fields: dict[str, object] = {
        "scenario": "example-licences",
        "title": Text(
            "Magneten uit China onder vergunning: wat Nederland tekort komt en wat helpt",
            "Magnets from China under licence: what the Netherlands goes short of, and what helps",
        ),
        "made": date(2026, 11, 21),
        "code_version": "0.0.0+example",
        "seed": 7,
        "ledger": ledger(),
        "figures": figures(),
        "facts": facts(),
        "headline": (
            "nl.magnets.shortage_12m",
            "nl.magnets.weeks_short",
            "nl.magnets.share_of_use_short",
            "nl.stock.months_needed",
        ),
        "sources": (
            SourceLine(
                "BACI: bilateral trade by product (example)",
                "CEPII",
                "Etalab 2.0",
                "https://www.cepii.fr/",
                "baci-2024",
                SHA,
                date(2026, 1, 30),
            ),
        ),
        "assumptions": (
            "nl.magnets.licensed_share",
            "licence.never_granted",
            "licence.mean_lead",
            "nl.magnets.stock_months",
        ),
    } | changes
    return BriefInput(**fields)  # type: ignore[arg-type]
