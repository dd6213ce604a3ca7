"""The methods of this room, as a published number names them in the ledger."""

from __future__ import annotations

from lodestock.evidence.ledger import Method

_EQUATIONS = "docs/reference/processing-equations.md"
_MEASURES = "MODEL §8; docs/reference/measures-equations.md"

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        Method(
            "levelised-cost",
            "Levelised cost of processing",
            _EQUATIONS,
            "lodestock.measures.processing_cost:processing_cost",
            "Kostprijs van verwerking over de levensduur",
        ),
        Method(
            "contract-for-difference",
            "Two-way contract for difference on every tonne",
            _EQUATIONS,
            "lodestock.measures.processing_cost:contract_for_difference",
            "Tweezijdig prijsverschilcontract op elke ton",
        ),
        Method(
            "offtake-floor",
            "Guaranteed lowest price",
            _EQUATIONS,
            "lodestock.measures.processing_cost:offtake_floor",
            "Gegarandeerde laagste prijs",
        ),
        Method(
            "measures-portfolio",
            "Measures in one portfolio within a budget",
            f"{_MEASURES}; MODEL §7.4",
            "lodestock.scenario.measures_run:compare_measures",
            "Maatregelen in één portefeuille binnen een budget",
        ),
        Method(
            "measures-shapley",
            "Shapley value: mean contribution over all orders",
            f"{_MEASURES}; Shapley (1953), doi:10.1515/9781400881970-018",
            "lodestock.stock.coalition:shapley",
            "Shapleywaarde: gemiddelde bijdrage over alle volgordes",
        ),
        Method(
            "measures-paired",
            "Share of the same draws in which the measure gains",
            _MEASURES,
            "lodestock.measures.robustness:paired",
            "Deel van dezelfde trekkingen waarin de maatregel wint",
        ),
        Method(
            "measures-regret",
            "Largest regret over worlds",
            f"{_MEASURES}; Savage (1951), doi:10.1080/01621459.1951.10500768",
            "lodestock.measures.robustness:regret",
            "Grootste spijt over werelden",
        ),
    )
}
