"""The words of `lodestock coalition` in Dutch and English."""

from __future__ import annotations

from typing import Any

from lodestock.scenario.stock_words import BONDS

WORDS: dict[str, dict[Any, Any]] = {
    "nl": {
        "none held": "Berekening: er bestaat geen gezamenlijke voorraad.",
        "meur": "Bedragen in miljoen euro per jaar; tussen haakjes wat wij niet weten (5 tot 95% van de trekkingen).",
        "countries": "{count} landen",
        "game": "Gezamenlijke voorraad van {members}: {stock}. Aanhouden en schade kosten samen {grand}; doet ieder het"
        " apart, dan bij elkaar {alone}.",
        "game bound": "Wat {members} elk voor zich het best aanhouden, bij elkaar: {stock}. Aanhouden en schade kosten"
        " bij elkaar {grand}.",
        "pays from": "De voorraad als geheel loont vanaf een kans van {even}; gerekend is met {chance}.",
        "pays never": "De voorraad loont bij geen enkele kans.",
        "pays apart": "Vanaf welke kans de voorraad loont, is niet te zeggen als leden apart worden getroffen: wat hij"
        " bespaart loopt dan niet gelijk op met de kans.",
        "no stock": "Bij een kans van {chance} is geen voorraad het goedkoopst.",
        "gain": "Wat samen doen scheelt: {gain}.",
        "gain unsure": "Wat samen doen scheelt, is niet te onderscheiden van niets (beter in {share} van de trekkingen;"
        " middelste uitkomst {gain}).",
        "no gain": "Samen aanhouden scheelt hier niets.",
        "why": "Een vergunningsregime treft alle leden tegelijk: samen doen verzekert dan niets. Wat het wel scheelt,"
        " komt doordat de ton gaat naar waar hij het meest waard is.",
        "left out": "Zonder gegevens en in geen som:",
        "not stated": "gebruik of toegevoegde waarde niet bekend",
        "no quantity": "geen hoeveelheid in de handelscijfers",
        "net exports": "voert meer uit dan in: eigen gebruik niet te bepalen",
        "net exports many": "voeren meer uit dan in: eigen gebruik niet te bepalen",
        "bonds": BONDS,
        "axis": "Wat samen doen bij middelste waarden zou schelen als een deel van de kans niet iedereen tegelijk"
        " treft, in miljoen euro per jaar:",
        "axis heads": ("deel tegelijk", "besparing", "waarvan verzekering"),
        "axis drawn": "Bij meer dan {most} leden zijn combinaties van getroffen leden getrokken, niet alle nagelopen:"
        " de besparing is een schatting, met na ± haar standaardfout.",
        "share heads": ("lid", "eigen gebruik (ton per jaar)", "alleen", "aandeel", "verschil"),
        "error": "standaardfout",
        "shares": "Verdeling van de kosten {rule}:",
        "shapley": "volgens de Shapley-waarde",
        "nucleolus": "volgens de nucleolus",
        "use": "naar gebruik",
        "equal-days cost": "naar gelijke dagen gebruik",
        "same": "Naar gebruik en naar gelijke dagen geven hier dezelfde verdeling: een regime laat elk lid hetzelfde"
        " deel van zijn gebruik tekortkomen.",
        "sampled": "Meer dan {most} leden: de aandelen zijn geschat uit {orders} paren willekeurige volgordes, met"
        " standaardfout.",
        "no ranges": "Bij dit aantal leden is de bandbreedte van de aandelen niet berekend; die van alleen wel.",
        "difference unsure": "De kolom verschil geldt bij middelste waarden; ook die besparing is niet te"
        " onderscheiden van niets.",
        "in core": "Kerntoets, alle {tried} groepen: geen groep leden is apart beter af.",
        "core unsure": "Kerntoets, {tried} van de {all} groepen: geen groep gevonden die apart beter af is; dat bewijst"
        " niet dat er geen is.",
        "out of core": "Kerntoets, {tried} van de {all} groepen: {group} betalen samen {excess} meer dan apart.",
        "out of core one": "Kerntoets, {tried} van de {all} groepen: {group} betaalt {excess} meer dan apart.",
        "core in error": "Kerntoets, {tried} van de {all} groepen: geen groep gevonden die meer te veel betaalt dan"
        " vier keer de standaardfout van de aandelen; dat bewijst niet dat er geen is.",
        "crisis": "Wie krijgt wat in een crisis, als er {held} ligt ({part}). Per lid het"
        " laagste deel van zijn tekort dat gedekt is, over alle gevallen:",
        "part": "{filled} van de beste voorraad",
        "best is none": "het beste is geen voorraad",
        "nothing to divide": "Het beste is geen voorraad: er is niets om te vullen of te verdelen. Met --brought"
        " rekent u met tonnen die er toch liggen.",
        "nothing there": "Er ligt niets: in een crisis valt er niets te verdelen.",
        "own only": "Elk lid kan alleen gebruiken wat het zelf inbracht; elke verdeelregel komt op hetzelfde neer.",
        "own heads": ("lid", "inbreng", "laagste dekking"),
        "brought heads": ("lid", "inbreng", "gelijke dagen", "naar inbreng", "naar waarde"),
        "loss left": "schade over",
        "same days": "Naar inbreng komt hier op hetzelfde neer als gelijke dagen, omdat ieder vrijwel naar gebruik"
        " betaalt. Met --brought zegt u zelf wat elk lid inbrengt.",
        "bound": "Met --end-user-bound: vergunningen zijn aan eindgebruikers gebonden, dus wat voor het ene lid is"
        " ingevoerd, mag niet naar het andere. Dat geldt voor elke tabel hieronder: samen aanhouden en delen schelen"
        " dan niets, ook niet als leden apart worden getroffen; samen kopen kan nog wel.",
        "free gain": "Mocht alles worden gedeeld, dan scheelde samen doen {gain}. Is een deel van de voorraad zonder"
        " deze voorwaarde gekocht, dan mag dat deel worden gedeeld en ligt de besparing ertussenin.",
        "free unsure": "Mocht alles worden gedeeld, dan was de besparing niet te onderscheiden van niets (beter in"
        " {share} van de trekkingen; middelste uitkomst {gain}). Is een deel van de voorraad zonder deze voorwaarde"
        " gekocht, dan mag dat deel worden gedeeld en ligt de besparing ertussenin.",
        "free nothing": "Ook als alles mocht worden gedeeld, scheelde samen doen hier niets.",
        "not bound": "Aangenomen is dat leden mogen delen wat er ligt. Zijn vergunningen aan eindgebruikers gebonden,"
        " dan mag dat niet: reken dat na met --end-user-bound.",
        "joined": "Landen zonder eigen tabel van toegevoegde waarde delen één waarde per ton. Van {codes} is het eigen"
        " gebruik niet bekend (ze voeren meer uit dan in); gerekend is met alles van nul tot hun invoer. Dat maakt die"
        " waarde hoogstens {effect} lager; eigen productie is niet meegeteld.",
        "joined one": "Landen zonder eigen tabel van toegevoegde waarde delen één waarde per ton. Van {codes} is het"
        " eigen gebruik niet bekend (het voert meer uit dan in); gerekend is met alles van nul tot zijn invoer. Dat"
        " maakt die waarde hoogstens {effect} lager; eigen productie is niet meegeteld.",
        "joined unknown": "Van {codes} is geen hoeveelheid bekend; de gedeelde waarde per ton kan daardoor te hoog"
        " zijn.",
        "alliances": "Bondgenootschappen naar instrument: alle leden met gegevens, als een regime iedereen treft."
        " Dekking: het laagste deel van een tekort dat bij enig lid is gedekt.",
        "alliance heads": (
            "bond", "instrument", "stand", "leden", "alleen", "binnen", "binnen tegen alleen", "{first} alleen",
            "{first} binnen", "dekking alleen", "dekking binnen",
        ),
        "better": "goedkoper",
        "worse": "duurder",
        "not distinguishable": "niet te onderscheiden",
        "equal": "gelijk",
        "of": "{alliance}, zonder gegevens en in geen som:",
        "pays together": "Alleen hier scheelt samenwerken geld in ten minste negen van de tien trekkingen: {kinds}.",
        "pays nowhere": "Nergens scheelt samenwerken hier geld in ten minste negen van de tien trekkingen.",
        "agreed": "afgesproken",
        "in preparation": "in voorbereiding",
        "none": "niet afgesproken",
        "joint purchase": "samen kopen",
        "common stock": "gezamenlijke voorraad",
        "emergency sharing": "delen in nood",
    },
    "en": {
        "none held": "A computation: there is no common stock.",
        "meur": "Amounts in million euro a year; in brackets what we do not know (5 to 95% of the draws).",
        "countries": "{count} countries",
        "game": "Common stock of {members}: {stock}. Holding it and the loss that is left cost {grand}; if each does it"
        " alone, {alone} in all.",
        "game bound": "What {members} each hold best on their own, added up: {stock}. Holding it and the loss that is"
        " left cost {grand} in all.",
        "pays from": "The stock as a whole pays above a chance of {even}; reckoned with here: {chance}.",
        "pays never": "The stock pays at no chance at all.",
        "pays apart": "Above which chance the stock pays cannot be told when members are hit apart: what it saves is"
        " then not in proportion to the chance.",
        "no stock": "At a chance of {chance} no stock is cheapest.",
        "gain": "What doing it together saves: {gain}.",
        "gain unsure": "What doing it together saves is not distinguishable from nothing (better in {share} of the"
        " draws; middle result {gain}).",
        "no gain": "Holding together saves nothing here.",
        "why": "A licence regime hits all members at once: doing it together then insures nothing. What it does save"
        " comes from the tonne going where it is worth most.",
        "left out": "Without data and in no sum:",
        "not stated": "use or value added not known",
        "no quantity": "no quantity in the trade figures",
        "net exports": "exports more than it imports: own use cannot be told",
        "net exports many": "export more than they import: own use cannot be told",
        "bonds": {},
        "axis": "What doing it together would save at middle values if part of the chance did not hit all at once, in"
        " million euro a year:",
        "axis heads": ("share at once", "saving", "of which insurance"),
        "axis drawn": "Beyond {most} members the combinations of members that are hit are drawn, not all followed: the"
        " saving is an estimate, with its standard error after ±.",
        "share heads": ("member", "own use (tonnes a year)", "alone", "share", "difference"),
        "error": "standard error",
        "shares": "Shares of the cost {rule}:",
        "shapley": "by the Shapley value",
        "nucleolus": "by the nucleolus",
        "use": "by use",
        "equal-days cost": "by equal days of use",
        "same": "By use and by equal days give the same shares here: a regime leaves each member short by the same part"
        " of its use.",
        "sampled": "More than {most} members: the shares are estimated from {orders} pairs of random orders, with their"
        " standard error.",
        "no ranges": "For this many members the range of the shares is not computed; that of each alone is.",
        "difference unsure": "The column difference holds at middle values; that saving, too, is not distinguishable"
        " from nothing.",
        "in core": "Core test, all {tried} groups: no group of members is better off alone.",
        "core unsure": "Core test, {tried} of {all} groups: no group found that is better off alone; that does not"
        " prove there is none.",
        "out of core": "Core test, {tried} of {all} groups: {group} together pay {excess} more than alone.",
        "out of core one": "Core test, {tried} of {all} groups: {group} pays {excess} more than alone.",
        "core in error": "Core test, {tried} of {all} groups: no group found that overpays by more than four"
        " times the standard error of the shares; that does not prove there is none.",
        "crisis": "Who gets what in a crisis, when {held} are there ({part}). For each member the"
        " lowest part of its shortage that is covered, over all cases:",
        "part": "{filled} of the best stock",
        "best is none": "the best is no stock",
        "nothing to divide": "The best is no stock: there is no stock to fill or divide. With --brought you reckon with"
        " tonnes that are there all the same.",
        "nothing there": "Nothing is there: in a crisis there is nothing to divide.",
        "own only": "Each member can use only what it brought in itself; every rule of division comes to the same.",
        "own heads": ("member", "brought in", "lowest cover"),
        "brought heads": ("member", "brought in", "equal days", "by contribution", "by value"),
        "loss left": "loss left",
        "same days": "By contribution comes to the same as equal days here, because each pays nearly by use. With"
        " --brought you say what each member brings in.",
        "bound": "With --end-user-bound: licences are bound to end users, so what was imported for one member may not"
        " go to another. That holds for every table below: holding together and sharing then save nothing, not even"
        " when members are hit apart; buying together still can.",
        "free gain": "If all could be shared, doing it together would save {gain}. If part of the stock was bought"
        " without this clause, that part may be shared and the saving lies in between.",
        "free unsure": "If all could be shared, the saving would not be distinguishable from nothing (better in"
        " {share} of the draws; middle result {gain}). If part of the stock was bought without this clause, that part"
        " may be shared and the saving lies in between.",
        "free nothing": "Even if all could be shared, doing it together would save nothing here.",
        "not bound": "Taken here: members may share what is there. Where licences are bound to end users they may not:"
        " compute that with --end-user-bound.",
        "joined": "Countries without a table of value added of their own share one value per tonne. The own use of"
        " {codes} is not known (they export more than they import); taken as anything from nothing to their imports."
        " That lowers this value by at most {effect}; what they make themselves is not counted.",
        "joined one": "Countries without a table of value added of their own share one value per tonne. The own use of"
        " {codes} is not known (it exports more than it imports); taken as anything from nothing to its imports. That"
        " lowers this value by at most {effect}; what it makes itself is not counted.",
        "joined unknown": "No quantity is known of {codes}; the shared value per tonne may be too high because of"
        " that.",
        "alliances": "Alliances by instrument: all members with data, when a regime hits all at once. Cover: the"
        " lowest part of a shortage that is covered at any member.",
        "alliance heads": (
            "alliance", "instrument", "state", "members", "alone", "within", "within against alone", "{first} alone",
            "{first} within", "cover alone", "cover within",
        ),
        "better": "cheaper",
        "worse": "dearer",
        "not distinguishable": "not distinguishable",
        "equal": "equal",
        "of": "{alliance}, without data and in no sum:",
        "pays together": "Only here does cooperation save money in at least nine of ten draws: {kinds}.",
        "pays nowhere": "Nowhere does cooperation save money here in at least nine of ten draws.",
        "agreed": "agreed",
        "in preparation": "in preparation",
        "none": "not agreed",
        "joint purchase": "joint purchase",
        "common stock": "common stock",
        "emergency sharing": "emergency sharing",
    },
}  # fmt: skip
