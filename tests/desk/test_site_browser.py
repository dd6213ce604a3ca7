"""The public site in a real browser, as wide as a phone: accessible, nothing too wide or blocked, no script."""

from __future__ import annotations

import pytest

from .servers import Desk
from .test_browser import Person, browser, running

__all__ = ["browser", "running"]  # fixtures

pytestmark = pytest.mark.slow
PAGES = (
    "", "dossiers/", "scenarios/", "scenarios/china-heavy-rare-earths-2025/", "materials/", "materials/copper/",
    "materials/dysprosium/", "sure/", "data/", "glossary/", "search/", "search/?q=magneten", "licences/", "privacy/",
    "pieces/", "search/?q=qwxqwx",
)  # fmt: skip
DOSSIERS = {
    "nl": ("dossiers/koper/", "dossiers/zeldzame-aardmagneten/"),
    "en": ("dossiers/copper/", "dossiers/rare-earth-magnets/"),
}


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_public_page_is_accessible_on_a_phone(running: Desk, browser: object, lang: str) -> None:
    person = Person(running, browser)
    person.page.set_viewport_size({"width": 390, "height": 844})
    for path in (*PAGES, *DOSSIERS[lang]):
        answer = person.page.goto(f"{person.base}/{lang}/{path}")
        assert answer.status == 200, path
        person.check(f"site-{lang}-{path.replace('/', '-')}")
        person.page.set_viewport_size({"width": 390, "height": 844})


def test_the_site_reads_and_searches_without_script(running: Desk, browser: object) -> None:
    person = Person(running, browser, script=False)
    person.page.goto(f"{person.base}/nl/")
    person.page.click("nav.menu a:has-text('Zoeken')")
    person.page.fill("[name=q]", "koper")
    person.page.click("main button")
    person.page.click("main a:has-text('Koper') >> nth=0")
    assert person.page.locator("h1").inner_text() == "Koper"
    person.page.click("a[hreflang=en]")
    assert person.page.locator("h1").inner_text() == "Copper"
