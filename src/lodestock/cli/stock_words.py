"""The words of `lodestock stock` in Dutch and English."""

from __future__ import annotations

from typing import Any, Literal

WORDS: dict[str, dict[Any, Any]] = {
    "nl": {
        "models": "tussen modellen",
        "no plan": "Bij dit budget en deze kansen is geen voorraad het goedkoopst.",
        "no budget": "Met een budget van nul is er geen voorraad. De eerste regel van de laatste tabel zegt wat de"
        " eerste euro zou besparen.",
        "plan heads": ("verschijningsvorm", "eigendomsvorm", "plaats", "hoeveelheid"),
        "ways": "Het beste met alleen die vorm, die houder of die plaats, naast het plan:",
        "way heads": (
            "wat", "welke", "hoeveelheid", "kosten", "schade over", "eerste ton loont vanaf", "tegen het plan",
        ),
        "never": "nooit",
        "part of budget": "Aan inkoop is {spent} genoeg: een ton meer bespaart minder dan zij kost (budget {budget}).",
        "whole budget": "De hele {budget} gaat op aan inkoop; wat meer budget doet, staat in de laatste tabel.",
        "baseline": (
            "Vergeleken met een jaar waarin niemand meer aanhoudt dan de gewone handelsvoorraad. Wat bedrijven uit "
            "zichzelf meer\naanhouden, en wie dan wat betaalt: lodestock stock holders."
        ),
        "frontier": "Wat een ander budget doet (miljoen euro):",
        "frontier heads": ("budget", "kosten/jaar", "schade/jaar", "slechtste jaren", "waarde laatste euro"),
        True: "gehaald",
        False: "niet gehaald",
        None: "niet bekend",
        "copper": "Laatste prijs in de gegevens ({month}): {price}. Een ton aanhouden kost {carry}. Voor een gebruiker"
        " loont dat bij een kans op een prijsschok ({rise} of meer boven het vorige jaar) van meer dan {even}; sinds"
        " 1960 kwam zo'n schok in {shocks} van de {years} jaren voor (prijzen van toen, inflatie inbegrepen).",
        "level": "Veilig niveau voor {region}: {days} gemiddelde netto-invoer van {year}"
        " (Verordening (EU) 2024/1252, art. 23; het aantal dagen staat niet in de wet).",
        "older": "Het vorige kalenderjaar {wanted} is niet in de gegevens; {year} is het laatste jaar dat er wel is.",
        "level heads": ("code", "omschrijving", "per dag", "veilig niveau", "let op"),
        "gross": "Gewicht zoals in de handelscode, meestal bruto; een gemengde code is niet over materialen verdeeld.",
        "mixed": "gemengde code",
        "missing": "{count} stromen zonder hoeveelheid",
        "missing one": "1 stroom zonder hoeveelheid",
        "net exports": "netto-uitvoer",
        "unknown": "onbekend",
        "norms": "Voorraadnormen voor {material}, {region}, in tonnen naar netto-invoer van {year}",
        "norm heads": ("norm", "geldt voor", "dagen"),
        "own optimum": "Eigen optimum van het scenario: {tonnes} van het product, {days} eigen gebruik.",
        "norms meant": "Elke norm is op de codes toegepast, ook waar hij voor iets anders is bedoeld (kolom ‘geldt"
        " voor’). Tonnen zijn die van de handelscode, meestal bruto.",
        "mark": "bewijs",
        "public": "publiek",
        "public-private": "publiek-privaat",
        "private": "privaat",
        "pays": {
            "budget": "begroting",
            "levy": "heffing",
            "obligation": "verplichting",
            "subsidy": "subsidie",
            "option": "vergoeding",
            "own": "eigen keuze",
        },
        "cheapest": "goedkoopste",
        "holders": "Drie eigendomsvormen naast elkaar, goedkoopste voor de samenleving eerst (tussen haakjes 5 tot 95%"
        " van de trekkingen):",
        "holder heads": (
            "eigendomsvorm", "betaling", "voorraad", "extra", "staat", "gebruikers", "alles samen", "loont vanaf",
            "tegen de eerste",
        ),
        "plain": {
            "public": "de staat of een agentschap koopt en beslist over vrijgave; de schatkist of een heffing betaalt.",
            "public-private": "bedrijven houden meer aan dan ze zelf zouden doen, tegen subsidie of een vergoeding; de"
            " staat mag er in een crisis over beslissen.",
            "private": "bedrijven houden aan wat hun zelf uitkomt, en wat klanten en toeleveranciers lijden telt niet;"
            " of de wet verplicht hen tot meer, en hun klanten betalen.",
        },
        "firms": "Wat bedrijven zelf zouden aanhouden is berekend, niet geteld: wat er werkelijk ligt is niet bekend.",
        "release": "Vrijgaveregels bij een voorraad van {stock} ({days} eigen gebruik), over {quarters} kwartalen",
        "start": "Begin: {state}, {share} van het gebruik komt binnen",
        "rule heads": ("regel", "duurder dan de beste vrijgave", "5 tot 95% van de trekkingen", "tegen de eerste"),
        "decides": "Aanleiding is een vastgesteld leveringstekort, niet de prijs. Wie beslist en hoe snel, hoort vooraf"
        " vast te liggen.",
        "invented": "Voorbeeld: de getallen zijn verzonnen.",
        "holding": "Deze proef houdt een voorraad aan.",
        "stage": "Stand op {on}: {stage}. Er wordt nog geen voorraad aangehouden.",
        "preparing": "in voorbereiding",
        "decided": "besloten",
        "buying": "aankoop loopt",
        "ended": "beëindigd",
        "owned": "Eigendomsvorm {holder}, plaats {place}, voor {region}.",
        "covers": "{material} als {form}: {tonnes}; dekt {days} van de {wanted} gevraagde dagen.",
        "covers unknown": "{material} als {form}: {tonnes}; hoeveel van de {wanted} gevraagde dagen dat dekt, is niet"
        " bekend ({why}).",
        "amount unknown": "hoeveelheid onbekend",
        "yearly": "Kosten per jaar: {cost}.",
        "pilot heads": ("voorwaarde", "stand", "op", "wat"),
        "legal_basis": "rechtsgrond",
        "state_aid": "staatssteun",
        "procurement": "inkoop",
        "specification": "specificatie",
        "rotation": "verversing",
        "release_authority": "bevoegdheid tot vrijgave",
        "done": "geregeld",
        "under way": "in gang",
        "open": "open",
        "not needed": "niet nodig",
    },
    "en": {
        "models": "across models",
        "no plan": "At this budget and these chances no stock is cheapest.",
        "no budget": "With a budget of nothing there is no stock. The first row of the last table says what the first"
        " euro would save.",
        "plan heads": ("form", "holder", "place", "quantity"),
        "ways": "The best with only that form, that holder or that place, beside the plan:",
        "way heads": ("what", "which", "quantity", "cost", "loss left", "first tonne pays from", "against the plan"),
        "never": "never",
        "part of budget": "Buying takes {spent}; a tonne more saves less than it costs (budget {budget}).",
        "whole budget": "Buying takes the whole {budget}; the last table says what more would do.",
        "baseline": (
            "Set against a year in which nobody holds more than the usual commercial stock. What firms hold of their "
            "own accord,\nand who pays what then: lodestock stock holders."
        ),
        "frontier": "What another budget does (million euros):",
        "frontier heads": ("budget", "cost/yr", "loss/yr", "worst years", "worth of last euro"),
        True: "met",
        False: "not met",
        None: "not known",
        "copper": "Last price in the data ({month}): {price}. Holding a tonne costs {carry}. For a user that pays when"
        " the chance of a price shock ({rise} or more above the year before) is over {even}; since 1960 such a shock"
        " came in {shocks} of the {years} years (prices of the day, inflation included).",
        "level": "Safe level for {region}: {days} of average net imports of {year}"
        " (Regulation (EU) 2024/1252, art. 23; the act gives no number of days).",
        "older": "The previous calendar year {wanted} is not in the data; {year} is the last year that is.",
        "level heads": ("code", "description", "a day", "safe level", "mind"),
        "gross": "Weight as in the trade code, mostly gross; a mixed code is not divided over materials.",
        "mixed": "mixed code",
        "missing": "{count} flows without a quantity",
        "missing one": "1 flow without a quantity",
        "net exports": "net exports",
        "unknown": "unknown",
        "norms": "Stock norms for {material}, {region}, in tonnes by net imports of {year}",
        "norm heads": ("norm", "holds for", "days"),
        "own optimum": "Own optimum of the scenario: {tonnes} of the product, {days} of own use.",
        "norms meant": "Each norm is applied to the codes, also where it is meant for something else (column ‘holds"
        " for’). Tonnes are those of the trade code, mostly gross.",
        "mark": "evidence",
        "public": "public",
        "public-private": "public-private",
        "private": "private",
        "pays": {
            "budget": "budget",
            "levy": "levy",
            "obligation": "obligation",
            "subsidy": "subsidy",
            "option": "fee",
            "own": "own choice",
        },
        "cheapest": "cheapest",
        "holders": "Three forms of ownership side by side, cheapest for society first (in brackets 5 to 95% of"
        " the draws):",
        "holder heads": (
            "holder", "payment", "stock", "extra", "state", "users", "all together", "pays from", "against the first",
        ),
        "plain": {
            "public": "the state or an agency buys and decides on release; the treasury or a levy pays.",
            "public-private": "firms hold more than they would by themselves, for a subsidy or a fee; in a crisis the"
            " state may decide on it.",
            "private": "firms hold what suits them, and what their customers and suppliers suffer does not count; or"
            " the law makes them hold more, and their customers pay.",
        },
        "firms": "What firms would hold by themselves is computed, not counted: what really lies there is not known.",
        "release": "Release rules for a stock of {stock} ({days} of own use), over {quarters} quarters",
        "start": "Start: {state}, {share} of use arrives",
        "rule heads": ("rule", "dearer than the best release", "5 to 95% of the draws", "against the first"),
        "decides": "The trigger is a verified shortfall of deliveries, not the price. Who decides and how fast belongs"
        " to be settled beforehand.",
        "invented": "Example: the numbers are invented.",
        "holding": "This pilot holds a stock.",
        "stage": "State on {on}: {stage}. No stock is held yet.",
        "preparing": "in preparation",
        "decided": "decided",
        "buying": "being bought",
        "ended": "ended",
        "owned": "Ownership {holder}, place {place}, for {region}.",
        "covers": "{material} as {form}: {tonnes}; covers {days} of the {wanted} days asked.",
        "covers unknown": "{material} as {form}: {tonnes}; how many of the {wanted} days asked that covers is not known"
        " ({why}).",
        "amount unknown": "amount unknown",
        "yearly": "Cost a year: {cost}.",
        "pilot heads": ("condition", "state", "on", "what"),
        "legal_basis": "legal basis",
        "state_aid": "State aid",
        "procurement": "procurement",
        "specification": "specification",
        "rotation": "rotation",
        "release_authority": "release authority",
        "done": "settled",
        "under way": "under way",
        "open": "open",
        "not needed": "not needed",
    },
}  # fmt: skip


def speech(lang: str) -> Literal["nl", "en"]:
    """The language as the number formats take it."""
    return "nl" if lang == "nl" else "en"
