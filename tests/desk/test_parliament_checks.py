"""The checks before sending: each on a text in which it must find something, and on one in which it must not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodestock.errors import InputError
from lodestock_desk.parliament.checks import (
    Context,
    Found,
    Promised,
    Rule,
    abbreviations,
    bans,
    bare_digits,
    check,
    promises,
)
from lodestock_desk.parliament.numbers import undecided
from lodestock_desk.parliament.patterns import times
from lodestock_desk.parliament.text import Content, content_hash, difference, parse, public_part, read_content, write
from lodestock_desk.parliament.words import Finding, Part

TODAY = date(2026, 11, 22)
NUMBER = {"value": 120.0, "unit": "t", "result": "run", "entry": "nl.shortage", "day": "2026-01-10"}


def _content(nl: str, en: str = "", **numbers: dict[str, object]) -> Content:
    blocks = {"nl": parse(nl), "en": parse(en)}
    return Content({"nl": "Titel", "en": "Title"}, blocks, numbers or {"short": NUMBER})


def _kinds(nl: str, context: Context | None = None, part: Part = Part.PIECE) -> list[Finding]:
    return [one.kind for one in check(part, _content(nl), context or Context(TODAY))]


@pytest.mark.parametrize(
    "text",
    [
        "Op 4\u00a0april\u00a02025.",
        "Op 4 april 2025 en op 2025-04-04, 4-4-2025, in mei 2025 en in 2024.",
        "In het derde kwartaal van 2026, in Q4 2025, in 2019–2024.",
        "Artikel 20 van Verordening (EU) 2024/1252 en artikel 5.1, lid 2, gelden.",
        "Aankondiging 18 van 2025 staat op onze lijst, zie bijlage 3 en vraag 12.",
        "Zie Kamerstuk 32 852, nr. 290 en 2025Z09876; HS 811292.",
        "On 4 April 2025, in May 2025; Announcement 18 of 2025; Article 20.",
        "Het tekort is {short}.",
        "Er lopen twee proeven.",
    ],
)
def test_dates_references_and_numbers_with_lineage_may_stand(text: str) -> None:
    assert list(bare_digits(text)) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("Het tekort is 120 ton.", "120"),
        ("Dat is 38% van de invoer.", "38%"),
        ("Het kost € 1.200 per ton.", "1.200"),
        ("Van 25 bedrijven hadden 9 hinder.", "25"),
        ("Sinds 4 april 2025 wachten 17 aanvragen.", "17"),
        ("totaal 1200 ton", "1200"),
        ("In 2024 was het 2400 ton.", "2400"),
        ("About 3.5 million tonnes.", "3.5"),
    ],
)
def test_other_digits_are_found(text: str, digits: str) -> None:
    assert any(digits in found for found in bare_digits(text))


@given(st.integers(2101, 10**9))
def test_no_bare_number_slips_through(value: int) -> None:
    assert list(bare_digits(f"Het gaat om {value} ton in 2024, zie artikel 5."))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dit is een exportstop. Er is een vergunning nodig.", True),
        ("China heeft een exportverbod ingesteld op vergunningplichtige waar.", True),
        ("The export ban needs a licence.", True),
        ("Het betreft geen exportstop, maar een exportvergunningsverplichting.", False),
        ("This is not an export ban but a licence obligation.", False),
        ("Er geldt geen verbod; wel is een vergunning nodig.", False),
        ("De aanbanden van de vergunning zijn streng.", False),
        ("Er is een exportstop.", False),  # no licence anywhere: another measure
    ],
)
def test_a_licence_obligation_worded_as_a_stop_is_found(text: str, found: bool) -> None:
    assert bool(list(bans(text, text))) is found


def test_what_members_ask_is_not_held_against_the_answer() -> None:
    asked = "Vraag 1\nKlopt het dat er een exportstop is, met 500 bedrijven?\n\nAntwoord 1\nEr is een vergunning nodig."
    kinds = _kinds(asked)
    assert Finding.LICENCE_AS_BAN not in kinds


def test_a_stale_number_and_its_reason_are_told() -> None:
    found = check(Part.PIECE, _content("Het tekort is {short}."), Context(TODAY, stale={"short": "now 99"}))
    assert [(f.kind, f.place) for f in found] == [(Finding.STALE_NUMBER, "nl-0")]
    assert "now 99" in found[0].words


def test_a_conclusion_on_a_difference_that_cannot_be_told_apart() -> None:
    context = Context(TODAY, undecided=frozenset({"short"}))
    assert _kinds("Een voorraad loont: {short}.", context) == [Finding.NOT_DISTINGUISHABLE]
    assert _kinds("Of een voorraad loont is niet te onderscheiden: {short}.", context) == []
    assert _kinds("De uitkomst is {short}.", context) == []
    assert _kinds("Een voorraad loont: {short}.") == []


@pytest.mark.parametrize(
    ("entry", "held", "weak"),
    [
        ("stock.plan.share_better", {"value": 0.6}, True),
        ("stock.plan.share_better", {"value": 0.95}, False),
        ("stock.plan.share_better", {"value": 0.05}, False),
        ("stock.plan.gain", {"value": 1.0, "low": -2.0, "high": 4.0}, True),
        ("stock.plan.gain", {"value": 3.0, "low": 1.0, "high": 4.0}, False),
        ("x", {"value": 3.0, "note": "not distinguishable from none"}, True),
        ("x", {"value": 3.0}, False),
    ],
)
def test_which_differences_cannot_be_told_apart(entry: str, held: dict[str, object], weak: bool) -> None:
    assert undecided(entry, held) is weak


def test_a_rule_past_its_date_is_found_by_name_and_by_goods() -> None:
    rule = Rule("cn-2025-57", ("cn-2025-57", "aankondiging 57"), ("holmium",))
    context = Context(TODAY, rules=(rule,))
    assert _kinds("Aankondiging 57 van 2025 is geschorst.", context) == [Finding.RULE_PAST_DATE]
    assert _kinds("Voor holmium is een vergunning nodig.", context) == [Finding.RULE_PAST_DATE]
    assert _kinds("Holmium is een metaal. Aankondiging 18 van 2025 geldt.", context) == []


def test_restricted_text_secrets_and_addresses() -> None:
    context = Context(TODAY, secrets=("Voorbeeld Pompen",), grounds=frozenset({"5.1.2.b"}))
    secret = "[woo 5.1.2.b: onderhandeling]\nWij bieden minder."
    assert _kinds(secret, context, Part.PIECE) == [Finding.RESTRICTED]
    assert _kinds(secret, context, Part.NOTA) == []
    assert _kinds(secret.replace("5.1.2.b", "9.9"), context, Part.NOTA) == [Finding.RESTRICTED]
    assert _kinds("Het bedrijf Voorbeeld Pompen wacht.", context) == [Finding.RESTRICTED]
    assert _kinds("Mail naar iemand@voorbeeld.example.", context) == [Finding.RESTRICTED]


def test_a_picture_needs_a_description() -> None:
    assert _kinds("[figure run.chain: De keten van erts tot magneet]") == []
    assert _kinds("[figure run.chain: ]") == [Finding.NO_ALT]
    assert _kinds("[figure run.chain: run.chain]") == [Finding.NO_ALT]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Het NMO werkt hieraan.", ["NMO"]),
        ("Het Nederlands Materialen Observatorium (NMO) werkt hieraan. Het NMO belt.", []),
        ("Het IEA (Internationaal Energieagentschap) en de EU.", []),
        ("De ministeries van I&W en KGG.", ["I&W", "KGG"]),
        ("Het RVO-loket en RVO.", ["RVO"]),
        ("NdFeB-magneten uit China.", []),
    ],
)
def test_abbreviations_are_explained_once(text: str, missing: list[str]) -> None:
    assert [short for _place, short in abbreviations([("nl-0", text)])] == missing


def test_a_planned_stock_worded_as_existing() -> None:
    def stock(text: str, lang: str) -> Iterable[tuple[str, str]]:
        return [("Nederland heeft een voorraad.", "bereidt voor")] if "heeft een voorraad" in text else []

    assert _kinds("Nederland heeft een voorraad.", Context(TODAY, stock=stock)) == [Finding.PLANNED_AS_EXISTING]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("De Kamer wordt in het eerste kwartaal van 2027 geïnformeerd over de voorraadvorming.", True),
        ("Uw Kamer ontvangt later dit jaar het materiaaldossier.", True),
        ("The House will be informed in the first quarter of 2027.", True),
        ("De Kamer werd in het eerste kwartaal van 2026 geïnformeerd.", False),
        ("De Kamer zal spoedig worden geïnformeerd.", False),
        ("Wij zullen op 1 maart 2027 rapporteren.", True),
    ],
)
def test_a_promise_with_a_time_to_come_is_found(text: str, found: bool) -> None:
    assert bool(list(promises(text, Context(TODAY)))) is found


def test_a_promise_that_is_on_file_is_not_found() -> None:
    text = "De Kamer wordt in het eerste kwartaal van 2027 geïnformeerd over de voorraadvorming."
    kept = Promised("Kamer informeren over voorraadvorming", date(2027, 3, 31))
    assert list(promises(text, Context(TODAY, promised=(kept,)))) == []
    late, other = Promised(kept.text, date(2027, 4, 1)), Promised("Iets anders sturen", kept.due)
    assert list(promises(text, Context(TODAY, promised=(late, other))))


def test_times_are_read_as_first_and_last_day() -> None:
    found = {
        words: (first, last) for words, first, last in times("tweede kwartaal 2026, 3 mei 2027 en juni 2027", TODAY)
    }
    assert found["tweede kwartaal 2026"] == (date(2026, 4, 1), date(2026, 6, 30))
    assert found["3 mei 2027"] == (date(2027, 5, 3), date(2027, 5, 3))
    assert found["juni 2027"] == (date(2027, 6, 1), date(2027, 6, 30))
    assert times("31 februari 2027", TODAY) == []


def test_languages_that_cite_other_numbers_differ() -> None:
    found = check(Part.PIECE, _content("Het is {short}.", "It is so."), Context(TODAY))
    assert [f.kind for f in found] == [Finding.TRANSLATION]


def test_the_key_of_a_finding_stays_with_its_words() -> None:
    one = Found(Finding.NO_LINEAGE, Part.PIECE, "nl-3", "120 ton")
    assert one.key == Found(Finding.NO_LINEAGE, Part.PIECE, "nl-9", "120  ton").key
    assert one.key != Found(Finding.NO_LINEAGE, Part.PIECE, "nl-3", "121 ton").key


# The text itself: written and read back, compared, cut to what is public.
WORDS = st.text(st.characters(categories=("Lu", "Ll", "Nd", "Zs")), max_size=40).map(lambda t: " ".join(t.split()))


@given(st.lists(WORDS.filter(bool), max_size=6), st.booleans())
def test_plain_writing_reads_back_as_the_same_blocks(paragraphs: list[str], restricted: bool) -> None:
    head = "[woo 5.1.2.b: omdat het moet]\n" if restricted else ""
    blocks = parse("\n\n".join(head + text for text in paragraphs))
    assert parse(write(blocks, "nl")) == blocks
    assert parse(write(blocks, "en")) == blocks


ALL = """# Kop

