"""Which accepted observations a run used: they stand in its ledger, with how many there were and up to when."""

from __future__ import annotations

from lodestock.evidence.ledger import Ledger, Text
from lodestock.scenario.schema import Scenario

EVIDENCE = {
    "stock_days": Text("waargenomen dagen voorraad bij gebruikers", "days of stock observed with users"),
    "lead_months": Text("waargenomen maanden tot de helft is verleend", "months observed until half is granted"),
}


def record_evidence(ledger: Ledger, scenario: Scenario) -> None:
    """Which accepted observations the run used, and which only stand beside it."""
    for item in scenario.evidence:
        used = item.parameter == "stock_days"
        source = item.source if isinstance(item.source, str) else Text(item.source.nl, item.source.en)
        said_of = "takes the place of commercial_stock" if used else "beside the regime, not part of the draws"
        ledger.parameter(
            f"evidence.{item.parameter}", EVIDENCE[item.parameter], item.value, "d" if used else "month",
            mark=item.mark, low=item.low, high=item.high, source=source,
            note=f"{item.material}, until {item.until.isoformat()}: {item.observations} observations, "
            f"{item.pending} pending; {said_of}",
        )  # fmt: skip
