"""The core: audit, the write path, vocabulary fields, security headers."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lodestock_desk.core"
    label = "core"
