"""Register of measures, duties under the CRMA, and measures compared."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "lodestock_desk.measures"
    label = "measures"
