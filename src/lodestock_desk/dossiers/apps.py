"""Dossiers per material, partly public, with live figures."""

from importlib import import_module

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "lodestock_desk.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        """Start listening; models can be imported only now."""
        import_module("lodestock_desk.dossiers.listening").start()
