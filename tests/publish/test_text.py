"""A number without lineage cannot get into the brief."""

from __future__ import annotations

import re
from datetime import date

import pytest
from example import example, facts, ledger

from lodestock.errors import DataError, InputError, LodestockError
from lodestock.evidence.ledger import Ledger, Method, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.blocks import Block, Heading, SpanKind, numbers_in, spans_of
from lodestock.publish.markup import Marked, bare_digit, read_blocks, read_spans
from lodestock.publish.model import BriefInput, DatedRule, Lang
from lodestock.publish.text import read_brief

LANGS: tuple[Lang, ...] = ("nl", "en")


def read(source: str, run: BriefInput, lang: Lang = "nl") -> tuple[Block, ...]:
    return read_brief(run, lang, name="try.md.j2", source=source)


def words(blocks: tuple[Block, ...]) -> str:
    return " ".join("".join(span.text for span in spans_of(block)) for block in blocks).replace("\u00a0", " ")


def test_bare_digit_in_a_template_is_refused_with_its_line(run: BriefInput) -> None:
    with pytest.raises(InputError, match="120") as caught:
        read("# Titel\n\nEerste zin.\nHet tekort is 120 ton.\n", run)
    assert caught.value.where == "try.md.j2, line 4"


def test_digit_from_an_expression_is_refused_with_its_line(run: BriefInput) -> None:
    with pytest.raises(InputError, match="without lineage") as caught:
        read("# Titel\n\n{{ facts.trade_year }}\n", run)
    assert caught.value.where == "try.md.j2, line 3"
    with pytest.raises(InputError, match="without lineage"):
        read("{{ v('nl.magnets.imports') }}", run)
    with pytest.raises(InputError, match="without lineage"):
        read("{{ '12' ~ ' ton' }}", run)


def test_digit_in_a_fact_is_refused(run: BriefInput) -> None:
    changed = facts() | {"unknown": (Text("Er waren 140 aanvragen.", "There were 140 applications."),)}
    with pytest.raises(InputError, match="140"):
        read("{{ t(facts.unknown[0]) }}", example(facts=changed))


def test_superscripts_and_other_scripts_count_as_digits() -> None:
    assert bare_digit("m²") == "m²"
    assert bare_digit("٣ ton") == "٣"
    assert bare_digit("twaalf ton") is None


def test_undefined_names_are_strict(run: BriefInput) -> None:
    with pytest.raises(InputError, match="not there") as caught:
        read("Een\n\n{{ facts.nothing }}", run)
    assert caught.value.where == "try.md.j2, line 3"
    with pytest.raises(InputError, match="not there"):
        read("{{ nothing }}", run)
    with pytest.raises(InputError, match="cannot be read"):
        read("{% if %}", run)


def test_a_number_that_is_not_in_the_ledger_is_refused_with_its_line(run: BriefInput) -> None:
    with pytest.raises(DataError, match=r"nl\.nothing") as caught:
        read("Een\n{{ n('nl.nothing') }}", run)
    assert caught.value.where == "try.md.j2, line 2"


def test_rewording_a_unit_needs_the_same_dimension(run: BriefInput) -> None:
    assert words(read("{{ n('nl.magnets.imports', 't') }}", run)) == "4.000 ton"
    with pytest.raises(DataError, match="cannot be worded"):
        read("{{ n('nl.magnets.imports', 'week') }}", run)


def test_helpers_write_in_both_languages(run: BriefInput) -> None:
    source = (
        "{{ range('nl.magnets.shortage_12m') }} {{ bracket('nl.magnets.shortage_12m') }} {{ d(facts.start) }} "
        "{{ d(facts.start, 'month') }} {{ d(facts.trade_year) }} {{ ref('850511') }} "
        "{{ month_of('nl.magnets.first_short_month') }} {{ mark('nl.magnets.shortage_12m') }}"
    )
    assert words(read(source, run, "nl")) == (
        "120 ton (18–260 ton) 94–170 ton 4 april 2025 april 2025 2024 850511 juni 2025 aanname"
    )
    assert words(read(source, run, "en")) == (
        "120 tonnes (18–260 tonnes) 94–170 tonnes 4 April 2025 April 2025 2024 850511 June 2025 assumption"
    )


def test_fact_mark_up_becomes_spans_with_lineage(run: BriefInput) -> None:
    (block,) = read("{{ t(facts.unknown[0]) }}", run)
    assert numbers_in((block,)) == ["nl.magnets.stock_months"]


@pytest.mark.parametrize("lang", LANGS)
def test_every_digit_of_the_shipped_brief_has_an_origin(run: BriefInput, lang: Lang) -> None:
    blocks = read_brief(run, lang)
    spans = [span for block in blocks for span in spans_of(block)]
    assert sum(span.kind is SpanKind.NUMBER for span in spans) > 25
    for span in spans:
        if span.kind is SpanKind.NUMBER:
            assert span.entry in run.ledger
        elif span.kind is SpanKind.TEXT:
            assert not re.search(r"\d", span.text), span.text


def test_both_languages_say_the_same_numbers(run: BriefInput) -> None:
    assert numbers_in(read_brief(run, "nl")) == numbers_in(read_brief(run, "en"))
    shapes = [[type(block).__name__ for block in read_brief(run, lang)] for lang in LANGS]
    assert shapes[0] == shapes[1]
    levels = [[block.level for block in read_brief(run, lang) if isinstance(block, Heading)] for lang in LANGS]
    assert levels[0] == levels[1]


