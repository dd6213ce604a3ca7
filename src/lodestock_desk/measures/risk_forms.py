"""Forms of the steps of a risk assessment. A step may be kept half-filled; finishing asks what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation
from lodestock_desk.core import vocab
from lodestock_desk.core.fields import DayField, LineListField
from lodestock_desk.core.numbers import WholeField
from lodestock_desk.measures.large import TECHNOLOGIES
from lodestock_desk.measures.risk import FACTORS, LEVELS, STAGES
from lodestock_desk.measures.words import Both


def _choices(words: Mapping[str, Both]) -> list[tuple[str, str]]:
    return [(key, str(name)) for key, name in words.items()]


class StartForm(forms.Form):
    """A new assessment."""

    title = forms.CharField(label=_("What do you call it?"), max_length=200)


class ScopeForm(forms.Form):
    """Step 1: products, technologies and materials."""

    products = forms.CharField(
        label=_("Which products is it about?"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    technologies = forms.MultipleChoiceField(
        label=_("Which technologies of article 24?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    materials = LineListField(
        label=_("Which raw materials? One a line."), required=False, most=20,
        help_text=_("A name or symbol, for example dysprosium or Dy."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technologies"].choices = _choices(TECHNOLOGIES)

    def clean_materials(self) -> list[str]:
        """The ids of the materials, each once."""
        named = self.cleaned_data["materials"]
        found = {text: vocab.resolve(text) for text in named}
        if unknown := [text for text, key in found.items() if not key]:
            raise forms.ValidationError(
                _("We do not know: %(names)s. Try another name or a symbol."), params={"names": ", ".join(unknown)}
            )
        return list(dict.fromkeys(found.values()))


class OriginForm(forms.Form):
    """Step 2, one row: where a material comes from at a stage."""

    material = forms.ChoiceField(label=_("Raw material"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    share = WholeField(
        label=_("Share (%)"), required=False, min_value=0, max_value=100, help_text=_("Leave open if it is not known.")
    )
    source = forms.CharField(label=_("How do you know?"), required=False, max_length=200)

    def __init__(self, *args: Any, materials: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"].choices = [("", "–"), *((m, vocab.material_name(m)) for m in materials)]
        self.fields["stage"].choices = [("", "–"), *_choices(STAGES)]
        self.fields["country"].choices = [("", _("not known")), *vocab.country_choices()]

    def clean(self) -> dict[str, Any]:
        """A row that holds anything names its material and stage."""
        values = super().clean() or {}
        if any(v not in ("", None) for v in values.values()):
            for name in ("material", "stage"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Choose one."))
        return values


class _OriginSet(BaseFormSet):
    """Rows of origin: the known shares of a material at a stage are at most 100 % together."""

    def clean(self) -> None:
        """Refuse shares that add up to more than all."""
        if any(self.errors):
            return
        total: dict[tuple[str, str], int] = {}
        for form in self.forms:
            row = form.cleaned_data
            if row.get("material") and row.get("share") is not None:
                key = (row["material"], row["stage"])
                total[key] = total.get(key, 0) + row["share"]
        for (material, stage), share in total.items():
            if share > 100:
                raise forms.ValidationError(
                    _("%(material)s, %(stage)s: the shares add up to %(share)s%%, more than 100%%."),
                    params={"material": vocab.material_name(material), "stage": STAGES[stage], "share": share},
                )


OriginSet = formset_factory(OriginForm, formset=_OriginSet, extra=3, max_num=60)


class FactorsForm(forms.Form):
    """Step 3: what may affect supply."""

    factors = forms.MultipleChoiceField(
        label=_("What may affect your supply?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(
        label=_("Explanation"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["factors"].choices = _choices(FACTORS)

    def clean_factors(self) -> list[str]:
        """'No factor known' stands alone."""
        chosen: list[str] = self.cleaned_data["factors"]
        if "none_known" in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose either factors, or that none is known."))
        return chosen


class VulnerabilityForm(forms.Form):
    """Step 4: how vulnerable the company is, by material."""

    def __init__(self, *args: Any, materials: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in materials:
            name = vocab.material_name(key)
            self.fields[f"level_{key}"] = forms.ChoiceField(
                label=_("How vulnerable are you to a shortage of %(name)s?") % {"name": name}, required=False,
                choices=_choices(LEVELS), widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"why_{key}"] = forms.CharField(
                label=_("Why? (%(name)s)") % {"name": name}, required=False, max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip


class MitigationForm(forms.Form):
    """Step 5, one row: what is done, by which office, by when."""

    what = forms.CharField(label=_("What will be done?"), required=False, max_length=500)
    owner = forms.CharField(label=_("By which department?"), required=False, max_length=200)
    due = DayField(label=_("By when?"), required=False)

    def clean(self) -> dict[str, Any]:
        """A row that holds anything says what is done."""
        values = super().clean() or {}
        if (values.get("owner") or values.get("due")) and not values.get("what"):
            self.add_error("what", _("Say what will be done."))
        return values


MitigationSet = formset_factory(MitigationForm, extra=2, max_num=30)


class BoardForm(forms.Form):
    """Step 5: whether the board has seen it."""

    board_on = DayField(label=_("When was it discussed with the board?"), required=False, past=True)


class ShareForm(forms.Form):
    """Whom the company lets read a finished assessment."""

    to = forms.ChoiceField(label=_("Who may read it?"), widget=forms.RadioSelect)
    text = forms.CharField(label=_("What for?"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    sure = forms.BooleanField(label=_("I may decide this for the company"))

    def __init__(self, *args: Any, receivers: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(r.pk), r.name) for r in receivers]
