"""Addresses of the desk. Casework under /desk/, visitors' pages at the top, Wagtail's pages last."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from lodestock_desk.core import views as core
from lodestock_desk.dossiers import views as dossiers
from lodestock_desk.licences import views as licences
from lodestock_desk.signals import views as signals
from lodestock_desk.site import piece_views as pieces
from lodestock_desk.site import views as site

urlpatterns = [
    path("healthz", core.health, name="health"),
    path("materials/", core.materials, name="materials"),
    path("privacy/", site.privacy, name="privacy"),
    path("licences/", licences.public, name="licences_public"),
    path("r/<str:token>/", signals.by_link, name="by_link"),
    path("receipt/<str:token>/", signals.receipt, name="receipt"),
    path("results/<str:name>/<str:day>/<str:file>", dossiers.public_file, name="result_file"),
    path("desk/", include("lodestock_desk.accounts.urls")),
    path("desk/", include("lodestock_desk.signals.urls")),
    path("desk/", include("lodestock_desk.licences.urls")),
    path("desk/callouts/", include("lodestock_desk.callouts.urls")),
    path("desk/outreach/", include("lodestock_desk.outreach.urls")),
    path("desk/contacts/", include("lodestock_desk.contacts.urls")),
    path("desk/publications/", include("lodestock_desk.disclosure.urls")),
    path("desk/evidence/", include("lodestock_desk.scenarios.urls")),
    path("desk/overview/", include("lodestock_desk.overview.urls")),
    path("desk/processing/", include("lodestock_desk.processing.urls")),
    path("desk/measures/", include("lodestock_desk.measures.urls")),
    path("desk/dossiers/", include("lodestock_desk.dossiers.urls")),
    path("desk/parliament/", include("lodestock_desk.parliament.urls")),
    path("desk/keys/", include("lodestock_desk.api.key_urls")),
    re_path(r"^pieces/(?P<rest>[A-Za-z0-9./-]*)$", pieces.without_language, name="pieces_any"),
    path("api/", include("lodestock_desk.api.urls")),
    path("account/", include("allauth.urls")),
    path("cms/", include(wagtailadmin_urls)),
    *i18n_patterns(
        path("", include("lodestock_desk.site.urls")),
        path("pieces/", include("lodestock_desk.site.piece_urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=True,
    ),
]
