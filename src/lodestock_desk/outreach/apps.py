"""Outreach to companies that plausibly use a material."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "lodestock_desk.outreach"
    label = "outreach"
