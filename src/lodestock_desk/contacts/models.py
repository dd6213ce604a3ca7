"""Contacts with other countries and institutions, and the standing line to take, dated."""

from django.db import models
from django.db.models import F, Q, TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Membership, Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.signals.models import Event


class Level(TextChoices):
    """Political or official."""

    POLITICAL = "political", _("Political")
    OFFICIAL = "official", _("Official")


class Contact(Record):
    """Who spoke to whom; the speaker need not be Dutch (a Commissioner with a minister elsewhere)."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("date"), db_index=True)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    speaker = models.CharField(_("who spoke"), max_length=200)
    speaker_for = models.CharField(_("for"), max_length=200)
    counterpart = models.CharField(_("with whom"), max_length=200)
    counterpart_for = models.CharField(_("of"), max_length=200)
    country = models.CharField(_("country"), max_length=3, blank=True)
    subject = models.CharField(_("subject"), max_length=300)
    materials = models.JSONField(_("materials"), default=list, blank=True)
    message = models.TextField(_("message"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done"), null=True, blank=True)
    owner = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts")
    source = models.CharField(_("source"), max_length=300, blank=True)
    restricted = models.BooleanField(_("only for the own organisation"), default=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-on", "-created_at")


class StandingLine(Record):
    """What is said on a subject, from day to day; an old line stays on record."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(_("subject"), max_length=200, db_index=True)
    material = models.CharField(_("material"), max_length=60, blank=True, db_index=True)
    text_nl = models.TextField(_("line (Dutch)"))
    text_en = models.TextField(_("line (English)"))
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ("subject", "-valid_from")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="line_dates"
            ),
        )
