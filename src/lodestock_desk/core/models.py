"""The audit record, and what all desk records share."""

import uuid

from django.db import models


class Record(models.Model):
    """A desk record: an id that cannot be guessed or counted, and the moment it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        abstract = True


class AuditEntry(models.Model):
    """One row of the append-only record: who did or read what, when, why. Written by `core.audit` only.

    `text` holds the canonical JSON of the row and `mac` the keyed hash over the previous mac and that text, so that a
    changed, removed or reordered row breaks the chain. The other columns repeat what is searched for.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=40, db_index=True)
    organisation = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60, db_index=True)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40, db_index=True)
    text = models.TextField()
    previous = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ("sequence",)


class AuditHead(models.Model):
    """The head of the chain: how many rows there are and the last mac, itself under a keyed hash."""

    only = models.BooleanField(primary_key=True, default=True)
    count = models.BigIntegerField(default=0)
    last = models.CharField(max_length=64, default="0" * 64)
    mac = models.CharField(max_length=64, default="")


class RetentionRule(models.Model):
    """How long records of a kind are kept after they are closed, with the reason: data, not code."""

    kind = models.CharField(max_length=40, primary_key=True)
    days = models.PositiveIntegerField()
    reason_nl = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300)
