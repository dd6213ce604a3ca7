"""Pieces and their nota, the approval route, commitments and motions."""

from django.apps import AppConfig


class ParliamentConfig(AppConfig):
    name = "lodestock_desk.parliament"
    label = "parliament"
