"""Forms of pieces, routes and commitments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core.fields import DayField, LineListField, ReasonField
from lodestock_desk.parliament.access import ministries, offices
from lodestock_desk.parliament.words import How, Kind, Promise, Rhythm, StepKind

ROWS = 10  # steps that a new route has room for


class StartForm(forms.Form):
    """A new piece."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind, widget=forms.RadioSelect)
    subject_nl = forms.CharField(label=_("Subject (Dutch)"), max_length=300)
    subject_en = forms.CharField(label=_("Subject (English)"), max_length=300, required=False)
    house_reference = forms.CharField(label=_("Reference of the House"), max_length=60, required=False)
    received_on = DayField(
        label=_("Questions received on"), required=False, past=True,
        help_text=_("For answers: the term follows from this day."),
    )  # fmt: skip
    due_on = DayField(label=_("Due"), required=False, help_text=_("For a letter: the day that was promised."))


class WriteForm(forms.Form):
    """A version of the nota or the piece."""

    title_nl = forms.CharField(label=_("Title (Dutch)"), max_length=300)
    title_en = forms.CharField(label=_("Title (English)"), max_length=300, required=False)
    nl = forms.CharField(
        label=_("Text (Dutch)"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text=_(
            "Blocks apart by an empty line. # heading, - point, Vraag 1, Antwoord 1, {name} for a number, "
            "[figure NAME: what it shows], [woo 5.1.2.b: why] above a block that is restricted."
        ),
    )  # fmt: skip
    en = forms.CharField(
        label=_("Text (English)"), max_length=200_000, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )
    addressees = LineListField(label=_("Addressees, one a line"), required=False, most=10)
    annexes = LineListField(
        label=_("Annexes, one a line"), required=False, most=30,
        help_text=_("title | outlet | date (2025-05-18) | web address | ground if restricted"),
    )  # fmt: skip
    note = forms.CharField(label=_("What did you change?"), max_length=300, required=False)
    read = forms.CharField(widget=forms.HiddenInput, required=False)


def read_annexes(lines: list[str]) -> list[dict[str, str]]:
    """Annexes from lines of title | outlet | date | address | ground; one with an outlet is a press article."""
    found = []
    for line in lines:
        parts = [part.strip() for part in line.split("|")] + [""] * 5
        names = dict(zip(("title", "outlet", "on", "address", "ground"), parts, strict=False))
        if names["on"]:
            try:
                names["on"] = DayField().clean(names["on"]).isoformat()
            except ValidationError as error:
                raise ValidationError({"annexes": f"{line}: {' '.join(error.messages)}"}) from error
        if names["address"] and not names["address"].startswith(("https://", "http://")):
            raise ValidationError({"annexes": gettext("A web address begins with https://: %s") % line})
        found.append({k: v for k, v in names.items() if v} | ({"kind": "press"} if names["outlet"] else {}))
    return found


def write_annexes(annexes: list[dict[str, str]]) -> str:
    """The lines that `read_annexes` reads."""
    names = ("title", "outlet", "on", "address", "ground")
    return "\n".join(" | ".join(annex.get(name, "") for name in names).rstrip(" |") for annex in annexes)


class SendersForm(forms.Form):
    """Who sends, in order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((str(o.pk), o.title_nl) for o in offices())]
        for row in range(1, 5):
            self.fields[f"office_{row}"] = forms.ChoiceField(
                label=_("Sender %(number)d") % {"number": row}, choices=choices, required=row == 1
            )
            self.fields[f"how_{row}"] = forms.ChoiceField(
                label=_("How %(number)d") % {"number": row}, choices=How, initial=How.SIGNS, required=False
            )

    def senders(self) -> list[tuple[str, str]]:
        """The pairs that were filled in."""
        data = self.cleaned_data
        rows = [(data[f"office_{row}"], data[f"how_{row}"] or How.SIGNS) for row in range(1, 5)]
        return [(office, how) for office, how in rows if office]


class RouteForm(forms.Form):
    """The steps of a route, one a row."""

    def __init__(self, *args: Any, rows: int = ROWS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = rows
        parties = [("", "–"), *((f"m:{m.pk}", m.name) for m in ministries())]
        parties += [(f"o:{o.pk}", o.title_nl) for o in offices()]
        for row in range(1, rows + 1):
            said = {"number": row}
            self.fields[f"kind_{row}"] = forms.ChoiceField(
                label=_("Step %(number)d: what") % said, choices=[("", "–"), *StepKind.choices], required=False
            )
            self.fields[f"party_{row}"] = forms.ChoiceField(
                label=_("Step %(number)d: of whom") % said, choices=parties, required=False
            )
            self.fields[f"order_{row}"] = forms.IntegerField(
                label=_("Step %(number)d: turn") % said, min_value=1, max_value=20, required=False
            )
            self.fields[f"due_{row}"] = DayField(label=_("Step %(number)d: before") % said, required=False)

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each row."""
        names = ("kind", "party", "order", "due")
        return [[self[f"{name}_{row}"] for name in names] for row in range(1, self.count + 1)]

    def clean(self) -> dict[str, Any]:
        """A step has a kind, a party that fits it, and a turn."""
        data = super().clean() or {}
        for row in range(1, self.count + 1):
            kind, party = data.get(f"kind_{row}"), data.get(f"party_{row}")
            if bool(kind) != bool(party):
                self.add_error(f"party_{row}", gettext("Choose both what is asked and of whom."))
            elif kind and party[0] != ("m" if kind == StepKind.COORDINATION else "o"):
                said = gettext("Coordination is asked of a ministry, every other step of an office.")
                self.add_error(f"party_{row}", said)
            elif kind and not data.get(f"order_{row}"):
                self.add_error(f"order_{row}", gettext("Give the turn."))
        return data

    def stops(self) -> list[tuple[str, int, str, Any]]:
        """The steps that were filled in: kind, turn, party, day."""
        data = self.cleaned_data
        return [
            (data[f"kind_{r}"], data[f"order_{r}"], data[f"party_{r}"][2:], data[f"due_{r}"])
            for r in range(1, self.count + 1)
            if data[f"kind_{r}"]
        ]


class NumberForm(forms.Form):
    """A number for a text, from a result or the register."""

    name = forms.RegexField(
        label=_("Name in the text"), regex=r"^[a-z0-9_-]{1,40}$",
        error_messages={"invalid": _("Use small letters, digits, - and _.")},
    )  # fmt: skip
    entry = forms.ChoiceField(label=_("Which number?"))

    def __init__(self, *args: Any, entries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = entries


class SinceForm(forms.Form):
    """From which day on a progress letter tells what changed."""

    since = DayField(label=_("What changed since"), past=True)


class StepForm(forms.Form):
    """What someone says at a step."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the piece."),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput)


class OneReasonForm(forms.Form):
    """A reason."""

    reason = ReasonField()


class DelayForm(forms.Form):
    """A notice of delay."""

    on = DayField(label=_("Sent to the House on"))
    reason = ReasonField()


class DelegationForm(forms.Form):
    """Who stands in."""

    deputy = forms.ChoiceField(label=_("Who stands in?"))
    valid_from = DayField(label=_("From"))
    valid_until = DayField(label=_("Until and including"))
    reason = ReasonField()

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = people


class CommitmentForm(forms.Form):
    """A commitment or motion."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Promise, widget=forms.RadioSelect)
    text_nl = forms.CharField(
        label=_("What was promised or asked? (Dutch)"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_en = forms.CharField(
        label=_("What was promised or asked? (English)"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    office = forms.ChoiceField(label=_("By which office, or asked of which?"))
    promised_to = forms.CharField(label=_("To whom?"), max_length=200)
    made_where = forms.CharField(label=_("Where? (debate, letter)"), max_length=200)
    reference = forms.CharField(label=_("Reference of the House"), max_length=60, required=False)
    made_on = DayField(label=_("On which day?"), past=True)
    rhythm = forms.ChoiceField(label=_("How often?"), choices=Rhythm)
    due_on = DayField(label=_("By when?"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = choices


class FulfilForm(forms.Form):
    """How a commitment was kept."""

    piece = forms.ChoiceField(label=_("By which piece?"), required=False)
    done_on = DayField(label=_("On which day?"), past=True)
    note = forms.CharField(label=_("Or how else?"), max_length=300, required=False)

    def __init__(self, *args: Any, pieces: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["piece"].choices = [("", "–"), *pieces]


class NewOfficeForm(forms.Form):
    """A new office."""

    title_nl = forms.CharField(label=_("Name of the office (Dutch)"), max_length=200)
    title_en = forms.CharField(label=_("Name of the office (English)"), max_length=200)
    valid_from = DayField(label=_("From"))


class HolderForm(forms.Form):
    """Who holds an office."""

    office = forms.ChoiceField(label=_("Office"))
    membership = forms.ChoiceField(label=_("Who holds it?"), required=False)
    on = DayField(label=_("From which day?"), help_text=_("Today, or a day to come."))
    reason = ReasonField()

    def __init__(
        self, *args: Any, offices: list[tuple[str, str]], people: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = offices
        self.fields["membership"].choices = [("", _("nobody")), *people]


class OfficeForm(forms.Form):
    """A new office in the place of others."""

    old = forms.MultipleChoiceField(label=_("In the place of"), widget=forms.CheckboxSelectMultiple)
    title_nl = forms.CharField(label=_("Name of the office (Dutch)"), max_length=200)
    title_en = forms.CharField(label=_("Name of the office (English)"), max_length=200)
    on = DayField(label=_("From"))
    reason = ReasonField()

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old"].choices = choices
