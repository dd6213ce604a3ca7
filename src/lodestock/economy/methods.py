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
        Method(
            "direct-loss",
            "Value added lost if nothing spread: Σ criticality × exposure × unserved share × value added / 12",
            "MODEL §6.1",
            "lodestock.scenario.impact_paths:Paths.direct",
            "Verlies zonder doorwerking: Σ kritiek × blootgesteld deel × onbediend deel × toegevoegde waarde / 12",
        ),
        Method(
            "lost-lp",
            "Lower bound: everything re-planned at best, any region may supply",
            "MODEL §6.2(a); Pichler and Farmer (2022), doi:10.1080/09535314.2021.1926934",
            "lodestock.economy.bounds:LowerBound",
            "Ondergrens: alles zo goed mogelijk herverdeeld, elke regio mag leveren",
        ),
        Method(
            "lost-lp-fixed",
            "Lower bound with suppliers fixed: everything re-planned at best, each input from its own region",
            "MODEL §6.2(a); Pichler and Farmer (2022), doi:10.1080/09535314.2021.1926934",
            "lodestock.economy.bounds:LowerBound",
            "Ondergrens met vaste leveranciers: alles zo goed mogelijk herverdeeld, elk product uit de eigen regio",
        ),
        Method(
            "lost-pbl",
            "Partially binding Leontief: critical inputs stop a firm, important ones slow it down",
            "MODEL §6.2(c); Pichler et al. (2022), doi:10.1016/j.jedc.2022.104527",
            "lodestock.economy.propagation:follow",
            "Deels bindend Leontief: kritieke toeleveringen leggen een bedrijf stil, belangrijke vertragen het",
        ),
        Method(
            "lost-ario",
            "Adaptive regional input–output model (ARIO): stocks, overtime, orders that move to other suppliers",
            "MODEL §6.2(b); Hallegatte (2008), doi:10.1111/j.1539-6924.2008.01046.x; (2014), doi:10.1111/risa.12090",
            "lodestock.economy.ario:simulate_batch",
            "Adaptief regionaal input-outputmodel (ARIO): voorraden, overwerk, bestellingen die verschuiven",
        ),
        Method(
            "after-recapture",
            "Loss after what is made up later: Σ lost × (1 − recaptured share)",
            "MODEL §6.2, §6.3",
            "lodestock.economy.dutch_loss:after_recapture",
            "Verlies na wat later wordt ingehaald: Σ verlies × (1 − ingehaald deel)",
        ),
        Method(
            "terms-of-trade",
            "Extra paid to others on tonnes still bought: (P − P⁰) × net imports − gains of residents",
            "MODEL §6.3",
            "lodestock.economy.dutch_loss:terms_of_trade",
            "Extra betaald aan anderen voor wat nog wordt gekocht: (P − P⁰) × netto-invoer − winst van inwoners",
        ),
        Method(
            "jobs",
            "Work that goes with lost value added: Σ loss × jobs per value added",
            "MODEL §6.4",
            "lodestock.economy.dutch_loss:jobs",
            "Werk dat bij de verloren toegevoegde waarde hoort: Σ verlies × banen per toegevoegde waarde",
        ),
        Method(
            "service-level",
            "Delivered over needed for a priority use, in its own physical unit; not priced",
            "MODEL §6.4",
            "lodestock.economy.dutch_loss:service_level",
            "Geleverd gedeeld door nodig voor een gebruik met voorrang, in de eigen eenheid; niet in geld",
        ),
        Method(
            "rests-on-judgement",
            "Share of the inputs that are judgements, and of the variance that goes when these stand at their median",
            "MODEL §12",
            "lodestock.scenario.impact_judgement:spread_by_judgement",
            "Deel van de gebruikte gegevens dat een oordeel is, en van de spreiding die weg is als oordelen vaststaan",
        ),
        Method(
            "extraction",
            "Hypothetical extraction: an industry's sales, purchases and deliveries vanish and nobody steps in",
            "Miller and Blair (2009), §12.2.6, §13.2, doi:10.1017/CBO9780511626982",
            "lodestock.economy.leontief:extract_together",
            "Hypothetische verwijdering: een bedrijfstak verdwijnt en niemand neemt het over",
        ),
        Method(
            "io-value-added",
            "Value added of a sector in the input–output table, at the table's exchange rate",
            "national accounts identity",
            "lodestock.economy.regions:places",
            "Toegevoegde waarde van een sector in de input-outputtabel, tegen de koers van de tabel",
        ),
    )
}
