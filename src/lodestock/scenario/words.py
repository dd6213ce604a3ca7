"""What the numbers of a licence scenario are called, in both languages."""

from __future__ import annotations

from lodestock.evidence.ledger import Text

PARAMETERS = {
    "controlled_share": Text(
        "deel van de zeldzame-aardmagneten onder vergunningsplicht", "share of rare-earth magnets under licence"
    ),
    "inspection_delay": Text(
        "vertraging door inspectie van vrije magneten", "inspection delay of magnets without licence duty"
    ),
    "never_granted_civil": Text(
        "nooit verleend, civiel gebruik (aanname vooraf)", "never granted, civil end use (prior)"
    ),
    "never_granted_defence": Text("nooit verleend, defensiegebruik", "never granted, defence end use"),
    "granted_fraction": Text("verleend deel van het gevraagde volume", "granted part of the volume applied for"),
    "lots_per_month": Text("aanvragen per maand, civiel", "applications a month, civil"),
    "lead_time_shape": Text("vorm van de doorlooptijd (Weibull)", "shape of the lead time (Weibull)"),
    "commercial_stock": Text("voorraad van handel en gebruikers", "stock of traders and users"),
    "price": Text("prijs van zeldzame-aardmagneten", "price of rare-earth magnets"),
    "carry": Text("jaarlijkse kosten van aanhouden", "yearly cost of holding"),
    "yearly_chance": Text("kans per jaar op een nieuw regime", "chance per year of a new regime"),
    "rare_earth_share": Text(
        "deel zeldzame-aardmagneten in de handelscode", "share of rare-earth magnets in the trade code"
    ),
    "own_use_share": Text("deel van de invoer voor eigen gebruik", "share of imports for own use"),
    "issuer_share": Text("deel van het gebruik dat uit China komt", "share of use that comes from China"),
    "defence_share": Text("deel van het gebruik voor defensie", "share of use with a defence end use"),
}

RESULTS = {
    "never_granted": Text("deel dat nooit vergund wordt", "share never granted"),
    "mean_lead": Text("gemiddelde doorlooptijd van wat vergund wordt", "mean lead time of what is granted"),
    "single_curve_misfit": Text(
        "wat één lijn door alle gepubliceerde aandelen ten minste mist", "what one curve misses at least"
    ),
    "own_use": Text("eigen gebruik van metalen magneten", "own use of metal magnets"),
    "own_use_rare_earth": Text("eigen gebruik van zeldzame-aardmagneten", "own use of rare-earth magnets"),
    "licensed_share": Text("deel van het gebruik dat een vergunning nodig heeft", "share of use that needs a licence"),
    "shortage_12m": Text("tekort na inzet van de commerciële voorraad", "shortage after commercial stock"),
    "shortage_by_chance": Text("tekort door toeval alleen, overige bekend", "shortage by chance alone, all else known"),
    "share_of_use_short": Text("tekort als deel van het gebruik", "shortage as a share of use"),
    "weeks_short": Text("tekort in weken gebruik", "shortage in weeks of use"),
    "first_short_month": Text(
        "maanden tot het eerste tekort, civiel gebruik", "months to the first shortage, civil use"
    ),
    "probability_short": Text("deel van de trekkingen met een civiel tekort", "share of draws with a civil shortage"),
    "not_arrived_delay": Text(
        "niet aangekomen, vóór inzet van voorraad: komt later", "not arrived, before stock: comes later"
    ),
    "not_arrived_partial": Text(
        "niet aangekomen, vóór inzet van voorraad: vergunning dekt een deel",
        "not arrived, before stock: licence covers a part",
    ),
    "not_arrived_never": Text(
        "niet aangekomen, vóór inzet van voorraad: vergunning komt nooit",
        "not arrived, before stock: licence never comes",
    ),
    "bridge_months": Text("voorraad tegen de vertraging", "stock against the delay"),
    "months_needed": Text(
        "extra voorraad die de vertraging overbrugt, in maanden vergunningsplichtig gebruik",
        "extra stock that bridges the delay, in months of licensed use",
    ),
    "tonnes_needed": Text("dezelfde voorraad in ton", "the same stock in tonnes"),
    "carry_cost": Text("kosten van aanhouden per ton", "cost of holding a tonne"),
    "value_per_tonne": Text(
        "toegevoegde waarde per ontbrekende ton (naar rato)", "value added per lacking tonne (pro rata)"
    ),
    "break_even_probability": Text(
        "kans waarbij de eerste ton zich terugverdient", "chance at which the first tonne pays"
    ),
    "optimum": Text("goedkoopste voorraad", "cheapest stock"),
    "exports_drop": Text(
        "daling van de Chinese uitvoer van magneten, mei 2025", "fall of China's exports of magnets, May 2025"
    ),
}

ALLOCATIONS = {
    "best": Text("beste verdeling", "best allocation"),
    "pro_rata": Text("naar rato", "pro rata"),
    "worst": Text("slechtste verdeling", "worst allocation"),
}

POPULATIONS = {
    "clepa": Text("auto-toeleveranciers (CLEPA)", "car suppliers (CLEPA)"),
    "press": Text("telling in de pers", "count in the press"),
    "eu-chamber": Text("EU-Kamer in China", "EU Chamber in China"),
    "sefcovic": Text("Europese Commissie", "European Commission"),
}

FIRST_USES = {
    "Others": Text("overig", "other"),
    "Other": Text("overig", "other"),
    "Magnetic Resonance Imaging - MRI": Text("contrastmiddel voor MRI", "contrast agents for MRI"),
    "Metal (excl. Batteries)": Text("metaal, zonder batterijen", "metal, without batteries"),
    "Magnets": Text("magneten", "magnets"),
    "Lighting": Text("verlichting", "lighting"),
    "Medical and optical applications": Text("medische en optische toepassingen", "medical and optical uses"),
    "Automotive catalysts": Text("autokatalysatoren", "automotive catalysts"),
    "Ceramics": Text("keramiek", "ceramics"),
    "Glass": Text("glas", "glass"),
}

READINGS = {
    "granted": ("verleende aanvragen", "applications granted"),
    "filed": ("ingediende aanvragen", "applications filed"),
    "share_low": ("verleend, laagste lezing", "granted, lowest reading"),
    "share_high": ("verleend, hoogste lezing", "granted, highest reading"),
}
