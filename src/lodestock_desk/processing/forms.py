"""Forms of project files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock.measures.law_book import IN_FORCE, law_book
from lodestock.measures.site_book import site_book
from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, MaterialField, ReasonField
from lodestock_desk.core.numbers import NumberField, WholeField
from lodestock_desk.processing import clocks, words
from lodestock_desk.processing.models import Project

_PLAIN = [
    kind for kind in words.Kind if kind not in (words.Kind.SUSPENDED, words.Kind.EXTENDED)
]  # fmt: skip
_YES_NO = [("", _("not known")), ("yes", _("yes")), ("no", _("no"))]


def site_choices() -> list[tuple[str, str]]:
    """Regions and ports that can be chosen, in the language of the page."""
    return [(site.id, getattr(site.title, vocab.lang())) for site in site_book().sites.values()]


class YesNoField(forms.ChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_YES_NO, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A truth value as its word."""
        return {True: "yes", False: "no", None: ""}.get(value, value)

    def clean(self, value: Any) -> bool | None:
        """The truth value; None is not known."""
        return {"yes": True, "no": False}.get(super().clean(value))


class ProjectForm(forms.Form):
    """A project file."""

    name = forms.CharField(label=_("Name of the project"), max_length=200)
    promoter_name = forms.CharField(label=_("Promoter"), max_length=200, help_text=_("The company behind the project."))
    material = MaterialField(label=_("Material"))
    stage = forms.ChoiceField(
        label=_("Stage"), choices=words.Stage, widget=forms.RadioSelect,
        help_text=_("A project that also extracts counts as extraction: its term is longer."),
    )  # fmt: skip
    capacity_t = NumberField(
        label=_("Capacity (tonnes a year)"), required=False, min_value=0, max_digits=12, decimal_places=2,
        help_text=_("Leave open if it is not known: open is not zero."),
    )  # fmt: skip
    capacity_source = forms.CharField(label=_("Source of the capacity"), required=False, max_length=300)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    country = forms.ChoiceField(label=_("Country"))
    site = forms.ChoiceField(label=_("Region or port"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), choices=[("", _("not known")), *words.Phase.choices], required=False)
    cost_meur = NumberField(
        label=_("Cost (million euros)"), required=False, min_value=0, max_digits=10, decimal_places=3
    )
    cost_source = forms.CharField(label=_("Source of the cost"), required=False, max_length=300)
    strategic = forms.ChoiceField(
        label=_("Strategic Project?"), choices=words.Strategic,
        help_text=_("The terms of article 11 hold for recognised Strategic Projects in the Union."),
    )  # fmt: skip
    running = forms.BooleanField(
        label=_("The permit procedure already ran when the project was recognised, or it extends one with a permit"),
        required=False, help_text=_("Then 24 or 12 months hold, from the recognition (art. 11(2))."),
    )  # fmt: skip
    impact_assessment = YesNoField(label=_("Is an environmental impact assessment needed?"))
    start_year = WholeField(label=_("Expected start (year)"), required=False, min_value=2000, max_value=2100)
    chance = WholeField(label=_("Chance that it gets there (%)"), required=False, min_value=0, max_value=100)
    chance_source = forms.CharField(label=_("Who judged that chance, and when?"), required=False, max_length=300)
    remarks = forms.CharField(
        label=_("Remarks of the contact point"), required=False, max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_("Only the contact point reads these."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = vocab.country_choices()
        self.fields["site"].choices = [("", _("not known")), *site_choices()]


class EventForm(forms.Form):
    """What happened on a day."""

    kind = forms.ChoiceField(label=_("What happened?"), choices=[(k.value, k.label) for k in _PLAIN])
    on = DayField(label=_("Date"), past=True)
    source = forms.CharField(
        label=_("Where does it stand?"), required=False, max_length=300, help_text=_("Letter, mail or file number.")
    )


class StopForm(forms.Form):
    """A stop of the clock."""

    on = DayField(label=_("First day on which the clock stands still"), past=True)
    until = DayField(
        label=_("Last day on which it stood still"), required=False, help_text=_("Leave open while it stands still.")
    )
    ground = forms.ChoiceField(label=_("Ground in the law"), widget=forms.RadioSelect)
    reason = ReasonField(label=_("Reason in this case"))
    source = forms.CharField(label=_("Where does it stand?"), required=False, max_length=300)

    def __init__(self, *args: Any, project: Project, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book, lang = law_book(), vocab.lang()
        allowed = dict.fromkeys(
            ground for name in clocks.clock_names(project, day) for ground in book.rule(name, IN_FORCE).grounds
        )
        known = [book.grounds[name] for name in allowed]
        self.fields["ground"].choices = [(g.id, f"{getattr(g.title, lang)} ({g.article})") for g in known]


class ExtensionForm(forms.Form):
    """A longer term, once."""

    clock = forms.ChoiceField(label=_("Which clock?"), widget=forms.RadioSelect)
    on = DayField(label=_("Granted on"), past=True)
    length = WholeField(label=_("How much longer?"), min_value=1, max_value=400)
    reason = ReasonField(
        label=_("Reason"), help_text=_("The nature, complexity, place or size of the project (art. 11(4)).")
    )
    source = forms.CharField(label=_("Where does it stand?"), required=False, max_length=300)

    def __init__(self, *args: Any, project: Project, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = [law_book().rule(name, IN_FORCE) for name in clocks.clock_names(project, day)]
        self.fields["clock"].choices = [
            (r.id, _("%(title)s: at most %(most)s %(unit)s (art. %(article)s)") % {
                "title": r.title_en if vocab.lang() == "en" else r.title_nl, "most": r.extension,
                "unit": clocks.unit_word(r.unit), "article": r.extension_article})
            for r in rules if r.extension
        ]  # fmt: skip


class ResumeForm(forms.Form):
    """The clock runs again."""

    until = DayField(label=_("Last day on which the clock stood still"), past=True)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = ReasonField()


class ShareForm(forms.Form):
    """Who may open a file."""

    share = forms.ChoiceField(label=_("Who may open this file?"), choices=words.Share, widget=forms.RadioSelect)
    reason = ReasonField()


class PermitForm(forms.Form):
    """A permit."""

    name = forms.CharField(label=_("Permit"), max_length=200)
    authority = forms.CharField(label=_("Competent authority"), max_length=200)
    law = forms.CharField(
        label=_("Law and article"), required=False, max_length=200, help_text=_("Needed where a term is given.")
    )
    term = WholeField(
        label=_("Term"), required=False, min_value=1, max_value=4000,
        help_text=_("From the application on, as the article says. Leave open if it is not known."),
    )  # fmt: skip
    term_unit = forms.ChoiceField(label=_("The term is in"), choices=words.TermUnit)
    applied_on = DayField(label=_("Applied for on"), required=False, past=True)
    decided_on = DayField(label=_("Decided on"), required=False, past=True)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=words.Outcome)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)


class FindingForm(forms.Form):
    """What was done before a deadline."""

    finding = ReasonField(label=_("What was done?"))


class ChecklistForm(forms.Form):
    """All items of a checklist on one page: state, day, note."""

    def __init__(self, *args: Any, which: dict[str, tuple[str, object]], items: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.which = which
        states = words.Finding if which is words.CRITERIA else words.ItemState
        for key, (article, title) in which.items():
            kept = items.get(key)
            named = {"article": article, "title": title}
            self.fields[f"{key}-state"] = forms.ChoiceField(
                label=_("%(article)s %(title)s") % named, choices=states.choices, required=True,
                initial=kept.state if kept else "unknown",
            )  # fmt: skip
            self.fields[f"{key}-on"] = DayField(
                label=_("Date for %(article)s") % named, required=False, past=True, initial=kept.on if kept else None
            )
            self.fields[f"{key}-note"] = forms.CharField(
                label=_("Note for %(article)s") % named, required=False, max_length=300,
                initial=kept.note if kept else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What is received has its day."""
        values = super().clean() or {}
        for key in self.which:
            if values.get(f"{key}-state") == words.ItemState.RECEIVED and not values.get(f"{key}-on"):
                self.add_error(f"{key}-on", _("Something received has a day on which it was received."))
        return values

    def rows(self) -> list[dict[str, Any]]:
        """One dict per item."""
        values = self.cleaned_data
        return [
            {"key": key, "state": values[f"{key}-state"], "on": values[f"{key}-on"], "note": values[f"{key}-note"]}
            for key in self.which
        ]
