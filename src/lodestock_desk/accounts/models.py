"""People, organisations, offices and memberships; offices and memberships are dated."""

import uuid
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.roles import Kind, Role
from lodestock_desk.core.models import Record

LANGUAGES = (("nl", _("Dutch")), ("en", _("English")))


def in_force(on: date, prefix: str = "") -> Q:
    """Rows whose validity includes the day; both ends included, an open end is valid."""
    started = Q(**{f"{prefix}valid_from__lte": on})
    return started & (Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": on}))


class UserManager(BaseUserManager["User"]):
    """Makes users by address; there is no user name."""

    def create_user(self, email: str, password: str | None = None, **more: object) -> "User":
        """A new person who can log in once a password is set."""
        user = self.model(email=self.normalize_email(email).lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by address, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in. Personal data: name, address, language; nothing else is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="nl")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as shown."""
        return self.name

    def get_short_name(self) -> str:
        """The name as shown."""
        return self.name

    @property
    def first_name(self) -> str:
        """Wagtail asks for it."""
        return self.name

    @property
    def last_name(self) -> str:
        """Wagtail asks for it."""
        return ""


class Organisation(Record):
    """A ministry, observatory, association, company or contact point; ministries merge and rename, so it is dated."""

    kind = models.CharField(max_length=20, choices=Kind, db_index=True)
    name = models.CharField(_("name"), max_length=200, db_index=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True, db_index=True)
    sbi = models.JSONField(_("SBI codes"), default=list, blank=True)
    products = models.JSONField(_("products"), default=list, blank=True)
    memberships_of = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="association_members", verbose_name=_("associations")
    )
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")
    valid_from = models.DateField(_("valid from"), default=date(2024, 1, 1))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("kvk",), condition=~Q(kvk=""), name="organisation_kvk_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="organisation_dates"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def short(self) -> str:
        """The abbreviation where there is one."""
        return self.abbreviation or self.name


class Office(Record):
    """An office that signs or agrees (minister of …), under its name of the time."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offices")
    title_nl = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    predecessor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)


class Membership(Record):
    """A person in a role at an organisation, from day to day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=30, choices=Role)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "organisation", "role", "valid_from"), name="membership_once"),
        )
