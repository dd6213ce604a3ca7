"""Addresses of published pieces."""

from django.urls import path

from lodestock_desk.parliament import public_views

app_name = "pieces"
urlpatterns = [
    path("", public_views.index, name="list"),
    path("<uuid:pk>/", public_views.one, name="one"),
    *(
        path(
            f"<uuid:pk>/{part}.{ending}", public_views.download, {"part": part, "ending": ending},
            name=f"{part}_{ending}",
        )
        for part in ("nota", "piece")
        for ending in ("pdf", "docx")
    ),
]  # fmt: skip
