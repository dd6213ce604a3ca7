"""Public pages."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lodestock_desk.site"
    label = "desk_site"
