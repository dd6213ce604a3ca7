"""Addresses of publications."""

from django.urls import path

from lodestock_desk.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("", views.index, name="list"),
    path("consent/ask/", views.ask, name="ask"),
    path("consent/", views.consents, name="consents"),
    path("consent/<uuid:pk>/", views.consent, name="consent"),
    path("<uuid:pk>/", views.one, name="one"),
]
