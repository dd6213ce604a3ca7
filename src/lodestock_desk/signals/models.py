"""Reports, their steps, consents and attachments; events; alert rules, alerts and warnings; one-time links."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lodestock_desk.accounts.models import Membership, Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.signals.states import State
from lodestock_desk.signals.words import AlertState, Basis, Cause, Effect, Ground, RuleKind, Severity, Source


class Event(Record):
    """Something in the world to which signals belong: a licence obligation, a mine outage."""

    title = models.CharField(_("title"), max_length=200)
    materials = models.JSONField(_("materials"), default=list)
    started = models.DateField(_("since"))
    ended = models.DateField(_("until"), null=True, blank=True)
    control = models.CharField(_("measure in the register"), max_length=60, blank=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        ordering = ("-started",)

    def __str__(self) -> str:
        return self.title


class OneTimeLink(Record):
    """A link by which a company reports once without an account; only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    sent_through = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Report(Record):
    """A signal as it came in. Raw: seen by its receiver, its sender, and whom a passing names (signals.access)."""

    reference = models.CharField(max_length=12, unique=True)
    submission = models.UUIDField(unique=True)
    source = models.CharField(max_length=20, choices=Source, db_index=True)
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="received_reports")
    sent_through = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="forwarded_reports"
    )
    company = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    company_name = models.CharField(_("company"), max_length=200, blank=True)
    kvk = models.CharField(_("KvK number"), max_length=8, blank=True)
    company_key = models.CharField(max_length=80, blank=True, db_index=True)
    contact = models.EmailField(_("e-mail address for questions"), blank=True)
    material = models.CharField(_("material"), max_length=60, blank=True, db_index=True)
    product_words = models.CharField(_("material or product"), max_length=200, blank=True)
    sector = models.CharField(_("sector"), max_length=10, blank=True)
    effect = models.CharField(_("what happens"), max_length=20, choices=Effect, blank=True)
    cause = models.CharField(_("cause"), max_length=20, choices=Cause, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    stock_days = models.PositiveIntegerField(_("days of stock left"), null=True, blank=True)
    description = models.TextField(_("in your own words"), blank=True)
    share = models.JSONField(default=list, blank=True)
    ground = models.CharField(_("ground"), max_length=10, choices=Ground, default=Ground.BUSINESS)
    language = models.CharField(max_length=2, default="nl")
    outlet = models.CharField(_("outlet"), max_length=120, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    address = models.URLField(_("web address"), max_length=500, blank=True)
    claim = models.TextField(_("claim"), blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW, db_index=True)
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    filed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    receipt_hash = models.CharField(max_length=64, blank=True, db_index=True)
    verified_at = models.DateTimeField(null=True, blank=True, db_index=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "id")
        indexes = (
            models.Index(fields=("receiver", "-created_at", "id"), name="report_receiver_newest"),
            models.Index(fields=("receiver", "state", "-created_at", "id"), name="report_receiver_state_newest"),
            models.Index(fields=("receiver", "material", "-created_at", "id"), name="report_receiver_material"),
            models.Index(fields=("receiver", "state", "material"), name="report_receiver_open"),
            models.Index(fields=("material", "state"), name="report_material_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=State.MERGED) | Q(merged_into__isnull=False), name="report_merged_into"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.LINKED) | Q(event__isnull=False), name="report_linked_event"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_press(self) -> bool:
        """Press items are public."""
        return self.source == Source.PRESS

    @property
    def about(self) -> str:
        """The company's name as known, or the outlet."""
        return self.outlet if self.is_press else (self.company.name if self.company else self.company_name)


class Step(Record):
    """One step of a report's state, with its reason."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="steps")
    before = models.CharField(max_length=20, choices=State)
    after = models.CharField(max_length=20, choices=State)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("created_at",)


class Supplement(Record):
    """Something the reporter adds later; what was reported first stays as it was."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="supplements")
    text = models.TextField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("created_at",)


class Passing(Record):
    """A raw report passed to another organisation, on recorded consent or a recorded legal ground."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="passings")
    to = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="passed_reports")
    basis = models.CharField(_("basis"), max_length=10, choices=Basis)
    text = models.TextField(_("which consent or which ground"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("report", "to"), name="passing_once"),)


class Attachment(Record):
    """A file with a report, kept outside the web root under a name of its own."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=80)


class AlertRule(Record):
    """When an alert is raised: a threshold with a reason and an owner, from day to day."""

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("what counts"), max_length=30, choices=RuleKind)
    material = models.CharField(_("material"), max_length=60, blank=True)
    threshold = models.PositiveIntegerField(_("threshold"))
    window_days = models.PositiveIntegerField(_("within days"), default=14)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)
    reason = models.TextField(_("why this threshold"))
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    @property
    def threshold_in_words(self) -> str:
        """The threshold with its unit and window."""
        window = ngettext("%(d)d day", "%(d)d days", self.window_days) % {"d": self.window_days}
        said = {"n": self.threshold, "window": window}
        if self.kind == RuleKind.STOCK_DAYS:
            return (
                ngettext(
                    "less than %(n)d day of stock, verified in the past %(window)s",
                    "less than %(n)d days of stock, verified in the past %(window)s",
                    self.threshold,
                )
                % said
            )
        return ngettext("%(n)d company in %(window)s", "%(n)d companies in %(window)s", self.threshold) % said


class Alert(Record):
    """A rule that was met for a material, with its evidence and the draft texts."""

    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    material = models.CharField(max_length=60, db_index=True)
    state = models.CharField(max_length=20, choices=AlertState, default=AlertState.RAISED, db_index=True)
    reports = models.ManyToManyField(Report, related_name="alerts")
    count = models.PositiveIntegerField()
    notification_nl = models.TextField()
    notification_en = models.TextField()
    warning_nl = models.TextField()
    warning_en = models.TextField()

    class Meta:
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("rule", "material"), condition=Q(state="raised"), name="alert_raised_once"),
        )


class AlertStep(Record):
    """A decision on an alert, with its reason."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    after = models.CharField(max_length=20, choices=AlertState)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")


class Watch(Record):
    """A company that asked to be warned about a material."""

    company = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="watches")
    material = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("company", "material"), name="watch_once"),)


class Warned(Record):
    """A warning that stands ready for a company."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="warned")
    company = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="warnings")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        constraints = (models.UniqueConstraint(fields=("alert", "company"), name="warned_once"),)
