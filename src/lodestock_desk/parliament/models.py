"""Pieces and their nota in versions, the approval route with its history, findings, commitments and motions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lodestock_desk.accounts.models import Membership, Office, Organisation, User
from lodestock_desk.core.models import Record
from lodestock_desk.parliament.text import Content, content_hash, joint_hash, read_content
from lodestock_desk.parliament.words import (
    TO_BE_SOLVED,
    Finding,
    How,
    Kind,
    Moment,
    Part,
    Promise,
    Rhythm,
    Settled,
    Standing,
    State,
    StepKind,
    Verb,
)


class Piece(Record):
    """A letter, or answers to written questions, with the nota that carries it to the signatory."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, db_index=True)
    subject_nl = models.CharField(_("subject (Dutch)"), max_length=300)
    subject_en = models.CharField(_("subject (English)"), max_length=300, blank=True)
    house_reference = models.CharField(_("reference of the House"), max_length=60, blank=True)
    received_on = models.DateField(_("received"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True, db_index=True)
    due_rule = models.CharField(max_length=40, blank=True)
    delay_notice_on = models.DateField(null=True, blank=True)
    delay_reason = models.TextField(blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_hash = models.CharField(max_length=64, blank=True)
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.subject_nl

    def version(self, part: str) -> Version | None:
        """The current version of the nota or the piece."""
        return self.versions.filter(part=part).order_by("-number").first()

    def text_hash(self) -> str:
        """The fingerprint of the current nota and piece together; empty while one of them is not written."""
        found = [self.version(part) for part in (Part.NOTA, Part.PIECE)]
        return joint_hash(*(v.content_hash for v in found if v)) if all(found) else ""


class Version(Record):
    """A version of the nota or the piece. It is never changed: a change is a new version."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="versions")
    part = models.CharField(max_length=10, choices=Part)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64, editable=False)
    restricted = models.BooleanField(default=False, editable=False)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("piece", "part", "-number")
        constraints = (models.UniqueConstraint(fields=("piece", "part", "number"), name="piece_version_once"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once, with its fingerprint, and whether any block or annex of it is restricted."""
        if not self._state.adding:
            raise RuntimeError("a version is never changed")
        self.content_hash = content_hash(self.content)
        self.restricted = self.text.restricted()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Never."""
        raise RuntimeError("a version is never removed")

    @property
    def text(self) -> Content:
        """The version as blocks."""
        return read_content(self.content)

    def intact(self) -> bool:
        """Whether the text is still the one of its fingerprint."""
        return content_hash(self.content) == self.content_hash


class Sender(Record):
    """An office that sends the piece, and how."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="senders")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How, default=How.SIGNS)
    place = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("piece", "office"), name="sender_once"),)


class Step(Record):
    """A step of the route: of an office, or of a ministry for coordination at official level."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(_("kind"), max_length=12, choices=StepKind)
    order = models.PositiveIntegerField(_("order"))
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ministry = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"), null=True, blank=True)
    done_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("piece", "order", "created_at")
        constraints = (
            models.CheckConstraint(
                condition=(Q(kind=StepKind.COORDINATION) & Q(office__isnull=True) & Q(ministry__isnull=False))
                | (~Q(kind=StepKind.COORDINATION) & Q(office__isnull=False) & Q(ministry__isnull=True)),
                name="step_of_one_party",
            ),
        )

    @property
    def party_id(self) -> str:
        """The office or ministry whose step it is."""
        return str(self.ministry_id or self.office_id)


class Act(Record):
    """What happened in a route: who, for which office, on which day, on which text. Added to, never changed."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="acts")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.SET_NULL, related_name="acts")
    verb = models.CharField(max_length=12, choices=Verb)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    party_nl = models.CharField(max_length=200)
    party_en = models.CharField(max_length=200)
    deputy = models.BooleanField(default=False)
    comment = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    nota_version = models.PositiveIntegerField(null=True, blank=True)
    piece_version = models.PositiveIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField()

    class Meta:
        ordering = ("piece", "sequence")
        constraints = (models.UniqueConstraint(fields=("piece", "sequence"), name="act_sequence_once"),)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once."""
        if not self._state.adding:
            raise RuntimeError("the history of a route is never changed")
        super().save(*args, **kwargs)


class Delegation(Record):
    """Someone stands in for an office from day to day, while who gave it holds that office and did not end it.

    ended_at: the moment at which it was ended before its last day; from that moment on it gives nothing.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="delegations")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-valid_from",)
        constraints = (models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="delegation_dates"),)


