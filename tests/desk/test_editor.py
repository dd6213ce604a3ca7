"""The editor of pages: no script stands inside its pages, its policy allows none, and drafts are shown beside it."""

from __future__ import annotations

import re

import pytest

from lodestock_desk.dossiers.models import DossierPage
from lodestock_desk.site.models import TextPage

from .people import client

INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", re.IGNORECASE)


@pytest.mark.parametrize(
    ("path", "maker"),
    [("", ""), ("redirects/add/", "PageChooser"), ("reports/site-history/", "initDateChooser"),
     ("users/", "initDateChooser"), ("images/", "")],
)  # fmt: skip
def test_no_page_of_the_editor_holds_script(db: None, path: str, maker: str) -> None:
    answer = client("beheer.ez").get(f"/cms/{path}")
    page = answer.content.decode()
    assert answer.status_code == 200 and INLINE.findall(page) == [] and "desk/editor.js" in page
    assert f'data-desk-maker="{maker}"' in page if maker else True
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == "'self'" and policy["frame-ancestors"] == "'self'"
    assert "gravatar" not in page and "releases.wagtail" not in page


def test_pages_are_edited_with_dates_and_shown_as_drafts(db: None) -> None:
    browser = client("beheer.ez")
    edited = browser.get(f"/cms/pages/{TextPage.objects.first().pk}/edit/").content.decode()
    assert INLINE.findall(edited) == [] and edited.count('data-desk-maker="initDateTimeChooser"') == 2
    dossier = DossierPage.objects.first()
    writer = client("beleid.ez")
    edit = f"/cms/pages/{dossier.pk}/edit/"
    assert 'data-desk-maker="initDateChooser"' in writer.get(edit).content.decode()
    draft = writer.get(f"/cms/pages/{dossier.pk}/view_draft/")
    assert draft["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in draft["Content-Security-Policy"]
    assert "'unsafe-inline'" not in draft["Content-Security-Policy"]
    public = client("").get("/nl/")
    assert public["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in public["Content-Security-Policy"]
