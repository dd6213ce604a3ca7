"""Addresses of call-outs."""

from django.urls import path, re_path

from lodestock_desk.callouts import views

app_name = "callouts"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.ask, name="ask"),
    path("<uuid:pk>/", views.one, name="one"),
    re_path(r"^(?P<pk>[0-9a-f-]{36})/returns\.(?P<ending>csv|json)$", views.export, name="export"),
    path("<uuid:pk>/answer/", views.answer, name="answer"),
    path("<uuid:pk>/extend/", views.extend, name="extend"),
]
