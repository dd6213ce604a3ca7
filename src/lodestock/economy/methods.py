"""The methods of this room, as a published number names them in the ledger."""

from __future__ import annotations

from lodestock.evidence.ledger import Method

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        Method(
            "value-per-tonne",
            "Value added lost per lacking tonne: criticality × exposure × value added / use",
            "MODEL §6.1; ratings after Pichler et al. (2022), doi:10.1016/j.jedc.2022.104527",
            "lodestock.economy.allocation:value_per_tonne",
        ),
        Method(
            "allocation-loss",
            "Loss from a shortage under best, pro-rata and worst allocation over uses",
            "MODEL §6.1",
            "lodestock.economy.allocation:allocation_loss",
        ),
        Method(
            "sector-ceiling",
            "Output a sector can still make when a material lacks",
            "MODEL §6.1",
            "lodestock.economy.allocation:sector_ceiling",
        ),
        Method(
            "overlap-bounds",
            "Several materials stopping the same output: same, independent or disjoint products",
            "MODEL §6.1",
            "lodestock.economy.allocation:overlap_bounds",
        ),
    )
}
