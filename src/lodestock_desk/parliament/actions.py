"""Writes on pieces: start, write a version, name the senders, set the route, send a notice of delay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.accounts.actor import Actor
from lodestock_desk.accounts.models import User
from lodestock_desk.core.writing import Audit, writing
from lodestock_desk.dossiers.results import newest, result_on
from lodestock_desk.parliament import file, notices, route
from lodestock_desk.parliament.access import ministries, offices, own_pieces
from lodestock_desk.parliament.findings import refresh
from lodestock_desk.parliament.models import Piece, Sender, Step, Version
from lodestock_desk.parliament.terms import rule_for
from lodestock_desk.parliament.text import Block, Content, Type, clean, content_hash, parse
from lodestock_desk.parliament.words import DONE_VERB, How, Kind, Part, State, StepKind, Verb

FIELDS = frozenset({"kind", "subject_nl", "subject_en", "house_reference", "received_on", "due_on"})


def start(actor: Actor, values: Mapping[str, Any]) -> Piece:
    """Start a piece; answers to written questions get their term from the rule of the day of receipt."""
    if extra := set(values) - FIELDS:
        raise PermissionDenied(f"fields {sorted(extra)}")
    with writing(actor, "piece.write") as audit:
        piece = Piece(organisation=actor.organisation, made_by=actor.user, **clean(values))
        if piece.kind == Kind.ANSWERS and not piece.received_on:
            raise ValidationError({"received_on": _("Give the day on which the questions came in.")})
        rule = rule_for(piece.kind, piece.received_on) if piece.received_on else None
        if rule and piece.received_on:
            piece.due_on, piece.due_rule = rule.due(piece.received_on, delayed=False), rule.id
        piece.save()
        audit.changed(piece, "piece.started")
    return piece


def notice_of_delay(actor: Actor, piece_id: str, *, on: date, reason: str) -> Piece:
    """Record that the House was told, in time and with reasons, that the answers come later."""
    with writing(actor, "piece.write") as audit:
        piece, reason = _open_piece(actor, piece_id), clean(reason)
        rule = rule_for(piece.kind, piece.received_on) if piece.received_on else None
        if rule is None or piece.received_on is None:
            raise ValidationError(_("This piece has no term that can be extended."))
        if piece.delay_notice_on:
            raise ValidationError(_("The notice of delay was sent already."))
        if not piece.received_on <= on <= rule.due(piece.received_on, delayed=False):
            raise ValidationError({"on": _("A notice of delay is sent before the term ends.")})
        piece.delay_notice_on, piece.delay_reason = on, reason
        piece.due_on = rule.due(piece.received_on, delayed=True)
        piece.save(update_fields=["delay_notice_on", "delay_reason", "due_on"])
        file.note(actor, piece, Verb.DELAYED, comment=reason)
        audit.changed(piece, "piece.delayed", reason=reason)
    return piece


@dataclass(frozen=True, slots=True)
class Draft:
    """What a writer hands in. Titles and plain writing by language; `about`: annexes of a nota, addressees of a piece.

    numbers None: those of the version before stay. read: the version that was open while writing, 0 for none.
    """

    title: Mapping[str, str]
    writing: Mapping[str, str]
    about: Mapping[str, Any]
    note: str = ""
    numbers: Mapping[str, Mapping[str, Any]] | None = None
    read: int = 0


def write(actor: Actor, piece_id: str, part: str, draft: Draft) -> Version:
    """Make a new version. In the route, whoever had taken a step on the text before is asked again."""
    with writing(actor, "piece.write") as audit:
        piece = _open_piece(actor, piece_id)
        before = piece.version(part)
        if draft.read and before and draft.read != before.number:
            raise ValidationError(_("Someone else made a new version while you were writing. Read that one first."))
        numbers = draft.numbers if draft.numbers is not None else (before.text.numbers if before else {})
        blocks = {lang: _read(text) for lang, text in draft.writing.items()}
        content = Content(
            clean(draft.title), blocks, clean(numbers), clean({**draft.about, "senders": _senders(piece)})
        )
        if unknown := [key for key in content.cited() if key not in numbers]:
            raise InputError(_("The text cites a number that is not in its list."), where=", ".join(unknown))
        if before and content_hash(content.as_dict()) == before.content_hash:
            raise ValidationError(_("Nothing has changed."))
        made = _add(actor, piece, part, content, draft.note, audit)
        refresh(piece)
    return made


def _read(text: str) -> tuple[Block, ...]:
    """The blocks of plain writing, each figure with the day of its result: what is signed keeps its picture."""
    return tuple(_pinned(block) if block.type is Type.FIGURE else block for block in parse(text))


def _pinned(block: Block) -> Block:
    name, _at, day = block.key.partition("@")
    try:
        found = result_on(name, day) if day else newest(name)
    except ValidationError:  # not a day
        found = None
    if found is None:
        raise InputError(
            _("The text shows a figure that does not exist."),
            where=block.key,
            why=_("There is no result with this name and day."),
            mend=_("Choose a name from the list of results, or take the figure out."),
        )
    return replace(block, key=f"{name}@{found.day.isoformat()}")


def cite(actor: Actor, piece_id: str, part: str, name: str, number: Mapping[str, Any]) -> Version:
    """Put a number among those that the text may cite, or renew it; that is a new version."""
    with writing(actor, "piece.write") as audit:
        piece = _open_piece(actor, piece_id)
        before = piece.version(part)
        text = before.text if before else Content({"nl": piece.subject_nl, "en": piece.subject_en}, {})
        numbers = dict(text.numbers) | {name: clean(number)}
        if numbers == text.numbers:
            raise ValidationError(_("Nothing has changed."))
        about = text.about or {"senders": _senders(piece)}
        made = _add(actor, piece, part, Content(text.title, text.blocks, numbers, about), f"{{{name}}}", audit)
        refresh(piece)
    return made


def begin_with(
    actor: Actor, piece_id: str, text: Mapping[str, str], numbers: Mapping[str, Mapping[str, Any]]
) -> Version:
    """Begin the piece with a text that the register of measures gave; only while nothing was written."""
    with writing(actor, "piece.write") as audit:
        piece = _draft_piece(actor, piece_id)
        if piece.version(Part.PIECE):
            raise ValidationError(_("Something was written already."))
        blocks = {lang: _read(words) for lang, words in text.items()}
        about = {"addressees": [], "senders": _senders(piece)}
        content = Content({"nl": piece.subject_nl, "en": piece.subject_en}, blocks, clean(numbers), about)
        made = _add(actor, piece, Part.PIECE, content, _("from the register of measures"), audit)
        refresh(piece)
    return made


def _add(actor: Actor, piece: Piece, part: str, content: Content, note: str, audit: Audit) -> Version:
    """A new version, with the steps that it undoes."""
    standing = file.read(piece)
    before = piece.version(part)
    version = Version.objects.create(
        piece=piece, part=part, number=before.number + 1 if before else 1, content=content.as_dict(), note=note,
        made_by=actor.user,
    )  # fmt: skip
    audit.changed(version, "piece.written", part=part, hash=version.content_hash)
    _now, lapsed = route.change(standing, piece.text_hash())
    if standing.state == State.IN_ROUTE or lapsed:
        file.note(actor, piece, Verb.CHANGED, comment=note)
    for gone in lapsed:
        step = piece.steps.get(pk=gone.id)
        file.note(actor, piece, Verb.LAPSED, step=step, person=_who(step))
        audit.changed(step, "step.lapsed")
    notices.tell(piece, standing, audit)
    return version


def _who(step: Step) -> User | None:
    act = step.acts.filter(verb=DONE_VERB[step.kind]).order_by("-sequence").first()
    return act.person if act else None


def set_senders(actor: Actor, piece_id: str, senders: Sequence[tuple[str, str]]) -> Piece:
    """Name who sends, in order: pairs of office and how. It belongs to the text: a change of it is a new version."""
    with writing(actor, "piece.write") as audit:
        piece = _draft_piece(actor, piece_id)
        if not senders or len({office for office, _how in senders}) != len(senders):
            raise ValidationError(_("Name each office once, and at least one."))
        if all(how != How.SIGNS for _office, how in senders):
            raise ValidationError(_("At least one of those who send signs."))
        piece.senders.all().delete()
        for place, (office, how) in enumerate(senders, start=1):
            Sender.objects.create(piece=piece, office=offices().get(pk=office), how=How(how), place=place)
        audit.changed(piece, "piece.senders", senders=[office for office, _how in senders])
        before = piece.version(Part.PIECE)
        if before:
            text = before.text
            content = Content(text.title, text.blocks, text.numbers, {**text.about, "senders": _senders(piece)})
            if content_hash(content.as_dict()) != before.content_hash:
                _add(actor, piece, Part.PIECE, content, _("other senders"), audit)
    return piece


def _senders(piece: Piece) -> list[dict[str, str]]:
    return [
        {"office": str(s.office_id), "title_nl": s.office.title_nl, "title_en": s.office.title_en, "how": s.how}
        for s in piece.senders.select_related("office")
    ]


@dataclass(frozen=True, slots=True)
class Stop:
    """A step as it is asked for: of an office, or for coordination of a ministry."""

    kind: str
    order: int
    party_id: str
    due_on: date | None = None


def set_route(actor: Actor, piece_id: str, stops: Sequence[Stop]) -> Piece:
    """Set the route of a draft. A step that stays keeps what was done on it; one that goes leaves its history.

    Who signed did so after everything else: on another route a signature lapses.
    """
    with writing(actor, "piece.write") as audit:
        piece = _draft_piece(actor, piece_id)
        wanted = {(stop.kind, stop.party_id): stop for stop in stops}
        if len(wanted) != len(stops):
            raise ValidationError(_("The same step stands in the route twice."))
        before = {(step.kind, step.party_id, step.order) for step in piece.steps.all()}
        for step in piece.steps.all():
            stop = wanted.pop((step.kind, step.party_id), None)
            if stop is None:
                audit.removed(step, "step.removed", reason="route")
                step.delete()
            else:
                step.order, step.due_on = stop.order, stop.due_on
                step.save(update_fields=["order", "due_on"])
        for stop in wanted.values():
            _add_step(piece, stop)
        if before != {(stop.kind, stop.party_id, stop.order) for stop in stops}:
            _other_route(actor, piece, audit)
        audit.changed(piece, "piece.route", steps=len(stops))
    return piece


def _other_route(actor: Actor, piece: Piece, audit: Audit) -> None:
    """Note that the route changed after it was begun, and ask for the signatures again."""
    if not piece.acts.filter(verb=Verb.SUBMITTED).exists():
        return
    why, text = _("The route was changed; the text stayed the same."), piece.text_hash()
    file.note(actor, piece, Verb.CHANGED, comment=why)
    for step in piece.steps.filter(kind=StepKind.SIGNATURE).exclude(done_hash=""):
        stood, step.done_hash = step.done_hash == text, ""
        step.save(update_fields=["done_hash"])
        if stood:
            file.note(actor, piece, Verb.LAPSED, step=step, person=_who(step), comment=why)
        audit.changed(step, "step.lapsed")


def _add_step(piece: Piece, stop: Stop) -> Step:
    kind = StepKind(stop.kind)
    if kind == StepKind.COORDINATION:
        return Step.objects.create(
            piece=piece, kind=kind, order=stop.order, ministry=ministries().get(pk=stop.party_id), due_on=stop.due_on
        )
    return Step.objects.create(
        piece=piece, kind=kind, order=stop.order, office=offices().get(pk=stop.party_id), due_on=stop.due_on
    )


def _open_piece(actor: Actor, piece_id: str) -> Piece:
    piece = own_pieces(actor).select_for_update().get(pk=piece_id)
    if piece.state not in route.MUTABLE:
        raise ValidationError(_("What was sent cannot be changed."))
    return piece


def _draft_piece(actor: Actor, piece_id: str) -> Piece:
    piece = own_pieces(actor).select_for_update().get(pk=piece_id)
    if piece.state != State.DRAFT:
        raise ValidationError(_("This can be changed in a draft only; have the piece returned first."))
    return piece


def check(actor: Actor, piece_id: str) -> Piece:
    """Run the checks again: numbers and rules may have changed since the text was written."""
    with writing(actor, "piece.write") as audit:
        piece = _open_piece(actor, piece_id)
        refresh(piece)
        audit.changed(piece, "piece.checked", on=str(timezone.localdate()))
    return piece
