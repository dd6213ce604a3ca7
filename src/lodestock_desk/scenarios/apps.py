"""Evidence from the desk for scenario parameters."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "lodestock_desk.scenarios"
    label = "scenarios"
