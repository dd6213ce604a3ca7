"""Keys to restricted data. Of a key only its hash is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Organisation, User
from lodestock_desk.accounts.roles import Role
from lodestock_desk.core.models import Record


class Scope(TextChoices):
    """What a key opens."""

    LICENCE_CASES = "licence-cases", _("Sums of the licence cases of the own organisation")


class ApiKey(Record):
    """A key of an organisation; it reads as someone of that organisation in `role` would, and nothing more."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("what it is for"), max_length=120)
    role = models.CharField(_("reads as"), max_length=30, choices=Role)
    scopes = models.JSONField(_("opens"), default=list)
    hashed = models.CharField(max_length=64, unique=True)
    begins = models.CharField(_("begins with"), max_length=12)
    valid_until = models.DateField(_("valid until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"

    @property
    def alive(self) -> bool:
        """Whether it opens anything today."""
        return self.ended_at is None and self.valid_until >= timezone.localdate()

    def get_scopes_display(self) -> str:
        """What it opens, in words."""
        return ", ".join(str(dict(Scope.choices).get(scope, scope)) for scope in self.scopes)
