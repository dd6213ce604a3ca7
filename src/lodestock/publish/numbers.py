"""How numbers are written for people: two significant digits, in Dutch or English, with the unit in words.

Rules (tests cite them by number):
N1 A measured or computed value has two significant digits; trailing zeros that are significant are shown (3.0).
N2 A count (unit 'count') is written in full, because it was counted and not measured.
N3 A share is written in per cent. A share under 1 never rounds to 100 per cent, it becomes 'more than 99 per cent'.
N4 A range takes as many digits (two to four) as its ends need to differ; the central value takes the same.
N5 A lower end that is positive but under a hundredth of the central value is 'nearly 0', not a string of decimals.
N6 Millions of euros from a thousand up become billions; a range is written in the scale of its central value.
N7 A range repeats a unit of one word: '120 ton (70–210 ton)', but '1.100 ton per jaar (820–1.400)'.
N8 A value that is not finite is an error; a value that is not known is None and is written as 'unknown'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lodestock.errors import DataError, UnknownNameError
from lodestock.evidence.ledger import Entry, Text
from lodestock.publish.model import Lang

MINUS = "\u2212"
NBSP = "\u00a0"
UNKNOWN = Text("onbekend", "unknown")
NOTHING = Text("", "")
_NEARLY = Text("bijna 0", "nearly 0")
_MORE_THAN = Text("meer dan", "more than")
_TO = Text("tot", "to")


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written: what comes after and before the number, and the factor to that wording."""

    after: Text
    before: Text = NOTHING
    factor: int = 1
    counted: bool = False
    glued: bool = False


def _unit(nl: str, en: str) -> Unit:
    return Unit(Text(nl, en))


def _euro(nl: str, en: str) -> Unit:
    return Unit(Text(nl, en), before=Text(f"€{NBSP}", "€"))


def _per_cent(nl: str, en: str) -> Unit:
    return Unit(Text(nl, en), factor=100, glued=True)


UNITS: dict[str, Unit] = {
    "1": _per_cent("%", "%"),
    "1/yr": _per_cent("% per jaar", "% a year"),
    "1/month": _per_cent("% per maand", "% a month"),
    "count": Unit(NOTHING, counted=True),
    "ratio": _unit("", ""),
    "t": _unit("ton", "tonnes"),
    "kt": _unit("kiloton", "kilotonnes"),
    "kg": _unit("kilo", "kilograms"),
    "t/yr": _unit("ton per jaar", "tonnes a year"),
    "t/month": _unit("ton per maand", "tonnes a month"),
    "day": _unit("dagen", "days"),
    "week": _unit("weken", "weeks"),
    "month": _unit("maanden", "months"),
    "yr": _unit("jaar", "years"),
    "job-year": _unit("arbeidsjaren", "job-years"),
    "job/MEUR": _unit("banen per miljoen euro", "jobs per million euro"),
    "EUR": _euro("", ""),
    "kEUR": _euro("duizend", "thousand"),
    "MEUR": _euro("miljoen", "million"),
    "bnEUR": _euro("miljard", "billion"),
    "bnEUR/yr": _euro("miljard per jaar", "billion a year"),
    "EUR/yr": _euro("per jaar", "a year"),
    "MEUR/yr": _euro("miljoen per jaar", "million a year"),
    "EUR/kg": _euro("per kilo", "per kilogram"),
    "EUR/t": _euro("per ton", "per tonne"),
    "kEUR/t": _euro("duizend per ton", "thousand per tonne"),
    "MEUR/t": _euro("miljoen per ton", "million per tonne"),
    "EUR/t/yr": _euro("per ton per jaar", "per tonne a year"),
    "MUSD/yr": Unit(Text("miljoen per jaar", "million a year"), before=Text(f"US${NBSP}", "US$")),
    "USD/EUR": _unit("dollar per euro", "dollars per euro"),
    "MEUR/%": _euro("miljoen per procent", "million per per cent"),
}
"""Unit codes as they stand in the ledger, and how they are worded."""

_THOUSANDS = {"MEUR": "bnEUR", "MEUR/yr": "bnEUR/yr"}


def unit_of(code: str) -> Unit:
    """The wording of a unit code; raises UnknownNameError for a code that has no wording yet."""
    if code not in UNITS:
        raise UnknownNameError("unit", code, UNITS, where="publish/numbers.py, UNITS")
    return UNITS[code]


def _decimal(value: float) -> Decimal:
    if not math.isfinite(value):
        raise DataError(f"a published number is {value}", mend="a value that is not known is None with a note")
    return Decimal(repr(float(value)))


def rounded(value: float, digits: int = 2) -> Decimal:
    """`value` rounded half up to `digits` significant digits, exactly, keeping significant trailing zeros."""
    exact = _decimal(value)
    if exact == 0:
        return Decimal(0)
    place = exact.adjusted() - digits + 1
    out = exact.quantize(Decimal(1).scaleb(place), rounding=ROUND_HALF_UP)
    if out.adjusted() > exact.adjusted():  # 99.6 → 100: one digit more than asked, drop it
        out = out.quantize(Decimal(1).scaleb(place + 1), rounding=ROUND_HALF_UP)
    return out


def localised(value: Decimal, lang: Lang) -> str:
    """Digits with the thousands and decimal signs of the language: 12.000 and 0,0049; 12,000 and 0.0049."""
    plain = f"{abs(value):,f}"
    if lang == "nl":
        plain = plain.translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{plain}" if value < 0 else plain


