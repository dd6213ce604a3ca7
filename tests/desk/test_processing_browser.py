"""A whole project in a real browser, from intake to permit, in both languages, with accessibility on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from .servers import Desk, desk
from .test_browser import CHROMIUM, Person

pytestmark = pytest.mark.slow
sync_api = pytest.importorskip("playwright.sync_api")

ROOM = "/desk/processing/"
PAGES = ("", "new/", "finance/", "finance/actions/new/", "siting/", "siting/figures/new/", "ports/",
         "ports/actions/new/", "industry/actions/new/", "neighbours/", "neighbours/new/")  # fmt: skip
WORDS = {
    "nl": {"late": "dagen te laat", "source": "Een cijfer heeft een bron", "order": "Een datum vóór zijn voorganger",
           "stopped": "staat stil", "done": "gedaan", "proposal": "voorstel, geen wet", "no fit": "past niet"},
    "en": {"late": "days late", "source": "A figure has a source", "order": "A date before its predecessor",
           "stopped": "stands still", "done": "done", "proposal": "proposal, not law", "no fit": "does not fit"},
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    """A desk with the example."""
    with desk() as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium of the system."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed here")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()


class Officer:
    """The officer of the contact point at the file of one project."""

    def __init__(self, person: Person, language: str) -> None:
        self.person, self.page, self.words, self.file = person, person.page, WORDS[language], ""
        self.language = language

    def go(self, path: str, *, check: bool = False) -> None:
        """Open a page of the file."""
        answer = self.page.goto(f"{self.file}{path}")
        assert answer.status == 200, path
        if check:
            self.person.check(f"processing-{self.language}-{path.strip('/') or 'file'}")

    def send(self, **values: str) -> None:
        """Fill in and send the form of the page."""
        for name, value in values.items():
            field = self.page.locator(f"[name={name}]").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            elif field.get_attribute("type") == "radio":
                self.page.check(f"[name={name}][value='{value}']")
            else:
                field.fill(value)
        self.page.click("button.main-button")
        self.page.wait_for_load_state()

    def note(self, kind: str, days: int) -> None:
        """Note what happened so many days ago."""
        self.go("event/")
        self.send(kind=kind, on=ago(days), source="brief")
        assert self.page.url == self.file

    def says(self, word: str) -> None:
        """The page says it."""
        assert self.words[word] in self.page.inner_text("main"), (word, self.page.url)


def test_a_project_from_intake_to_permit(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    person.log_in("contactpunt")
    for language in ("nl", "en"):
        person.language(language)
        officer = Officer(person, language)
        _intake(officer)
        _recognition(officer)
        _permit(officer)
        _money(officer)
        for path in PAGES:
            person.page.goto(person.base + ROOM + path)
            person.check(f"processing-{language}-{path.replace('/', '-').strip('-') or 'list'}")


def _intake(officer: Officer) -> None:
    """A capacity without its source is refused, and what was typed is still there."""
    page = officer.page
    page.goto(officer.person.base + ROOM + "new/")
    page.check("[name=stage][value=recycling]")
    officer.send(name="Proef (voorbeeld)", promoter_name="Voorbeeldbedrijf", material="gallium", capacity_t="12",
                 strategic="prepared", impact_assessment="yes", site="zeeland", phase="first plant")  # fmt: skip
    officer.says("source")
    assert page.input_value("[name=name]") == "Proef (voorbeeld)" and page.input_value("[name=capacity_t]") == "12"
    officer.person.check(f"processing-{officer.language}-refused")
    officer.send(capacity_source="aanvraag")
    page.wait_for_url(re.compile(r"/desk/processing/[0-9a-f-]{36}/$"))
    officer.file = page.url
    officer.person.check(f"processing-{officer.language}-intake")
    officer.go("criteria/", check=True)
    officer.send(**{"supply-state": "met"})
    officer.go("application/", check=True)
    officer.send(**{"evidence-state": "received"})
    assert page.locator("#id_evidence-on").count() == 1 and page.locator(".errors").count() >= 1
    officer.send(**{"evidence-on": ago(700)})
    assert page.url == officer.file


def _recognition(officer: Officer) -> None:
    officer.note("applied", 690)
    officer.go("event/", check=True)
    officer.send(kind="recognition_complete", on=ago(695))  # before the application was sent
    officer.says("order")
    officer.send(on=ago(660))
    officer.note("recognised", 600)
    officer.go("share/", check=True)
    officer.send(share="state", reason="de initiatiefnemer stemt in")
    assert officer.page.url == officer.file


def _permit(officer: Officer) -> None:
    """Received, complete, stopped, running again, extended, and decided after fifteen months and more."""
    page = officer.page
    officer.note("submitted", 560)
    officer.note("complete", 520)
    officer.go("permits/new/", check=True)
    officer.send(name="Omgevingsvergunning", authority="provincie", law="Awb art. 3:18", term="6", term_unit="months",
                 applied_on=ago(560), outcome="pending")  # fmt: skip
    officer.go("stop/", check=True)
    officer.send(on=ago(300), ground="waiting-for-promoter", reason="gegevens ontbreken")
    officer.says("stopped")
    officer.person.check(f"processing-{officer.language}-stopped")
    page.click("a[href*=resume]")
    officer.send(until=ago(281))
    officer.go("extension/", check=True)
    officer.send(clock="permit-processing", on=ago(100), length="3", reason="omvang van het project")
    assert page.url == officer.file
    officer.says("proposal")
    officer.note("decided", 2)
    officer.says("done")
    officer.person.check(f"processing-{officer.language}-decided")
    answer = page.request.get(officer.file + "calendar.ics")
    assert answer.status == 200 and answer.text().startswith("BEGIN:VCALENDAR")


def _money(officer: Officer) -> None:
    officer.go("money/new/", check=True)
    officer.send(year="2028", level="EU", asked_meur="20", source="brief", on=ago(1))
    assert officer.page.url == officer.file + "money/"
    officer.says("no fit")
    officer.person.check(f"processing-{officer.language}-money")
