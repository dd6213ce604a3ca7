"""Addresses of signals."""

from django.urls import path, re_path

from lodestock_desk.signals import alert_views, views

app_name = "signals"
urlpatterns = [
    path("signals/", views.index, name="list"),
    re_path(r"^signals/export\.(?P<ending>csv|json)$", views.export, name="export"),
    path("signals/new/", views.new, name="new"),
    path("signals/press/", views.press, name="press"),
    path("signals/links/", views.links, name="links"),
    path("signals/<uuid:pk>/", views.one, name="one"),
    path("signals/<uuid:pk>/step/", views.step, name="step"),
    path("signals/<uuid:pk>/material/", views.material, name="material"),
    path("signals/<uuid:pk>/pass-on/", views.pass_on, name="pass_on"),
    path("signals/<uuid:pk>/add/", views.supplement, name="supplement"),
    path("signals/<uuid:pk>/attachments/<uuid:file>/", views.attachment, name="attachment"),
    path("events/", alert_views.events, name="events"),
    path("events/new/", alert_views.keep_event, name="new_event"),
    path("events/<uuid:pk>/", alert_views.event, name="event"),
    path("events/<uuid:pk>/change/", alert_views.keep_event, name="change_event"),
    path("alerts/", alert_views.alerts, name="alerts"),
    path("alerts/<uuid:pk>/", alert_views.alert, name="alert"),
    path("alerts/<uuid:pk>/decide/", alert_views.decide, name="decide"),
    path("alerts/<uuid:pk>/texts/", alert_views.texts, name="texts"),
    path("alerts/rules/new/", alert_views.new_rule, name="new_rule"),
    path("alerts/rules/<uuid:pk>/end/", alert_views.end_rule, name="end_rule"),
    path("warnings/", alert_views.warnings, name="warnings"),
    path("warnings/<uuid:pk>/read/", alert_views.read_warning, name="read_warning"),
    path("warnings/watches/<uuid:pk>/stop/", alert_views.unwatch, name="unwatch"),
]
