"""What `lodestock licence` says, in both languages, and how it writes numbers: two significant digits, with ranges."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lodestock.disruption.outlook import Range

OUTLOOK: dict[str, dict[str, str]] = {
    "nl": {
        "one-age": "leeswijze A",
        "constant-inflow": "leeswijze B",
        "dated-cases": "eigen zaken",
        "rests on": "Berust op gepubliceerde aandelen van: {names}. De overige waarden zijn aannamen.",
        "own cases": "Berust op {count} eigen zaken in {file}.",
        "own cases of": "Berust op {count} eigen zaken over {material} in {file}.",
        "own case": "Berust op één eigen zaak in {file}.",
        "own case of": "Berust op één eigen zaak over {material} in {file}.",
        "supported": (
            "De zaken over {names} geven steun, voor zover die erop blijken te lijken (als bij lodestock licence fit)."
        ),
        "as one material": (
            "! Hier zijn zaken over verschillende grondstoffen als één geheel genomen ({names}). Kies er een met "
            "--material; wat elke apart zegt, staat in lodestock licence fit."
        ),
        "as one": (
            "! Hier zijn zaken {what} als één geheel genomen ({names}). Wat elke groep apart zegt: lodestock licence "
            "fit --by {by}."
        ),
        "flow": "Elke maand {count} aanvragen, {months} maanden lang: {total} in totaal.",
        "batch": (
            "{count} aanvragen, alle vandaag ingediend, {months} maanden gevolgd (elke maand zoveel: --each-month)."
        ),
        "granted": "Verleend in die maand, van de {count} die elke maand worden ingediend; midden [5–95 %]:",
        "granted batch": "Van de {count} aanvragen verleend aan het eind van de maand; midden [5–95 %]:",
        "month": "maand",
        "by population": "gemiddelde doorlooptijd, elke bron apart",
        "together": "samen, van {total}",
        "never": "nooit verleend, deel van de aanvragen",
        "in part": "deels verleend, verloren deel van het volume",
        "mean lead": "gemiddelde doorlooptijd van wat verleend wordt",
        "missing late": "volume, nog niet gekomen: te laat",
        "missing in part": "volume, komt nooit: vergunning dekt een deel",
        "missing never": "volume, komt nooit: geen vergunning",
        "bridging": "voorraad die de vertraging overbrugt",
        "extra": "nodig boven de eigen voorraad",
        "permanent": (
            "Blijvend verlies: wat nooit of deels verleend wordt, ontbreekt elke maand opnieuw. Een voorraad "
            "stelt dat alleen uit; daarvoor zijn andere leveranciers, andere ontwerpen of hergebruik nodig."
        ),
        "late": (
            "Tijdelijk verlies: wat te laat komt, ontbreekt één keer. Een voorraad ter grootte van de "
            "doorlooptijd overbrugt het."
        ),
        "term": (
            "De wettelijke termijn is {days} werkdagen, ongeveer {months} maanden. Binnen die termijn komt, "
            "van wat ooit verleend wordt: {shares}."
        ),
        "readings": (
            "Leeswijze A (traag) en B (vlot) gaan over de persberichten, niet over deze aanvragen. A: de zaken achter "
            "de gepubliceerde aandelen lagen er al sinds het begin van het regime. B: zij kwamen er gelijkmatig bij. "
            "Niemand heeft gezegd welke klopt; het verschil is geen kans en wordt niet gemiddeld."
        ),
        "in the end": (
            "Wat er na {months} maanden is gebeurd met de {count} aanvragen (middens tellen niet precies op):"
        ),
        "count granted": "verleend",
        "count late": "nog open, komt later",
        "count never": "komt nooit",
        "of them": "aantal aanvragen",
        "layers": "Waar de onzekerheid vandaan komt, in verleende aanvragen na {months} maanden:",
        "layer": "laag",
        "structure": "hoe men de cijfers leest (structuur): midden",
        "ignorance": "wat men niet weet van het regime (parameters): 5–95 %",
        "chance": "toeval alleen, als dat alles bekend was: 5–95 %",
        "next": (
            "Nog één gedateerde zaak, {months} maanden gevolgd, maakt het nooit verleende deel naar verwachting "
            "{narrower} % nauwer ({name}): het gemiddelde gaat van {now} % naar {granted} % "
            "als zij verleend wordt, naar "
            "{open} % als zij dan nog openstaat."
        ),
        "one reading": "De leeftijd van elke zaak is bekend: er is één leeswijze.",
        "unchecked": "Na te gaan, want de laatste dag is voorbij en niemand heeft gelezen wat nu geldt: {names}.",
    },
    "en": {
        "one-age": "reading A",
        "constant-inflow": "reading B",
        "dated-cases": "own cases",
        "rests on": "Rests on the published shares of: {names}. The other values are assumptions.",
        "own cases": "Rests on {count} cases of your own in {file}.",
        "own cases of": "Rests on {count} cases of your own on {material} in {file}.",
        "own case": "Rests on one case of your own in {file}.",
        "own case of": "Rests on one case of your own on {material} in {file}.",
        "supported": ("The cases on {names} lend support, as far as they prove alike (as in lodestock licence fit)."),
        "as one material": (
            "! Cases on several materials are taken as one here ({names}). Choose one with --material; what each says "
            "by itself stands in lodestock licence fit."
        ),
        "as one": (
            "! Cases {what} are taken as one here ({names}). What each group says by itself: lodestock licence fit "
            "--by {by}."
        ),
        "flow": "{count} applications every month for {months} months: {total} in all.",
        "batch": (
            "{count} applications, all filed today, followed for {months} months (so many each month: --each-month)."
        ),
        "granted": "Granted in that month, of the {count} that are filed every month; median [5–95 %]:",
        "granted batch": "Of the {count} applications, granted by the end of the month; median [5–95 %]:",
        "month": "month",
        "by population": "mean lead time, each source by itself",
        "together": "together, of {total}",
        "never": "never granted, share of applications",
        "in part": "granted in part, lost share of the volume",
        "mean lead": "mean lead time of what is granted",
        "missing late": "volume, not yet there: too late",
        "missing in part": "volume, never comes: licence covers a part",
        "missing never": "volume, never comes: no licence",
        "bridging": "stock that bridges the delay",
        "extra": "needed beyond the stock that you hold",
        "permanent": (
            "Permanent loss: what is never granted, or in part only, is missing again every month. A stock only "
            "postpones it; it takes other suppliers, other designs or recycling."
        ),
        "late": (
            "Transitional loss: what comes late is missing once. A stock of the size of the lead time bridges it."
        ),
        "term": (
            "The statutory term is {days} working days, about {months} months. Of what is ever granted, "
            "within it: {shares}."
        ),
        "readings": (
            "Reading A (slow) and B (quick) are about the press figures, not about these applications. A: the cases "
            "behind the published shares had lain there since the regime began. B: they came in evenly since. Nobody "
            "said which holds; the difference is no probability and is not averaged."
        ),
        "in the end": "What has become of the {count} applications after {months} months (medians need not add up):",
        "count granted": "granted",
        "count late": "still open, comes later",
        "count never": "never comes",
        "of them": "number of applications",
        "layers": "Where the uncertainty comes from, in applications granted after {months} months:",
        "layer": "layer",
        "structure": "how the figures are read (structure): median",
        "ignorance": "what is not known of the regime (parameters): 5–95 %",
        "chance": "chance alone, if all that were known: 5–95 %",
        "next": (
            "One more dated case, followed for {months} months, is expected to make the never-granted share "
            "{narrower} % narrower ({name}): its mean goes from {now} % to {granted} % if "
            "granted, to {open} % if still open then."
        ),
        "one reading": "The age of every case is known: there is one reading.",
        "unchecked": "To be checked, because the last day has passed and nobody has read what applies now: {names}.",
    },
}

FIT: dict[str, dict[str, Any]] = {
    "nl": {
        "cases": "zaken",
        "one case": "zaak",
        "granted": "verleend",
        "partly": "deels verleend",
        "denied": "geweigerd",
        "withdrawn": "ingetrokken",
        "pending": "open",
        "weibull": "Weibull",
        "lognormal": "lognormaal",
        "law": "schatting ({law})",
        "range": "midden [5–95 %]",
        "never": "nooit verleend",
        "material": "grondstof",
        "population": "populatie",
        "end_use": "eindgebruik",
        "several material": "over verschillende grondstoffen",
        "several population": "van verschillende populaties",
        "several end_use": "voor verschillend eindgebruik",
        "pool title": ("Per {by}: elk alleen, en met steun van de andere (één wet voor alle, {law}); midden [5–95 %]:"),
        "pool heads": (
            "zaken",
            "verleend",
            "nooit, alleen",
            "nooit, met steun",
            "helft binnen, maanden, alleen",
            "helft binnen, maanden, met steun",
        ),
        "pool few": (
            "! Te weinig verleende zaken om alleen te staan (minder dan tien): {names}. Alleen rusten zij grotendeels "
            "op de aanname vooraf; met steun op de andere groepen, voor zover die op elkaar lijken."
        ),
        "pool alike": (
            "Hoe de groepen op elkaar lijken, van 0 (niets gemeen) tot 1 (gelijk): nooit verleend {never}, "
            "doorlooptijd {lead}."
        ),
        "pool hardly": (
            "Dat is nauwelijks meer dan vooraf werd aangenomen: zo weinig groepen of zaken zeggen niet of zij op "
            "elkaar lijken."
        ),
        "other never": "nooit verleend, onder de andere wet van doorlooptijd",
        "median": "helft van wat verleend wordt is er binnen",
        "mean": "gemiddelde doorlooptijd van wat verleend wordt",
        "fraction": "verleend deel van het volume, gemiddeld",
        "age heads": ("maanden", "verleend", "geweigerd", "open"),
        "blank": "(leeg)",
        "prior": (
            "De bandbreedten bevatten een aanname vooraf: Beta(2, 6) op het nooit verleende deel en ruime grenzen "
            "op de doorlooptijd."
        ),
        "next": (
            "Nog één gedateerde zaak, {months} maanden gevolgd, versmalt de onzekerheid naar verwachting met "
            "{never} % (nooit verleend) en {lead} % (gemiddelde doorlooptijd)."
        ),
        "count heads": (
            "populatie",
            "na maanden",
            "verleend",
            "leeswijze",
            "nooit verleend",
            "gemiddelde doorlooptijd",
        ),
        "counts": (
            "Tellingen kunnen traag niet van nooit onderscheiden: langs de hele bandbreedte passen ze even goed. "
            "De bandbreedte van 'nooit verleend' is dan ook de aanname vooraf. De twee leeswijzen worden niet "
            "gemiddeld. Gedateerde zaken lossen dit op."
        ),
    },
    "en": {
        "cases": "cases",
        "one case": "case",
        "granted": "granted",
        "partly": "granted in part",
        "denied": "denied",
        "withdrawn": "withdrawn",
        "pending": "pending",
        "weibull": "Weibull",
        "lognormal": "lognormal",
        "law": "estimate ({law})",
        "range": "median [5–95 %]",
        "never": "never granted",
        "material": "material",
        "population": "population",
        "end_use": "end use",
        "several material": "on several materials",
        "several population": "of several populations",
        "several end_use": "for several end uses",
        "pool title": (
            "By {by}: each alone, and with the support of the others (one law for all, {law}); median [5–95 %]:"
        ),
        "pool heads": (
            "cases",
            "granted",
            "never, alone",
            "never, supported",
            "half within, months, alone",
            "half within, months, supported",
        ),
        "pool few": (
            "! Too few grants to stand alone (fewer than ten): {names}. Alone they rest largely on the prior; "
            "supported, on the other groups as far as these prove alike."
        ),
        "pool alike": (
            "How alike the groups are, from 0 (nothing in common) to 1 (the same): never granted {never}, "
            "lead time {lead}."
        ),
        "pool hardly": (
            "That is hardly more than was assumed before any case was seen: so few groups or cases do not tell whether "
            "they are alike."
        ),
        "other never": "never granted, under the other law of lead time",
        "median": "half of what is granted has come within",
        "mean": "mean lead time of what is granted",
        "fraction": "granted part of the volume, mean",
        "age heads": ("months", "granted", "denied", "open"),
        "blank": "(blank)",
        "prior": (
            "The ranges contain a prior: Beta(2, 6) on the never-granted share and wide bounds on the lead time."
        ),
        "next": (
            "One more dated case, followed for {months} months, is expected to narrow what is not known by "
            "{never} % (never granted) and {lead} % (mean lead time)."
        ),
        "count heads": ("population", "after months", "granted", "reading", "never granted", "mean lead time"),
        "counts": (
            "Counts cannot tell slow from never: they fit equally well along the whole range. The range of 'never "
            "granted' is therefore the prior. The two readings are not averaged. Dated cases settle this."
        ),
    },
}

WARNINGS: dict[str, dict[str, str]] = {
    "nl": {
        "no grant": (
            "Geen enkele zaak is verleend: er is geen doorlooptijd te schatten. Wat hier staat is vooral de "
            "aanname vooraf."
        ),
        "few grants": (
            "Minder dan tien zaken zijn verleend: de bandbreedten berusten voor een groot deel op de aanname vooraf."
        ),
        "slow or never": (
            "De zaken kunnen traag niet van nooit onderscheiden: over 'nooit verleend' zeggen ze weinig meer dan "
            "de aanname."
        ),
        "short follow-up": (
            "De langste wachttijd is korter dan tweemaal de mediaan: wat nog open is kan traag zijn of nooit komen."
        ),
        "laws differ": (
            "Twee wetten van doorlooptijd passen even goed en geven toch een ander nooit verleend deel: zie beide "
            "regels."
        ),
        "at the edge": "De beste schatting ligt op de rand van wat kan: gebruik de bandbreedte, niet het punt.",
        "withdrawn": (
            "Ingetrokken zaken tellen als open tot de intrekking; wie intrekt omdat hij niets verwacht, maakt dit "
            "te gunstig."
        ),
        "part unknown": (
            "Van een of meer deels verleende zaken is niet ingevuld welk deel is verleend (fraction): het kan bijna "
            "niets en bijna alles zijn, en zo wordt er ook mee gerekend."
        ),
    },
    "en": {
        "no grant": "No case was granted: no lead time can be estimated. What stands here is mostly the prior.",
        "few grants": "Fewer than ten cases were granted: the ranges rest largely on the prior.",
        "slow or never": (
            "The cases cannot tell slow from never: on 'never granted' they say little more than the prior."
        ),
        "short follow-up": (
            "The longest wait is shorter than twice the median: what is still pending may be slow or may never come."
        ),
        "laws differ": (
            "Two laws of lead time fit equally well and yet give another never-granted share: see both lines."
        ),
        "at the edge": "The best fit lies at the edge of what is possible: use the range, not the point.",
        "withdrawn": (
            "Withdrawn cases count as open until then; if people withdraw because they expect nothing, this is "
            "too rosy."
        ),
        "part unknown": (
            "For one or more cases granted in part it is not filled in which part (fraction): it may be next to "
            "nothing or nearly all, and is reckoned with as such."
        ),
    },
}


def paragraph(text: str) -> str:
    """A text in lines of at most 110 characters."""
    return fill(text, 110, break_long_words=False, break_on_hyphens=False)


def number(value: float, lang: str) -> str:
    """Two significant digits, `<0.01` below that; whole numbers from 10 up; a comma for decimals in Dutch."""
    if value == 0.0 or abs(value) < 1e-9:
        return "0"
    if abs(value) < 0.005:
        return "<0,01" if lang == "nl" else "<0.01"
    text = f"{float(f'{value:.2g}'):.10f}".rstrip("0").rstrip(".")
    if abs(value) >= 10_000:
        text = f"{float(f'{value:.2g}'):,.0f}"
        return text.replace(",", ".") if lang == "nl" else text
    return text.replace(".", ",") if lang == "nl" else text


def whole(value: float, lang: str) -> str:
    """A count that was given, as it was given: `1440`, `7.5`."""
    return f"{value:g}".replace(".", ",") if lang == "nl" else f"{value:g}"


def ranged(found: Range, lang: str) -> str:
    """`31 [5.4–67]`."""
    return f"{number(found.median, lang)} [{number(found.low, lang)}–{number(found.high, lang)}]"


def share_text(found: Range, lang: str) -> str:
    """A share as a percentage with its range."""
    low, middle, high = (number(100.0 * value, lang) for value in (found.low, found.median, found.high))
    return f"{middle} % [{low}–{high}]"


def months_text(found: Range, lang: str) -> str:
    """Months with their range."""
    return f"{ranged(found, lang)} {'maanden' if lang == 'nl' else 'months'}"
