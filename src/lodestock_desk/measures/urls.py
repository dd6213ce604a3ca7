"""Addresses of the register of measures and of the duties."""

from django.urls import path, re_path

from lodestock_desk.measures import bench_views, compared_views, duty_views, risk_views, views

app_name = "measures"
urlpatterns = [
    path("", views.index, name="list"),
    re_path(r"^export\.(?P<ending>csv|json)$", views.export, name="export"),
    path("changes/", views.changes, name="changes"),
    re_path(r"^changes/export\.(?P<ending>csv|json)$", views.export_changes, name="export_changes"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.one, name="one"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/status/", views.status, name="status"),
    path("<uuid:pk>/stock/", views.stock, name="stock"),
    path("<uuid:pk>/evidence/", views.evidence, name="evidence"),
    path("<uuid:pk>/milestone/", views.milestone, name="milestone"),
    path("milestones/<uuid:pk>/step/", views.step, name="step"),
    path("<uuid:pk>/budget/", views.budget, name="budget"),
    path("<uuid:pk>/lot/", duty_views.lot, name="lot"),
    path("duties/", duty_views.index, name="duties"),
    re_path(r"^duties/export\.(?P<ending>csv|json)$", duty_views.export, name="export_duties"),
    path("duties/<slug:duty>/note/", duty_views.note, name="duty_note"),
    path("stocks/", duty_views.stocks, name="stocks"),
    re_path(r"^stocks/export\.(?P<ending>csv|json)$", duty_views.export_stocks, name="export_stocks"),
    path("safe-level/", duty_views.safe_level, name="safe_level"),
    path("compared/", compared_views.compared, name="compared"),
    re_path(r"^compared/export\.(?P<ending>csv|json)$", compared_views.export_compared, name="export_compared"),
    path("benchmarks/", bench_views.benchmarks, name="benchmarks"),
    path("large/", duty_views.large, name="large"),
    re_path(r"^large/export\.(?P<ending>csv|json)$", duty_views.export_large, name="export_large"),
    path("large/<uuid:pk>/", duty_views.company, name="company"),
    path("shared/", risk_views.shared, name="shared"),
    path("shared/<uuid:pk>/", risk_views.shared_one, name="shared_one"),
    path("risk/", risk_views.index, name="risks"),
    path("risk/<uuid:pk>/", risk_views.one, name="risk"),
    path("risk/<uuid:pk>/export/<slug:ending>/", risk_views.export, name="export_risk"),
    path("risk/<uuid:pk>/finish/", risk_views.finish, name="risk_finish"),
    path("risk/<uuid:pk>/share/", risk_views.share, name="risk_share"),
    path("risk/<uuid:pk>/back/<uuid:consent>/", risk_views.take_back, name="risk_back"),
    path("risk/<uuid:pk>/<slug:step>/", risk_views.step, name="risk_step"),
]
