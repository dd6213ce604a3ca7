"""Addresses of this room."""

from django.urls import path

from lodestock_desk.dossiers import views

app_name = "dossiers"
urlpatterns = [
    path("", views.index, name="list"),
    path("results/", views.results, name="results"),
    path("results/<uuid:pk>/", views.result, name="result"),
    path("results/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("results/<str:name>/<str:day>/<str:file>", views.file, name="file"),
    path("<uuid:pk>/<str:lang>/", views.one, name="one"),
    path("<uuid:pk>/<str:lang>/newer/", views.newer, name="newer"),
]
