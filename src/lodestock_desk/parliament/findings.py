"""Runs the checks on a piece with what is on record, and keeps what was found: open, solved or overruled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone
from django.utils.translation import override

from lodestock.disruption.controls import Control, to_be_checked
from lodestock.vocabulary import MaterialKind, material
from lodestock_desk.accounts.models import Organisation
from lodestock_desk.accounts.roles import Kind
from lodestock_desk.dossiers.woo import Ground
from lodestock_desk.measures.access import all_measures
from lodestock_desk.measures.wording import wording_faults
from lodestock_desk.parliament.checks import Context, Found, Promised, Rule, check
from lodestock_desk.parliament.models import Commitment, Delivery, FoundItem, Piece
from lodestock_desk.parliament.numbers import why_stale
from lodestock_desk.parliament.openly import held_in
from lodestock_desk.parliament.terms import next_due
from lodestock_desk.parliament.text import Content
from lodestock_desk.parliament.words import Finding, Part, Settled, Standing

_AHEAD = 5  # so many next days of a recurring commitment count


def context_for(content: Content) -> Context:
    """What the checks need to know about a document, as it is on record today."""
    today = timezone.localdate()
    stale = {key: why for key in content.cited() if (why := why_stale(content.numbers.get(key, {})))}
    with override("nl"):
        marks = {why: why_stale(content.numbers.get(key, {})) for key, why in stale.items()}
    measures = list(all_measures())
    return Context(
        today=today,
        stale=stale,
        marks=marks,
        undecided=frozenset(key for key, number in content.numbers.items() if number.get("undecided")),
        rules=tuple(_rule(control) for control in to_be_checked(today)),
        secrets=tuple(Organisation.objects.filter(kind=Kind.COMPANY).values_list("name", flat=True)),
        promised=tuple(_promised()),
        grounds=frozenset(Ground.values),
        held={name: str(why) for name, why in held_in(content).items()},
        stock=lambda text, lang: (
            (fault.sentence, fault.say.en if lang == "en" else fault.say.nl) for fault in wording_faults(text, measures)
        ),
    )


def _rule(control: Control) -> Rule:
    number = control.id.rpartition("-")[2]
    names = (control.id, control.instrument, *(
        [f"{word} {number}" for word in ("aankondiging", "announcement")] if "nnouncement" in control.instrument else []
    ))  # fmt: skip
    goods = [
        name
        for key in (*control.materials, *control.products)
        for name in (material(key).name_nl, material(key).name_en)
        if material(key).kind is not MaterialKind.GROUP
    ]
    return Rule(control.id, names, tuple(goods))


def _promised() -> list[Promised]:
    """The open commitments; a recurring one on each of its next days."""
    found = []
    for one in Commitment.objects.filter(standing=Standing.OPEN):
        due: date | None = one.due_on
        for _time in range(_AHEAD):
            if due is not None:
                found.append(Promised(f"{one.text_nl} {one.text_en}", due))
                due = next_due(due, one.rhythm)
    return found


def found_in(piece: Piece) -> list[Found]:
    """Everything that the checks find in the current nota and piece."""
    found: list[Found] = []
    for part in Part:
        version = piece.version(part)
        if version is not None:
            found += check(part, version.text, context_for(version.text))
    return found


def refresh(piece: Piece, kinds: Collection[str] = Finding.values) -> None:
    """Keep what the checks of these kinds find now: new findings stand open, what is gone is solved, what was overruled
    stays so.

    A finding that comes back after it was solved stands open again; one that was overruled stays overruled as long as
    its words are the same.
    """
    current = {one.key: one for one in found_in(piece) if one.kind in kinds}
    numbers = {part: (v.number if (v := piece.version(part)) else 0) for part in Part.values}
    known = {item.key: item for item in piece.findings.filter(kind__in=kinds)}
    for key, item in known.items():
        if key in current:
            now = current[key]
            if (item.place, item.words) != (now.place, now.words) or item.state == Settled.SOLVED:
                item.place, item.words = now.place, now.words  # the words in the language of who looks now
                item.state = Settled.OPEN if item.state == Settled.SOLVED else item.state
                item.save(update_fields=["place", "words", "state"])
        elif item.state == Settled.OPEN:
            item.state, item.solved_in = Settled.SOLVED, numbers[item.part]
            item.settled_on = timezone.localdate()
            item.save(update_fields=["state", "solved_in", "settled_on"])
    for key, one in current.items():
        if key not in known:
            FoundItem.objects.create(
                piece=piece, key=key, kind=one.kind, part=one.part, place=one.place, words=one.words,
                found_in=numbers[one.part],
            )  # fmt: skip


def delivered(piece: Piece) -> list[Delivery]:
    """The commitments that this piece fulfilled."""
    return list(piece.fulfils.select_related("commitment"))
