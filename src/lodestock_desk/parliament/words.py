"""The words of this room: kinds of piece, states, kinds of step in the route, grounds, kinds of finding."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What goes to the House."""

    LETTER = "letter", _("Letter")
    ANSWERS = "answers", _("Answers to written questions")


class Part(TextChoices):
    """The two documents that belong together."""

    NOTA = "nota", _("Nota to the signatory")
    PIECE = "piece", _("Piece")


class State(TextChoices):
    """Where a piece and its nota stand."""

    DRAFT = "draft", _("Draft")
    IN_ROUTE = "in_route", _("In the approval route")
    SENT = "sent", _("Sent")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class StepKind(TextChoices):
    """The four things that a route may ask for; none stands in for another."""

    COORDINATION = "coordination", _("Coordinated at official level with")
    AGREEMENT = "agreement", _("Agreement of")
    INITIALS = "initials", _("Initials of")
    SIGNATURE = "signature", _("Signature of")


class How(TextChoices):
    """How an office-holder takes part in sending."""

    SIGNS = "signs", _("signs")
    ON_BEHALF = "on_behalf", _("is named: sent on this office-holder's behalf too, after agreement")


class Verb(TextChoices):
    """What happened in a route."""

    SUBMITTED = "submitted", _("put into the route")
    COORDINATED = "coordinated", _("coordinated at official level")
    AGREED = "agreed", _("agreed")
    INITIALLED = "initialled", _("initialled")
    SIGNED = "signed", _("signed")
    RETURNED = "returned", _("returned with a comment")
    CHANGED = "changed", _("text changed")
    LAPSED = "lapsed", _("lapsed, because the text changed; asked again")
    SENT = "sent", _("sent")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DELAYED = "delayed", _("notice of delay sent")


DONE_VERB: dict[str, Verb] = {
    StepKind.COORDINATION: Verb.COORDINATED,
    StepKind.AGREEMENT: Verb.AGREED,
    StepKind.INITIALS: Verb.INITIALLED,
    StepKind.SIGNATURE: Verb.SIGNED,
}


class Finding(TextChoices):
    """What the checks before sending look for."""

    STALE_NUMBER = "stale_number", _("Number that has changed since")
    NO_LINEAGE = "no_lineage", _("Number without lineage")
    RULE_PAST_DATE = "rule_past_date", _("Rule past its date")
    RESTRICTED = "restricted", _("Restricted content")
    HELD_BACK = "held_back", _("Number or figure that a dossier holds back")
    NO_ALT = "no_alt", _("Picture without a description")
    ABBREVIATION = "abbreviation", _("Abbreviation that is not explained")
    NOT_DISTINGUISHABLE = "not_distinguishable", _("Conclusion on a difference that cannot be told apart")
    LICENCE_AS_BAN = "licence_as_ban", _("Licence obligation worded as a stop")
    PLANNED_AS_EXISTING = "planned_as_existing", _("Planned stock worded as existing")
    PROMISE = "promise", _("Promise that is not among the commitments")
    TRANSLATION = "translation", _("Dutch and English differ")


TO_BE_SOLVED = (Finding.PLANNED_AS_EXISTING, Finding.RESTRICTED, Finding.HELD_BACK)
"""Findings that no reason overrules: the text changes, or what it says becomes true."""


class Settled(TextChoices):
    """What became of a finding."""

    OPEN = "open", _("Open")
    SOLVED = "solved", _("Solved")
    OVERRULED = "overruled", _("Overruled")


class Moment(TextChoices):
    """Of what someone is reminded: of a day that is near or has passed, or of what waits when standing in begins."""

    SOON = "soon", _("The day is near")
    LATE = "late", _("The day has passed")
    FIRST = "first", _("Standing in begins")


class Promise(TextChoices):
    """A commitment of the government, or a motion of the House."""

    COMMITMENT = "commitment", _("Commitment")
    MOTION = "motion", _("Motion")


class Rhythm(TextChoices):
    """How often something was promised."""

    ONCE = "once", _("once")
    QUARTERLY = "quarterly", _("every quarter")
    HALF_YEARLY = "half_yearly", _("every half year")
    YEARLY = "yearly", _("every year")


class Standing(TextChoices):
    """Where a commitment stands."""

    OPEN = "open", _("Open")
    FULFILLED = "fulfilled", _("Fulfilled")
    DROPPED = "dropped", _("No longer applies")
