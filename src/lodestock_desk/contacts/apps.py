"""Political and official contacts, and the line to take."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "lodestock_desk.contacts"
    label = "contacts"
