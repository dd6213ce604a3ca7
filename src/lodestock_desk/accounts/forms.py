"""Forms on people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import LANGUAGES
from lodestock_desk.accounts.roles import ROLES_OF_KIND, Role
from lodestock_desk.core.fields import DayField, ReasonField


class MemberForm(forms.Form):
    """Who gets which role from when."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    valid_from = DayField(label=_("From"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(r.value, r.label) for r in Role if r in ROLES_OF_KIND[kind]]


class EndForm(forms.Form):
    """When a role ends and why."""

    on = DayField(label=_("Last day"))
    reason = ReasonField()
