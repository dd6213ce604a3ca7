"""The words around a brief in both languages: evidence marks, names of parts, months and dates."""

from __future__ import annotations

from datetime import date

from lodestock.evidence.ledger import Kind, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.model import Lang

MARKS: dict[Mark, Text] = {
    Mark.SEEN: Text("gezien in bron", "seen in source"),
    Mark.COMPUTED: Text("berekend uit bronnen", "computed from sources"),
    Mark.PRESS: Text("uit de pers", "from the press"),
    Mark.PRIOR: Text("aanname", "assumption"),
}
MARKS_LONG: dict[Mark, Text] = {
    Mark.SEEN: Text("gezien in de genoemde bron", "seen in the named source"),
    Mark.COMPUTED: Text("berekend uit waarden die in een bron zijn gezien", "computed from values seen in a source"),
    Mark.PRESS: Text(
        "uit de pers of van een handelssite; bron nog na te gaan", "from the press or a trade site; to be re-sourced"
    ),
    Mark.PRIOR: Text("aanname of oordeel, van ons of van anderen", "an assumption or judgement, ours or another's"),
}
KINDS: dict[Kind, Text] = {
    Kind.ROWS: Text("rijen uit een bron", "rows of a source"),
    Kind.PARAMETER: Text("parameter", "parameter"),
    Kind.COMPUTED: Text("berekend", "computed"),
}

WORDS: dict[str, Text] = {
    "skip": Text("Naar de tekst", "Skip to the text"),
    "brief": Text("Notitie", "Brief"),
    "made": Text("Opgesteld", "Made"),
    "version": Text("softwareversie", "software version"),
    "seed": Text("startwaarde", "random seed"),
    "scenario": Text("scenario", "scenario"),
    "other_lang": Text("Read this in English", "Lees dit in het Nederlands"),
    "range": Text("bandbreedte", "range"),
    "bracket": Text("tussen modellen", "across models"),
    "no_bracket": Text("niet bepaald", "not determined"),
    "weakest": Text("zwakste schakel", "weakest link"),
    "example": Text(
        "Voorbeeld: alle getallen in dit stuk zijn verzonnen en alleen bedoeld om de vorm te tonen.",
        "Example: all numbers in this paper are invented and only serve to show its form.",
    ),
    "figure": Text("Figuur", "Figure"),
    "figure_source": Text("Bron", "Source"),
    "figure_data": Text("Cijfers bij deze figuur", "Data behind this figure"),
    "figure_files": Text("Downloaden", "Download"),
    "figure_scroll": Text("opzij te schuiven", "scrolls sideways"),
    "rows_left": Text("De overige rijen staan in het CSV-bestand.", "The other rows are in the CSV file."),
    "producer": Text("Producent", "Producer"),
    "licence": Text("Licentie", "Licence"),
    "snapshot": Text("momentopname", "snapshot"),
    "accessed": Text("geraadpleegd op", "accessed on"),
    "assumption": Text("Aanname", "Assumption"),
    "value": Text("Waarde", "Value"),
    "rests_on": Text("Berust op", "Rests on"),
    "evidence": Text("Bewijs", "Evidence"),
    "appendix": Text("Bijlage: waar elk getal vandaan komt", "Appendix: where each number comes from"),
    "appendix_lead": Text(
        "Elk getal in dit stuk staat hier met zijn volledige waarde, bewijs en herkomst. "
        "Berekende getallen noemen de getallen waaruit ze zijn berekend; zo is elk getal te volgen tot de bronrijen.",
        "Each number in this paper stands here with its full value, evidence and origin. "
        "Computed numbers name the numbers they were computed from, so that each can be followed to its source rows.",
    ),
    "appendix_open": Text("Een regel gaat open als u hem kiest.", "A line opens when you choose it."),
    "appendix_under": Text(
        "Waar deze getallen op rusten: bronrijen, aannames en tussenstappen",
        "What these numbers rest on: source rows, assumptions and steps between",
    ),
    "unit": Text("eenheid", "unit"),
    "kind": Text("soort", "kind"),
    "method": Text("methode", "method"),
    "inputs": Text("berekend uit", "computed from"),
    "source": Text("bron", "source"),
    "rows": Text("rijen", "rows"),
    "rows_missing": Text("zonder waarde", "without a value"),
    "table": Text("tabel", "table"),
    "locators": Text("vindplaats", "locator"),
    "note": Text("opmerking", "note"),
    "flags": Text("kenmerken", "flags"),
    "to_check": Text("na te gaan", "to be checked"),
    "page": Text("pagina", "page"),
    "of": Text("van", "of"),
    "share_one": Text("aandeel (1 = geheel)", "share (1 = whole)"),
    "yes": Text("ja", "yes"),
    "unknown": Text("onbekend", "unknown"),
}

MONTHS = Text(
    "januari februari maart april mei juni juli augustus september oktober november december",
    "January February March April May June July August September October November December",
)


def word(key: str, lang: Lang) -> str:
    """One of the fixed words in the asked language."""
    return WORDS[key][lang]


def sentence(text: str) -> str:
    """The text with a capital first letter, to stand alone."""
    return text[:1].upper() + text[1:]


def month_text(day: date, lang: Lang) -> str:
    """Month and year: 'augustus 2025'."""
    return f"{MONTHS[lang].split()[day.month - 1]} {day.year}"


def date_text(day: date, lang: Lang) -> str:
    """A date in words: '4 april 2025' or '4 April 2025', held together by no-break spaces."""
    return f"{day.day}\u00a0{month_text(day, lang)}"


def months_later(day: date, months: int) -> date:
    """The first day of the month `months` after that of `day`."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
