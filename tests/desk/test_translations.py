"""Both languages say everything: no text of the desk is left untranslated, and pages come in the reader's language."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.test import Client

import lodestock_desk

from .people import client

DESK = Path(lodestock_desk.__file__).parent
CATALOGUE = DESK / "locale/nl/LC_MESSAGES"
CATALOGUES = [CATALOGUE, *sorted(DESK.glob("*/locale/nl/LC_MESSAGES"))]  # the later rooms keep their own


def _entries(catalogues: list[Path] = CATALOGUES) -> list[tuple[str, str]]:
    text = "\n\n".join((each / "django.po").read_text(encoding="utf-8") for each in catalogues)
    found = []
    for block in re.split(r"\n\n+", text):
        if re.search(r'^msgid ""\nmsgstr ""$', block, re.MULTILINE) and "Content-Type" in block:
            continue  # the head of a catalogue
        block = _joined(block)
        source = re.search(r'^msgid "(.*)"$', block, re.MULTILINE)
        said = re.findall(r'^msgstr(?:\[\d\])? "(.*)"$', block, re.MULTILINE)
        assert source and said, block
        found += [(source[1], one) for one in said]
    return found


def _joined(block: str) -> str:
    """A text over several lines as one."""
    return re.sub(r'"\n"', "", block)


def test_every_text_has_a_dutch_one() -> None:
    assert [source for source, said in _entries() if not said] == []


def test_the_compiled_catalogue_is_the_one_that_is_written() -> None:
    for catalogue in CATALOGUES:
        with (catalogue / "django.mo").open("rb") as file:
            _is_compiled(gettext.GNUTranslations(file), catalogue)


def _is_compiled(compiled: gettext.GNUTranslations, catalogue: Path) -> None:
    for source, said in _entries([catalogue]):
        plain = source.replace('\\"', '"')
        assert said.replace('\\"', '"') in (
            compiled.gettext(plain),
            compiled.ngettext(plain, plain, 1),
            compiled.ngettext(plain, plain, 2),
        )


def test_every_text_in_the_source_is_in_the_catalogue() -> None:
    known = {source.replace('\\"', '"') for source, _said in _entries()}
    pattern = re.compile(r'{%\s*translate\s+(?:"([^"]+)"|\'([^\']+)\')')
    for path in DESK.rglob("templates/**/*.html"):
        for double, single in pattern.findall(path.read_text(encoding="utf-8")):
            assert (double or single) in known, f"{path.name}: {double or single}"


def test_placeholders_are_the_same_in_both_languages() -> None:
    for source, said in _entries():
        wanted, given = (set(re.findall(r"%\(\w+\)[sd]|%[sd]", text)) for text in (source, said))
        assert given == wanted or wanted < given, source  # a plural may name more than its singular


@pytest.mark.parametrize("forbidden", ["exportstop ", "verbod", "embargo"])
def test_a_licence_obligation_is_never_worded_as_a_stop(forbidden: str) -> None:
    for _source, said in _entries():
        assert forbidden not in said.lower() or "geen exportstop" in said.lower()


def test_a_person_reads_the_desk_in_the_language_chosen(db: None) -> None:
    browser = client("beleid.ez")
    assert "Signalen" in browser.get("/desk/signals/").content.decode()
    browser.post("/desk/language/", {"language": "en", "next": "/desk/signals/"})
    page = browser.get("/desk/signals/").content.decode()
    assert '<html lang="en">' in page and "Signals" in page and "Signalen" not in page


def test_a_visitor_switches_by_cookie(db: None) -> None:
    browser = Client()
    assert "Inloggen" in browser.get("/licences/").content.decode()
    browser.post("/desk/language/", {"language": "en", "next": "/licences/"})
    assert "What is being asked" in browser.get("/licences/").content.decode()
