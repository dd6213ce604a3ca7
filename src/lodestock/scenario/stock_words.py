"""The names of a stock plan's numbers in both languages, as the ledger and the note show them."""

from __future__ import annotations

from lodestock.evidence.ledger import Text
from lodestock.measures.robustness import Paired, Verdict
from lodestock.stock.release import Release, ReleaseRule

PLAN: dict[str, Text] = {
    "tonnes": Text("voorraad in het plan", "stock in the plan"),
    "days": Text("voorraad in dagen eigen gebruik", "stock in days of own use"),
    "invested": Text("inkoopwaarde van het plan", "purchase value of the plan"),
    "public_cost": Text("kosten per jaar voor de staat", "yearly cost for the state"),
    "users_cost": Text("kosten per jaar voor gebruikers", "yearly cost for users"),
    "loss_without": Text("verwachte schade zonder voorraad", "expected loss without a stock"),
    "loss_left": Text("verwachte schade met het plan", "expected loss with the plan"),
    "tail_without": Text("schade in de slechtste jaren zonder voorraad", "loss in the worst years without a stock"),
    "tail_left": Text("schade in de slechtste jaren met het plan", "loss in the worst years with the plan"),
    "quiet_year": Text("uitkomst van een jaar zonder regime", "result of a year without a regime"),
    "regime_year": Text("uitkomst van een jaar met een regime", "result of a year with a regime"),
    "budget_worth": Text(
        "wat de laatste euro budget per jaar bespaart", "what the last euro of the budget saves a year"
    ),
    "gain": Text("netto opbrengst per jaar", "net gain a year"),
    "delivered": Text("geleverd in een jaar met een regime", "delivered in a year with a regime"),
    "cost": Text("kosten van aanhouden per jaar", "cost of holding a year"),
    "break_even": Text("jaarlijkse kans waarboven de voorraad loont", "yearly chance above which the stock pays"),
    "share_better": Text(
        "deel van de trekkingen waarin het plan beter is dan geen voorraad",
        "share of the draws in which the plan beats no stock",
    ),
    "value": Text("wat een ontbrekende ton kost", "what a lacking tonne costs"),
}
WAY: dict[str, Text] = {
    "tonnes": Text("tonnen", "tonnes"),
    "cost": Text("kosten per jaar", "yearly cost"),
    "loss": Text("schade die overblijft", "loss that is left"),
    "total": Text("kosten en schade samen", "cost and loss together"),
    "share": Text(
        "deel van de trekkingen waarin dit beter is dan het plan", "share of the draws in which this beats the plan"
    ),
    "break_even": Text("kans waarbij de eerste ton loont", "chance at which the first tonne pays"),
}
VERDICTS: dict[str, Text] = {
    "better": Text("beter", "better"),
    "worse": Text("slechter", "worse"),
    "not distinguishable": Text("niet te onderscheiden", "not distinguishable"),
}
SAME = Text("dit is het plan", "this is the plan")
SLIGHT = 0.01
_SLIGHT = Text("scheelt minder dan een procent", "differs by less than one per cent")


def verdict_text(against: Paired, total: float) -> Text:
    """What a paired comparison comes to; a sure difference below 1 % of the plan's cost and loss is called slight.

    total: cost and loss of the plan together, at middle values, in the unit of `against`.
    """
    if against.verdict is not Verdict.NOT_DISTINGUISHABLE and abs(against.median) < SLIGHT * total:
        return _SLIGHT
    return VERDICTS[against.verdict.value]


KINDS: dict[str, Text] = {
    "form": Text("verschijningsvorm", "form"),
    "holder": Text("eigendomsvorm", "holder"),
    "place": Text("plaats", "place"),
}
FORMS: dict[str, Text] = {
    "ore": Text("erts", "ore"),
    "oxide": Text("oxide", "oxide"),
    "compound": Text("verbinding", "compound"),
    "metal": Text("metaal", "metal"),
    "ferroalloy": Text("ferrolegering", "ferroalloy"),
    "scrap": Text("schroot", "scrap"),
    "alloy": Text("legering", "alloy"),
    "magnet": Text("magneet", "magnet"),
    "intermediate": Text("halffabricaat", "intermediate product"),
}
CRISIS: dict[str, Text] = {
    "equal-days": Text("gelijke dagen", "equal days"),
    "contribution": Text("naar inbreng", "by contribution"),
    "value": Text("naar waarde", "by value"),
}
BONDS = {"NATO": "NAVO"}
"""Alliances that Dutch calls otherwise."""
HELD_BY: dict[str, Text] = {
    "budget": Text("publiek, begroting", "public, budget"),
    "levy": Text("publiek, heffing", "public, levy"),
    "obligation": Text("privaat, verplichting", "private, obligation"),
    "subsidy": Text("publiek-privaat, subsidie", "public-private, subsidy"),
    "option": Text("publiek-privaat, vergoeding", "public-private, fee"),
    "own": Text("privaat, eigen keuze", "private, own choice"),
}
STATES: dict[str, Text] = {
    "normal": Text("normaal", "normal"),
    "licence": Text("vergunningsregime", "licence regime"),
    "stop": Text("stop", "stop"),
}
RELEASE: dict[Release, Text] = {
    Release.GREEDY: Text(
        "dek het hele tekort zolang er voorraad is", "cover the whole shortage as long as stock lasts"
    ),
    Release.HIGH_VALUE: Text("dek alleen het meest waardevolle gebruik", "cover only the most valuable use"),
    Release.ADAPTIVE: Text(
        "dek alles bij ruime voorraad, anders alleen het meest waardevolle gebruik",
        "cover all when stock is ample, else only the most valuable use",
    ),
}


def rule_text(rule: ReleaseRule) -> Text:
    """A release rule in words: what it covers, how late, and from which shortage."""
    nl, en = RELEASE[rule.kind].nl, RELEASE[rule.kind].en
    if rule.lag:
        nl += f", {rule.lag} kwartaal vertraging"
        en += f", {rule.lag} quarter of delay"
    if rule.trigger:
        nl += f", pas bij meer dan {100 * rule.trigger:.0f}% tekort"
        en += f", only above {100 * rule.trigger:.0f}% shortage"
    return Text(nl, en)


HELD_NONE = Text(
    "Nederland bereidt voorraadvorming voor en houdt geen voorraad aan; dit is een berekening, geen bestaande"
    " voorraad.",
    "The Netherlands prepares stocks and holds none; this is a computation, not an existing stock.",
)
_EU_NONE = Text(
    "De EU bereidt een gezamenlijke voorraad voor; dit is een berekening, geen bestaande voorraad.",
    "The EU prepares a common stock; this is a computation, not an existing stock.",
)
_NONE = Text("Dit is een berekening, geen bestaande voorraad.", "This is a computation, not an existing stock.")


def held_none(region: str) -> Text:
    """That no stock exists, for whom the computation is: the Netherlands, the Union, or another region."""
    if region == "NLD":
        return HELD_NONE
    return _EU_NONE if region.startswith("EU") else _NONE
