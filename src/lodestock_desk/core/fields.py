"""Form fields that several rooms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lodestock_desk.core import vocab


class DayInput(forms.DateInput):
    """A date as the browser's own calendar writes it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day; `past=True` refuses days after today."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        self.past = past
        kwargs.setdefault("widget", DayInput())
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the date as day-month-year, for example 4-4-2025.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The day, checked."""
        day = super().clean(value)
        if day and self.past and day > timezone.localdate():
            raise ValidationError(_("This date is in the future. Give today or an earlier day."))
        if day and not 1990 <= day.year <= 2100:
            raise ValidationError(_("This year is not possible. Check the date."))
        return day


class MaterialInput(forms.TextInput):
    """A text box with the known names behind it; suggestions come without JavaScript too."""

    template_name = "desk/widgets/material.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The box and its list of names."""
        context = super().get_context(name, value, attrs)
        context["names"] = [label for _key, label in vocab.choices()]
        return context

    def format_value(self, value: Any) -> str | None:
        """A material id is shown by its name."""
        return vocab.material_name(value) if value and vocab.resolve(str(value)) == value else value


class MaterialField(forms.CharField):
    """A material of the vocabulary, by name, symbol or HS code; cleans to its id."""

    widget = MaterialInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> str:
        """The id of the material; a text that may mean several names them."""
        text = super().clean(value)
        if not text:
            return ""
        hits = vocab.search(text)
        exact = vocab.resolve(text)
        if exact:
            return exact
        if len(hits) == 1:
            return hits[0].id
        if hits:
            names = ", ".join(hit.name for hit in hits)
            raise ValidationError(_("This can mean several materials. Choose one: %(names)s."), params={"names": names})
        raise ValidationError(
            _("We do not know this material. Try another name, a symbol (Dy) or an HS code (850511).")
        )


class ReasonField(forms.CharField):
    """A reason, which no step goes without."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Reason"))
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(min_length=3, max_length=1000, strip=True, **kwargs)


class LineListField(forms.CharField):
    """Several values, one a line."""

    def __init__(self, *, most: int = 50, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """The lines that hold something."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.most:
            raise ValidationError(
                ngettext("Give at most %(most)d line.", "Give at most %(most)d lines.", self.most) % {"most": self.most}
            )
        return lines
