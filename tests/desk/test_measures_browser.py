"""The pages of measures and duties in a real browser, in both languages, with accessibility checked on each."""

from __future__ import annotations

import re

import pytest

from .servers import Desk
from .test_browser import Person, browser, running  # noqa: F401 - fixtures

pytestmark = pytest.mark.slow
PAGES = (
    "/desk/measures/", "/desk/measures/changes/?since=2025-12-01", "/desk/measures/new/", "/desk/measures/duties/",
    "/desk/measures/duties/?law=com-2025-946", "/desk/measures/duties/exploration/note/", "/desk/measures/stocks/",
    "/desk/measures/safe-level/", "/desk/measures/large/", "/desk/measures/shared/",
    "/desk/measures/benchmarks/?material=gallium&year=2030&consumption_t=100&source=voorbeeld",
    "/desk/measures/compared/",
)  # fmt: skip
FORMS = ("status", "milestone", "evidence", "budget", "stock", "change")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_of_measures_and_duties_are_accessible(running: Desk, browser: object, language: str) -> None:  # noqa: F811
    person = Person(running, browser)
    person.log_in("beleid.ez")
    person.language(language)
    for path in PAGES:
        answer = person.page.goto(person.base + path)
        assert answer.status == 200, path
        person.check(f"{language}-{re.sub(r'[^a-z0-9]+', '-', path).strip('-')}")
    person.page.goto(person.base + "/desk/measures/?subject=stock")
    person.page.locator("tbody th a").first.click()
    person.page.wait_for_load_state()
    person.check(f"{language}-measure")
    address = person.page.url
    for name in FORMS:
        person.page.goto(f"{address}{name}/")
        person.check(f"{language}-measure-{name}")
    person.page.goto(person.base + "/desk/measures/large/")
    person.page.locator("tbody td a").first.click()
    person.page.wait_for_load_state()
    person.check(f"{language}-company")


def test_a_status_is_changed_and_stands_in_the_table_of_changes(running: Desk, browser: object) -> None:  # noqa: F811
    """A refused form keeps what was typed; what is kept is in the start of the progress letter."""
    person = Person(running, browser, script=False)
    person.log_in("lijn.ez")
    person.language("nl")
    page = person.page
    page.goto(person.base + "/desk/measures/?subject=cooperation&status=exploring")
    page.locator("tbody th a").first.click()
    page.click("a.main-button")
    page.check("[name=status][value=prepared]")
    page.fill("[name=effective_on]", "2025-01-01")
    page.fill("[name=reason]", "overleg is begonnen")
    page.click("button.main-button")
    assert page.locator("#id_effective_on_error, .field-bad").count() >= 1
    assert page.input_value("[name=reason]") == "overleg is begonnen"
    page.fill("[name=effective_on]", "2026-02-02")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/desk/measures/[0-9a-f-]{36}/$"))
    page.goto(person.base + "/desk/measures/changes/?since=2026-02-01&until=2026-02-28")
    row = page.locator("tbody tr", has_text="overleg is begonnen").inner_text()
    assert "verkend" in row and "voorbereid" in row


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_company_fills_in_its_own_assessment(running: Desk, browser: object, language: str) -> None:  # noqa: F811
    person = Person(running, browser)
    person.log_in("servo" if language == "nl" else "wind")
    person.language(language)
    page = person.page
    page.goto(person.base + "/desk/measures/risk/")
    person.check(f"{language}-risks")
    page.fill("[name=title]", "Proef")
    page.click("button.main-button")
    person.check(f"{language}-risk-scope")
    page.fill("[name=products]", "motoren")
    page.fill("[name=materials]", "dysprosium")
    page.click("button.main-button")
    page.wait_for_url(re.compile("/origin/$"))
    page.select_option("[name=row-0-material]", "dysprosium")
    page.fill("[name=row-0-share]", "120")
    page.click("button.main-button")
    assert page.input_value("[name=row-0-share]") == "120"
    person.check(f"{language}-risk-origin-refused")
    page.select_option("[name=row-0-stage]", "processing")
    page.fill("[name=row-0-share]", "80")
    page.click("button.main-button")
    page.wait_for_url(re.compile("/factors/$"))
    page.check("[name=factors][value=one_country]")
    person.check(f"{language}-risk-factors")
    page.click("button.main-button")
    page.wait_for_url(re.compile("/vulnerability/$"))
    page.check("[name=level_dysprosium][value=high]")
    person.check(f"{language}-risk-vulnerability")
    page.click("button.main-button")
    page.wait_for_url(re.compile("/mitigation/$"))
    page.fill("[name=row-0-what]", "tweede leverancier")
    person.check(f"{language}-risk-mitigation")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/risk/[0-9a-f-]{36}/$"))
    person.check(f"{language}-risk-draft")
    page.click("a.main-button")
    person.check(f"{language}-risk-finish")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/risk/[0-9a-f-]{36}/$"))
    page.click("a.main-button")
    person.check(f"{language}-risk-share")
