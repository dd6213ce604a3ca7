"""The form of a publication."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import ReasonField


class PublishForm(forms.Form):
    """Which months, and why."""

    first = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("First month"), help_text=_("As 2025-04."))
    last = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("Last month"))
    reason = ReasonField(label=_("Why do we publish this?"))


class PeriodForm(forms.Form):
    """Of which months."""

    first = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("First month"), help_text=_("As 2025-04."))
    last = forms.RegexField(r"^20\d{2}-(0[1-9]|1[0-2])$", label=_("Last month"))


class AskForm(PeriodForm):
    """Of which number consent is asked, and why."""

    material = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = ReasonField(label=_("Why do we ask this?"))


class AnswerForm(forms.Form):
    """A company agrees, or takes that back."""

    do = forms.ChoiceField(choices=(("give", _("We agree")), ("back", _("Take back"))))
