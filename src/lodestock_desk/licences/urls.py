"""Addresses of licence cases."""

from django.urls import path, re_path

from lodestock_desk.licences import views

app_name = "licences"
urlpatterns = [
    path("cases/", views.index, name="list"),
    re_path(r"^cases/export\.(?P<ending>csv|json)$", views.export, name="export"),
    path("cases/new/", views.keep, name="new"),
    path("cases/<uuid:pk>/", views.one, name="one"),
    path("cases/<uuid:pk>/change/", views.keep, name="change"),
    path("cases/<uuid:pk>/document/", views.document, name="document"),
    path("cases/<uuid:pk>/hours/", views.hours, name="hours"),
    path("cases/<uuid:pk>/resubmission/", views.resubmission, name="resubmission"),
    path("cases/<uuid:pk>/consent/", views.consent, name="consent"),
    path("cases/<uuid:pk>/escalation/", views.escalation, name="escalation"),
    path("portfolio/", views.portfolio, name="portfolio"),
]
