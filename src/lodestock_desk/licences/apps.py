"""Licence cases and their portfolio."""

from django.apps import AppConfig


class LicencesConfig(AppConfig):
    name = "lodestock_desk.licences"
    label = "licences"
