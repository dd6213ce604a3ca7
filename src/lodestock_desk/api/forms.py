"""Forms of keys."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.api.models import Scope
from lodestock_desk.core.fields import DayField


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(label=_("What is the key for?"), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What does it open?"), choices=Scope, widget=forms.CheckboxSelectMultiple
    )
    valid_until = DayField(label=_("Valid until"), help_text=_("At most a year from today."))


class EndForm(forms.Form):
    """Why a key is ended."""

    reason = forms.CharField(label=_("Why?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