def digits_text(value: float, unit: str, lang: Lang, digits: int = 2) -> str:
    """The digits of `value` in the wording of its unit, without the unit's words (but a share as per cent)."""
    spec = unit_of(unit)
    scaled = _decimal(value) * spec.factor
    if spec.counted:
        return localised(scaled.to_integral_value(rounding=ROUND_HALF_UP), lang)
    out = rounded(float(scaled), digits)
    if unit == "1" and 0 < value < 1 and out >= 100:
        return f"{_MORE_THAN[lang]} 99"
    return localised(out, lang)


def scaled_unit(value: float, unit: str) -> tuple[float, str]:
    """The factor and unit in which a value of this size is written: millions of euros become billions (N6)."""
    larger = _THOUSANDS.get(unit)
    if larger is None or rounded(abs(value)) < 1000:
        return 1.0, unit
    return 1e-3, larger


def _dressed(body: str, unit: str, lang: Lang) -> str:
    spec = unit_of(unit)
    words = spec.after[lang]
    gap = "" if spec.glued or not words else NBSP
    return f"{spec.before[lang]}{body}{gap}{words.replace(' ', NBSP)}"


def number_text(value: float | None, unit: str, lang: Lang, digits: int = 2) -> str:
    """The number with its unit: '120 ton', '38%', '€ 1.200 per ton'; None gives 'onbekend' or 'unknown'."""
    if value is None:
        return UNKNOWN[lang]
    factor, unit = scaled_unit(value, unit)
    return _dressed(digits_text(value * factor, unit, lang, digits), unit, lang)


def parts_text(value: float | None, unit: str, lang: Lang) -> tuple[str, str]:
    """The number and the words after it apart ('120', 'ton'), to be set in two sizes."""
    if value is None:
        return UNKNOWN[lang], ""
    whole = number_text(value, unit, lang)
    words = unit_of(scaled_unit(value, unit)[1]).after[lang].replace(" ", NBSP)
    if unit_of(unit).glued:  # the sign stays with the number: '0,45%' and 'per jaar'
        _sign, _gap, words = words.partition(NBSP)
        return whole.removesuffix(f"{NBSP}{words}") if words else whole, words
    if not words:
        return whole, ""
    return whole.removesuffix(words).rstrip(NBSP), words


def _digits_needed(low: float, high: float, unit: str, lang: Lang) -> int:
    if low == high:
        return 2
    for digits in (2, 3, 4):
        if digits_text(low, unit, lang, digits) != digits_text(high, unit, lang, digits):
            return digits
    return 4


def _ends(low: float, high: float, unit: str, lang: Lang, digits: int, central: float | None) -> str:
    """The digits of both ends with a dash or 'to' between them."""
    if low > high:
        raise DataError("a range stands the wrong way round", why=f"low {low} is above high {high}")
    upper, lower = digits_text(high, unit, lang, digits), digits_text(low, unit, lang, digits)
    if lower == upper:
        return upper
    if central is not None and 0 < low < central / 100:
        return f"{_NEARLY[lang]} {_TO[lang]} {upper}"
    wordy = (MINUS, _MORE_THAN[lang])
    return (
        f"{lower} {_TO[lang]} {upper}"
        if (lower + upper).startswith(wordy) or upper.startswith(wordy)
        else f"{lower}–{upper}"
    )


def span_text(low: float, high: float, unit: str, lang: Lang, central: float | None = None) -> str:
    """A range with its unit: '70–210 ton'. Ends that are the same number are written once.

    central: the value between them, which sets the scale (N6) and when a lower end is 'nearly 0' (N5).
    """
    factor, unit = scaled_unit(high if central is None else central, unit)
    low, high = low * factor, high * factor
    middle = None if central is None else central * factor
    digits = _digits_needed(low, high, unit, lang)
    return _dressed(_ends(low, high, unit, lang, digits, middle), unit, lang)


def range_text(entry: Entry, lang: Lang) -> str:
    """Central value with its range: '120 ton (70–210 ton)'; a value without a range stands alone."""
    if entry.value is None:
        return UNKNOWN[lang]
    if entry.low is None or entry.high is None or entry.low == entry.high:
        return number_text(entry.value, entry.unit, lang)
    factor, unit = scaled_unit(entry.value, entry.unit)
    value, low, high = entry.value * factor, entry.low * factor, entry.high * factor
    digits = _digits_needed(low, high, unit, lang)
    ends = _ends(low, high, unit, lang, digits, value)
    central = _dressed(digits_text(value, unit, lang, digits), unit, lang)
    worded = ends if " " in unit_of(unit).after[lang] else _dressed(ends, unit, lang)
    return f"{central} ({worded})"


def interval_text(entry: Entry, lang: Lang) -> str | None:
    """The range of an entry alone; None where the value is exact or unknown."""
    if entry.value is None or entry.low is None or entry.high is None or entry.low == entry.high:
        return None
    return span_text(entry.low, entry.high, entry.unit, lang, entry.value)


def bracket_text(entry: Entry, lang: Lang) -> str | None:
    """The structural bracket of an entry: lowest to highest central value over the models; None without one."""
    if entry.value is None or entry.bracket is None:
        return None
    return span_text(*entry.bracket, entry.unit, lang, entry.value)


def full_text(value: float | None, unit: str, lang: Lang, digits: int | None = None) -> str:
    """The value with its unit code: the shortest digits that give the same float, or at most `digits` of them."""
    if value is None:
        return UNKNOWN[lang]
    exact = _decimal(value)
    if digits is not None and exact != 0 and len(exact.as_tuple().digits) > digits:
        exact = rounded(value, digits).normalize()
    if exact == exact.to_integral_value() and abs(exact) < 10**15:
        exact = exact.quantize(Decimal(1))
    code = "" if unit in ("1", "count", "ratio") else f"{NBSP}{unit}"
    return f"{localised(exact, lang)}{code}"
