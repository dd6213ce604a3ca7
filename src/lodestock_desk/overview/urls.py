"""Addresses of the overview."""

from django.urls import path

from lodestock_desk.overview import views

app_name = "overview"
urlpatterns = [
    path("", views.index, name="list"),
    path("tasks/make/", views.make_tasks, name="make_tasks"),
    path("tasks/<uuid:pk>/finish/", views.finish, name="finish"),
    path("<slug:material>/", views.one, name="one"),
]
