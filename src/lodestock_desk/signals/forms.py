"""Forms of signals. Explicit fields only; each cleans to a draft or to the arguments of one action."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, MaterialField, MaterialInput, ReasonField
from lodestock_desk.core.numbers import WholeField
from lodestock_desk.signals import uploads
from lodestock_desk.signals.drafts import PressDraft, ReportDraft
from lodestock_desk.signals.states import State
from lodestock_desk.signals.words import Basis, Cause, Effect, RuleKind, Severity, Share


class SeveralFiles(forms.ClearableFileInput):
    """A file box that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Attachments, each checked; cleans to a tuple of checked files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> tuple[uploads.Checked, ...]:
        """The files that may come in; every fault is named."""
        files = [f for f in (data if isinstance(data, list | tuple) else [data]) if isinstance(f, UploadedFile)]
        if len(files) > uploads.MOST_FILES:
            raise ValidationError(_("Add at most five files."))
        checked, faults = [], []
        for file in files:
            try:
                checked.append(uploads.check(file))
            except ValidationError as error:
                faults += error.messages
        if faults:
            raise ValidationError(faults)
        return tuple(checked)


class WhatField(forms.CharField):
    """A material or product in the reporter's words; never stops a report: what is not known is looked up by triage."""

    widget = MaterialInput

    def clean(self, value: Any) -> tuple[str, str]:
        """(material id or empty, the words as typed)."""
        words = super().clean(value)
        own = vocab.resolve(words)
        if own:
            return own, words
        hits = {hit.id for hit in vocab.search(words)}
        return (hits.pop() if len(hits) == 1 else ""), words


