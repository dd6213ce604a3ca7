"""From a template and a run to blocks: the helpers that write numbers, dates and references, and the rendering."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from types import TracebackType

from jinja2 import BaseLoader, DictLoader, Environment, StrictUndefined, TemplateError, TemplateSyntaxError

from lodestock.errors import DataError, InputError
from lodestock.evidence.ledger import Entry, Text
from lodestock.evidence.marks import Mark
from lodestock.publish.blocks import Block, Span, SpanKind
from lodestock.publish.markup import Marked, bare_digit, marker, read_blocks, refuse_bare_digits
from lodestock.publish.model import BriefInput, Lang
from lodestock.publish.numbers import bracket_text, interval_text, number_text, range_text
from lodestock.publish.words import MARKS, date_text, month_text, months_later, word

REWORDED = frozenset(
    {("t/yr", "t"), ("t/month", "t"), ("EUR/t/yr", "EUR/yr"), ("EUR/t/yr", "EUR"), ("1/yr", "1"), ("MEUR/yr", "MEUR")}
)
"""Units that a sentence may word without the part that it says itself."""

_FACT = re.compile(r"\{(n|range|d|ref):([^}]+)\}")


@dataclass(frozen=True, slots=True)
class Helpers:
    """What a template may call. Each answer is a marker, so that the parser knows every digit's origin."""

    run: BriefInput
    lang: Lang

    def _entry(self, key: str) -> Entry:
        return self.run.ledger[key]

    def _number(self, key: str, text: str | None) -> Marked:
        entry = self._entry(key)
        if entry.value is None:
            text = self._unknown(entry)
        return marker(Span(SpanKind.NUMBER, text or "", key, entry.mark.value))

    def _unknown(self, entry: Entry) -> str:
        reason = unknown_reason(self.run, entry, self.lang)
        return f"{word('unknown', self.lang)} ({reason})"

    def n(self, key: str, unit: str = "") -> Marked:
        """The number with its unit, two significant digits; 'unknown' with the reason where there is no value.

        unit: wording for a sentence that names the rest itself ('in 2024 came 120 ton'): see `REWORDED`.
        """
        entry = self._entry(key)
        if unit and (entry.unit, unit) not in REWORDED:
            raise DataError(
                f"'{entry.unit}' cannot be worded as '{unit}'", where=key, mend=f"one of {sorted(REWORDED)}"
            )
        return self._number(key, number_text(entry.value, unit or entry.unit, self.lang))

    def range(self, key: str) -> Marked:
        """The number with its range over what we do not know: '120 ton (70–210 ton)'."""
        return self._number(key, range_text(self._entry(key), self.lang))

    def interval(self, key: str) -> Marked:
        """The range alone; 'not determined' where the value is exact."""
        return self._number(key, interval_text(self._entry(key), self.lang) or word("no_bracket", self.lang))

    def bracket(self, key: str) -> Marked:
        """The structural bracket alone: lowest to highest central value over the models."""
        return self._number(key, bracket_text(self._entry(key), self.lang) or word("no_bracket", self.lang))

    def mark(self, key: str | Mark) -> Marked:
        """A badge with an evidence mark in words: of an entry (its weakest link), or the mark itself."""
        found = key if isinstance(key, Mark) else self._entry(key).mark
        return marker(Span(SpanKind.BADGE, MARKS[found][self.lang], mark=found.value))

    def d(self, day: date | int, form: str = "day") -> Marked:
        """A date in words; `form` 'month' leaves the day out; a whole number is a year."""
        if isinstance(day, int):
            text = f"{day:04d}"
        elif form == "month":
            text = month_text(day, self.lang)
        else:
            text = date_text(day, self.lang)
        return marker(Span(SpanKind.DATE, text))

    def month_of(self, key: str) -> Marked:
        """The calendar month that lies as many months after the start as the entry says, linked to the entry."""
        entry = self._entry(key)
        if entry.value is None:
            return self._number(key, None)
        start = self.run.facts["start"]
        if not isinstance(start, date):
            raise DataError("fact 'start' is no date")
        return self._number(key, month_text(months_later(start, int(entry.value)), self.lang))

    def ref(self, text: str | Text) -> Marked:
        """A code, a law or a document's number, as it is known."""
        return marker(Span(SpanKind.REFERENCE, text[self.lang] if isinstance(text, Text) else text))

    def t(self, text: Text) -> Marked:
        """A text from the facts, with its own numbers, dates and references filled in."""
        plain = text[self.lang]
        refuse_bare_digits(_FACT.sub(" ", plain), where=f"facts: '{plain[:60]}'")
        return Marked(_FACT.sub(lambda found: self._filled(found.group(1), found.group(2)), plain))

    def _filled(self, name: str, value: str) -> str:
        if name == "n":
            return self.n(value)
        if name == "range":
            return self.range(value)
        if name == "ref":
            return self.ref(value)
        return self.d(int(value) if len(value) == 4 else date.fromisoformat(value))

    def v(self, key: str) -> float:
        """The bare value, for conditions only (it cannot be written); not a number when unknown, so no test holds."""
        value = self._entry(key).value
        return float("nan") if value is None else value

    def known(self, key: str) -> bool:
        """Whether the ledger has the entry, with a value."""
        return key in self.run.ledger and self._entry(key).value is not None

    def joined(self, texts: tuple[Text, ...]) -> Marked:
        """'a, b and c' in the language of the brief."""
        words = [str(self.t(text)) for text in texts]
        last = " en " if self.lang == "nl" else " and "
        return Marked(last.join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words))

    def has_figure(self, key: str) -> bool:
        """Whether the run brought this figure."""
        return any(figure.id == key for figure in self.run.figures)

    def names(self) -> dict[str, Callable[..., object]]:
        """The helpers by the name under which a template calls them."""
        made = (self.n, self.range, self.interval, self.bracket, self.mark, self.d, self.month_of, self.ref, self.t)
        return {f.__name__: f for f in (*made, self.v, self.known, self.joined, self.has_figure)}


