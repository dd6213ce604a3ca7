"""The six jobs in a real browser, in both languages, with accessibility checked on every page; and once without script.

With DESK_SCREENSHOTS naming a folder, pictures of the pages are kept there at 360 and 1280 pixels.
With LODESTOCK_DESK_PICTURES=docs/desk/images the pictures of the how-tos are made anew.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from .servers import Desk, desk

pytestmark = pytest.mark.slow
sync_api = pytest.importorskip("playwright.sync_api")
axe_module = pytest.importorskip("axe_playwright_python.sync_playwright")

PASSWORD = "voorbeeld-Lodestock-2025"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STATE_PAGES = (
    "/desk/", "/desk/signals/", "/desk/signals/new/", "/desk/signals/press/", "/desk/signals/links/", "/desk/events/",
    "/desk/alerts/", "/desk/alerts/rules/new/", "/desk/callouts/", "/desk/callouts/new/", "/desk/cases/",
    "/desk/cases/new/", "/desk/portfolio/", "/desk/outreach/", "/desk/outreach/clues/", "/desk/outreach/import/",
    "/desk/contacts/", "/desk/contacts/new/", "/desk/publications/", "/desk/evidence/", "/desk/overview/",
    "/desk/overview/rare-earth-magnets/",
)  # fmt: skip
PUBLIC_PAGES = ("/nl/", "/en/", "/licences/", "/privacy/", "/account/login/", "/account/password/reset/", "/r/none/")

HOW_TOS = Path(__file__).parents[2] / "docs" / "desk"
LARGEST_PICTURE = 120_000
# how-to → who is at the screen; each picture: its name, the page, what to open there ("" is the page itself)
ROW, FIRST = "tbody th a >> nth=0", "text=Belronde magneten"
PICTURES: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "company": ("servo", (
        ("report", "/desk/signals/new/", ""), ("own-report", "/desk/signals/", ROW),
        ("warnings", "/desk/warnings/", ""),
    )),
    "association": ("loket.b", (
        ("link", "/desk/signals/links/", ""), ("call-out", "/desk/callouts/", ROW),
    )),
    "analyst": ("analist.nmo", (
        ("ranking", "/desk/outreach/", ""), ("campaign", "/desk/outreach/", FIRST), ("evidence", "/desk/evidence/", ""),
    )),
    "policy-officer": ("beleid.ez", (
        ("signals", "/desk/signals/", ""), ("alerts", "/desk/alerts/", ""), ("portfolio", "/desk/portfolio/", ""),
    )),
    "line-and-contact-point": ("lijn.ez", (
        ("overview", "/desk/overview/", ""), ("material", "/desk/overview/rare-earth-magnets/", ""),
    )),
    "administrator": ("beheer.ez", (
        ("people", "/desk/people/", ""), ("audit", "/desk/audit/", ""),
    )),
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


class Person:
    """Someone at a browser."""

    def __init__(self, running: Desk, browser: object, *, script: bool = True) -> None:
        self.running, self.base = running, f"http://127.0.0.1:{running.port}"
        self.context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 780})
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if "Content Security" in m.text else None)

    def log_in(self, name: str) -> None:
        """Password and code."""
        mail = f"{name}@voorbeeld.example"
        self.page.goto(f"{self.base}/account/login/")
        self.page.fill("[name=login]", mail)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        used = ""
        for _attempt in range(20):
            code = re.search(re.escape(mail) + r"\s+(\d{6})", self.running.manage("codes"))
            assert code
            if code[1] != used:  # a code works once: someone who logged in just before waits for the next
                self.page.fill("[name=code]", used := code[1])
                self.page.click("main button[type=submit]")
                self.page.wait_for_load_state()
                if self.page.url.endswith("/desk/"):
                    return
            time.sleep(4)
        raise AssertionError("no code was accepted")

    def language(self, wanted: str) -> None:
        """Switch the language of the pages."""
        self.page.goto(f"{self.base}/desk/")
        button = self.page.locator(f"form.language button[value={wanted}]")
        if button.count():
            button.click()
            self.page.wait_for_load_state()
        assert self.page.locator("html").get_attribute("lang") == wanted

    def check(self, name: str = "") -> None:
        """No violation of accessibility, no blocked content, nothing wider than the screen; keep a picture."""
        found = axe_module.Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        assert self.faults == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        if folder := os.environ.get("DESK_SCREENSHOTS"):
            plain = name or re.sub(r"[^a-z]+", "-", self.page.url.split("/", 3)[3]).strip("-")
            for width in (360, 1280):
                self.page.set_viewport_size({"width": width, "height": 800})
                self.page.screenshot(path=Path(folder) / f"{plain}-{width}.png", full_page=True)
            self.page.set_viewport_size({"width": 360, "height": 780})


@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_of_a_policy_officer_are_accessible(running: Desk, browser: object, language: str) -> None:
    person = Person(running, browser)
    person.log_in("beleid.ez")
    person.language(language)
    for path in STATE_PAGES:
        answer = person.page.goto(person.base + path)
        assert answer.status == 200, path
        person.check()
    for listing in ("/desk/signals/", "/desk/cases/", "/desk/alerts/", "/desk/callouts/", "/desk/contacts/"):
        person.page.goto(person.base + listing)
        person.page.locator("tbody th a").last.click()
        person.page.wait_for_load_state()
        person.check()


def test_pages_of_the_observatory_with_a_campaign_are_accessible(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    person.log_in("analist.nmo")
    person.page.goto(person.base + "/desk/outreach/")
    person.check("outreach-ranking")
    person.page.click("text=Belronde magneten")
    person.check("outreach-campaign")


def test_pages_for_visitors_are_accessible(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    for path in PUBLIC_PAGES:
        person.page.goto(person.base + path)
        person.check()


@pytest.mark.parametrize(("script", "language"), [(True, "nl"), (False, "en")])
def test_a_company_reports_on_a_phone(running: Desk, browser: object, script: bool, language: str) -> None:
    """Job 1, with and without JavaScript: a fault is shown at its field, what was typed stays, the receipt follows."""
    person = Person(running, browser, script=script)
    person.log_in("servo")
    person.language(language)
    page = person.page
    page.goto(person.base + "/desk/signals/new/")
    page.check("[name=receiver] >> nth=0")
    page.fill("[name=what]", "magneten voor servomotoren")
    page.check("[name=effect][value=delayed]")
    page.fill("[name=since]", "2025-05-01")
    page.check("[name=cause][value=licence_pending]")
    page.click("button.main-button")
    assert page.locator("#id_severity_error, .field-bad").count() >= 1
    assert page.input_value("[name=what]") == "magneten voor servomotoren"
    assert page.is_checked("[name=effect][value=delayed]")
    page.check("[name=severity][value=high]")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/desk/signals/[0-9a-f-]{36}/"))
    page.click("p.note a[href*=receipt]")
    assert page.locator(".tag-new").count() == 1
    if script:
        person.check("receipt")


def test_triage_from_new_to_linked(running: Desk, browser: object) -> None:
    person = Person(running, browser)
    person.log_in("beleid.ez")
    person.language("nl")
    page = person.page
    page.goto(person.base + "/desk/signals/?state=under_review")
    page.locator("tbody th a").first.click()
    for state, reason in (("verified", "stukken gezien"), ("linked", "hoort erbij")):
        page.wait_for_selector("[name=to]")
        page.select_option("[name=to]", state)
        if state == "linked":
            page.select_option("[name=event]", index=1)
        page.fill("form[action$=step\\/] [name=reason]", reason)
        page.click("form[action$=step\\/] button")
        page.wait_for_selector(f"h1 .tag-{state}")
    person.check("triage")


def test_an_association_answers_a_call_out(running: Desk, browser: object) -> None:
    """Job 2: what does not add up is refused at the field; the sum then names its denominator."""
    person = Person(running, browser)
    person.log_in("loket.b")
    page = person.page
    page.goto(person.base + "/desk/callouts/")
    page.locator("tbody th a").first.click()
    page.click("a.main-button")
    for name, value in (("approached", "20"), ("answered", "10"), ("affected", "8"), ("no_problem", "5")):
        page.fill(f"[name={name}]", value)
    page.click("button.main-button")
    assert page.locator("#id_no_problem_error").count() == 1
    page.fill("[name=no_problem]", "2")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/desk/callouts/[0-9a-f-]{36}/$"))
    person.check("callout-answered")


def test_a_licence_case_and_a_contact_are_kept(running: Desk, browser: object) -> None:
    """Jobs 3 and 5."""
    person = Person(running, browser)
    person.log_in("beleid.ez")
    page = person.page
    page.goto(person.base + "/desk/cases/new/")
    page.fill("[name=company_name]", "Voorbeeldbedrijf")
    page.fill("[name=material]", "gallium")
    page.fill("[name=complete_on]", "2025-05-01")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/desk/cases/[0-9a-f-]{36}/$"))
    assert "45" in page.locator(".note").first.inner_text()
    person.check("case-kept")
    page.goto(person.base + "/desk/contacts/new/")
    for name in ("speaker", "speaker_for", "counterpart", "counterpart_for", "subject"):
        page.fill(f"[name={name}]", "voorbeeld")
    page.check("[name=level][value=official]")
    page.click("button.main-button")
    page.wait_for_url(re.compile(r"/desk/contacts/[0-9a-f-]{36}/$"))
    person.check("contact-kept")


@pytest.mark.parametrize("how_to", PICTURES)
def test_each_how_to_shows_its_pages(running: Desk, browser: object, how_to: str, tmp_path: Path) -> None:
    """The pictures are small, and the how-to shows each with words for who cannot see it."""
    folder = Path(os.environ.get("LODESTOCK_DESK_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    text = (HOW_TOS / f"how-to-{how_to}.md").read_text(encoding="utf-8")
    name, pictures = PICTURES[how_to]
    person = Person(running, browser)
    person.log_in(name)
    person.language("nl")
    person.page.set_viewport_size({"width": 1000, "height": 720})
    for picture, path, opened in pictures:
        assert person.page.goto(person.base + path).status == 200, path
        if opened:
            person.page.locator(opened).first.click()
            person.page.wait_for_load_state()
        file = folder / f"{how_to}-{picture}.png"
        with Image.open(io.BytesIO(person.page.screenshot())) as seen:
            seen.convert("RGB").quantize(64).save(file, optimize=True)
        assert 2_000 < file.stat().st_size <= LARGEST_PICTURE
        words = re.search(rf"!\[([^\]]+)\]\(images/{how_to}-{picture}\.png\)", text)
        assert words and len(words[1]) > 30, f"{how_to}: no words for {picture}"
