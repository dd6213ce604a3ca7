"""Numbers as people type them: 12,5 and 12.5 in both languages; what can be read in two ways is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _

_LONGEST = 40
# The spaces that spreadsheets and word processors put into numbers, and the minus sign of print.
_USUAL = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u2212": "-"})
_SIGNED = re.compile(r"([+-]?) ?(.+)")
_PLAIN = re.compile(r"([0-9]*)(?:[.,]([0-9]+))?")
_GROUPED = re.compile(r"([0-9]{1,3}(?:([ .,])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,]([0-9]+))?")


def typed_number(text: str, *, whole_only: bool = False) -> Decimal:
    """The number that a text means, whichever of point and comma marks the decimals.

    Refused (ValidationError) is what is no number, and what can mean two: 1.250 is 1250 in Dutch and 1.25 in English,
    and nobody knows which of the two the one who typed it had in mind.
    """
    said = str(text).translate(_USUAL).strip()
    signed = _SIGNED.fullmatch(said) if len(said) <= _LONGEST else None
    if not signed:
        raise _no_number(whole_only)
    sign, bare = signed[1].strip("+"), signed[2]
    if plain := _PLAIN.fullmatch(bare):
        whole, part = plain[1] or "0", plain[2] or ""
        if len(part) == 3 and len(plain[1]) <= 3 and int(whole):
            raise _two_meanings(said, sign + str(int(whole + part)), sign + whole, part.rstrip("0"), whole_only)
    elif grouped := _GROUPED.fullmatch(bare):
        whole, part = re.sub(r"[^0-9]", "", grouped[1]), grouped[3] or ""
    else:
        raise _no_number(whole_only)
    part = part.rstrip("0")
    return Decimal(f"{sign}{whole}.{part}" if part else f"{sign}{whole}") or Decimal(0)


def shown_number(value: Decimal | float) -> str:
    """A number as its box shows it: the decimal mark of the language, no groups, and never open to two readings."""
    whole, _point, part = f"{Decimal(str(value)):f}".partition(".")
    return _joined(whole, part.rstrip("0"))


def _joined(whole: str, part: str) -> str:
    if len(part) == 3:
        part += "0"
    return f"{whole}{get_format('DECIMAL_SEPARATOR')}{part}" if part else whole


def _no_number(whole_only: bool) -> ValidationError:
    example = "12" if whole_only else _joined("12", "5")
    return ValidationError(_("This is not a number. Write for example %(example)s."), "invalid", {"example": example})


def _two_meanings(text: str, large: str, whole: str, part: str, whole_only: bool) -> ValidationError:
    said = {"text": text, "large": large, "small": _joined(whole, part)}
    if whole_only or not part:
        return ValidationError(
            _("“%(text)s” can mean %(large)s or %(small)s. Write the number without point or comma."), "two", said
        )
    return ValidationError(_("“%(text)s” can mean %(large)s or %(small)s. Write one of the two."), "two", said)


class TypedInput(forms.TextInput):
    """A box for a number: text, since a browser's own number box refuses the decimal mark of the other language."""

    def format_value(self, value: Any) -> str | None:
        """What was typed as it was typed; a kept number in the language of the page."""
        if isinstance(value, Decimal | float | int) and not isinstance(value, bool):
            return shown_number(value)
        shown: str | None = super().format_value(value)
        return shown


class NumberField(forms.DecimalField):
    """A number with decimals, written with a point or a comma."""

    widget = TypedInput

    def to_python(self, value: Any) -> Decimal | None:
        """The number, or nothing where nothing was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        return value if isinstance(value, Decimal) else typed_number(str(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Telephones show their keys for numbers."""
        return {**super().widget_attrs(widget), "inputmode": "decimal"}


class WholeField(forms.IntegerField):
    """A whole number; "1.000" is refused and not read as 1."""

    widget = TypedInput

    def to_python(self, value: Any) -> int | None:
        """The number, or nothing where nothing was typed."""
        if value in self.empty_values or not str(value).strip():
            return None
        number = typed_number(str(value), whole_only=True)
        if number != int(number):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(number)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Telephones show their keys for numbers."""
        return {**super().widget_attrs(widget), "inputmode": "numeric"}
