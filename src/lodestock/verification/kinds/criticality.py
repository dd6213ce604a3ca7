"""Kinds of check on dependence: origins behind hubs, mirror reports, concentration, EU supply risk and importance."""

from __future__ import annotations

import numpy as np

from lodestock.criticality.eu_method import Scope, economic_importance, supply_risk
from lodestock.criticality.indices import hhi, scaled_governance, shares_of, top, weighted_hhi
from lodestock.criticality.transit_method import reconcile_mirror, trace_origins
from lodestock.evidence.ledger import Text
from lodestock.verification.registry import Computed, Form, Given, Input, kind


@kind(
    "origin-tracing",
    title=Text("Herkomst achter doorvoerlanden", "Origin behind hubs"),
    inputs={
        "production": Input("production of each country", "t", Form.NUMBERS),
        "flows": Input("flows from row country to column country", "t", Form.MATRIX),
    },
    computes={
        "supply": "production and imports, by country [t]",
        "own_use": "supply that does not leave again, by country [t]",
        "origin_shares": "share of row country in the supply of column country",
        "use_by_origin": "tonnes of row country used in column country [t]",
        "through": "foreign-made tonnes that leave again, by country [t]",
    },
)
def origin_tracing(given: Given) -> Computed:
    """Where each country's supply was produced, when hubs mix what they make and what they import."""
    traced = trace_origins(given.numbers("flows"), given.numbers("production"))
    return {
        "supply": traced.supply,
        "own_use": traced.own_use,
        "origin_shares": traced.shares,
        "use_by_origin": traced.use_by_origin,
        "through": traced.through,
    }


@kind(
    "mirror-reports",
    title=Text("Twee opgaven van dezelfde handel", "Two reports of the same trade"),
    inputs={
        "exporter": Input("what the exporter reports", "t"),
        "importer": Input("what the importer reports", "t"),
        "exporter_cv": Input("coefficient of variation of the exporter's report"),
        "importer_cv": Input("coefficient of variation of the importer's report"),
    },
    computes={"estimate": "most likely flow [t]", "sd": "its standard deviation [t]"},
)
def mirror_reports(given: Given) -> Computed:
    """What most likely crossed the border when exporter and importer report differently."""
    value, sd = reconcile_mirror(
        np.array([given.number("exporter")]),
        np.array([given.number("importer")]),
        given.number("exporter_cv"),
        given.number("importer_cv"),
    )
    return {"estimate": float(value[0]), "sd": float(sd[0])}


@kind(
    "concentration",
    title=Text("Concentratie van aanbod", "Concentration of supply"),
    inputs={
        "quantities": Input("what each supplier delivers", "t", Form.NUMBERS),
        "governance": Input("World Bank governance of each supplier, −2.5 to 2.5", "-", Form.NUMBERS, optional=True),
    },
    computes={
        "hhi": "Herfindahl-Hirschman index, 0 to 1",
        "top_three": "share of the three largest suppliers",
        "hhi_wgi": "weighted with governance as a risk of 0 to 10; null without governance",
    },
)
def concentration(given: Given) -> Computed:
    """How concentrated supply is, and how much of that is in badly governed countries."""
    shares = shares_of(given.numbers("quantities"))
    weighted = weighted_hhi(shares, scaled_governance(given.numbers("governance"))) if given.has("governance") else None
    return {"hhi": hhi(shares), "top_three": top(shares), "hhi_wgi": weighted}


@kind(
    "eu-supply-risk",
    title=Text("Leveringsrisico volgens de EU-methode", "Supply risk by the EU method"),
    inputs={
        "scope": Input("which supply counts", form=Form.TEXT, choices=tuple(scope.value for scope in Scope)),
        "global_shares": Input("shares of world supply by country", "-", Form.NUMBERS),
        "global_governance": Input("governance of those countries, −2.5 to 2.5", "-", Form.NUMBERS),
        "global_trade": Input("trade parameter t of those countries", "-", Form.NUMBERS),
        "eu_shares": Input("shares of EU sourcing by country", "-", Form.NUMBERS),
        "eu_governance": Input("governance of those countries, −2.5 to 2.5", "-", Form.NUMBERS),
        "eu_trade": Input("trade parameter t of those countries", "-", Form.NUMBERS),
        "import_reliance": Input("net import reliance of the EU"),
        "recycling": Input("end-of-life recycling input rate"),
        "substitution": Input("substitution index for supply risk"),
    },
    computes={
        "hhi_global": "governance-weighted concentration of world supply",
        "hhi_eu": "the same of EU sourcing",
        "supply_risk": "supply risk of the stage",
    },
)
def eu_supply_risk(given: Given) -> Computed:
    """How likely supply of a stage is to fail, by the Commission's formula."""
    index = {
        side: weighted_hhi(
            given.numbers(f"{side}_shares"),
            scaled_governance(given.numbers(f"{side}_governance")),
            given.numbers(f"{side}_trade"),
        )
        for side in ("global", "eu")
    }
    risk = supply_risk(
        np.array([index["global"]]),
        np.array([index["eu"]]),
        np.array([given.number("import_reliance")]),
        np.array([given.number("recycling")]),
        np.array([given.number("substitution")]),
        np.array([given.text("scope")]),
    )
    return {"hhi_global": index["global"], "hhi_eu": index["eu"], "supply_risk": float(risk[0])}


@kind(
    "eu-economic-importance",
    title=Text("Economisch belang volgens de EU-methode", "Economic importance by the EU method"),
    inputs={
        "uses": Input("share of use in each sector", "-", Form.NUMBERS),
        "value_added": Input("value added of each sector", "MEUR", Form.NUMBERS),
        "largest": Input("value added of the largest sector", "MEUR"),
        "substitution": Input("substitution index for economic importance"),
    },
    computes={"economic_importance": "0 to 10"},
)
def eu_economic_importance(given: Given) -> Computed:
    """How much of the economy uses a material, by the Commission's formula."""
    uses = given.numbers("uses")
    value = economic_importance(
        uses,
        given.numbers("value_added"),
        np.zeros(uses.size, dtype=np.int64),
        np.array([given.number("substitution")]),
        given.number("largest"),
    )
    return {"economic_importance": float(value[0])}
