"""Grounds on which a block can be restricted: exceptions of the Open Government Act (Wet open overheid, chapter 5)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Article 5.1, first and second paragraph, and article 5.2 of the Woo."""

    CROWN = "5.1.1.a", _("5.1, 1, a: unity of the Crown")
    STATE_SECURITY = "5.1.1.b", _("5.1, 1, b: security of the State")
    COMPANY_DATA = "5.1.1.c", _("5.1, 1, c: company data given in confidence")
    SPECIAL_PERSONAL = "5.1.1.d", _("5.1, 1, d: special personal data")
    PERSONAL_NUMBERS = "5.1.1.e", _("5.1, 1, e: personal identification numbers")
    RELATIONS = "5.1.2.a", _("5.1, 2, a: relations with other countries and international organisations")
    STATE_INTERESTS = "5.1.2.b", _("5.1, 2, b: economic or financial interests of the State")
    PROSECUTION = "5.1.2.c", _("5.1, 2, c: investigation and prosecution")
    SUPERVISION = "5.1.2.d", _("5.1, 2, d: inspection and supervision")
    PRIVACY = "5.1.2.e", _("5.1, 2, e: privacy")
    COMPETITION = "5.1.2.f", _("5.1, 2, f: other company data sensitive to competition")
    ENVIRONMENT = "5.1.2.g", _("5.1, 2, g: protection of the environment")
    SAFETY = "5.1.2.h", _("5.1, 2, h: security of persons and companies, and sabotage")
    FUNCTIONING = "5.1.2.i", _("5.1, 2, i: good functioning of the State")
    DELIBERATION = "5.2", _("5.2: personal opinions in internal deliberation")
