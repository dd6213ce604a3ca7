"""What a text may say about stocks: a planned stock is never worded as existing.

`stock_wording` gives the sentence that holds for a measure; `wording_faults` finds sentences in a text that say more.
The finding goes by closed lists of turns of phrase in both languages: it catches the usual ones and is no proof that a
text is right, so a person still reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lodestock_desk.measures.models import Measure
from lodestock_desk.measures.words import Both, Status, Subject


@dataclass(frozen=True, slots=True)
class StockWording:
    """holds: whether a stock may be worded as existing. say: the sentence that holds, in both languages.
    evidence: what shows it; empty where nothing is held."""

    holds: bool
    say: Both
    evidence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """sentence: as it stands in the text. phrase: the words that claim a stock. say: what may be said instead."""

    sentence: str
    phrase: str
    say: Both


_PLAN: dict[str, Both] = {
    Status.EXPLORING: Both("Nederland verkent voorraadvorming, maar houdt nog geen voorraden aan.",
                           "The Netherlands explores stockpiling, but holds no stocks yet."),
    Status.PREPARED: Both("Nederland bereidt voorraadvorming voor, maar houdt nog geen voorraden aan.",
                          "The Netherlands prepares stockpiling, but holds no stocks yet."),
    Status.DECIDED: Both("Tot voorraadvorming is besloten; er zijn nog geen voorraden aangelegd.",
                         "Stockpiling has been decided; no stocks have been laid in yet."),
    Status.RUNNING: Both("De maatregel wordt uitgevoerd; er is geen bewijs dat er voorraden zijn aangelegd.",
                         "The measure is being carried out; there is no evidence that stocks have been laid in."),
    Status.DONE: Both("De maatregel is afgerond; er is geen bewijs dat er voorraden zijn aangelegd.",
                      "The measure is done; there is no evidence that stocks have been laid in."),
    Status.STOPPED: Both("De maatregel is gestopt; er zijn geen voorraden aangelegd.",
                         "The measure was stopped; no stocks were laid in."),
}  # fmt: skip
_NONE_HELD: dict[str, Both] = {
    Status.RUNNING: Both("De maatregel wordt uitgevoerd; er zijn nog geen voorraden aangelegd.",
                         "The measure is being carried out; no stocks have been laid in yet."),
    Status.DONE: Both("De maatregel is afgerond; er zijn geen voorraden aangelegd.",
                      "The measure is done; no stocks were laid in."),
}  # fmt: skip
_UNKNOWN = Both("Over voorraden is niets vastgelegd.", "Nothing is on record about stocks.")

_NL = (
    r"(?:\w*(?:voorraad|voorraden)|(?:strategische|nationale|grondstof\w*)\s+reserves?|(?:nood|staats|rijks)reserves?)"
)
_EN = r"(?:stocks?|stockpiles?|strategic reserves?)"
# Turns of phrase that word a stock as existing.
_CLAIMS = tuple(
    re.compile(pattern.replace("NL_STOCK", _NL).replace("EN_STOCK", _EN), re.IGNORECASE)
    for pattern in (
        r"\b(heeft|hebben|houdt|houden|beschikt|beschikken|bezit|bezitten|beheert|beheren|ligt|liggen)\b[^.;!?]*"
        r"\bNL_STOCK\b",
        r"\b(aangelegde|bestaande|huidige|aanwezige|opgeslagen)\s+(\w+\s+){0,2}NL_STOCK\b",
        r"\bNL_STOCK\b[^.;!?]*\b(is|zijn|werd|werden)\b[^.;!?]*\b(aangelegd|gevuld|opgebouwd|beschikbaar)\b",
        r"\b(is|zijn|werd|werden)\b[^.;!?]*\bNL_STOCK\b[^.;!?]*\b(aangelegd|gevuld|opgebouwd|beschikbaar)\b",
        r"\b(de|onze|deze|nederlandse)\s+(\w+\s+){0,2}NL_STOCK\b[^.;!?]*"
        r"\b(bestaat|bestaan|bevat|bevatten|omvat|omvatten|ligt|liggen|dekt|dekken)\b",
        r"\bdankzij\s+(de|onze|deze)\s+(\w+\s+){0,2}NL_STOCK\b",
        r"\b(has|have|holds?|keeps?|owns?|maintains?|manages?)\b[^.;!?]*\bEN_STOCK\b",
        r"\b(existing|current|present)\s+(\w+\s+){0,2}EN_STOCK\b",
        r"\bEN_STOCK\b[^.;!?]*\b(is|are|was|were|has been|have been)\b[^.;!?]*"
        r"\b(laid in|filled|built|in place|available|established)\b",
        r"\b(our|the|these|dutch)\s+(\w+\s+){0,2}EN_STOCK\b[^.;!?]*"
        r"\b(consists?|contains?|holds?|covers?|lies|lie)\b",
        r"\bthanks to\s+(the|our|these)\s+(\w+\s+){0,2}EN_STOCK\b",
    )
)
# Words that take the claim back, or make it a plan, a condition or a question.
_NOT_SO = re.compile(
    r"\b(geen|niet|nooit|nog niet|kan|kunnen|zou|zouden|wil|willen|gaat|gaan|zal|zullen|worden?|als|indien|wanneer"
    r"|mits|moet|moeten|of er|plan|plannen|beoogd|beoogde|geplande|bedrijven|no|not|never|none|can|could|may|might"
    r"|would|will|shall|should|if|when|whether|plans?|planned|intends?|intended|prepares?|explores?|companies)\b",
    re.IGNORECASE,
)
_NOT_SO_LATER = re.compile(
    r"\b(aanleggen|opbouwen|voorbereid|voorbereiding|verkend|verkenning|to hold|to build)\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


def stock_wording(measure: Measure, day: date | None = None) -> StockWording:
    """What may be said about a stock under this measure, today or on a day."""
    fact = measure.stock_row(day)
    if fact is not None and fact.holds and fact.evidence is not None:
        return StockWording(
            True,
            Both(
                f"Onder deze maatregel wordt sinds {fact.effective_on:%d-%m-%Y} voorraad gehouden.",
                f"A stock has been held under this measure since {fact.effective_on:%d-%m-%Y}.",
            ),
            f"{fact.evidence} {fact.evidence.link or fact.evidence.reference}".strip(),
        )
    row = measure.status_row(day)
    if measure.subject != Subject.STOCK or row is None:
        return StockWording(False, _UNKNOWN, "")
    if fact is not None:  # on record that none is held, which says more than that nothing is on record
        return StockWording(False, _NONE_HELD.get(row.status, _PLAN[row.status]), "")
    return StockWording(False, _PLAN[row.status], "")


def wording_faults(text: str, measures: Iterable[Measure], day: date | None = None) -> list[Fault]:
    """The sentences that word a stock as existing, unless every stock measure holds one with evidence on that day."""
    stocks = [stock_wording(m, day) for m in measures if m.subject == Subject.STOCK]
    if stocks and all(item.holds for item in stocks):
        return []
    # one stock that is held says nothing of the others: while any is only planned, each claim is put to a person
    say = next((item.say for item in stocks if not item.holds), _UNKNOWN)
    found = []
    for sentence in (match[0].strip() for match in _SENTENCE.finditer(text)):
        for claim in _CLAIMS:
            hit = claim.search(sentence)
            if hit and not _taken_back(sentence, hit):
                found.append(Fault(sentence, hit[0], say))
                break
    return found


def _taken_back(sentence: str, hit: re.Match[str]) -> bool:
    """Whether the clause of the claim denies it or words it as a plan."""
    start = max(sentence.rfind(mark, 0, hit.start()) for mark in (",", ";", ":")) + 1
    clause = sentence[start : hit.end()]
    return bool(_NOT_SO.search(clause) or _NOT_SO_LATER.search(sentence[start:]))
