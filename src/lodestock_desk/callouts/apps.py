"""Call-outs: a question to associations, answered with denominators."""

from django.apps import AppConfig


class CalloutsConfig(AppConfig):
    name = "lodestock_desk.callouts"
    label = "callouts"
