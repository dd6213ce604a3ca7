"""Addresses of pieces, routes, commitments and offices."""

from django.urls import path, re_path

from lodestock_desk.parliament import commitment_views, route_views, views

app_name = "parliament"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.start, name="new"),
    path("deputies/", route_views.deputies, name="deputies"),
    path("deputies/<uuid:pk>/end/", route_views.end_delegation, name="end_delegation"),
    path("offices/", commitment_views.succeed, name="offices"),
    path("offices/new/", commitment_views.new_office, name="new_office"),
    path("offices/holder/", commitment_views.hold_office, name="hold_office"),
    path("offices/planned/<uuid:pk>/cancel/", commitment_views.cancel_plan, name="cancel_plan"),
    path("steps/<uuid:pk>/", route_views.step, name="step"),
    path("findings/<uuid:pk>/", route_views.overrule, name="overrule"),
    path("commitments/", commitment_views.index, name="commitments"),
    re_path(r"^commitments/export\.(?P<ending>csv|json)$", commitment_views.export, name="commitments_export"),
    path("commitments/new/", commitment_views.keep, name="new_commitment"),
    path("commitments/<uuid:pk>/", commitment_views.one, name="commitment"),
    path("commitments/<uuid:pk>/change/", commitment_views.keep, name="change_commitment"),
    path("commitments/<uuid:pk>/kept/", commitment_views.fulfil, name="fulfil"),
    path("commitments/<uuid:pk>/drop/", commitment_views.drop, name="drop"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/senders/", views.senders, name="senders"),
    path("<uuid:pk>/route/", views.set_route, name="route"),
    path("<uuid:pk>/since/", views.from_register, name="since"),
    path("<uuid:pk>/delay/", views.reason, {"verb": "delay"}, name="delay"),
    path("<uuid:pk>/withdraw/", views.reason, {"verb": "withdraw"}, name="withdraw"),
    path("<uuid:pk>/check/", views.act, {"verb": "check"}, name="check"),
    path("<uuid:pk>/submit/", views.act, {"verb": "submit"}, name="submit"),
    path("<uuid:pk>/send/", views.act, {"verb": "send"}, name="send"),
    path("<uuid:pk>/publish/", views.act, {"verb": "publish"}, name="publish"),
    path("<uuid:pk>/<str:part>/write/", views.writing, name="write"),
    path("<uuid:pk>/<str:part>/number/", views.number, name="number"),
    path("<uuid:pk>/<str:part>/changes/", views.changes, name="changes"),
    path("<uuid:pk>/<str:part>/document.pdf", views.download, {"ending": "pdf"}, name="pdf"),
    path("<uuid:pk>/<str:part>/document.docx", views.download, {"ending": "docx"}, name="docx"),
]
