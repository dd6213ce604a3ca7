"""Addresses of publications."""

from django.urls import path

from lodestock_desk.disclosure import views

app_name = "disclosure"
urlpatterns = [
    path("", views.index, name="list"),
    path("<uuid:pk>/", views.one, name="one"),
]
