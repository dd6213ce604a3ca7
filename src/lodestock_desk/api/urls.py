"""Addresses of the API: every version below its number; anything else there is told as a problem."""

from django.urls import path, re_path

from lodestock_desk.api.edge import nowhere, start
from lodestock_desk.api.v1 import api

app_name = "api"
urlpatterns = [
    path("v1", start, name="start"),
    path("v1/", api.urls),
    re_path("", nowhere, name="nowhere"),
]
