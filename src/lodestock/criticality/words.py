"""Numbers and reasons of this room in plain Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lodestock import vocabulary
from lodestock.criticality.concentration import LARGEST_SUPPLIER_LIMIT
from lodestock.criticality.transit import goods
from lodestock.errors import InputError, LodestockError

LANGUAGES = ("nl", "en")
NAMES_ON = date(2024, 12, 31)  # the day on which names of coalitions are read
MARKS = {
    "nl": {"seen": "gezien in bron", "computed": "berekend", "press": "pers", "prior": "eigen oordeel"},
    "en": {"seen": "seen in source", "computed": "computed", "press": "press", "prior": "our judgement"},
}
UNKNOWN = {"nl": "niet bekend", "en": "not known"}

# A reason as the tables give it → the same in Dutch; groups are kept.
_DUTCH = (
    (r"annex 7 prints no EU sourcing shares", "bijlage 7 drukt geen aandelen van EU-aanvoer af"),
    (r"annex 7 prints no global shares", "bijlage 7 drukt geen wereldaandelen af"),
    (r"the study prints no scope", "de studie zegt niet op welk aanbod zij meet"),
    (r"no import reliance", "geen importafhankelijkheid"),
    (r"no recycling rate", "geen recyclingaandeel"),
    (r"no substitution index \(a group has none\)", "geen substitutie-index (een groep heeft er geen)"),
    (r"annex 6 prints no uses", "bijlage 6 drukt geen toepassingen af"),
    (r"not assessed by the EU study under this name", "onder deze naam niet beoordeeld in de EU-studie"),
    (
        r"a supplier has no governance score; the range takes it as the safest and the riskiest",
        "een leverancier heeft geen bestuursscore; de marge neemt hem als de veiligste en als de onveiligste",
    ),
    (r"no imports of this material", "geen invoer van dit materiaal"),
    (r"no row carries a weight", "geen enkele regel heeft een gewicht"),
    (r"no production shares at this stage", "geen productieaandelen in deze schakel"),
    (r"no production shares", "geen productieaandelen"),
    (r"no row of this product carries a weight", "geen enkele regel van dit product heeft een gewicht"),
    (r"no country reports trade under ", "geen land geeft handel op onder "),
    (r"no code of the trade table holds it", "geen code van de handelstabel bevat het"),
    (
        r"not measurable at six digits; concentration of production alone",
        "niet meetbaar op zes cijfers; alleen de concentratie van de productie",
    ),
    (r"no weighed trade of this good", "geen handel met gewicht in dit goed"),
    (r"no weighed import", "geen invoer met gewicht"),
    (
        r"no intensity of this material in the technologies of the scenario",
        "geen materiaalgehalte bekend voor de technieken van het scenario",
    ),
    (
        r"the scenario of products is made for the Netherlands only",
        "het scenario van producten is alleen voor Nederland gemaakt",
    ),
    (
        r"the study prints no import reliance for this stage",
        "de studie drukt voor deze schakel geen importafhankelijkheid af",
    ),
    (r"the study prints no EU sourcing for this stage", "de studie drukt voor deze schakel geen EU-aanvoer af"),
    (
        r"the study prints no third country for this stage, only members",
        "de studie drukt voor deze schakel geen derde land af, alleen lidstaten",
    ),
    (r"what is not printed could decide it", "wat niet is afgedrukt kan de doorslag geven"),
    (r"the study prints no recycling rate", "de studie drukt geen recyclingaandeel af"),
    (
        r"two figures of the study lie close together, on different sides of the benchmark",
        "twee cijfers van de studie liggen dicht bij elkaar, aan weerszijden van de norm",
    ),
    (
        r"two figures of the study contradict each other and fall on different sides",
        "twee cijfers van de studie spreken elkaar tegen en vallen aan weerszijden",
    ),
    (
        r"earlier changes known: (\d+); the test needs (\d+)",
        r"eerdere veranderingen bekend: \1; de toets heeft er \2 nodig",
    ),
    (
        r"the first period that is known, so no change can be seen",
        "eerste bekende periode, dus geen verandering te zien",
    ),
    (r"less than a tonne came in: one parcel decides", "minder dan een ton kwam binnen: één zending beslist"),
    (r"the period before is not known", "de periode ervoor is niet bekend"),
    (r"nothing with a weight came in after (\d+)", r"na \1 kwam niets met gewicht binnen"),
    (r"no import with a weight is known under this code", "geen invoer met gewicht bekend onder deze code"),
    (r"no value in this period", "geen waarde in deze periode"),
    (r"BACI and USGS, traced, highest of three views", "BACI en USGS, herleid, hoogste van drie gezichtspunten"),
    (r"BACI, traced", "BACI, herleid"),
    (
        r"the trade table holds no weighed copper scrap \(740400\)",
        "de handelstabel bevat geen koperschroot met gewicht (740400)",
    ),
    (r"no member is named by the source", "de bron noemt geen lidstaat"),
    (r"EU study 2023, annex 7", "EU-studie 2023, bijlage 7"),
    (r"EU study 2023, table A", "EU-studie 2023, tabel A"),
    (r"EU study 2023", "EU-studie 2023"),
    (r"grouped rare earth", "zeldzame aarden als groep afgedrukt"),
    (r"share table does not sum", "aandelen tellen niet op tot 100 %"),
    (r"incomplete use shares", "toepassingen onvolledig"),
    (r"conflict between own tables", "de tabellen van de studie spreken elkaar tegen"),
    (r"use booked beside NACE", "toepassing anders geboekt dan in NACE"),
    (r"governance vintage", "andere jaargang van de bestuursscores"),
    (r"unexplained", "onverklaard"),
    (r"known producers", "bekende producenten"),
    (r"documented", "gedocumenteerde productie"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sentences are about."""

    material: vocabulary.Material
    region: vocabulary.Region
    year: int
    lang: str

    def say(self, nl: str, en: str) -> str:
        """The sentence in the language that was asked for."""
        return nl if self.lang == "nl" else en


