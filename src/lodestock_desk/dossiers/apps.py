"""Dossiers per material, partly public, with live figures."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "lodestock_desk.dossiers"
    label = "dossiers"