@pytest.mark.parametrize("lang", LANGS)
def test_a_licence_obligation_is_never_called_a_stop_or_a_ban(run: BriefInput, lang: Lang) -> None:
    text = words(read_brief(run, lang)).lower()
    assert not re.search(r"exportstop|exportverbod|uitvoerverbod|export ban|embargo|export stop", text)
    assert ("exportvergunningsverplichting" if lang == "nl" else "obligation to hold a licence") in text


@pytest.mark.parametrize(
    ("suspended", "made", "nl", "en"),
    [
        (None, date(2026, 11, 21), "einddatum 10 november 2026", "end date 10 November 2026"),
        (True, date(2026, 11, 21), "was opgeschort tot en met 10", "was suspended until 10 November"),
        (False, date(2026, 11, 21), "gold tot en met 10 november", "was in force until 10 November"),
        (True, date(2026, 11, 1), "– opgeschort tot en met 10", "– suspended until 10 November"),
        (False, date(2026, 11, 1), "geldt tot en met 10 november", "– in force until 10 November"),
    ],
)
def test_a_rule_past_its_end_is_to_be_checked(suspended: bool | None, made: date, nl: str, en: str) -> None:
    rule = DatedRule(Text("het pakket", "the package"), date(2026, 11, 10), "MOFCOM", suspended)
    run = example(made=made, facts=facts() | {"to_be_checked": (rule,)})
    passed = made > date(2026, 11, 10)  # what still runs lapses; what has passed is to be checked
    leads = ("Na te gaan", "To be checked") if passed else ("Loopt af", "Lapses")
    for lang, wanted, lead, name in (("nl", nl, leads[0], "het pakket"), ("en", en, leads[1], "the package")):
        text = words(read_brief(run, lang))  # type: ignore[arg-type]
        assert wanted in text and f"{lead}: {name}" in text
    none = example(facts=facts() | {"to_be_checked": ()})
    assert "Na te gaan" not in words(read_brief(none, "nl"))


def _without(key: str, note: str) -> Ledger:
    """The example's ledger with one number not known."""
    out = Ledger()
    for entry in ledger():
        if entry.id != key:
            out.entries[entry.id] = entry
        else:
            method = Method("m", "m", "Model", "m:m")
            out.computed(key, entry.label, None, entry.unit, method=method, inputs=entry.inputs, note=note)
    return out


def test_an_unknown_number_says_so_with_its_reason() -> None:
    run = example(ledger=_without("nl.magnets.shortage_12m", "no customs figures"))
    assert "nog niet te zeggen: onbekend (no customs figures)" in words(read_brief(run, "nl"))
    assert "cannot be said yet: unknown (no customs figures)" in words(read_brief(run, "en"))
    reasons = facts() | {"reasons": {"nl.magnets.shortage_12m": Text("geen douanecijfers", "no customs figures")}}
    run = example(ledger=_without("nl.magnets.shortage_12m", "x"), facts=reasons)
    assert "onbekend (geen douanecijfers)" in words(read_brief(run, "nl"))


def test_an_unknown_number_without_a_reason_is_refused() -> None:
    with pytest.raises(DataError, match="says not why"):
        read_brief(example(ledger=_without("nl.magnets.shortage_12m", "")), "nl")


def test_no_shortage_gives_another_answer() -> None:
    out = ledger()
    old = out.entries.pop("nl.magnets.shortage_12m")
    method = Method("m", "m", "Model", "m:m")
    out.computed(old.id, old.label, 0.0, "t", method=method, inputs=old.inputs)
    text = words(read_brief(example(ledger=out), "nl"))
    assert "geen aanleiding voor acute maatregelen" in text


def test_mark_up_is_read_as_documented() -> None:
    parts = [
        "# T",
        "- een\n  twee\n- drie",
        "| a | b |\n|---|---|\n| **c** | d |",
        "> **K**\n>\n> - x\n>   y",
        "!figure f",
    ]
    text = "\n\n".join(parts)
    kinds = [type(block).__name__ for block in read_blocks(text, "t")]
    assert kinds == ["Heading", "Bullets", "Table", "Box", "FigureBlock"]
    assert words(read_blocks("- een\n  twee\n- drie", "t")) == "een tweedrie"
    for wrong in ("!nothing", "**open", "| a | b |\n| c |"):
        with pytest.raises(InputError):
            read_blocks(wrong, "t")


def test_a_marker_with_awkward_text_survives() -> None:
    from lodestock.publish.blocks import Span
    from lodestock.publish.markup import marker

    awkward = Span(SpanKind.REFERENCE, 'a|b ** "c" \\ 12')
    assert read_spans(marker(awkward), "t") == (awkward,)
    assert isinstance(marker(awkward), Marked)
    assert len(read_blocks(f"| {marker(awkward)} | x |", "t")[0].header) == 2  # type: ignore[union-attr]


def test_brief_input_checks_itself() -> None:
    wrong: list[dict[str, object]] = [
        {"headline": ("nl.magnets.shortage_12m",)},
        {"headline": ("var.total.best", "nl.magnets.weeks_short", "nl.magnets.share_of_use_short")},
        {"assumptions": ("nothing",)},
        {"facts": {key: value for key, value in facts().items() if key != "start"}},
        {"facts": facts() | {"nothing": 1}},
        {"facts": facts() | {"trade_year": "2024"}},
    ]
    for change in wrong:
        with pytest.raises(LodestockError):
            example(**change)
    with pytest.raises(DataError, match="has the unit"):
        broken = ledger()
        old = broken.entries.pop("nl.magnets.licensed_share")
        broken.parameter(old.id, old.label, 55.0, "%", mark=Mark.PRIOR, source="x")
        example(ledger=broken)
