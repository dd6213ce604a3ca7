"""Overview by material, and tasks."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "lodestock_desk.overview"
    label = "overview"
