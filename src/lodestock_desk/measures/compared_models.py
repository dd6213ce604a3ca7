"""A comparison of measures as the library gave it."""

from __future__ import annotations

from django.db import models

from lodestock_desk.core.models import Record


class Comparison(Record):
    """What was asked, and the answer in both languages."""

    scenario = models.CharField(max_length=200)
    region = models.CharField(max_length=20)
    budget_eur = models.DecimalField(max_digits=15, decimal_places=2)
    as_of = models.DateField()
    payload = models.JSONField()

    class Meta:
        ordering = ("-created_at",)
