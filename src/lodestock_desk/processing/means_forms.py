"""Forms of money, actions and agreements, sites and neighbours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock.measures.finance_book import instruments
from lodestock.measures.site_book import site_book
from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, ReasonField
from lodestock_desk.core.numbers import NumberField, WholeField
from lodestock_desk.processing import shown, words
from lodestock_desk.processing.forms import site_choices


def titled(item: Any) -> str:
    """The title of something of the library in the language of the page."""
    return str(getattr(item.title, vocab.lang()))


class FundingForm(forms.Form):
    """What is asked and promised in a year."""

    year = WholeField(label=_("Year"), min_value=2020, max_value=2100)
    level = forms.ChoiceField(label=_("Whose money?"), choices=words.Level, widget=forms.RadioSelect)
    asked_meur = NumberField(
        label=_("Asked (million euros)"), required=False, min_value=0, max_digits=10, decimal_places=3
    )
    promised_meur = NumberField(
        label=_("Promised (million euros)"), required=False, min_value=0, max_digits=10, decimal_places=3,
        help_text=_("Write 0 if it is certain that nothing is promised; leave open if it is not known."),
    )  # fmt: skip
    instrument = forms.ChoiceField(label=_("Instrument"), required=False)
    structural = forms.BooleanField(label=_("Structural money: comes back every year"), required=False)
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The letter, decision or report in which it stands.")
    )
    on = DayField(label=_("As of"), past=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(item.id, titled(item)) for item in instruments().values()]
        self.fields["instrument"].choices = [("", _("none of the list")), *known]


class ActionForm(forms.Form):
    """An action or agreement."""

    sort = forms.ChoiceField(label=_("Action or agreement?"), choices=words.Sort, widget=forms.RadioSelect)
    title = forms.CharField(label=_("What?"), max_length=300)
    party = forms.CharField(label=_("With whom?"), required=False, max_length=200)
    doer = forms.CharField(label=_("Who does it?"), max_length=200, help_text=_("The organisation and office."))
    due_on = DayField(label=_("Due"))
    project = forms.ChoiceField(label=_("Project"), required=False)
    source = forms.CharField(label=_("Source"), required=False, max_length=300)

    def __init__(self, *args: Any, projects: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].choices = [("", "–"), *((str(p.pk), p.name) for p in projects)]


class OutcomeForm(forms.Form):
    """What came of an action."""

    outcome = ReasonField(label=_("What came of it?"))


class FigureForm(forms.Form):
    """What is known of a site."""

    site = forms.ChoiceField(label=_("Region or port"))
    criterion = forms.ChoiceField(label=_("Criterion"))
    low = NumberField(label=_("Lowest value"), help_text=_("In the unit of the criterion."))
    high = NumberField(label=_("Highest value"), help_text=_("The same number if it is one value."))
    source = forms.CharField(label=_("Source"), max_length=300)
    on = DayField(label=_("As of"), past=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].choices = site_choices()
        self.fields["criterion"].choices = [
            (item.id, f"{titled(item)} ({shown.unit(item.unit)})") for item in site_book().criteria.values()
        ]

    def clean_low(self) -> float:
        """As the library counts."""
        return float(self.cleaned_data["low"])

    def clean_high(self) -> float:
        """As the library counts."""
        return float(self.cleaned_data["high"])


class NeighbourForm(forms.Form):
    """Who does what in another country."""

    country = forms.ChoiceField(label=_("Country or union"))
    topic = forms.CharField(label=_("Subject"), max_length=200)
    who = forms.CharField(label=_("Who there?"), max_length=200)
    what = forms.CharField(label=_("What do they do?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
    ours = forms.CharField(
        label=_("What do we do?"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )
    status = forms.ChoiceField(label=_("Alignment"), choices=words.Alignment, widget=forms.RadioSelect)
    source = forms.CharField(label=_("Source"), max_length=300)
    on = DayField(label=_("As of"), past=True)
    contacts = forms.MultipleChoiceField(label=_("Contacts in which it came up"), required=False)

    def __init__(self, *args: Any, contacts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = area_choices()
        self.fields["contacts"].choices = [(str(c.pk), f"{c.on:%d-%m-%Y} {c.subject}") for c in contacts]


def area_choices() -> list[tuple[str, str]]:
    """The neighbours and unions first, then every country."""
    names = dict(vocab.country_choices())
    first = ["BEL", "DEU", "FRA", "LUX"]
    unions = [("EU", _("European Union")), ("BENELUX", _("Benelux"))]
    return [*unions, *((key, names[key]) for key in first), *((k, v) for k, v in names.items() if k not in first)]
