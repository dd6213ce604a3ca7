"""Forms of contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.contacts.models import Level
from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, MaterialField


class ContactForm(forms.Form):
    """A contact."""

    on = DayField(label=_("Date"), past=True)
    level = forms.ChoiceField(label=_("Level"), choices=Level, widget=forms.RadioSelect)
    speaker = forms.CharField(
        label=_("Who spoke?"), max_length=200, help_text=_("The office; a name only where it is public.")
    )
    speaker_for = forms.CharField(label=_("For which country or institution?"), max_length=200)
    counterpart = forms.CharField(label=_("With whom?"), max_length=200)
    counterpart_for = forms.CharField(label=_("Of which country or institution?"), max_length=200)
    country = forms.ChoiceField(label=_("Country that it is about"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=300)
    material = MaterialField(label=_("Material"), required=False)
    event = forms.ChoiceField(label=_("Event"), required=False)
    message = forms.CharField(
        label=_("Message"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    outcome = forms.CharField(
        label=_("Outcome"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    follow_up = forms.CharField(
        label=_("Follow-up"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = DayField(label=_("Due"), required=False)
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    restricted = forms.BooleanField(label=_("Only for our own organisation"), required=False)

    def __init__(self, *args: Any, events: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "–"), *vocab.country_choices()]
        self.fields["event"].choices = [("", "–"), *((str(e.pk), e.title) for e in events)]


class FinishForm(forms.Form):
    """What came of a follow-up."""

    outcome = forms.CharField(label=_("What came of it?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LineForm(forms.Form):
    """A standing line."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    material = MaterialField(label=_("Material"), required=False)
    text_nl = forms.CharField(label=_("Line (Dutch)"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    text_en = forms.CharField(label=_("Line (English)"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    valid_from = DayField(label=_("From"))