class Appointment(Record):
    """From a day to come on, someone holds an office, or – without a membership – nobody does.

    done: it was noted with the members, so that it counts there; until then it counts here, from its day on.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointments")
    membership = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ("on", "created_at")
        constraints = (
            models.UniqueConstraint(fields=("office",), condition=Q(done=False), name="appointment_of_office_once"),
            models.UniqueConstraint(fields=("membership",), condition=Q(done=False), name="appointment_of_member_once"),
        )


class Reminder(Record):
    """Someone was told that a day nears or has passed, or that standing in begins; once for each day and moment.

    deadline: the key of the step, or of the piece for its own day. due_on: that day, or the first of standing in.
    """

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="reminders")
    deadline = models.UUIDField()
    due_on = models.DateField()
    moment = models.CharField(max_length=6, choices=Moment)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("deadline", "due_on", "moment", "person"), name="reminder_once"),
        )


class Succession(Record):
    """From a day on, one office takes the place of another: a new name, a merger, a split."""

    old = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="followed_by")
    new = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="follows")
    on = models.DateField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("on",)
        constraints = (
            models.UniqueConstraint(fields=("old", "new"), name="succession_once"),
            models.CheckConstraint(condition=~Q(old=F("new")), name="succession_of_another"),
        )


class FoundItem(Record):
    """A finding of the checks before sending, and what became of it; it stays on file."""

    piece = models.ForeignKey(Piece, on_delete=models.CASCADE, related_name="findings")
    key = models.CharField(max_length=64)
    kind = models.CharField(max_length=24, choices=Finding)
    part = models.CharField(max_length=10, choices=Part)
    place = models.CharField(max_length=20)
    words = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=Settled, default=Settled.OPEN)
    found_in = models.PositiveIntegerField()
    solved_in = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    settled_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("part", "kind", "created_at")
        constraints = (models.UniqueConstraint(fields=("piece", "key"), name="finding_once"),)

    @property
    def lang(self) -> str:
        """The language of the block in which it stands."""
        return str(self.place).partition("-")[0]

    @property
    def overrulable(self) -> bool:
        """Whether a reason may overrule it; otherwise the text has to change."""
        return self.kind not in TO_BE_SOLVED


class Commitment(Record):
    """A promise of the government to the House, or a motion of the House: what, by whom, to whom, where, by when."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Promise)
    text_nl = models.TextField(_("what was promised (Dutch)"))
    text_en = models.TextField(_("what was promised (English)"), blank=True)
    promised_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    promised_to = models.CharField(_("to whom"), max_length=200)
    made_where = models.CharField(_("where"), max_length=200)
    reference = models.CharField(_("reference of the House"), max_length=60, blank=True)
    made_on = models.DateField(_("on"))
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm, default=Rhythm.ONCE)
    due_on = models.DateField(_("due"), db_index=True)
    standing = models.CharField(_("state"), max_length=10, choices=Standing, default=Standing.OPEN, db_index=True)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("due_on",)
        constraints = (models.CheckConstraint(condition=Q(due_on__gte=F("made_on")), name="commitment_dates"),)

    def late(self, today: date) -> bool:
        """Whether it is open and its day has passed."""
        return self.standing == Standing.OPEN and self.due_on < today


class Delivery(Record):
    """A commitment kept: which piece did it, for which due day."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="deliveries")
    piece = models.ForeignKey(Piece, null=True, blank=True, on_delete=models.PROTECT, related_name="fulfils")
    due_on = models.DateField()
    done_on = models.DateField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-due_on",)
        constraints = (models.UniqueConstraint(fields=("commitment", "due_on"), name="delivery_once"),)
