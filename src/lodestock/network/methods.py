"""The methods of this room, as a published number names them in the ledger."""

from __future__ import annotations

from lodestock.evidence.ledger import Method

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        Method(
            "market-rule",
            "Who runs short when nobody coordinates: irrevocable offers in rounds, by base trade shares",
            "MODEL §5.3; verification V21",
            "lodestock.network.market:simulate_market",
        ),
        Method(
            "network-planner",
            "The least loss that coordination could reach: a linear programme over the same network",
            "MODEL §5.2; verification V05",
            "lodestock.network.planner:Planner.solve",
        ),
        Method(
            "clearing-price",
            "Price after a supply shock where everything is traded at one price",
            "MODEL §5.4; verification V06",
            "lodestock.network.price:clear",
        ),
        Method(
            "balanced-network",
            "A baseline that closes: transit taken out, conversion given its input",
            "MODEL §5.1; Kastner et al. (2011), doi:10.1016/j.ecolecon.2011.01.012; Deming & Stephan (1940), "
            "doi:10.1214/aoms/1177731829",
            "lodestock.network.balance:balanced_network",
        ),
        Method(
            "by-product",
            "A by-product cannot outlast its host",
            "MODEL §5.1; verification V05",
            "lodestock.network.adaptation:by_product",
        ),
    )
}
