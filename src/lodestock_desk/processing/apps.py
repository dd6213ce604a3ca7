"""Contact point: project files with their legal clocks; finance, siting, ports and neighbours."""

from django.apps import AppConfig


class ProcessingConfig(AppConfig):
    name = "lodestock_desk.processing"
    label = "processing"