class ReportForm(forms.Form):
    """A report in under three minutes: nine questions, of which five must be answered."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    what = WhatField(
        label=_("Which material or product is it about?"),
        help_text=_("A name, an HS code or your own words, for example: magnets for servo motors."),
        max_length=200,
    )
    effect = forms.ChoiceField(label=_("What happens?"), choices=Effect, widget=forms.RadioSelect)
    since = DayField(label=_("Since when?"), past=True, help_text=_("About is good enough."))
    stock_days = WholeField(
        label=_("For how many days do you have stock?"),
        help_text=_("Leave empty if you do not know."),
        min_value=0,
        max_value=3650,
        required=False,
    )
    cause = forms.ChoiceField(label=_("What is the cause?"), choices=Cause, widget=forms.RadioSelect)
    severity = forms.ChoiceField(label=_("How bad is it?"), choices=Severity, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("Anything else?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What have you done yourself, what do you need? Do not write names of people here."),
    )
    attachments = FilesField(
        label=_("Attachments"),
        required=False,
        help_text=_("PDF, image, text, CSV, Excel or Word; at most 5 files of 10 MB."),
    )
    share = forms.MultipleChoiceField(
        label=_("With whom may we share this report?"),
        choices=Share,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Without your consent it stays with the organisation you send it to. "
            "Counts without names are made of all reports."
        ),
    )

    def __init__(
        self,
        *args: Any,
        receivers: list[Any],
        choose_company: list[Any] | None = None,
        ask_company: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid4
        if ask_company:
            self._ask_company(choose_company)
        if len(receivers) > 1:
            self.fields["receiver"] = forms.ChoiceField(
                label=_("To whom do you send it?"),
                choices=[(str(r.pk), r.name) for r in receivers],
                widget=forms.RadioSelect,
                help_text=_(
                    "One organisation receives your report. "
                    "It travels onward only with your consent or on a legal ground."
                ),
            )
            self.order_fields(["submission", "company", "company_name", "kvk", "contact", "receiver"])
        self.only_receiver = str(receivers[0].pk) if len(receivers) == 1 else ""

    def _ask_company(self, companies: list[Any] | None) -> None:
        if companies is not None:
            self.fields["company"] = forms.ChoiceField(
                label=_("Company"),
                choices=[("", _("Not in the list")), *((str(c.pk), c.name) for c in companies)],
                required=False,
            )
        self.fields["company_name"] = forms.CharField(
            label=_("Name of the company"),
            max_length=200,
            required=companies is None,
            help_text="" if companies is None else _("Only if it is not in the list."),
        )
        self.fields["kvk"] = forms.RegexField(
            r"^\d{8}$",
            label=_("KvK number"),
            required=False,
            help_text=_("Eight digits."),
            error_messages={"invalid": _("A KvK number has eight digits.")},
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        self.fields["contact"] = forms.EmailField(
            label=_("E-mail address for questions"),
            required=False,
            help_text=_("Only used for questions about this report."),
        )
        self.order_fields(["submission", "company", "company_name", "kvk", "contact"])

    def clean(self) -> dict[str, Any]:
        """A report about nobody is not a report."""
        values = super().clean()
        if "company" in self.fields and not values.get("company") and not values.get("company_name"):
            self.add_error("company_name", _("Choose a company from the list or write its name."))
        if self.errors and "attachments" not in self.errors and self.files:
            self.add_error("attachments", _("Add your files again: a browser does not keep them with a form."))
        return values

    def draft(self) -> ReportDraft:
        """What was filled in."""
        values = self.cleaned_data
        material, words = values["what"]
        return ReportDraft(
            submission=values["submission"],
            receiver_id=values.get("receiver") or self.only_receiver,
            company_name=values.get("company_name", ""),
            kvk=values.get("kvk", ""),
            contact=values.get("contact", ""),
            material=material,
            product_words=words,
            effect=values["effect"],
            cause=values["cause"],
            severity=values["severity"],
            since=values["since"],
            stock_days=values["stock_days"],
            description=values["description"],
            share=tuple(values["share"]),
            language=(get_language() or "nl")[:2],
            attachments=values["attachments"],
        )


class PressForm(forms.Form):
    """A press item."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    outlet = forms.CharField(label=_("Outlet"), max_length=120)
    published_on = DayField(label=_("Published on"), past=True)
    address = forms.URLField(label=_("Web address"), max_length=500, required=False, assume_scheme="https")
    material = MaterialField(label=_("Material"), required=False)
    claim = forms.CharField(label=_("What does it claim?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = uuid4

    def draft(self) -> PressDraft:
        """What was filled in."""
        values = dict(self.cleaned_data)
        submission: UUID = values.pop("submission")
        return PressDraft(submission=submission, **values)


class StepForm(forms.Form):
    """The next state of a signal, with its reason."""

    to = forms.ChoiceField(label=_("Next step"))
    event = forms.ChoiceField(label=_("Event"), required=False, help_text=_("Only to link."))
    into = forms.ChoiceField(label=_("Same as report"), required=False, help_text=_("Only to merge."))
    reason = ReasonField()

    def __init__(
        self, *args: Any, states: tuple[State, ...], events: list[Any], reports: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(s.value, s.label) for s in states]
        if State.LINKED in states:
            self.fields["event"].choices = [("", "–"), *((str(e.pk), e.title) for e in events)]
        else:
            del self.fields["event"]
        if State.MERGED in states and reports:
            self.fields["into"].choices = [("", "–"), *((str(r.pk), f"{r.reference} {r.about}") for r in reports)]
        else:
            del self.fields["into"]


class MaterialForm(forms.Form):
    """Which material a report is about."""

    material = MaterialField(label=_("Material"))
    sector = forms.ChoiceField(label=_("Sector"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "–"), *vocab.sector_choices()]


class PassForm(forms.Form):
    """To whom a raw report travels and on what basis."""

    to = forms.ChoiceField(label=_("To"))
    basis = forms.ChoiceField(label=_("Basis"), choices=Basis, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Which consent or which ground?"),
        min_length=3,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, receivers: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(r.pk), r.name) for r in receivers]


class SupplementForm(forms.Form):
    """Something to add to a report."""

    text = forms.CharField(
        label=_("Add to your report"), min_length=3, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinkForm(forms.Form):
    """For whom a one-time link is."""

    def __init__(self, *args: Any, receivers: list[Any], companies: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"] = forms.ChoiceField(
            label=_("Receiver"), choices=[(str(r.pk), r.name) for r in receivers]
        )
        self.fields["company"] = forms.ChoiceField(
            label=_("Company"),
            required=False,
            choices=[("", _("The company fills in its own name")), *((str(c.pk), c.name) for c in companies)],
        )


class EventForm(forms.Form):
    """An event."""

    title = forms.CharField(label=_("Title"), max_length=200)
    material = MaterialField(label=_("Material"))
    started = DayField(label=_("Since"))
    ended = DayField(label=_("Until"), required=False)
    control = forms.ChoiceField(label=_("Measure in the register"), required=False)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, controls: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["control"].choices = [("", "–"), *controls]

    def clean(self) -> dict[str, Any]:
        """An event does not end before it starts."""
        values = super().clean()
        if values.get("started") and values.get("ended") and values["ended"] < values["started"]:
            self.add_error("ended", _("This day is before the first day."))
        return values


class RuleForm(forms.Form):
    """An alert rule."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("What counts"), choices=RuleKind, widget=forms.RadioSelect)
    material = MaterialField(label=_("Material"), required=False, help_text=_("Empty: each material by itself."))
    threshold = WholeField(
        label=_("Threshold"),
        min_value=1,
        max_value=3650,
        help_text=_("From how many companies on, or below how many days of stock."),
    )
    window_days = WholeField(
        label=_("Within days"),
        min_value=1,
        max_value=365,
        initial=14,
        help_text=_("Only what was verified in the past so many days counts."),
    )
    sectors = forms.MultipleChoiceField(label=_("Sectors"), required=False, help_text=_("None chosen: every sector."))
    reason = ReasonField(label=_("Why this threshold?"))
    valid_from = DayField(label=_("From"))
    valid_until = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sectors"].choices = vocab.sector_choices()

    def clean(self) -> dict[str, Any]:
        """A rule does not end before it starts."""
        values = super().clean()
        if values.get("valid_from") and values.get("valid_until") and values["valid_until"] < values["valid_from"]:
            self.add_error("valid_until", _("This day is before the first day."))
        return values


class DecisionForm(forms.Form):
    """A decision on an alert."""

    to = forms.ChoiceField(label=_("Decision"))
    reason = ReasonField()

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = choices


class TextsForm(forms.Form):
    """The draft texts of an alert."""

    notification_nl = forms.CharField(
        label=_("Notification (Dutch)"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    notification_en = forms.CharField(
        label=_("Notification (English)"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8})
    )
    warning_nl = forms.CharField(label=_("Warning (Dutch)"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    warning_en = forms.CharField(
        label=_("Warning (English)"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class WatchForm(forms.Form):
    """A material to be warned about."""

    material = MaterialField(label=_("Warn us about"))
