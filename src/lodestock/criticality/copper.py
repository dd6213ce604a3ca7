"""Copper, worked out: the figures a copper dossier needs, and a conclusion only as far as they carry it.

The question is whether there is reason for acute measures. Each test is one sentence with its figure, its limit and its
source; "no acute risk" is said only when every test is known and passed, "cannot say" when one is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from lodestock.criticality.benchmarks_crma import crma_gauges
from lodestock.criticality.concentration import LARGEST_SUPPLIER_LIMIT, import_concentration
from lodestock.criticality.eu_method import SUPPLY_RISK_THRESHOLD
from lodestock.criticality.eu_table import supply_risk_table
from lodestock.criticality.inputs import Tables, eu_study, governance_risk, importers, trade
from lodestock.criticality.transit import accounts, origins, trace_good
from lodestock.criticality.words import country

MATERIAL = "copper"
SCRAP_CODES = ("740400",)


class Verdict(StrEnum):
    """What the figures say about acute risk."""

    NO_ACUTE_RISK = "no acute risk"
    ACUTE_RISK = "acute risk"
    CANNOT_SAY = "cannot say"


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the dossier; `value` None is not known and `reason` says why."""

    key: str
    value: float | None
    unit: str
    text_nl: str
    text_en: str
    source: str
    mark: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """One test of the conclusion: passed is None where the figure is not known."""

    __test__ = False  # not a test of the code

    key: str
    passed: bool | None
    text_nl: str
    text_en: str


@dataclass(frozen=True, slots=True)
class CopperDossier:
    """Figures, tests and conclusion, in both languages."""

    year: int
    facts: tuple[Fact, ...]
    tests: tuple[Test, ...]
    verdict: Verdict
    text_nl: str
    text_en: str


_CONCLUSION = {
    Verdict.NO_ACUTE_RISK: (
        "De cijfers geven geen reden om aan te nemen dat Nederland de toegang tot koper voor eigen gebruik verliest. "
        "Er is geen aanleiding voor acute maatregelen.",
        "The figures give no reason to expect that the Netherlands will lose access to copper for its own use. "
        "There is no ground for acute measures.",
    ),
    Verdict.ACUTE_RISK: (
        "Ten minste één toets faalt: de cijfers sluiten een acuut risico voor koper niet uit.",
        "At least one test fails: the figures do not rule out an acute risk for copper.",
    ),
    Verdict.CANNOT_SAY: (
        "Niet elke toets kon worden gedaan; over een acuut risico voor koper valt nog niets te zeggen.",
        "Not every test could be made; nothing can yet be said about an acute risk for copper.",
    ),
}


def decide(tests: tuple[Test, ...]) -> Verdict:
    """The conclusion that the tests carry: one failed test decides; else one unknown test leaves it open."""
    if any(test.passed is False for test in tests):
        return Verdict.ACUTE_RISK
    if not tests or any(test.passed is None for test in tests):
        return Verdict.CANNOT_SAY
    return Verdict.NO_ACUTE_RISK


def _percent(value: float | None) -> str:
    return "?" if value is None else f"{100 * value:.0f} %"


def _trade_facts(store: Tables, year: int) -> list[Fact]:
    out = []
    for name, nl, en in (
        ("copper-ores", "koperertsen", "copper ores"),
        ("copper-cathodes", "koperkathoden", "cathodes"),
    ):
        traced = trace_good(store, name, year)
        row = accounts(traced, ["NLD"]).row(0, named=True)
        low, high, bought = row["own_use_low_t"], row["own_use_high_t"], row["import_t"]
        out += [
            Fact(f"{name}.imports", bought, "t", f"Invoer van {nl}", f"Imports of {en}", "BACI", "seen"),
            Fact(f"{name}.own_use_low", low, "t", f"Eigen gebruik van ingevoerde {nl}, ten minste",
                 f"Own use of imported {en}, at least", "BACI, traced", "computed"),
            Fact(f"{name}.own_use_high", high, "t", f"Eigen gebruik van ingevoerde {nl}, ten hoogste",
                 f"Own use of imported {en}, at most", "BACI, traced", "computed"),
        ]  # fmt: skip
        first = origins(traced, "NLD").filter(pl.col("origin") != "NLD").head(1).row(0, named=True)
        nl_where, en_where = (country(first["origin"], lang) for lang in ("nl", "en"))
        out.append(
            Fact(f"{name}.largest_origin", first["share_high"], "-", f"Grootste herkomst van {nl}, {nl_where}",
                 f"Largest origin of {en}, {en_where}", "BACI and USGS, traced, highest of three views", "computed")
        )  # fmt: skip
    return out


