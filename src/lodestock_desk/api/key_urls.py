"""Addresses of keys."""

from django.urls import path

from lodestock_desk.api import views

app_name = "keys"
urlpatterns = [
    path("", views.index, name="list"),
    path("<uuid:pk>/end/", views.end, name="end"),
]
