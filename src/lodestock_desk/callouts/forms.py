"""Forms of call-outs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import DayField, LineListField, MaterialField, ReasonField
from lodestock_desk.core.numbers import WholeField


class AskForm(forms.Form):
    """A question to associations."""

    title = forms.CharField(label=_("Title"), max_length=200)
    material = MaterialField(label=_("Material"))
    event = forms.ChoiceField(label=_("Event"), required=False)
    associations = forms.MultipleChoiceField(label=_("Associations"), widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label=_("What we ask"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    questions = LineListField(
        label=_("Questions"),
        required=False,
        most=10,
        help_text=_("One a line. The four counts are always asked: approached, answered, affected, no problem."),
    )
    closes_on = DayField(label=_("Closing date"))

    def __init__(self, *args: Any, associations: list[Any], events: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["associations"].choices = [(str(a.pk), a.name) for a in associations]
        self.fields["event"].choices = [("", "–"), *((str(e.pk), e.title) for e in events)]

    def clean_closes_on(self) -> Any:
        """The closing date lies ahead."""
        day = self.cleaned_data["closes_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class AnswerForm(forms.Form):
    """Counts and answers."""

    approached = WholeField(label=_("How many members did you approach?"), min_value=0, max_value=100_000)
    answered = WholeField(label=_("How many of them answered?"), min_value=0, max_value=100_000)
    affected = WholeField(label=_("How many are affected?"), min_value=0, max_value=100_000)
    no_problem = WholeField(
        label=_("How many said that there is no problem?"),
        help_text=_("That is an answer too."),
        min_value=0,
        max_value=100_000,
    )
    remarks = forms.CharField(
        label=_("Remarks"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, questions: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = {f"question_{q.pk}": str(q.pk) for q in questions}
        for q in questions:
            self.fields[f"question_{q.pk}"] = forms.CharField(
                label=q.text, required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 2})
            )

    def values(self) -> dict[str, Any]:
        """The arguments of the action."""
        values = dict(self.cleaned_data)
        answers = {key: values.pop(name) for name, key in self.questions.items()}
        return {**values, "answers": answers}


class ExtendForm(forms.Form):
    """Another closing date."""

    closes_on = DayField(label=_("Closing date"))
    reason = ReasonField()
