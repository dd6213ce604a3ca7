"""Signals: reports of companies and press, triage, events, alerts and warnings."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "lodestock_desk.signals"
    label = "signals"