def reason(text: str, lang: str) -> str:
    """A reason of one of the tables in `lang`; what has no translation stays English rather than going lost."""
    if lang == "nl":
        for english, dutch in sorted(_DUTCH, key=lambda pair: -len(pair[0])):  # the whole sentence before its parts
            text = re.sub(english, dutch, text)
    return text


def check_language(lang: str) -> None:
    """Raises InputError for another language than Dutch or English."""
    if lang not in LANGUAGES:
        raise InputError(f"there is no text in '{lang}'", where="lang", mend="use nl or en")


def number(value: float | None, lang: str, digits: int = 0) -> str:
    """A number as people write it: 1,234.5 in English, 1.234,5 in Dutch; null is said, never 0."""
    if value is None:
        return UNKNOWN[lang]
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "nl" else text


def percent(value: float | None, lang: str) -> str:
    """A part of one as per cent; below half a per cent that is not nothing it says so."""
    if value is None:
        return UNKNOWN[lang]
    if 0.0 < value < 0.005:
        return {"nl": "minder dan 1 %", "en": "less than 1 %"}[lang]
    return f"{number(100.0 * value, lang)} %"


def span(low: float | None, high: float | None, lang: str, *, share: bool = False) -> str:
    """A range in words: `0 to 12`, `5 % to 30 %`; one figure where both ends read the same."""
    left, right = ((percent if share else number)(end, lang) for end in (low, high))
    joiner = {"nl": "tot", "en": "to"}[lang]
    return left if left == right else f"{left} {joiner} {right}"


def country(code: str | None, lang: str) -> str:
    """The name of a country or coalition; a code that trade statistics use for an area stays as it is."""
    if not code:
        return UNKNOWN[lang]
    for known in (vocabulary.country, _coalition):
        try:
            return known(code).name(lang)
        except LodestockError:
            continue
    return code


def _coalition(code: str) -> vocabulary.Region:
    return vocabulary.region(code, NAMES_ON)


def stage(name: str, lang: str) -> str:
    """The name of a stage of the chain."""
    return next((facts.name(lang) for facts in vocabulary.stages() if facts.stage.value == name), name)


def sector(code: str, lang: str) -> str:
    """The name of a sector of NACE with its code."""
    return f"{vocabulary.sector(code).name(lang)} ({code})"


def against_limit(row: Mapping[str, object], year: int, lang: str) -> str:
    """The largest shipper against the norm of 65 %, which counts third countries: a member is often a hub.

    row: largest, above_limit.
    """
    limit = percent(LARGEST_SUPPLIER_LIMIT, lang)
    if not row["above_limit"]:
        return {"nl": f"niet boven {limit}", "en": f"not above {limit}"}[lang]
    if row["largest"] not in vocabulary.region("EU", date(year, 12, 31)).members:
        return {"nl": f"boven {limit}", "en": f"above {limit}"}[lang]
    return {
        "nl": f"boven {limit}, maar een lidstaat: de norm geldt derde landen, en de herkomst kan erachter liggen",
        "en": f"above {limit}, but a member of the Union: the norm counts third countries, and the origin may lie "
        "behind it",
    }[lang]


def listing(parts: list[str], lang: str) -> str:
    """Parts as one enumeration in words."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {({'nl': 'en', 'en': 'and'})[lang]} {parts[-1]}"


def code(row: Mapping[str, object], lang: str) -> str:
    """A product code with its description, from a row of `codes_table`."""
    return f"{row['hs_code']} ({row[f'description_{lang}']})"


_VALUES = {
    "estimated": ("geschat", "estimated"), "reported": ("opgegeven", "reported"), "missing": ("ontbreekt", "missing"),
    "withheld": ("geheim", "withheld"), "raw": ("ruw", "raw"), "intermediate": ("halffabricaat", "intermediate"),
    "in products": ("in producten", "in products"), "gross": ("bruto", "gross"), "contained": ("inhoud", "contained"),
    "GS+EU": ("wereld en EU-aanvoer", "world and EU sourcing"), "GS only": ("wereld", "world"),
    "EU only": ("EU-aanvoer", "EU sourcing"),
}  # fmt: skip


def cell(column: str, value: object, lang: str) -> str:
    """One cell of a table in words: names for ids, numbers as people write them, a dash for what is missing."""
    if value is None:
        return "-"
    if isinstance(value, float):
        if not column.endswith("_t") and column != "total":
            return number(value, lang, 2)
        return "<1" if 0.0 < value < 1.0 else number(value, lang)
    text = str(value)
    if column in ("largest", "country", "origin"):
        return country(text, lang)
    if column == "material":
        return vocabulary.material(text).name(lang)
    if column == "good":
        return goods()[text].name_nl if lang == "nl" else goods()[text].name_en
    if column == "stage":
        return stage(text, lang)
    if column == "mark":
        return MARKS[lang].get(text, text)
    return _VALUES[text][lang == "en"] if text in _VALUES else text


def tonnes(low: float | None, high: float | None, lang: str) -> str:
    """Tonnes as a range; what is less than one tonne but not nothing says so."""
    below = {"nl": "minder dan 1", "en": "less than 1"}[lang]
    ends = [below if end is not None and 0.0 < end < 1.0 else number(end, lang) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} {({'nl': 'tot', 'en': 'to'})[lang]} {ends[1]}"
