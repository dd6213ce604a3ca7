"""The methods of this room, as a published number names them in the ledger."""

from __future__ import annotations

from lodestock.evidence.ledger import Method

METHODS: dict[str, Method] = {
    method.id: method
    for method in (
        Method(
            "licence-cohorts",
            "Licence applications as cohorts: never granted, granted in part, granted late",
            "MODEL §4.2; mixture cure, Maller & Zhou (1996) Survival Analysis with Long-Term Survivors, ch. 5",
            "lodestock.disruption.licence:usable_licences",
        ),
        Method(
            "inspection-delay",
            "Goods that need no licence, delayed by inspection",
            "MODEL §4.2; Little (1961), doi:10.1287/opre.9.3.383",
            "lodestock.disruption.licence:delayed_arrivals",
        ),
        Method(
            "permanent-loss-rate",
            "Tonnes a month that no licence will ever cover",
            "MODEL §4.2",
            "lodestock.disruption.licence:permanent_loss_rate",
        ),
        Method(
            "transitional-loss",
            "Tonnes that arrive too late once a licence regime starts",
            "MODEL §4.2; Little (1961), doi:10.1287/opre.9.3.383",
            "lodestock.disruption.licence:transitional_loss",
        ),
        Method(
            "licence-validity",
            "Licences that lapse unused, oldest used first",
            "MODEL §4.2",
            "lodestock.disruption.licence:ship_with_validity",
        ),
        Method(
            "months-of-stock",
            "Stock that bridges a regime which only delays: licensed flow times mean lead time",
            "MODEL §4.2; Little (1961), doi:10.1287/opre.9.3.383",
            "lodestock.disruption.lead_time:bridging_stock",
        ),
        Method(
            "commercial-stock",
            "Commercial stock absorbs first; what it cannot absorb is shortage",
            "MODEL §3 step 6, §5.1",
            "lodestock.disruption.tank:tank",
        ),
        Method(
            "licence-ridge",
            "Regime parameters along the ridge that a published grant share leaves open",
            "MODEL §4.3",
            "lodestock.disruption.ridge:draw_ridge",
        ),
        Method(
            "event-rate",
            "Yearly rate of a rare event, gamma–Poisson",
            "MODEL §4.1; Gelman et al. (2013) Bayesian Data Analysis, §2.6",
            "lodestock.disruption.rates:rate_posterior",
        ),
    )
}
