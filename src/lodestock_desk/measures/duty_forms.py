"""Forms of the duties of the act."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import DayField, MaterialField
from lodestock_desk.core.numbers import NumberField, WholeField
from lodestock_desk.measures.duty_models import Answer, DutyState, Ownership
from lodestock_desk.measures.large import TECHNOLOGIES
from lodestock_desk.measures.models import EvidenceItem, Measure


class DutyForm(forms.Form):
    """A note on a duty."""

    state = forms.ChoiceField(label=_("What happened?"), choices=DutyState, widget=forms.RadioSelect)
    on = DayField(label=_("When?"), past=True)
    note = forms.CharField(label=_("What was done?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=300,
        help_text=_("A duty is fulfilled with evidence: give a reference or a link."),
    )  # fmt: skip
    link = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")


class LotForm(forms.Form):
    """What is held on a day, as article 22 asks for it."""

    as_of = DayField(label=_("State on"), past=True)
    material = MaterialField(label=_("Material"))
    amount_t = NumberField(
        label=_("Amount (t)"), required=False, min_value=0, max_digits=14, decimal_places=3,
        help_text=_("Leave open if it is not known."),
    )  # fmt: skip
    consumption_t = NumberField(
        label=_("National use a year (t)"), required=False, min_value=0, max_digits=14, decimal_places=3,
        help_text=_("Leave open if it is not known."),
    )  # fmt: skip
    form = forms.CharField(label=_("Chemical form"), required=False, max_length=120)
    purity = forms.CharField(label=_("Purity"), required=False, max_length=120)
    holder = forms.CharField(label=_("Holder"), required=False, max_length=200)
    ownership = forms.ChoiceField(label=_("Whose stock?"), choices=Ownership, widget=forms.RadioSelect)
    release_rules = forms.CharField(
        label=_("Rules of release, allocation and distribution"), required=False, max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    evidence = forms.ChoiceField(label=_("Evidence"), required=False)

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = EvidenceItem.objects.filter(measure=measure)
        self.fields["evidence"].choices = [("", "–"), *((str(item.pk), str(item)) for item in items)]


class SafeLevelForm(forms.Form):
    """For whom, which material and how many days."""

    region = forms.ChoiceField(label=_("For"), choices=[("EU27", _("European Union")), ("NLD", _("Netherlands"))])
    material = MaterialField(label=_("Material"))
    days = WholeField(
        label=_("Days"), min_value=0, max_value=730, help_text=_("The act gives no number of days; you choose it.")
    )


class CompanyForm(forms.Form):
    """The size of a company and what it makes."""

    year = WholeField(label=_("Financial year"), min_value=2000, max_value=2100)
    staff = WholeField(
        label=_("Staff, on average"), required=False, min_value=0, help_text=_("Leave open if it is not known.")
    )
    turnover_meur = NumberField(
        label=_("Turnover, world-wide (million €)"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("Leave open if it is not known."),
    )  # fmt: skip
    uses = forms.ChoiceField(label=_("Uses strategic raw materials"), choices=Answer, widget=forms.RadioSelect)
    makes = forms.ChoiceField(label=_("Makes a listed technology"), choices=Answer, widget=forms.RadioSelect)
    technologies = forms.MultipleChoiceField(
        label=_("Which technologies?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    source = forms.CharField(label=_("Source"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technologies"].choices = [(key, str(name)) for key, name in TECHNOLOGIES.items()]
