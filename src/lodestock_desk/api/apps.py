"""Open data and the read API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "lodestock_desk.api"
    label = "api"
