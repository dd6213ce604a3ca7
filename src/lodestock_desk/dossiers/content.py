"""What a dossier is made of: a fixed outline of sections, and in each blocks that are public or restricted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lodestock_desk.dossiers.blocks import NumberBlock
from lodestock_desk.dossiers.results import result_on
from lodestock_desk.dossiers.split import PUBLIC, RESTRICTED
from lodestock_desk.dossiers.stored import KeptResult
from lodestock_desk.dossiers.woo import Ground

PLACE = re.compile(r"\{([a-z0-9_-]{1,40})\}")
RICH = ("h3", "bold", "italic", "ol", "ul", "link")

# The outline, in its order; every dossier has every section.
OUTLINE: dict[str, Any] = {
    "summary": _("Summary and verdict"),
    "uses": _("Uses and Dutch sectors"),
    "chain": _("The chain, stage by stage"),
    "producers": _("Producers and concentration"),
    "dependency": _("Dependency of the Netherlands and the EU"),
    "own_use": _("Own use and transit"),
    "controls": _("Export controls in force"),
    "prices": _("Prices"),
    "stocks": _("Stocks and recycling"),
    "alternatives": _("Alternatives"),
    "scenarios": _("Scenarios"),
    "signals": _("Signals from companies"),
    "unknown": _("What is not known"),
    "sources": _("Sources"),
}


class AccessBlock(blocks.StructBlock):
    """What every content block says first: for whom it is. There is no default: who writes it decides."""

    access = blocks.ChoiceBlock(
        choices=[(PUBLIC, _("Public")), (RESTRICTED, _("Restricted"))], required=True, label=_("For whom?")
    )
    ground = blocks.ChoiceBlock(choices=Ground.choices, required=False, label=_("Ground under the Woo"))

    def clean(self, value: Any) -> Any:
        """A restricted block has its ground; a public one has none."""
        cleaned = super().clean(value)
        faults = {}
        if cleaned["access"] == RESTRICTED and not cleaned["ground"]:
            faults["ground"] = ValidationError(gettext("A restricted block names its ground under the Woo."))
        if cleaned["access"] == PUBLIC and cleaned["ground"]:
            faults["ground"] = ValidationError(gettext("A public block has no ground. Is it restricted after all?"))
        faults |= self.faults(cleaned)
        if faults:
            raise blocks.StructBlockValidationError(block_errors=faults)
        return cleaned

    def faults(self, cleaned: Any) -> dict[str, ValidationError]:
        """What else is wrong with the block, by field."""
        return {}


class TextBlock(AccessBlock):
    """Text; `{name}` in it is the number of that name below."""

    text = blocks.RichTextBlock(features=RICH, label=_("text"))
    numbers = blocks.ListBlock(NumberBlock(), default=[], label=_("numbers in the text"))

    def faults(self, cleaned: Any) -> dict[str, ValidationError]:
        """Every number that the text names is there, once."""
        named = set(PLACE.findall(str(cleaned["text"].source)))
        held = [number["key"] for number in cleaned["numbers"]]
        found = {}
        if lacking := named - set(held):
            said = {"names": ", ".join(sorted(lacking))}
            found["text"] = ValidationError(gettext("The text names numbers that are not below: %(names)s.") % said)
        if len(set(held)) != len(held) or "" in held:
            found["numbers"] = ValidationError(gettext("Each number in a text needs a name of its own."))
        return found

    class Meta:
        icon = "pilcrow"
        label = _("Text")


class ResultBlock(AccessBlock):
    """A block that shows a stored result of a day."""

    result = blocks.CharBlock(max_length=160, label=_("result"), help_text=_("For example copper.producers."))
    day = blocks.DateBlock(label=_("day of the result"))
    caption = blocks.CharBlock(required=False, max_length=400, label=_("what to notice"))

    def faults(self, cleaned: Any) -> dict[str, ValidationError]:
        """The result exists on that day, or did when the block was last published."""
        if result_on(cleaned["result"], cleaned["day"]) is None and not self.published_before(cleaned):
            return {"result": ValidationError(gettext("There is no result of this name and day."))}
        return {}

    @staticmethod
    def published_before(cleaned: Any) -> bool:
        """Whether a text showed this result before it was withdrawn: such a block may stay, and says so."""
        return KeptResult.objects.filter(name=cleaned["result"], day=cleaned["day"]).exists()


class FigureBlock(ResultBlock):
    """A picture with its data, source and downloads."""

    class Meta:
        icon = "image"
        label = _("Figure")


class MapBlock(ResultBlock):
    """A map with its data, source and downloads."""

    class Meta:
        icon = "globe"
        label = _("Map")


class TableBlock(ResultBlock):
    """One table of a result."""

    table = blocks.CharBlock(
        required=False, max_length=60, label=_("which table"), help_text=_("Empty: the first table of the result.")
    )

    class Meta:
        icon = "table"
        label = _("Table")


class NumberPiece(AccessBlock):
    """One number on its own."""

    number = NumberBlock(label=_("number"))

    class Meta:
        icon = "order"
        label = _("Number")


class SectionBlock(blocks.StreamBlock):
    """The blocks of one section."""

    text = TextBlock()
    figure = FigureBlock()
    table = TableBlock()
    number = NumberPiece()
    map = MapBlock()


def body_blocks() -> list[tuple[str, SectionBlock]]:
    """The sections as blocks, one of each."""
    return [(key, SectionBlock(label=title, required=False, group="outline")) for key, title in OUTLINE.items()]


COUNTS = {key: {"min_num": 1, "max_num": 1} for key in OUTLINE}


def empty_body() -> list[tuple[str, list[Any]]]:
    """An outline with nothing in it yet."""
    return [(key, []) for key in OUTLINE]


def in_order(sections: Iterable[Any]) -> list[Any]:
    """Raw sections in the order of the outline, whatever order they were stored in; unknown ones are left out."""
    found = {section.get("type"): section for section in sections}
    return [found.get(key) or {"type": key, "value": [], "id": ""} for key in OUTLINE]
