"""Why an instrument fits a project or not, in both languages: what the project has beside what the instrument asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lodestock.criticality.words import number
from lodestock.evidence.ledger import Text
from lodestock.measures.site_book import site_book
from lodestock.vocabulary import countries

NOT_KNOWN = Text("niet bekend", "not known")
NO_MONEY = Text("geeft zelf geen geld, dus elk bedrag past", "gives no money of its own, so any amount fits")
ANNOUNCED = Text("aangekondigd; dat er aangevraagd kan worden, is niet gebleken",
                 "announced; nothing was seen that says one can apply")  # fmt: skip
NO_CONDITION = Text("de bron noemt deze voorwaarde niet", "the source names no such condition")
HELPS = Text("geen voorwaarde; een strategisch project zijn helpt", "no condition; being a Strategic Project helps")
_TERMS = {
    "extraction": Text("winning", "extraction"), "processing": Text("verwerking", "processing"),
    "recycling": Text("recycling", "recycling"), "pilot": Text("proef", "pilot"),
    "demonstration": Text("demonstratie", "demonstration"), "first plant": Text("eerste fabriek", "first plant"),
    "expansion": Text("uitbreiding", "expansion"), "EU27": Text("Europese Unie", "European Union"),
    "EU": Text("Europese Unie", "European Union"),
}  # fmt: skip


def asked_of(project: str, known: Iterable[str]) -> Text:
    """A property of the project beside those that the instrument takes; "" and none are not known."""
    wanted = [term(name) for name in known]
    listed = Text(", ".join(w.nl for w in wanted), ", ".join(w.en for w in wanted)) if wanted else NOT_KNOWN
    return _beside(term(project) if project else NOT_KNOWN, listed)


def term(name: str) -> Text:
    """A stage, phase, country or site in words; a name that is none of these stays as it is."""
    if name in _TERMS:
        return _TERMS[name]
    if name in site_book().sites:
        return site_book().sites[name].title
    found = next((country for country in countries() if country.iso3 == name), None)
    return Text(found.name_nl, found.name_en) if found else Text(name, name)


def amounts(
    asked: float | None, cost: float | None, low: float | None, high: float | None, above: float | None
) -> Text:
    """The amount asked beside the sizes that can be had, and the cost of the project where the instrument asks one."""
    parts = []
    if low is not None or high is not None or above is None:
        parts.append(Text(*(_asked(asked, low, high, lang) for lang in ("nl", "en"))))
    if above is not None:
        nl = f"kosten van het project {_euros(cost, 'nl')}; instrument: boven {_euros(above, 'nl')}"
        en = f"cost of the project {_euros(cost, 'en')}; instrument: above {_euros(above, 'en')}"
        parts.append(Text(nl, en))
    return Text("; ".join(p.nl for p in parts), "; ".join(p.en for p in parts))


def _asked(asked: float | None, low: float | None, high: float | None, lang: str) -> str:
    ends = [_euros(end, lang) for end in (low, high)]
    if low is not None and high is not None:
        size = " tot ".join(ends) if lang == "nl" else " to ".join(ends)
    elif low is not None:
        size = f"{'vanaf' if lang == 'nl' else 'from'} {ends[0]}"
    elif high is not None:
        size = f"{'tot' if lang == 'nl' else 'up to'} {ends[1]}"
    else:
        size = NOT_KNOWN[lang]
    return f"{'gevraagd' if lang == 'nl' else 'asked'} {_euros(asked, lang)}; instrument: {size}"


def _euros(amount: float | None, lang: str) -> str:
    if amount is None:
        return NOT_KNOWN[lang]
    millions = amount / 1e6
    digits = next((n for n in range(6) if round(millions, n) == millions), 6)
    return f"€ {number(millions, lang, digits)} {'miljoen' if lang == 'nl' else 'million'}"


def shares(part: float | None, most: float | None) -> Text:
    """The part of the costs that is asked, 0–1, beside the largest part that can be had."""

    def said(lang: str) -> str:
        of, at_most = (" van de kosten", "hoogstens ") if lang == "nl" else (" of the costs", "at most ")
        close = part is not None and most is not None and 0.0 < abs(part - most) < 0.001  # they would read the same
        asked = "" if part is None else f"{_percent(part, lang, close)}{of}"
        limit = "" if most is None else f"{at_most}{_percent(most, lang, close)}{of if part is None else ''}"
        wanted = limit or NOT_KNOWN[lang]
        return f"{'gevraagd' if lang == 'nl' else 'asked'} {asked or NOT_KNOWN[lang]}; instrument: {wanted}"

    return Text(said("nl"), said("en"))


def _percent(part: float, lang: str, fine: bool) -> str:
    percent = 100.0 * part
    return f"{number(percent, lang, 0 if round(percent, 6) == round(percent) else 3 if fine else 1)}%"


def strategic_only(strategic: bool | None) -> Text:
    """Whether the project is a Strategic Project, beside an instrument that takes no others."""
    project = {True: Text("ja", "yes"), False: Text("nee", "no"), None: NOT_KNOWN}[strategic]
    return _beside(project, Text("alleen strategische projecten", "only Strategic Projects"))


def days(on: dt.date | None, opens: dt.date | None, until: dt.date | None) -> Text:
    """The day asked about beside the first and last day of the instrument."""
    if opens is None and until is None:
        return Text("wanneer het openstaat, is niet bekend", "when it is open is not known")
    return Text(
        _open("nl", ("open vanaf", "begin niet bekend"), ("tot en met", "einde niet bekend"), opens, until)
        + ("" if on is None else f"; gevraagd voor {_day(on, 'nl')}"),
        _open("en", ("open from", "first day not known"), ("up to and including", "last day not known"), opens, until)
        + ("" if on is None else f"; asked for {_day(on, 'en')}"),
    )


def _open(
    lang: str, first: tuple[str, str], last: tuple[str, str], opens: dt.date | None, until: dt.date | None
) -> str:
    begin = first[1] if opens is None else f"{first[0]} {_day(opens, lang)}"
    joiner = " " if opens is not None and until is not None else ", "
    return f"{begin}{joiner}{last[1] if until is None else f'{last[0]} {_day(until, lang)}'}"


def _day(day: dt.date, lang: str) -> str:
    return f"{day.day}-{day.month}-{day.year}" if lang == "nl" else day.isoformat()


def _beside(project: Text, instrument: Text) -> Text:
    return Text(
        f"project: {project.nl}; instrument: {instrument.nl}", f"project: {project.en}; instrument: {instrument.en}"
    )
