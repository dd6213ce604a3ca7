"""Addresses of the public site that are not pages in Wagtail; each begins with its language."""

from django.urls import path

from lodestock_desk.site import views
from lodestock_desk.site.feed import DossierFeed
from lodestock_desk.site.language import in_language

app_name = "site"
urlpatterns = [
    path("materials/", views.materials, name="materials"),
    path("materials/<slug:key>/", views.material, name="material"),
    path("sure/", views.sure, name="sure"),
    path("data/", views.data, name="data"),
    path("glossary/", views.glossary, name="glossary"),
    path("search/", views.search, name="search"),
    path("licences/", views.licences, name="licences"),
    path("privacy/", views.privacy_page, name="privacy"),
    path("feed.xml", in_language(DossierFeed()), name="feed"),
    path("dossiers/<slug:slug>/dossier.pdf", views.dossier_pdf, name="dossier_pdf"),
]
