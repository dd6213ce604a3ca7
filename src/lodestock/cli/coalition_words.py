"""The words of `lodestock coalition` in Dutch and English."""

from __future__ import annotations

from typing import Any

WORDS: dict[str, dict[Any, Any]] = {
    "nl": {
        "none held": "Berekening: er bestaat geen gezamenlijke voorraad.",
        "meur": "Bedragen in miljoen euro per jaar; tussen haakjes wat wij niet weten (5 tot 95% van de trekkingen).",
        "game": "Gezamenlijke voorraad van {members}: {stock}. Aanhouden en schade kosten samen {grand}; elk apart"
        " {alone}.",
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
        "axis": "Wat samen doen zou schelen als een deel van de kans niet iedereen tegelijk treft:",
        "axis heads": ("deel tegelijk", "besparing", "waarvan verzekering"),
        "axis drawn": "Bij meer dan {most} leden zijn combinaties van getroffen leden getrokken, niet alle nagelopen;"
        " de besparing is een schatting.",
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
        "in core": "Kerntoets, alle {tried} groepen: geen groep leden is apart beter af.",
        "core unsure": "Kerntoets, {tried} van de {all} groepen: geen groep gevonden die apart beter af is; dat bewijst"
        " niet dat er geen is.",
        "out of core": "Kerntoets, {tried} van de {all} groepen: {group} betaalt samen {excess} meer dan apart.",
        "core in error": "Kerntoets, {tried} van de {all} groepen: geen groep gevonden die meer te veel betaalt dan"
        " vier keer de standaardfout van de aandelen; dat bewijst niet dat er geen is.",
        "crisis": "Wie krijgt wat in een crisis, als er {held} ligt ({filled} van de beste voorraad). Per lid het"
        " laagste deel van zijn tekort dat gedekt is, over alle gevallen:",
        "brought heads": ("lid", "inbreng", "gelijke dagen", "naar inbreng", "naar waarde"),
        "loss left": "schade over",
        "same days": "Naar inbreng komt hier op hetzelfde neer als gelijke dagen, omdat ieder vrijwel naar gebruik"
        " betaalt. Met --brought zegt u zelf wat elk lid inbrengt.",
        "bound": "Vergunningen zijn aan eindgebruikers gebonden: elk lid kan alleen gebruiken wat het zelf inbracht.",
        "not bound": "Vergunningen niet aan eindgebruikers gebonden (met --end-user-bound wel): leden kunnen delen.",
        "alliances": "Bondgenootschappen naar instrument: alle leden met gegevens, als een regime iedereen treft:",
        "alliance heads": (
            "bond", "instrument", "stand", "leden", "alleen", "binnen", "binnen tegen alleen", "{first} alleen",
            "{first} binnen", "laagste dekking alleen", "binnen",
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
        "game": "Common stock of {members}: {stock}. Holding it and the loss that is left cost {grand}; each alone"
        " {alone}.",
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
        "axis": "What doing it together would save if part of the chance did not hit all at once:",
        "axis heads": ("share at once", "saving", "of which insurance"),
        "axis drawn": "Beyond {most} members the combinations of members that are hit are drawn, not all followed: the"
        " saving is an estimate.",
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
        "in core": "Core test, all {tried} groups: no group of members is better off alone.",
        "core unsure": "Core test, {tried} of {all} groups: no group found that is better off alone; that does not"
        " prove there is none.",
        "out of core": "Core test, {tried} of {all} groups: {group} together pay {excess} more than alone.",
        "core in error": "Core test, {tried} of {all} groups: no group found that overpays by more than four"
        " times the standard error of the shares; that does not prove there is none.",
        "crisis": "Who gets what in a crisis, when {held} are there ({filled} of the best stock). For each member the"
        " lowest part of its shortage that is covered, over all cases:",
        "brought heads": ("member", "brought in", "equal days", "by contribution", "by value"),
        "loss left": "loss left",
        "same days": "By contribution comes to the same as equal days here, because each pays nearly by use. With"
        " --brought you say what each member brings in.",
        "bound": "Licences are bound to end users: each member can use only what it brought in itself.",
        "not bound": "Licences are not bound to end users (--end-user-bound makes them so): members can share.",
        "alliances": "Alliances by instrument: all members with data, when a regime hits all at once:",
        "alliance heads": (
            "alliance", "instrument", "state", "members", "alone", "within", "within against alone", "{first} alone",
            "{first} within", "lowest cover alone", "within",
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
