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
            "stock-design",
            "Stock within a budget: forms, holders and places, with the tail weighed by CVaR",
            "MODEL §7.4, V18, V22; Rockafellar & Uryasev (2000), doi:10.21314/JOR.2000.038",
            "lodestock.stock.design:best_plan",
            "Voorraad binnen een budget: verschijningsvorm, houder en plaats, met de staart gewogen als CVaR",
        ),
        Method(
            "efficient-frontier",
            "Efficient plans for a range of budgets",
            "MODEL §7.4",
            "lodestock.stock.design:frontier",
            "Doelmatige plannen bij een reeks budgetten",
        ),
        Method(
            "site-choice",
            "Cheapest set of warehouses, access risk counted",
            "MODEL §7.4",
            "lodestock.stock.location:best_sites",
            "Goedkoopste opslagplaatsen, met het risico dat een plaats niet bereikbaar is",
        ),
        Method(
            "paired-draws",
            "Share of the draws in which one choice is better than another",
            "MODEL §8, §12",
            "lodestock.measures.robustness:paired",
            "Deel van de trekkingen waarin de ene keuze beter is dan de andere",
        ),
        Method(
            "must-be-true",
            "Yearly chance above which a stock pays, by value of a tonne",
            "MODEL §7.1, §8",
            "lodestock.measures.robustness:must_be_true",
            "Jaarlijkse kans waarboven een voorraad loont, naar waarde van een ton",
        ),
        Method(
            "holders-compared",
            "Public, public-private and private on one annuity",
            "MODEL §7.7",
            "lodestock.stock.holders:compare_holders",
            "Publiek, publiek-privaat en privaat op één annuïteit",
        ),
        Method(
            "release-rule",
            "Cost of a release rule on the whole scenario tree",
            "MODEL §7.6, V24",
            "lodestock.stock.release:compare_rules",
            "Kosten van een vrijgaveregel over de hele scenarioboom",
        ),
        Method(
            "safe-level",
            "Average daily net imports of a year × days",
            "Regulation (EU) 2024/1252, art. 23",
            "lodestock.stock.safe_level:safe_level",
            "Gemiddelde dagelijkse netto-invoer van een jaar × dagen",
        ),
        Method(
            "price-in-euros",
            "Price in dollars over dollars per euro",
            "definition",
            "lodestock.scenario.copper_reserve:copper_reserve",
            "Prijs in dollars gedeeld door dollars per euro",
        ),
        Method(
            "price-shocks",
            "Years in which the monthly price rose by a stated part above the mean of the year before",
            "World Bank, Pink Sheet; MODEL §13",
            "lodestock.scenario.copper_reserve:price_shocks",
            "Jaren waarin de maandprijs een genoemd deel boven het gemiddelde van het jaar ervoor steeg",
        ),
        Method(
            "cost-game",
            "Cost of every coalition with its own best pooled stock",
            "MODEL §7.8, V12",
            "lodestock.stock.coalition:stock_game",
            "Kosten van elke coalitie met haar eigen beste gezamenlijke voorraad",
        ),
        Method(
            "bound-game",
            "Cost of every coalition when licences are bound to end users: what its members cost apart",
            "MODEL §4.2, §7.8",
            "lodestock.stock.bound:bound_game",
            "Kosten van elke coalitie als vergunningen aan eindgebruikers zijn gebonden: die van haar leden apart",
        ),
        Method(
            "joint-use",
            "Own use of countries that the input-output table joins: net imports × share with rare earths",
            "MODEL §13, trap 1",
            "lodestock.scenario.coalition_members:MemberBook",
            "Eigen gebruik van landen die de tabel samenneemt: netto-invoer × deel met zeldzame aardmetalen",
        ),
        Method(
            "cost-shares",
            "Shares of the common cost, with the core test",
            "MODEL §7.8, V12; Shapley (1953), doi:10.1515/9781400881970-018; Schmeidler (1969), doi:10.1137/0117107",
            "lodestock.stock.coalition:shares",
            "Verdeling van de gezamenlijke kosten, met de kerntoets",
        ),
        Method(
            "crisis-rule",
            "Who gets what from a common stock",
            "MODEL §7.8",
            "lodestock.stock.crisis:crisis",
            "Wie wat krijgt uit een gezamenlijke voorraad",
        ),
        Method(
            "value-of-knowing",
            "Worth of knowing the chance of a disruption before choosing the stock",
            "MODEL §7.2",
            "lodestock.stock.one_shot:value_of_knowing_probability",
        ),
    )
}
