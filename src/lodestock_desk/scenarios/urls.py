"""Addresses of evidence."""

from django.urls import path

from lodestock_desk.scenarios import views

app_name = "scenarios"
urlpatterns = [
    path("", views.index, name="list"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/decide/", views.decide, name="decide"),
    path("<uuid:pk>/evidence.yml", views.download, name="download"),
]
