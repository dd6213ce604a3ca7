"""Addresses of this room."""

from django.urls import URLPattern

app_name = "parliament"
urlpatterns: list[URLPattern] = []
