"""Addresses of published letters and answers; each begins with its language."""

from django.urls import path

from lodestock_desk.site import piece_views

app_name = "pieces"
urlpatterns = [
    path("", piece_views.index, name="list"),
    path("<uuid:pk>/", piece_views.one, name="one"),
    *(
        path(f"<uuid:pk>/{part}.{ending}", piece_views.download, {"part": part, "ending": ending},
             name=f"{part}_{ending}")
        for part in ("nota", "piece")
        for ending in ("pdf", "docx")
    ),
]  # fmt: skip
