"""Forms of outreach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import DayField, MaterialField, ReasonField
from lodestock_desk.core.numbers import WholeField
from lodestock_desk.outreach.models import CallResult, ClueKind
from lodestock_desk.signals.uploads import MOST_BYTES


class ClueForm(forms.Form):
    """A clue."""

    material = MaterialField(label=_("Material"))
    kind = forms.ChoiceField(label=_("Looks at"), choices=ClueKind)
    value = forms.CharField(
        label=_("Value"), max_length=100, help_text=_("An SBI code (27.11), a word (motor) or an abbreviation.")
    )
    weight = WholeField(label=_("Weight"), min_value=1, max_value=100)
    reason = forms.CharField(label=_("Why?"), max_length=300)


class RemoveForm(forms.Form):
    """Why something is removed."""

    reason = ReasonField()


class JudgeForm(forms.Form):
    """Yes or no."""

    plausible = forms.TypedChoiceField(
        label=_("Does this company plausibly use the material?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why?"), max_length=300)


class CampaignForm(forms.Form):
    """A round of calls."""

    title = forms.CharField(label=_("Title"), max_length=200)
    material = MaterialField(label=_("Material"))
    cut = WholeField(label=_("Score from which we call"), min_value=0, max_value=1000)
    sample = WholeField(
        label=_("Companies below it that we call too"),
        min_value=0,
        max_value=1000,
        initial=5,
        help_text=_("Without them we never learn whom the ranking misses."),
    )
    questions = forms.CharField(label=_("What we ask"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    started = DayField(label=_("From"))


class CallForm(forms.Form):
    """A call."""

    result = forms.ChoiceField(label=_("Result"), choices=CallResult, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))


class FileForm(forms.Form):
    """A file of companies."""

    file = forms.FileField(
        label=_("CSV or Excel file"),
        help_text=_("Columns: name, kvk, sbi, products, association. Values with ; between."),
    )

    def clean_file(self) -> Any:
        """A file of a kind and size that can be read."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".csv", ".xlsx")) or file.size > MOST_BYTES:
            raise ValidationError(_("Give a CSV or Excel file of at most 10 MB."))
        return file
