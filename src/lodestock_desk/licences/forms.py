"""Forms of licence cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, LineListField, MaterialField
from lodestock_desk.core.numbers import NumberField
from lodestock_desk.licences.words import CaseOutcome, Channel, DocumentClass


class CaseForm(forms.Form):
    """A licence case."""

    material = MaterialField(label=_("Material"))
    product = forms.CharField(label=_("Product"), max_length=200, required=False)
    exporter = forms.CharField(
        label=_("Exporter abroad"),
        max_length=200,
        required=False,
        help_text=_("The exporter is the one who applies for the licence."),
    )
    importer = forms.CharField(label=_("Importer"), max_length=200, required=False)
    tiers = LineListField(
        label=_("Companies in between"), required=False, most=8, help_text=_("One a line, from exporter to user.")
    )
    issuer = forms.ChoiceField(label=_("Issuing country"))
    number = forms.CharField(
        label=_("Application number"), max_length=60, required=False, help_text=_("Often not known; leave empty.")
    )
    general_licence = forms.BooleanField(label=_("It falls under a general licence of the exporter"), required=False)
    ordered_on = DayField(label=_("Ordered"), required=False, past=True)
    complete_on = DayField(label=_("File complete with the exporter"), required=False, past=True)
    provincial_on = DayField(label=_("Accepted by the province"), required=False, past=True)
    national_on = DayField(label=_("Accepted nationally"), required=False, past=True)
    outcome = forms.ChoiceField(label=_("How does it stand?"), choices=CaseOutcome, widget=forms.RadioSelect)
    decided_on = DayField(label=_("Decided"), required=False, past=True)
    granted_share = NumberField(
        label=_("Share of the quantity granted [%]"), required=False, min_value=0, max_value=100, decimal_places=2
    )
    tonnes = NumberField(
        label=_("Quantity asked [tonnes]"), required=False, min_value=0, max_digits=12, decimal_places=4
    )
    shipped_on = DayField(label=_("Shipped"), required=False, past=True)
    last_known_on = DayField(label=_("Last checked with the exporter"), past=True)

    def __init__(
        self, *args: Any, receivers: list[Any] | None = None, companies: list[Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issuer"].choices = vocab.country_choices()
        if companies is not None:
            self.fields["company"] = forms.ChoiceField(
                label=_("Dutch user"),
                required=False,
                choices=[("", _("Not in the list")), *((str(c.pk), c.name) for c in companies)],
            )
            self.fields["company_name"] = forms.CharField(
                label=_("Name of the company"),
                max_length=200,
                required=False,
                help_text=_("Only if it is not in the list."),
            )
            self.order_fields(["company", "company_name"])
        if receivers is not None:
            self.fields["receiver"] = forms.ChoiceField(
                label=_("Who keeps track of it with you?"), choices=[(str(r.pk), r.name) for r in receivers]
            )
            self.order_fields(["receiver"])

    def clean(self) -> dict[str, Any]:
        """Either a company from the list or a name."""
        values = super().clean()
        if "company" in self.fields and not values.get("company") and not values.get("company_name"):
            self.add_error("company_name", _("Choose a company from the list or write its name."))
        return values


class DocumentForm(forms.Form):
    """A document that was asked."""

    name = forms.CharField(label=_("Which document?"), max_length=200)
    document_class = forms.ChoiceField(label=_("How confidential is it?"), choices=DocumentClass)
    asked_on = DayField(label=_("Asked on"), past=True)
    given = forms.BooleanField(label=_("Handed over"), required=False)


class HoursForm(forms.Form):
    """Hours spent."""

    on = DayField(label=_("On"), past=True)
    hours = NumberField(label=_("Hours"), min_value=0, max_value=9999, decimal_places=1)
    what = forms.CharField(label=_("On what?"), max_length=200)


class ResubmissionForm(forms.Form):
    """Handed in again."""

    on = DayField(label=_("On"), past=True)
    reason = forms.CharField(label=_("Why?"), max_length=300)


class ConsentForm(forms.Form):
    """Consent to escalation."""

    consent = forms.BooleanField(
        label=_("This case may be raised with the issuing country, with our name"),
        required=False,
        help_text=_("You can withdraw this as long as it was not raised."),
    )


class EscalationForm(forms.Form):
    """A case raised with the issuer."""

    channel = forms.ChoiceField(label=_("Channel"), choices=Channel)
    on = DayField(label=_("On"), past=True)
    message = forms.CharField(label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    consent_note = forms.CharField(
        label=_("Consent"),
        required=False,
        max_length=500,
        help_text=_("Only for a company without an account: who gave consent, how and when."),
    )
