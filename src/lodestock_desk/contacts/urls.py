"""Addresses of contacts."""

from django.urls import path, re_path

from lodestock_desk.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.index, name="list"),
    re_path(r"^export\.(?P<ending>csv|json)$", views.export, name="export"),
    path("new/", views.keep, name="new"),
    path("lines/new/", views.line, name="line"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/change/", views.keep, name="change"),
    path("<uuid:pk>/finish/", views.finish, name="finish"),
]
