"""The form of a publication."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import ReasonField


class PublishForm(forms.Form):
    """Which months, and why."""

    first = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("First month"), help_text=_("As 2025-04."))
    last = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("Last month"))
    reason = ReasonField(label=_("Why do we publish this?"))
