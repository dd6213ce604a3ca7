"""Addresses of accounts."""

from django.urls import path

from lodestock_desk.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.start, name="start"),
    path("language/", views.language, name="language"),
    path("membership/", views.membership, name="membership"),
    path("people/", views.members, name="members"),
    path("people/<uuid:pk>/end/", views.end_member, name="end_member"),
    path("audit/", views.audit, name="audit"),
]
