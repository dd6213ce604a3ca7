"""A letter in a browser, in both languages: write, review, return, change after initials, sign, publish, withdraw."""

from __future__ import annotations

import re

import pytest

from .servers import Desk
from .test_browser import Person, browser, running  # noqa: F401  (fixtures)

pytestmark = pytest.mark.slow
MINISTER, HEAD = "minister van Economische Zaken", "afdelingshoofd grondstoffen"
BZ = "Ministerie van Buitenlandse Zaken (voorbeeld)"


def _person(running: Desk, browser: object, name: str, language: str) -> Person:  # noqa: F811
    person = Person(running, browser)
    person.log_in(name)
    person.language(language)
    return person


def _write(person: Person, address: str, part: str, nl: str) -> None:
    page = person.page
    page.goto(f"{address}{part}/write/")
    page.fill("[name=title_nl]", "Proefbrief")
    page.fill("[name=title_en]", "Trial letter")
    page.fill("[name=nl]", nl)
    page.fill("[name=en]", "# Reason\n\nThere is no hurry.")
    person.check(f"parliament-write-{part}")
    page.click("main form.form button.main-button")
    page.wait_for_url(address)


def _take(person: Person, word: str, do: str = "take", comment: str = "") -> None:
    """Open the step that waits for this person in a piece, and take or return it."""
    page = person.page
    page.goto(f"{person.base}/desk/parliament/")
    page.locator("#waiting + ul a", has_text=word).first.click()
    page.wait_for_url(re.compile(r"/steps/"))
    person.check(f"parliament-step-{do}")
    page.fill("[name=comment]", comment)
    page.click(f"button[name=do][value={do}]")
    page.wait_for_url(re.compile(r"/desk/parliament/[0-9a-f-]{36}/$"))


def _post(person: Person, address: str, verb: str) -> None:
    person.page.goto(address)
    person.page.click(f"form[action$='/{verb}/'] button")
    person.page.wait_for_url(address)


def _started(writer: Person, word: str) -> str:
    """A letter with its nota, written and put into the route; its address."""
    page = writer.page
    page.goto(f"{writer.base}/desk/parliament/new/")
    page.check("[name=kind][value=letter]")
    page.fill("[name=subject_nl]", word)
    page.fill("[name=subject_en]", word)
    page.click("main form.form button.main-button")
    page.wait_for_url(re.compile(r"/desk/parliament/[0-9a-f-]{36}/$"))
    address = page.url
    _write(writer, address, "nota", "# Aanleiding\n\nEen toezegging.\n\n[woo 5.2: intern beraad]\nGEHEIMPJE.")
    _write(writer, address, "piece", "# Waarom\n\nEr is geen haast, want 120 ton is genoeg.")
    page.goto(address + "senders/")
    page.select_option("[name=office_1]", label=MINISTER)
    page.click("main form.form button.main-button")
    page.wait_for_url(address)
    page.goto(address + "route/")
    for row, (kind, party) in enumerate((("coordination", BZ), ("initials", HEAD), ("signature", MINISTER)), start=1):
        page.select_option(f"[name=kind_{row}]", kind)
        page.select_option(f"[name=party_{row}]", label=party)
        page.fill(f"[name=order_{row}]", str(row))
    writer.check("parliament-route")
    page.click("main form button.main-button")
    page.wait_for_url(address)
    _post(writer, address, "submit")
    writer.check("parliament-in-route")
    return address


def _approved(running: Desk, browser: object, writer: Person, address: str, word: str, language: str) -> None:  # noqa: F811
    """Returned, changed, taken again after a change, signed."""
    page = writer.page
    other = _person(running, browser, "beleid.bz", language)
    _take(other, word, "return", "De zin over de haast klopt niet.")
    page.goto(address)
    assert "De zin over de haast klopt niet." in page.content()
    _post(writer, address, "submit")
    _take(other, word)
    head = _person(running, browser, "lijn.ez", language)
    _take(head, word)
    _write(writer, address, "piece", "# Waarom\n\nEr is haast, maar 120 ton is genoeg.")
    assert page.locator(".tag-raised").count() == 2  # both are asked again
    page.goto(address + "piece/changes/")
    writer.check("parliament-changes")
    other.page.goto(f"{other.base}/desk/parliament/")
    other.check("parliament-list")
    other.page.locator("#waiting + ul a", has_text=word).first.click()
    other.page.wait_for_url(re.compile(r"/steps/"))
    assert other.page.locator("ins", has_text="Er is haast").count() == 1
    _take(other, word)
    _take(head, word)
    minister = _person(running, browser, "ondertekenaar.ez", language)
    minister.page.locator("#waiting + ul a", has_text=word).first.click()  # on the start page
    minister.page.wait_for_url(re.compile(r"/steps/"))
    assert minister.page.locator("button[name=do][value=take]").count() == 0  # a number without lineage stands open
    minister.check("parliament-step-finding")
    _overruled(writer, address)
    _take(minister, word)


def _overruled(writer: Person, address: str) -> None:
    """What stands open is overruled with a reason."""
    page = writer.page
    page.goto(address)
    for _finding in range(page.locator("a[href*='/findings/']").count()):
        page.locator("a[href*='/findings/']").first.click()
        page.fill("[name=reason]", "Nagegaan bij het contactpunt.")
        writer.check("parliament-overrule")
        page.click("main form.form button.main-button")
        page.wait_for_url(address)


def _sent_and_withdrawn(running: Desk, browser: object, writer: Person, address: str) -> None:  # noqa: F811
    """Sent, published, read by anyone, withdrawn."""
    page = writer.page
    _post(writer, address, "send")
    _post(writer, address, "publish")
    writer.check("parliament-published")
    visitor = Person(running, browser, script=False)
    public = f"{visitor.base}/pieces/{address.rstrip('/').rpartition('/')[2]}/"
    assert visitor.page.goto(public).status == 200
    shown = visitor.page.content()
    assert "GEHEIMPJE" not in shown and "Afdelingshoofd EZ" not in shown
    page.goto(address + "withdraw/")
    page.fill("[name=reason]", "Vervangen door een nieuwe brief.")
    page.click("main form.form button.main-button")
    page.wait_for_url(address)
    page.goto(public)
    assert "Vervangen door een nieuwe brief." in page.content()
    writer.check("pieces-one")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_letter_from_draft_to_withdrawn(running: Desk, browser: object, language: str) -> None:  # noqa: F811
    word = f"Proef {language}"
    writer = _person(running, browser, "beleid.ez", language)
    address = _started(writer, word)
    _approved(running, browser, writer, address, word, language)
    _sent_and_withdrawn(running, browser, writer, address)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_other_pages_are_accessible(running: Desk, browser: object, language: str) -> None:  # noqa: F811
    person = _person(running, browser, "lijn.ez", language)
    page = person.page
    for path in ("", "deputies/", "commitments/", "commitments/new/", "commitments/?show=all"):
        assert page.goto(f"{person.base}/desk/parliament/{path}").status == 200
        person.check()
    page.goto(f"{person.base}/desk/parliament/commitments/")
    page.locator("tbody th a").first.click()
    page.wait_for_load_state()
    person.check("parliament-commitment")
    page.goto(f"{person.base}/desk/parliament/")
    for place in range(page.locator("tbody th a").count()):
        page.goto(f"{person.base}/desk/parliament/")
        page.locator("tbody th a").nth(place).click()
        page.wait_for_load_state()
        person.check(f"parliament-one-{place}")
    assert page.goto(f"{person.base}/pieces/").status == 200
    person.check("pieces-list")
