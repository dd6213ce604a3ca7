"""Results that were taken in to be published, kept by content, and the numbers in them."""

from __future__ import annotations

from django.db import models
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from lodestock_desk.core.models import Record


class ResultKind(TextChoices):
    """What a result is."""

    RUN = "run", _("Run: all its numbers")
    FIGURE = "figure", _("Figure with its tables")


class ResultContent(models.Model):
    """What a result shows, kept once per content: the same figure on a later day is the same row.

    tables:   [{"name", "file", "csv", "columns"}] as they were written, with unit and meaning of each column.
    pictures: {"nl": svg, "en": svg}; empty for a run.
    words:    {"nl": {"title", "subtitle", "alt", "caption"}, "en": …}.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    tables = models.JSONField(default=list)
    pictures = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    mark = models.CharField(max_length=12)
    covers = models.CharField(max_length=40, blank=True)
    source_nl = models.CharField(max_length=600, blank=True)
    source_en = models.CharField(max_length=600, blank=True)


class ResultNumber(models.Model):
    """One number of a run, as its ledger holds it: `entry` is the entry of the manifest."""

    content = models.ForeignKey(ResultContent, on_delete=models.CASCADE, related_name="numbers")
    key = models.CharField(max_length=120)
    entry = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("content", "key"), name="result_number_once"),)


class PublishedResult(Record):
    """A result by name and day, with its manifest as it was written. `name` is `RUN` or `RUN.FIGURE`."""

    name = models.CharField(_("result"), max_length=160, db_index=True)
    day = models.DateField(_("day"), db_index=True)
    kind = models.CharField(_("kind"), max_length=8, choices=ResultKind)
    material = models.CharField(_("material"), max_length=60, db_index=True)
    content = models.ForeignKey(ResultContent, on_delete=models.PROTECT, related_name="results")
    manifest = models.TextField()
    is_example = models.BooleanField(default=False)

    class Meta:
        ordering = ("name", "-day")
        constraints = (models.UniqueConstraint(fields=("name", "day"), name="result_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.name}, {self.day.isoformat()}"

    @property
    def run(self) -> str:
        """The run that this result belongs to."""
        return self.name.partition(".")[0]

    @property
    def figure(self) -> str:
        """The figure of the run; empty for the run itself."""
        return self.name.partition(".")[2]


class KeptResult(Record):
    """What a page showed of a result when it was last published: outlives the result itself.

    entry:  for a number, its entry in the run; empty for a figure, map or table.
    table:  for a block that shows one table, the name of that table; empty for whatever shows the whole result.
    public: whether the block was public; only then are its files served to everyone.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="kept_results")
    block = models.CharField(max_length=40)
    entry = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=160, db_index=True)
    day = models.DateField()
    content = models.ForeignKey(ResultContent, on_delete=models.PROTECT, related_name="+")
    manifest = models.TextField(blank=True)
    table = models.CharField(max_length=60, blank=True)
    public = models.BooleanField(default=False)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("page", "block", "entry", "name", "day"), name="kept_result_once"),
        )
