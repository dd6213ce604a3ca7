"""The editor in a real browser under its policy: pickers, choosers, typing and the draft beside it, nothing blocked."""

from __future__ import annotations

import pytest

from .servers import Desk
from .test_browser import Person, browser, running

__all__ = ["browser", "running"]  # fixtures

pytestmark = pytest.mark.slow
MARKS = "[...document.querySelectorAll('[data-desk-maker]')].every(mark => mark.dataset.deskStarted === 'yes')"


def _open(person: Person, path: str) -> None:
    answer = person.page.goto(person.base + path)
    assert answer.status == 200, path
    person.page.wait_for_timeout(300)
    assert person.page.evaluate(MARKS), path
    assert person.faults == [], path


def test_an_administrator_picks_pages_and_days(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    person.page.set_viewport_size({"width": 1280, "height": 900})
    person.log_in("beheer.ez")
    for path in ("/cms/", "/cms/reports/site-history/", "/cms/users/"):
        _open(person, path)
    _open(person, "/cms/redirects/add/")
    person.page.locator("[data-chooser-action-choose]").first.click()
    person.page.locator(".modal-content a[data-chooser-modal-choice]").first.wait_for()
    assert person.faults == []
    _open(person, "/cms/pages/3/edit/")
    person.page.locator("[contenteditable=true]").first.click()
    person.page.keyboard.type("Proef ")
    person.page.locator("[data-side-panel-toggle=status]").first.click()
    person.page.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    person.page.locator("[name=go_live_at]").click()
    person.page.locator(".xdsoft_datetimepicker:visible").first.wait_for()
    assert person.faults == []


def test_a_writer_sees_the_draft_beside_the_editor(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    person.page.set_viewport_size({"width": 1280, "height": 900})
    person.log_in("beleid.ez")
    _open(person, "/cms/pages/9/edit/")
    person.page.locator("[data-side-panel-toggle=preview]").first.click()
    draft = person.page.frame_locator("iframe[id*=preview]").last.locator("h1")
    draft.wait_for(timeout=20_000)
    assert draft.inner_text() == "Koper" and person.faults == []
