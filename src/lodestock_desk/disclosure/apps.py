"""Disclosure control: what may leave a team, and the tables that did."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "lodestock_desk.disclosure"
    label = "disclosure"
