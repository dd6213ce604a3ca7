"""The question behind the page of benchmarks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock.vocabulary import is_strategic
from lodestock_desk.core.fields import MaterialField
from lodestock_desk.core.numbers import NumberField, WholeField


class BenchmarkForm(forms.Form):
    """Which material, which year, and what the Union uses."""

    material = MaterialField(label=_("Strategic raw material"))
    year = WholeField(label=_("Year"), min_value=2024, max_value=2060)
    consumption_t = NumberField(
        label=_("Use of the Union in that year (t)"), required=False, min_value=0, max_digits=14, decimal_places=3,
        help_text=_("Not in the store; without it a project's share is not known."),
    )  # fmt: skip
    source = forms.CharField(label=_("Source of that figure"), required=False, max_length=300)

    def clean_material(self) -> str:
        """Only strategic materials have benchmarks."""
        key: str = self.cleaned_data["material"]
        if not is_strategic(key, timezone.localdate()):
            raise forms.ValidationError(_("The benchmarks are for strategic raw materials only."))
        return key

    def clean(self) -> dict[str, Any]:
        """A figure has a source."""
        values = super().clean() or {}
        if values.get("consumption_t") == 0:
            self.add_error("consumption_t", _("Give more than 0, or leave it open."))
        elif values.get("consumption_t") and not values.get("source"):
            self.add_error("source", _("Say where the figure comes from."))
        return values
