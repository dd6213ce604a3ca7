"""Which accepted observations a run used: they stand in its ledger, with how many there were and up to when."""

from __future__ import annotations

from collections.abc import Mapping

from lodestock.evidence.ledger import Ledger, Text
from lodestock.scenario.licences import OBSERVED, RegimeDraws
from lodestock.scenario.schema import Scenario
from lodestock.scenario.summary import Variant

EVIDENCE = {
    "stock_days": Text("waargenomen dagen voorraad bij gebruikers", "days of stock observed with users"),
    "lead_months": Text("waargenomen maanden tot de helft is verleend", "months observed until half is granted"),
}


def observed_inputs(regimes: Mapping[Variant, RegimeDraws]) -> tuple[str, ...]:
    """The ledger keys of observations that entered the draws of the regime."""
    return ("evidence.lead_months",) if any(population == OBSERVED for _, population in regimes) else ()


def record_evidence(ledger: Ledger, scenario: Scenario) -> None:
    """Which accepted observations the run used, and which only stand beside it."""
    for item in scenario.evidence:
        used = item.parameter == "stock_days"
        source = item.source if isinstance(item.source, str) else Text(item.source.nl, item.source.en)
        beside = "one more population in the draws" if item.use else "beside the regime, not part of the draws"
        beside += "; the share never granted, or in part, is not taken over"
        said_of = "takes the place of commercial_stock" if used else beside
        ledger.parameter(
            f"evidence.{item.parameter}", EVIDENCE[item.parameter], item.value, "d" if used else "month",
            mark=item.mark, low=item.low, high=item.high, source=source,
            note=f"{item.material}, until {item.until.isoformat()}: {item.observations} observations, "
            f"{item.pending} pending; {said_of}",
        )  # fmt: skip