def unknown_reason(run: BriefInput, entry: Entry, lang: Lang) -> str:
    """Why an entry has no value: the run's own words for it, else the ledger's note."""
    reasons = run.facts.get("reasons", {})
    if isinstance(reasons, Mapping) and entry.id in reasons:
        return str(reasons[entry.id][lang])
    if not entry.note:
        raise DataError(f"entry '{entry.id}' is not known and says not why", mend="give it a note, or a fact 'reasons'")
    return entry.note


def shipped_template(lang: Lang, stem: str = "brief") -> tuple[str, str]:
    """Name and source of a shipped template in one language."""
    name = f"{stem}.{lang}.md.j2"
    return name, resources.files("lodestock.publish").joinpath("texts", name).read_text(encoding="utf-8")


def _environment(loader: BaseLoader) -> Environment:
    return Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_finalize
    )


def _finalize(value: object) -> object:
    """What an expression of a template may write: markers, and words without digits."""
    if isinstance(value, str) and not isinstance(value, Marked) and bare_digit(value) is None:
        return value
    if isinstance(value, Marked):
        return value
    if isinstance(value, StrictUndefined):
        return str(value)  # raises, and names what is undefined
    raise InputError(
        f"a template writes '{value}', a number or an object without lineage",
        why="each number in a brief is written from a ledger entry",
        mend="write n('entry.id'), d(date), ref('...') or t(text) instead",
    )


def _check_source(environment: Environment, name: str, source: str) -> None:
    for line, token, text in environment.lex(source, filename=name):
        if token != "data":
            continue
        for offset, part in enumerate(text.split("\n")):
            refuse_bare_digits(part, where=f"{name}, line {line + offset}")


def _line_in(name: str, trace: TracebackType | None) -> str:
    found = ""
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in ("<template>", name):
            found = f"{name}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return found or name


def read_brief(run: BriefInput, lang: Lang, *, name: str = "", source: str = "") -> tuple[Block, ...]:
    """The blocks of the brief in one language, from the shipped template or from `source` under `name`.

    Errors: InputError that names the template line for a bare digit, an undefined name or broken mark-up; DataError
    for an entry that is not in the ledger.
    """
    if not source:
        name, source = shipped_template(lang)
    environment = _environment(DictLoader({name: source}))
    try:
        _check_source(environment, name, source)
        template = environment.get_template(name)
        rendered = template.render(facts=run.facts, title=run.title, made=run.made, **Helpers(run, lang).names())
    except TemplateSyntaxError as error:
        raise InputError("the template cannot be read", where=f"{name}, line {error.lineno}", why=str(error)) from error
    except TemplateError as error:
        where = _line_in(name, error.__traceback__)
        raise InputError("the template uses a name that is not there", where=where, why=str(error)) from error
    except (InputError, DataError) as error:
        parts = error.parts()
        where = parts["where"] or _line_in(name, error.__traceback__)
        raise type(error)(parts["what"], where=where, why=parts["why"], mend=parts["mend"]) from error
    return read_blocks(rendered, name)
