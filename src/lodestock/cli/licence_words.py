"""What `lodestock licence` says, in both languages, and how it writes numbers: two significant digits, with ranges."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lodestock.disruption.outlook import Range

OUTLOOK: dict[str, dict[str, str]] = {
    "nl": {
        "one-age": "alles bij begin ingediend",
        "constant-inflow": "gelijkmatig ingediend",
        "dated-cases": "eigen zaken",
        "rests on": "Berust op gepubliceerde aandelen van: {names}. De overige waarden zijn aannamen.",
        "own cases": "Berust op {count} eigen zaken in {file}.",
        "flow": "{count} aanvragen per maand, {months} maanden vooruit.",
        "batch": "{count} aanvragen, alle op de eerste dag ingediend, {months} maanden vooruit.",
        "granted": "Verleende aanvragen per maand, midden [5–95 %]:",
        "month": "maand",
        "by population": "gemiddelde doorlooptijd, elke bron apart",
        "together": "samen",
        "never": "nooit verleend, deel van de aanvragen",
        "in part": "deels verleend, verloren deel van het volume",
        "mean lead": "gemiddelde doorlooptijd van wat verleend wordt",
        "missing late": "niet gekomen: te laat",
        "missing in part": "niet gekomen: vergunning dekt een deel",
        "missing never": "niet gekomen: vergunning komt nooit",
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
            "De wettelijke termijn is {days} werkdagen, ongeveer {months} maanden. Binnen die termijn van wat "
            "verleend wordt,"
        ),
        "readings": (
            "De kolommen zijn twee manieren om de gepubliceerde aandelen te lezen; het verschil ertussen is geen "
            "kans en wordt niet gemiddeld."
        ),
        "one reading": "De leeftijd van elke zaak is bekend: er is één leeswijze.",
        "unchecked": "Na te gaan, want de laatste dag is voorbij en niemand heeft gelezen wat nu geldt: {names}.",
    },
    "en": {
        "one-age": "all filed at the start",
        "constant-inflow": "filed evenly",
        "dated-cases": "own cases",
        "rests on": "Rests on the published shares of: {names}. The other values are assumptions.",
        "own cases": "Rests on {count} cases of your own in {file}.",
        "flow": "{count} applications a month, {months} months ahead.",
        "batch": "{count} applications, all filed on the first day, {months} months ahead.",
        "granted": "Applications granted by month, median [5–95 %]:",
        "month": "month",
        "by population": "mean lead time, each source by itself",
        "together": "together",
        "never": "never granted, share of applications",
        "in part": "granted in part, lost share of the volume",
        "mean lead": "mean lead time of what is granted",
        "missing late": "not arrived: too late",
        "missing in part": "not arrived: licence covers a part",
        "missing never": "not arrived: licence never comes",
        "bridging": "stock that bridges the delay",
        "extra": "needed beyond the stock that you hold",
        "permanent": (
            "Permanent loss: what is never granted, or in part only, is missing again every month. A stock only "
            "postpones it; it takes other suppliers, other designs or recycling."
        ),
        "late": (
            "Transitional loss: what comes late is missing once. A stock of the size of the lead time bridges it."
        ),
        "term": "The statutory term is {days} working days, about {months} months. Within it, of what is granted,",
        "readings": (
            "The columns are two ways of reading the published shares; the difference between them is no "
            "probability and is not averaged."
        ),
        "one reading": "The age of every case is known: there is one reading.",
        "unchecked": "To be checked, because the last day has passed and nobody has read what applies now: {names}.",
    },
}

FIT: dict[str, dict[str, Any]] = {
    "nl": {
        "cases": "zaken",
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
        "pooled": "nooit verleend, met steun van de andere groepen",
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
        "pooled": "never granted, with support of the other groups",
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
    },
}


def paragraph(text: str) -> str:
    """A text in lines of at most 110 characters."""
    return fill(text, 110, break_long_words=False, break_on_hyphens=False)


def number(value: float, lang: str) -> str:
    """Two significant digits; whole numbers from 10 up; a comma for decimals in Dutch."""
    if value == 0.0 or abs(value) < 1e-9:
        return "0"
    text = f"{float(f'{value:.2g}'):.10f}".rstrip("0").rstrip(".")
    if abs(value) >= 10_000:
        text = f"{float(f'{value:.2g}'):,.0f}"
        return text.replace(",", ".") if lang == "nl" else text
    return text.replace(".", ",") if lang == "nl" else text


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
