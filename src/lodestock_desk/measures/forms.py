"""Forms of the register of measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import DayField, ReasonField
from lodestock_desk.core.numbers import NumberField, WholeField
from lodestock_desk.measures.models import EvidenceItem, Measure
from lodestock_desk.measures.words import Level, SourceKind, Status, Step, Subject, ministry_choices


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _link(**more: Any) -> forms.URLField:
    return forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https", **more)


class MeasureForm(forms.Form):
    """The description of a measure."""

    title_nl = forms.CharField(label=_("Title (Dutch)"), max_length=250)
    title_en = forms.CharField(label=_("Title (English)"), max_length=250)
    summary_nl = forms.CharField(label=_("What it is (Dutch)"), required=False, max_length=3000, widget=_area(3))
    summary_en = forms.CharField(label=_("What it is (English)"), required=False, max_length=3000, widget=_area(3))
    subject = forms.ChoiceField(label=_("Subject"), choices=Subject)
    source_kind = forms.ChoiceField(label=_("Source"), choices=SourceKind, widget=forms.RadioSelect)
    source_reference = forms.CharField(
        label=_("Reference"), max_length=300, help_text=_("For example the parliamentary paper with its number.")
    )
    source_on = DayField(
        label=_("Date of the source"), required=False, past=True, help_text=_("Leave open if it is not known.")
    )
    source_link = _link()
    ministry = forms.ChoiceField(label=_("Ministry"))
    with_ministries = forms.MultipleChoiceField(
        label=_("Together with"), required=False, widget=forms.CheckboxSelectMultiple
    )
    owner_office = forms.CharField(
        label=_("Office that owns it"), required=False, max_length=200, help_text=_("The office, not a name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ministry"].choices = ministry_choices()
        self.fields["with_ministries"].choices = ministry_choices()


class StatusForm(forms.Form):
    """A change of status."""

    status = forms.ChoiceField(label=_("Status"), choices=Status, widget=forms.RadioSelect)
    effective_on = DayField(label=_("From which day?"), past=True)
    reason = ReasonField()


class NewMeasureForm(MeasureForm, StatusForm):
    """A measure with its first status."""


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    on = DayField(label=_("Date of the piece"), past=True)
    what = forms.CharField(label=_("What does it show?"), max_length=400)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=300)
    link = _link(help_text=_("Give a reference or a link, so that it can be found."))


class _WithEvidence(forms.Form):
    """A form that can point to a piece of evidence of the measure."""

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = EvidenceItem.objects.filter(measure=measure)
        self.fields["evidence"].choices = [("", "–"), *((str(item.pk), str(item)) for item in items)]


class StockForm(_WithEvidence):
    """Whether a stock is held."""

    holds = forms.TypedChoiceField(
        label=_("Is a stock held?"),
        choices=(("no", _("No")), ("yes", _("Yes, and there is evidence"))),
        widget=forms.RadioSelect,
        coerce=lambda text: text == "yes",
        help_text=_("A plan, a pilot or a budget is no stock."),
    )
    effective_on = DayField(label=_("From which day?"), past=True)
    evidence = forms.ChoiceField(label=_("Evidence"), required=False)
    reason = ReasonField()


class MilestoneForm(forms.Form):
    """A milestone."""

    title_nl = forms.CharField(label=_("Milestone (Dutch)"), max_length=250)
    title_en = forms.CharField(label=_("Milestone (English)"), max_length=250)
    on = DayField(label=_("When was it set?"), past=True)
    due_on = DayField(label=_("To be reached by"))
    reason = ReasonField()


class StepForm(_WithEvidence):
    """What happened to a milestone."""

    kind = forms.ChoiceField(
        label=_("What happened?"), choices=[c for c in Step.choices if c[0] != Step.SET], widget=forms.RadioSelect
    )
    on = DayField(label=_("When?"), past=True)
    due_on = DayField(label=_("New day"), required=False, help_text=_("Only if it was moved."))
    evidence = forms.ChoiceField(label=_("Evidence"), required=False)
    reason = ReasonField()


class BudgetForm(forms.Form):
    """Money for a year."""

    year = WholeField(label=_("Year"), min_value=2020, max_value=2060)
    amount_eur = NumberField(label=_("Amount (€)"), min_value=0, max_digits=14, decimal_places=2)
    level = forms.ChoiceField(label=_("Whose money?"), choices=Level, widget=forms.RadioSelect)
    structural = forms.TypedChoiceField(
        label=_("Structural or one-off?"),
        choices=(("yes", _("Structural: it comes back each year")), ("no", _("One-off"))),
        widget=forms.RadioSelect,
        coerce=lambda text: text == "yes",
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The budget law, decision or programme that says so.")
    )
    decided_on = DayField(label=_("Decided on"), past=True)
    replaces = forms.ChoiceField(label=_("Replaces"), required=False)
    reason = ReasonField()

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ((str(b.pk), f"{b.year}, {b.level_label}: € {b.amount_eur}") for b in measure.budget)
        self.fields["replaces"].choices = [("", _("nothing: it is new")), *rows]


class PeriodForm(forms.Form):
    """From which day to which day."""

    since = DayField(label=_("Since"))
    until = DayField(label=_("Up to and including"), required=False)
    late = forms.BooleanField(label=_("Also what was entered late, with an earlier day"), required=False)

    def clean(self) -> dict[str, Any]:
        """A period has its days in order and has begun."""
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and since > timezone.localdate():
            self.add_error("since", _("This date is in the future: nothing can have changed since."))
        elif since and until and until < since:
            self.add_error("until", _("This lies before the first day of the period."))
        return values
