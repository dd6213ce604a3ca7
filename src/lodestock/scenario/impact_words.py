"""What the numbers of an impact run are called, in both languages."""

from __future__ import annotations

from lodestock.economy.judgements import Tier
from lodestock.economy.propagation import Model
from lodestock.evidence.ledger import Text

MODELS = {
    Model.LP: Text("ondergrens (alles herverdeeld)", "lower bound (all re-planned)"),
    Model.LP_FIXED: Text("ondergrens met vaste leveranciers", "lower bound, suppliers fixed"),
    Model.PBL: Text("deels bindende toeleveringen (PBL)", "partially binding inputs (PBL)"),
    Model.ARIO: Text("bestellingen en voorraden (ARIO)", "orders and stocks (ARIO)"),
}
TIERS = {
    Tier.DEFENCE: Text("defensie", "defence"),
    Tier.HEALTH: Text("gezondheidszorg", "health"),
    Tier.GRID: Text("stroomnet", "power grid"),
    Tier.SECURITY: Text("veiligheid", "security"),
}
ALLOCATIONS = {
    "best": Text("minst waardevolle toepassingen eerst gekort", "least valuable uses cut first"),
    "pro_rata": Text("naar rato", "pro rata"),
    "worst": Text("meest waardevolle toepassingen eerst gekort", "most valuable uses cut first"),
}
INPUTS = {
    "issuer_share": Text("deel uit het vergunningsland", "share from the licensing country"),
    "controlled": Text("deel onder vergunningsplicht", "share under licence"),
    "defence": Text("deel voor defensie", "defence share"),
    "never_civil": Text("nooit verleend", "never granted"),
    "never_defence": Text("nooit verleend, defensie", "never granted, defence"),
    "lead_time": Text("doorlooptijd", "lead time"),
    "fraction": Text("verleend deel van het volume", "granted part of the volume"),
    "inspection": Text("vertraging door inspectie", "inspection delay"),
    "stock": Text("voorraad van handel en gebruikers", "stock of traders and users"),
    "recapture": Text("ingehaald deel van het verlies", "share of the loss made up later"),
}
SETTINGS = {
    "inventory_days": Text("voorraad van elke bedrijfstak", "stock of each industry"),
    "restock_days": Text("tijd om voorraden aan te vullen", "time to restock"),
    "overproduction_max": Text("hoogste productie met overwerk", "highest output with overtime"),
    "psi": Text("voorraaddeel waaronder productie daalt", "share of stock below which output falls"),
}
EXPOSED = Text("blootgesteld deel", "exposed share")
OVERLAPS = {
    "same": Text("samen, ten minste (zelfde producten)", "together, at least (same products)"),
    "by-family": Text("samen, naar productfamilie", "together, by product family"),
    "apart": Text("samen, ten hoogste (andere producten)", "together, at most (other products)"),
}
