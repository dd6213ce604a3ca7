"""The approval route: which step may be taken now, what a change undoes, when a piece may be sent. Pure: no database.

A step counts only for the text on which it was done: `done` holds the fingerprint of piece and nota together. A change
of either gives another fingerprint, and with it every step is open again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from lodestock.errors import InputError
from lodestock_desk.parliament.words import How, State, StepKind

MUTABLE = (State.DRAFT, State.IN_ROUTE)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a route. party: the office, or the ministry for coordination; done: the text on which it was done.

    Steps with the same order are taken side by side; a higher order waits for all lower ones.
    """

    id: str
    kind: StepKind
    order: int
    party: str
    done: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """An office that sends: it signs, or agrees that it is sent on its behalf too."""

    party: str
    how: How


@dataclass(frozen=True, slots=True)
class File:
    """A piece with its nota and its route. text: fingerprint of the current versions; open: findings not settled."""

    state: State
    text: str
    steps: tuple[Step, ...] = ()
    senders: tuple[Sender, ...] = ()
    open: int = 0


def valid(step: Step, file: File) -> bool:
    """Whether a step was done on the text as it stands."""
    return bool(step.done) and step.done == file.text


def waiting(file: File) -> tuple[Step, ...]:
    """The steps that can be taken now: not done on this text, with every lower order done on this text."""
    if file.state != State.IN_ROUTE:
        return ()
    missing = [step for step in file.steps if not valid(step, file)]
    first = min((step.order for step in missing), default=0)
    return tuple(step for step in missing if step.order == first)


def faults_of_route(steps: Iterable[Step], senders: Iterable[Sender]) -> list[str]:
    """What is wrong with a route: no signature, a sender without a step, initials after the signature."""
    steps, senders = tuple(steps), tuple(senders)
    signing = [step for step in steps if step.kind == StepKind.SIGNATURE]
    before = [step for step in steps if step.kind != StepKind.SIGNATURE]
    faults = []
    if not signing or not any(sender.how == How.SIGNS for sender in senders):
        faults.append(_("Nobody signs."))
    if signing and before and max(s.order for s in before) >= min(s.order for s in signing):
        faults.append(_("A signature comes after everything else."))
    signers = {sender.party for sender in senders if sender.how == How.SIGNS}
    if {step.party for step in signing} != signers:
        faults.append(_("Those who sign are not the same as those who send."))
    agreed = {step.party for step in before if step.kind == StepKind.AGREEMENT}
    if missing := {sender.party for sender in senders if sender.how == How.ON_BEHALF} - agreed:
        faults.append(_("%d office is named as sender without a step of agreement.") % len(missing))
    twice = [(step.kind, step.party) for step in steps]
    if len(twice) != len(set(twice)):
        faults.append(_("The same step stands in the route twice."))
    return faults


def submit(file: File) -> File:
    """Put a draft into the route."""
    if file.state != State.DRAFT:
        raise InputError(_("Only a draft can be put into the route."))
    if faults := faults_of_route(file.steps, file.senders):
        raise InputError(_("The route is not complete."), why=" ".join(faults))
    return replace(file, state=State.IN_ROUTE)


def do(file: File, step_id: str) -> File:
    """Take a step on the text as it stands; refused when it is not its turn."""
    if step_id not in {step.id for step in waiting(file)}:
        raise InputError(
            _("This step cannot be taken now."),
            why=_("It was done already, or an earlier step is still open, or the piece is not in the route."),
        )
    if file.open and any(step.id == step_id and step.kind == StepKind.SIGNATURE for step in file.steps):
        raise InputError(_("There are findings that nobody solved or overruled."), why=str(file.open))
    steps = tuple(replace(step, done=file.text) if step.id == step_id else step for step in file.steps)
    return replace(file, steps=steps)


def give_back(file: File, step_id: str, comment: str) -> File:
    """Return the piece to its writers; only someone whose turn it is can, and says why."""
    if step_id not in {step.id for step in waiting(file)}:
        raise InputError(_("Only someone whose turn it is can return a piece."))
    if len(comment.strip()) < 3:
        raise InputError(_("Say why the piece is returned."))
    return replace(file, state=State.DRAFT)


def change(file: File, text: str) -> tuple[File, tuple[Step, ...]]:
    """A new text, and the steps that lapse by it: they were done on the text before."""
    if file.state not in MUTABLE:
        raise InputError(_("What was sent cannot be changed."), mend=_("Withdraw it and make a new piece."))
    lapsed = tuple(step for step in file.steps if valid(step, file) and text != file.text)
    return replace(file, text=text), lapsed


def complete(file: File) -> bool:
    """Whether every step, the last signature included, was done on the text as it stands."""
    return (
        bool(file.steps) and not faults_of_route(file.steps, file.senders) and all(valid(s, file) for s in file.steps)
    )


def send(file: File) -> File:
    """Send the piece: every step done on this text, the last signature included, and no finding open."""
    if file.state != State.IN_ROUTE or not complete(file):
        raise InputError(_("Nothing is sent without every step and the last signature on the text as it stands."))
    if file.open:
        raise InputError(_("There are findings that nobody solved or overruled."), why=str(file.open))
    return replace(file, state=State.SENT)


def publish(file: File) -> File:
    """Make what was sent public; nothing may be found in it that is held back elsewhere."""
    if file.state != State.SENT:
        raise InputError(_("Only what was sent can be published."))
    if file.open:
        raise InputError(
            _("It says what a dossier holds back."),
            why=_("The findings name the block, the dossier and the ground."),
            mend=_("Make it public in the dossier, or withdraw this piece and make a new one without it."),
        )
    return replace(file, state=State.PUBLISHED)


def withdraw(file: File, reason: str) -> File:
    """Withdraw a piece at any moment, with a reason; what was sent stays on file as it was."""
    if file.state == State.WITHDRAWN:
        raise InputError(_("This piece was withdrawn already."))
    if len(reason.strip()) < 3:
        raise InputError(_("Say why the piece is withdrawn."))
    return replace(file, state=State.WITHDRAWN)
