"""Who works here: people, organisations, offices and roles."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lodestock_desk.accounts"
    label = "accounts"
