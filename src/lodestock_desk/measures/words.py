"""Closed lists of the register of measures, and their words in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import TextChoices
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from lodestock_desk.core import vocab

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Both:
    """A text in Dutch and in English."""

    nl: str
    en: str

    def __str__(self) -> str:
        return self.en if vocab.lang() == "en" else self.nl


STATUS_WORDS: dict[str, Both] = {
    "exploring": Both("verkend", "exploring"),
    "prepared": Both("voorbereid", "prepared"),
    "decided": Both("besloten", "decided"),
    "running": Both("in uitvoering", "running"),
    "done": Both("afgerond", "done"),
    "stopped": Both("gestopt", "stopped"),
}


def _said(status: str) -> Any:
    return lazy(lambda: str(STATUS_WORDS[status]), str)()


class Status(TextChoices):
    """How far a measure is. Whether it holds a stock is another question, with its own evidence."""

    EXPLORING = "exploring", _said("exploring")
    PREPARED = "prepared", _said("prepared")
    DECIDED = "decided", _said("decided")
    RUNNING = "running", _said("running")
    DONE = "done", _said("done")
    STOPPED = "stopped", _said("stopped")


STATUS_MEANING: dict[str, Both] = {
    Status.EXPLORING: Both("of en hoe wordt onderzocht; er is niets besloten",
                           "whether and how is being looked at; nothing is decided"),
    Status.PREPARED: Both("de uitvoering wordt voorbereid; er is nog niets uitgevoerd",
                          "it is being prepared; nothing has been carried out yet"),
    Status.DECIDED: Both("er is een besluit; de uitvoering is nog niet begonnen",
                         "there is a decision; it has not begun yet"),
    Status.RUNNING: Both("de maatregel wordt uitgevoerd", "the measure is being carried out"),
    Status.DONE: Both("de maatregel is uitgevoerd", "the measure has been carried out"),
    Status.STOPPED: Both("de maatregel is gestopt, met de reden", "the measure was stopped, with the reason"),
}  # fmt: skip


class Subject(TextChoices):
    """What a measure works on."""

    STOCK = "stock", _("Stocks")
    PROCESSING = "processing", _("Processing")
    RECYCLING = "recycling", _("Recycling")
    SECOND_SOURCE = "second_source", _("Second source")
    SUBSTITUTION = "substitution", _("Substitution")
    KNOWLEDGE = "knowledge", _("Knowledge and monitoring")
    COOPERATION = "cooperation", _("International cooperation")
    CONDITIONS = "conditions", _("Conditions for settling")


class SourceKind(TextChoices):
    """Where a measure was announced or asked."""

    STRATEGY = "strategy", _("National Raw Materials Strategy")
    CABINET = "cabinet", _("Cabinet measure")
    MOTION = "motion", _("Motion of the House")


class Step(TextChoices):
    """What happens to a milestone. Missed is not noted by anyone: it follows from the day."""

    SET = "set", _("set")
    MOVED = "moved", _("moved")
    REACHED = "reached", _("reached")
    DROPPED = "dropped", _("dropped")


class MilestoneState(TextChoices):
    """How a milestone stands on a day."""

    OPEN = "open", _("still open")
    REACHED = "reached", _("reached")
    MISSED = "missed", _("missed")
    DROPPED = "dropped", _("dropped")


class Level(TextChoices):
    """Whose money it is."""

    NATIONAL = "national", _("National")
    EU = "eu", _("European Union")


LEVEL_WORDS = {Level.NATIONAL: Both("nationaal", "national"), Level.EU: Both("EU", "EU")}


@dataclass(frozen=True, slots=True)
class Ministry:
    """A ministry under its name of the time; a day that is not known is None."""

    abbreviation: str
    name: Both
    valid_from: date | None
    valid_until: date | None


@cache
def ministries() -> tuple[Ministry, ...]:
    """The ministries of the register, from data."""
    rows = yaml.safe_load((DATA / "ministries.yml").read_text(encoding="utf-8"))
    return tuple(
        Ministry(r["abbreviation"], Both(r["name_nl"], r["name_en"]), r["valid_from"], r["valid_until"]) for r in rows
    )


def ministry_choices() -> list[tuple[str, str]]:
    """The ministries for a form."""
    return [(m.abbreviation, f"{m.abbreviation} – {m.name}") for m in ministries()]
