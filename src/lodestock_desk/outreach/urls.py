"""Addresses of outreach."""

from django.urls import path, re_path

from lodestock_desk.outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.index, name="list"),
    re_path(r"^export\.(?P<ending>csv|json)$", views.export, name="export"),
    path("clues/", views.clues, name="clues"),
    path("clues/<uuid:pk>/remove/", views.remove_clue, name="remove_clue"),
    path("companies/<uuid:pk>/<slug:material>/", views.judge, name="judge"),
    path("campaigns/new/", views.new_campaign, name="new_campaign"),
    path("campaigns/<uuid:pk>/", views.campaign, name="campaign"),
    path("campaigns/<uuid:pk>/calls/<uuid:company>/", views.call, name="call"),
    path("import/", views.upload, name="upload"),
    path("import/<uuid:pk>/", views.preview, name="preview"),
]