## Kleinere kop

Tekst met {short}.

- een
- twee

Vraag 1
Hoe zit het?

Antwoord 1

Zo zit het.

[figure run.chain@2026-01-10: De keten]

[woo 5.1.2.f: bedrijfsgegevens]
- GEHEIM alfa
- GEHEIM beta"""


def test_all_kinds_of_block_survive_keeping() -> None:
    content = _content(ALL)
    again = read_content(content.as_dict())
    assert again == content and content_hash(again.as_dict()) == content_hash(content.as_dict())
    assert parse(write(content.blocks["nl"], "nl")) == content.blocks["nl"]


def test_the_public_part_holds_nothing_restricted() -> None:
    content = _content(
        ALL + "\n\n[woo 5.1.2.b: prijs]\nWij betalen {price}.", short=NUMBER, price=NUMBER | {"value": 77.5}
    )
    content = Content(
        content.title, content.blocks, content.numbers,
        {"annexes": [{"title": "krant"}, {"title": "GEHEIM gamma", "ground": "5.1.2.b"}]},
    )  # fmt: skip
    kept = str(public_part(content).as_dict())
    assert "GEHEIM" not in kept and "77.5" not in kept and "bedrijfsgegevens" not in kept
    assert "Zo zit het" in kept and "krant" in kept


def test_a_difference_names_what_went_and_what_came() -> None:
    changes = difference(_content("Een.\n\nTwee."), _content("Een.\n\nDrie {short}."), "nl")
    assert [(c.mark, c.text) for c in changes if c.mark != " "][:2] == [("-", "Twee."), ("+", "Drie {short}.")]
    changed = difference(_content("Het is {short}."), _content("Het is {short}.", short=NUMBER | {"value": 99.0}), "nl")
    assert any(c.mark == "+" and "99.0" in c.text for c in changed)


@pytest.mark.parametrize("text", ["[woo zonder grond]\ntekst", "[woo 5.1.2.b: reden]"])
def test_a_ground_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse(text)


@pytest.mark.parametrize(
    "words",
    [
        "Een zin die iedereen mag lezen.\n[woo 5.1.2.b: bedrijfsgegevens]\nEen geheim.",
        "Een zin. [woo 5.1.2.b: bedrijfsgegevens] Een geheim.",
        "- een punt\n- [ Woo 5.1.2.b: bedrijfsgegevens] een geheim",
        "[woo 5.1.2.b: bedrijfsgegevens]\nEen geheim.\n[WOO 5.1.2.e: namen]\nNog een geheim.",
        "[ woo 5.1.2.b: bedrijfsgegevens]\nEen geheim.",
    ],
)
def test_a_ground_that_is_not_the_first_line_is_refused(words: str) -> None:
    with pytest.raises(InputError):
        parse(words)
