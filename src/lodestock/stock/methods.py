"""The methods of this room, as a published number names them in the ledger."""

from __future__ import annotations

from lodestock.evidence.ledger import Method

_NEWSVENDOR = "MODEL §7.2; Arrow, Harris & Marschak (1951), doi:10.2307/1906813"
_CVAR = "MODEL §7.2; Rockafellar & Uryasev (2000), doi:10.21314/JOR.2000.038"

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        Method(
            "annual-carry",
            "Yearly cost of holding a tonne, as an annuity",
            "MODEL §7.1",
            "lodestock.stock.carry:annual_carry",
        ),
        Method(
            "break-even-probability",
            "Yearly chance of use at which holding a tonne pays",
            "MODEL §7.1",
            "lodestock.stock.carry:break_even_probability",
        ),
        Method(
            "benefit-per-euro",
            "Expected loss avoided per euro spent",
            "MODEL §7.1, §8",
            "lodestock.stock.carry:expected_benefit_per_euro",
        ),
        Method(
            "one-shot-stock",
            "Best stock against one disruption",
            _NEWSVENDOR,
            "lodestock.stock.one_shot:one_shot_stock",
        ),
        Method(
            "mean-cvar-stock",
            "Best stock when the tail counts",
            _CVAR,
            "lodestock.stock.one_shot:mean_cvar_stock",
        ),
        Method(
            "private-gap",
            "What firms hold against what society wants, and what closes the gap",
            "MODEL §7.7",
            "lodestock.stock.one_shot:private_gap",
        ),
        Method(
            "crowding-out",
            "Private stock that a public stock replaces",
            "MODEL §7.7",
            "lodestock.stock.one_shot:crowding_out",
        ),
        Method(
            "value-of-knowing",
            "Worth of knowing the chance of a disruption before choosing the stock",
            "MODEL §7.2",
            "lodestock.stock.one_shot:value_of_knowing_probability",
        ),
    )
}