def _production_facts(store: Tables, year: int) -> list[Fact]:
    members = importers("EU", year).members
    rows = store.table("production").filter((pl.col("commodity") == "coppe") & (pl.col("year") <= year)).collect()
    out = []
    for stage, nl, en in (("extraction", "winning", "mining"), ("processing", "raffinage", "refining")):
        last = rows.filter(pl.col("stage") == stage)
        last = last.filter(pl.col("year") == pl.col("year").max())
        named = last.filter(pl.col("country").is_in(members) & (pl.col("production_t") > 0))
        value = float(named["production_t"].sum()) if named.height else None
        makers = named.sort("production_t", descending=True)["country"].to_list()
        nl_who, en_who = (", ".join(country(code, lang) for code in makers) for lang in ("nl", "en"))
        out.append(
            Fact(f"eu.{stage}", value, "t contained", f"Koper{nl} in de EU, alleen genoemde landen ({nl_who})",
                 f"Copper {en} in the EU, named countries only ({en_who})", "USGS MCS 2024", "seen",
                 "" if named.height else "no member is named by the source")
        )  # fmt: skip
    scrap = trade(store, SCRAP_CODES, [year]).filter(pl.col("importer") == "NLD").collect()
    weighed = scrap["quantity_t"].drop_nulls()
    value = float(weighed.sum()) if weighed.len() else None
    missing = "" if value is not None else "the trade table holds no weighed copper scrap (740400)"
    out.append(
        Fact("scrap.imports", value, "t", "Invoer van koperschroot", "Imports of copper scrap", "BACI", "seen", missing)
    )
    return out


def copper_dossier(store: Tables, year: int = 2024) -> CopperDossier:
    """What the figures say about copper for the Netherlands, and whether they carry "no reason for acute measures"."""
    study = eu_study(store)
    stages = supply_risk_table(study, governance_risk(store)).filter(pl.col("material") == MATERIAL)
    risk = stages.drop_nulls("sr")["sr"].max()
    worst = float(str(risk)) if risk is not None else None
    gauges = crma_gauges(store).filter(pl.col("material") == MATERIAL)
    facts = _trade_facts(store, year) + _production_facts(store, year)
    recycled = gauges.filter(pl.col("stage") == "recycling")["value"].to_list()
    facts.append(
        Fact("recycling", recycled[0] if recycled else None, "-", "Aandeel uit afgedankte producten",
             "Part that comes from products at the end of life", "EU study 2023", "seen")
    )  # fmt: skip
    by_key = {fact.key: fact.value for fact in facts}
    cathodes = import_concentration(trade(store, ("740311",), [year]), importers=["NLD"])
    last = cathodes["largest_share"].to_list()
    controls = store.table("control_measure").filter(pl.col("material") == MATERIAL).collect()
    held = {
        stage: gauges.filter((pl.col("stage") == stage) & (pl.col("gauge") == "made in the Union"))["met"].to_list()
        for stage in ("extraction", "processing")
    }
    origin = by_key["copper-cathodes.largest_origin"]
    tests = (
        _below("supply risk", worst, SUPPLY_RISK_THRESHOLD, "Leveringsrisico (EU-methode) onder 1,0",
               "Supply risk (EU method) below 1.0"),
        _below("last shipper", last[0] if last else None, LARGEST_SUPPLIER_LIMIT,
               "Geen land levert Nederland meer dan 65 % van de kathoden",
               "No country ships over 65 % of Dutch cathodes"),
        _below("origin", origin, LARGEST_SUPPLIER_LIMIT, "Geen land van herkomst boven 65 %, ook achter doorvoer",
               "No country of origin above 65 %, behind hubs too"),
        *(Test(f"made in the Union, {stage}", met[0] if met else None, f"De EU haalt haar norm voor {nl}",
               f"The Union meets its benchmark for {stage}")
          for (stage, met), nl in zip(held.items(), ("winning", "verwerking"), strict=True)),
        Test("controls", controls.is_empty(), "Geen exportbeperking op koper in het register",
             "No export control on copper in the register"),
    )  # fmt: skip
    verdict = decide(tests)
    nl, en = _CONCLUSION[verdict]
    return CopperDossier(year, tuple(facts), tests, verdict, nl, en)


def _below(key: str, value: float | None, limit: float, nl: str, en: str) -> Test:
    shown = f"{value:.2f}" if value is not None and limit >= 1.0 else _percent(value)
    return Test(key, None if value is None else value < limit, f"{nl}: {shown.replace('.', ',')}", f"{en}: {shown}")
