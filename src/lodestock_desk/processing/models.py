"""Project files of the contact point, their money, actions, sites and neighbours."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Membership, Organisation, User
from lodestock_desk.contacts.models import Contact
from lodestock_desk.core.models import Record
from lodestock_desk.processing import words


class Project(Record):
    """A project of extraction, processing or recycling, kept by the contact point."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    promoter = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    promoter_name = models.CharField(_("promoter"), max_length=200)
    material = models.CharField(_("material"), max_length=60, db_index=True)
    stage = models.CharField(_("stage"), max_length=12, choices=words.Stage)
    capacity_t = models.DecimalField(_("capacity"), max_digits=12, decimal_places=2, null=True, blank=True)
    capacity_source = models.CharField(_("source of the capacity"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=3, default="NLD")
    site = models.CharField(_("region or port"), max_length=40, blank=True)
    phase = models.CharField(_("phase"), max_length=20, choices=words.Phase, blank=True)
    cost_meur = models.DecimalField(_("cost"), max_digits=10, decimal_places=3, null=True, blank=True)
    cost_source = models.CharField(_("source of the cost"), max_length=300, blank=True)
    running = models.BooleanField(_("already in the permit procedure when recognised"), default=False)
    strategic = models.CharField(_("Strategic Project"), max_length=12, choices=words.Strategic, default="unknown")
    impact_assessment = models.BooleanField(_("environmental impact assessment needed"), null=True)
    start_year = models.PositiveSmallIntegerField(_("expected start"), null=True, blank=True)
    chance = models.PositiveSmallIntegerField(
        _("chance"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    chance_source = models.CharField(_("who judged the chance, when"), max_length=300, blank=True)
    share = models.CharField(_("who may open it"), max_length=6, choices=words.Share, default=words.Share.OWN)
    remarks = models.TextField(_("remarks of the contact point"), blank=True)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name", "created_at")

    def __str__(self) -> str:
        return self.name


class ProjectEvent(Record):
    """What happened on a day; the clocks are worked out from these alone."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=24, choices=words.Kind)
    on = models.DateField(_("date"), db_index=True)
    until = models.DateField(_("last day on which the clock stood still"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=40, blank=True)
    clock = models.CharField(_("which clock"), max_length=60, blank=True)
    length = models.PositiveSmallIntegerField(_("how much longer"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("on", "created_at")


class ChecklistItem(Record):
    """The state of one criterion (art. 6) or one item of the application (art. 7)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=20)
    state = models.CharField(_("state"), max_length=12)
    on = models.DateField(_("date"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=("project", "key"), name="processing_item_once"),)


class Permit(Record):
    """A permit that the project needs, with the authority that decides on it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="permits")
    name = models.CharField(_("permit"), max_length=200)
    authority = models.CharField(_("competent authority"), max_length=200)
    law = models.CharField(_("law and article"), max_length=200, blank=True)
    term = models.PositiveSmallIntegerField(_("term of this permit"), null=True, blank=True)
    term_unit = models.CharField(_("term in"), max_length=6, choices=words.TermUnit, default=words.TermUnit.WEEKS)
    applied_on = models.DateField(_("applied for"), null=True, blank=True)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=words.Outcome, default=words.Outcome.UNKNOWN)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("name", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(applied_on__isnull=True) | Q(decided_on__gte=F("applied_on")),
                name="processing_permit_dates",
            ),
            models.CheckConstraint(condition=Q(term__isnull=True) | ~Q(law=""), name="processing_term_article"),
        )


class ClockTask(Record):
    """A reminder ahead of a deadline, with an owner; made 90, 30 and 7 days ahead."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tasks")
    clock = models.CharField(_("clock"), max_length=60)
    deadline = models.DateField(_("deadline"), db_index=True)
    days_ahead = models.PositiveIntegerField()
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(_("done"), null=True, blank=True)
    finding = models.TextField(_("what was done"), blank=True)

    class Meta:
        ordering = ("deadline", "days_ahead")
        constraints = (
            models.UniqueConstraint(fields=("project", "clock", "deadline", "days_ahead"), name="clock_task_once"),
        )


class FundingRow(Record):
    """What is asked and promised for a project in a year, with its source; what is not known stays empty."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="funding")
    year = models.PositiveSmallIntegerField(_("year"))
    level = models.CharField(_("whose money"), max_length=8, choices=words.Level)
    asked_meur = models.DecimalField(_("asked"), max_digits=10, decimal_places=3, null=True, blank=True)
    promised_meur = models.DecimalField(_("promised"), max_digits=10, decimal_places=3, null=True, blank=True)
    instrument = models.CharField(_("instrument"), max_length=60, blank=True)
    structural = models.BooleanField(_("structural"), default=False)
    source = models.CharField(_("source"), max_length=300)
    on = models.DateField(_("as of"))

    class Meta:
        ordering = ("year", "level", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=(Q(asked_meur__isnull=True) | Q(asked_meur__gte=0))
                & (Q(promised_meur__isnull=True) | Q(promised_meur__gte=0)),
                name="processing_amount_positive",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="processing_amount_source"),
        )


class TableAction(Record):
    """An action or agreement: of the financiers' working group, or with ports or industry."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(_("where"), max_length=10, choices=words.Table, db_index=True)
    sort = models.CharField(_("kind"), max_length=10, choices=words.Sort)
    title = models.CharField(_("what"), max_length=300)
    party = models.CharField(_("with whom"), max_length=200, blank=True)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    doer = models.CharField(_("who does it"), max_length=200)
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        ordering = ("done_on", "due_on", "created_at")


class SiteFigure(Record):
    """What is known of a site on one criterion beside what ships; no row means: not known."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    site = models.CharField(_("site"), max_length=60, db_index=True)
    criterion = models.CharField(_("criterion"), max_length=60)
    low = models.FloatField(_("lowest value"))
    high = models.FloatField(_("highest value"))
    source = models.CharField(_("source"), max_length=300)
    on = models.DateField(_("as of"))

    class Meta:
        ordering = ("site", "criterion", "-on", "-created_at")


class Neighbour(Record):
    """Who does what in another country on a subject that we work on too."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(_("country or union"), max_length=8, db_index=True)
    topic = models.CharField(_("subject"), max_length=200)
    who = models.CharField(_("who"), max_length=200)
    what = models.TextField(_("what they do"))
    ours = models.TextField(_("what we do"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=words.Alignment, default=words.Alignment.UNKNOWN)
    source = models.CharField(_("source"), max_length=300)
    on = models.DateField(_("as of"))
    contacts = models.ManyToManyField(Contact, blank=True, related_name="+")

    class Meta:
        ordering = ("country", "topic")
