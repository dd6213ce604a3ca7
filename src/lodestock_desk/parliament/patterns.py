"""Turns of phrase that the checks before sending look for, in Dutch and English. Data, and how to read a date. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january"), ("februari", "february"), ("maart", "march"), ("april",), ("mei", "may"),
            ("juni", "june"), ("juli", "july"), ("augustus", "august"), ("september",), ("oktober", "october"),
            ("november",), ("december",),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = {"eerste": 1, "first": 1, "tweede": 2, "second": 2, "derde": 3, "third": 3, "vierde": 4, "fourth": 4}
_ORD = "|".join(_ORDINAL)
_YEAR = r"(?:19|20)\d\d"

DATES = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})(?: {_YEAR})?\b|\b(?:{_MONTH}) \d{{1,2}}(?:, {_YEAR})?\b"
    rf"|\b(?:{_MONTH}) {_YEAR}\b|\b\d{{1,2}}[-/]\d{{1,2}}[-/]{_YEAR}\b|\b{_YEAR}-\d\d-\d\d\b"
    rf"|\b[1-4](?:e|de|st|nd|rd|th)? (?:kwartaal|quarter)\b|\bQ[1-4](?: {_YEAR})?\b"
    rf"|\b{_YEAR}(?:[-–/]{_YEAR})?\b(?![\d.,]*\d)",
    re.IGNORECASE,
)
"""Dates, months and years, as they may stand in a text without lineage."""

REFERENCES = re.compile(
    r"\b(?:artikel|artikelen|article|articles|art\.|lid|leden|paragraph|paragraaf|hoofdstuk|chapter|bijlage|annex|"
    r"vraag|vragen|question|questions|antwoord|answer|kernpunt|deel|part)\s+\d+[a-z]?(?:[.,:]?\d+)*"
    r"(?:,? (?:en|t/m|tot en met|and|to) \d+)*|\((?:EU|EG|EEC|EC)\)\s*(?:nr\.?\s*)?\d{1,4}/\d{1,4}"
    r"|\b(?-i:EU|HS|GN|CN|NACE|SBI|ISO|NEN)[- ]?\d[\d./]*\d\b"
    r"|\b(?:aankondiging|announcement|besluit|decree|verordening|regulation|richtlijn|directive)\s+(?:nr\.?\s*|no\.?\s*)?"
    r"\d+(?:/\d+)*(?:\s+(?:van|of)\s+(?:19|20)\d\d)?"
    r"|\b(?:kamerstuk|kamerstukken|parliamentary paper|kst)\s*(?:nr\.?\s*)?\d[\d ]*(?:[-,]? ?(?:nr\.?|no\.?)? ?\d+)*"
    r"|\b(?:nr|no)\.\s*\d+|\b20\d\dZ\d{3,6}\b|\bcn-\d{4}-\d+\b|\b(?-i:[A-Z]{2,}(?:/[A-Z]{2,})*)[-/]+\d{3,}\b|https?://\S+",
    re.IGNORECASE,
)
"""References to articles, papers, questions and codes: their digits are names, not figures."""

DIGITS = re.compile(
    r"[€$]?\s?\d[\d.,]*(?:\s?(?:%|procent|per cent|percent|miljoen|miljard|million|billion|ton|tonnes))?"
)

BAN = re.compile(
    r"\b(?:export\s?-?\s?(?:stop|verbod|ban|bans|embargo)\w*|uitvoer\s?-?(?:stop|verbod)\w*|verbod|verboden|verbiedt|"
    r"bans?|banned|prohibit(?:s|ed|ion)?|embargo)\b",
    re.IGNORECASE,
)
NOT_A = re.compile(
    r"(?:\bgeen|\bniet|\bnot an?|\bnot|\bno|\bnooit|\bnever|\bin plaats van een|\binstead of an?|\brather than an?)"
    r"(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
LICENCE = re.compile(r"\b(?:\w*vergunning\w*|licen[cs]\w+)\b", re.IGNORECASE)

CONCLUSION = re.compile(
    r"\b(?:loont|lonend|rendabel|beter|best|goedkoper|effectiever|efficiënter|voordeliger|meer waard|weegt op tegen|"
    r"dus|daarom|bewijst|toont aan|pays off|pays|better|best|cheaper|more effective|worthwhile|outweighs?|proves|"
    r"therefore|shows that)\b",
    re.IGNORECASE,
)
UNDECIDED = re.compile(
    r"niet te onderscheiden|niet (?:met zekerheid )?te zeggen|staat niet vast|onzeker of|not distinguishable|"
    r"cannot be told apart|cannot be said|not certain|uncertain whether",
    re.IGNORECASE,
)

WILL = re.compile(
    r"\b(?:zal|zullen|wordt|worden|toegezegd|toezegging|verwacht|streef\w*|volgt|informeer\w*|ontvangt|komt|will|shall|"
    r"promised?|commits?|expects?|aims?|follows|inform(?:s|ed)?)\b",
    re.IGNORECASE,
)
KNOWN_ABBREVIATIONS = frozenset(
    {"EU", "VS", "VN", "US", "USA", "UN", "UK", "NAVO", "NATO", "VK", "BV", "NV", "OK", "TK"}
)
ABBREVIATION = re.compile(r"(?<![\w&-])(?:[A-Z]&[A-Z]|[A-Z]{2,6})(?![\w&]|-[A-Z])")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|\b06[- ]?\d{8}\b")
_QUARTER = re.compile(
    rf"\b({_ORD}|[1-4](?:e|de|st|nd|rd|th)?) (?:kwartaal|quarter)(?: (?:van|of))?(?: ({_YEAR}))?", re.I
)
_DAY = re.compile(
    rf"\b(\d{{1,2}}) ({_MONTH})(?: ({_YEAR}))?|\b(?P<m>{_MONTH}) (?P<y>{_YEAR})|\b(\d{{1,2}})-(\d{{1,2}})-({_YEAR})",
    re.I,
)
_LOOSE = re.compile(
    rf"\b(?:dit kwartaal|this quarter|later dit jaar|later this year|eind dit jaar|dit jaar|this year|volgend kwartaal|"
    rf"next quarter|volgend jaar|next year|(?:eind|begin|medio|late|early|end of|before the end of|in de loop van|in)"
    rf" {_YEAR})\b",
    re.IGNORECASE,
)  # fmt: skip


def quarter(year: int, number: int) -> tuple[date, date]:
    """First and last day of a quarter."""
    first = date(year, 3 * number - 2, 1)
    after = date(year + (number == 4), 1 if number == 4 else 3 * number + 1, 1)
    return first, after - timedelta(days=1)


def times(text: str, today: date) -> list[tuple[str, date, date]]:
    """The quarters, days and loose times that a text names: the words, first and last day."""
    found = []
    for hit in _QUARTER.finditer(text):
        number = _ORDINAL.get(hit[1].lower()) or int(hit[1][0])
        found.append((hit[0], *quarter(int(hit[2] or today.year), number)))
    for hit in _DAY.finditer(text):
        try:
            found.append((hit[0], *_day(hit, today)))
        except ValueError:
            continue
    found += [(hit[0], *_loose(hit[0].lower(), today)) for hit in _LOOSE.finditer(text)]
    return found


def _day(hit: re.Match[str], today: date) -> tuple[date, date]:
    if hit["m"]:
        first = date(int(hit["y"]), MONTHS[hit["m"].lower()], 1)
        return first, _month_end(first)
    if hit[1]:
        day = date(int(hit[3] or today.year), MONTHS[hit[2].lower()], int(hit[1]))
    else:
        day = date(int(hit[8]), int(hit[7]), int(hit[6]))
    return day, day


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _loose(words: str, today: date) -> tuple[date, date]:
    now = (today.month + 2) // 3
    if "kwartaal" in words or "quarter" in words:
        if words.startswith(("volgend", "next")):
            return quarter(today.year + (now == 4), 1 if now == 4 else now + 1)
        return quarter(today.year, now)
    year = re.search(_YEAR, words)
    number = int(year[0]) if year else today.year + words.startswith(("volgend", "next"))
    return date(number, 1, 1), date(number, 12, 31)
