"""Closed lists of the contact point, the financiers and the neighbours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lodestock.measures.legal_clocks import Note, Running


class Stage(TextChoices):
    """What a project does with the material."""

    EXTRACTION = "extraction", _("Extraction")
    PROCESSING = "processing", _("Processing")
    RECYCLING = "recycling", _("Recycling")


class Strategic(TextChoices):
    """Where a project stands with recognition as a Strategic Project (CRMA art. 6 and 7)."""

    UNKNOWN = "unknown", _("not known")
    NO = "no", _("not applied for")
    PREPARED = "prepared", _("application being prepared")
    APPLIED = "applied", _("applied for")
    RECOGNISED = "recognised", _("recognised")
    REFUSED = "refused", _("refused")


class Share(TextChoices):
    """Who may open a project file."""

    OWN = "own", _("only the contact point (confidential)")
    STATE = "state", _("the ministries and the observatory too")


class Kind(TextChoices):
    """What happened to a project on a day."""

    APPLIED = "applied", _("Application for recognition as Strategic Project sent (art. 7)")
    RECOGNITION_CUTOFF = (
        "recognition_cutoff",
        _("Cut-off date of the round in which the application takes part (art. 7)"),
    )
    RECOGNITION_COMPLETE = (
        "recognition_complete",
        _("Commission: the application is complete (art. 7)"),
    )
    RECOGNISED = "recognised", _("Notified of recognition as Strategic Project (art. 7)")
    REFUSED = "refused", _("Recognition refused (art. 7)")
    SCREENING_ASKED = (
        "screening_asked",
        _("Information sent to decide whether an impact assessment is needed (art. 11)"),
    )
    SCREENED = "screened", _("Decided whether an impact assessment is needed (art. 11)")
    SCOPING_ASKED = "scoping_asked", _("Scoping opinion asked (art. 12)")
    SCOPING_GIVEN = "scoping_given", _("Scoping opinion given (art. 12)")
    SUBMITTED = "submitted", _("Permit application received (art. 11)")
    MORE_ASKED = "more_asked", _("Asked for what is missing (art. 11)")
    SUPPLEMENTED = "supplemented", _("Missing parts received (art. 11)")
    COMPLETE = "complete", _("Permit application acknowledged as complete (art. 11)")
    EIA_COMPLETE = "eia_complete", _("All environmental information received, consultations completed (art. 12)")
    CONCLUSION = "conclusion", _("Reasoned conclusion given (art. 12)")
    SUSPENDED = "suspended", _("Clock stopped")
    EXTENDED = "extended", _("Term extended (once)")
    DECIDED = "decided", _("Comprehensive decision notified (art. 11)")
    REPORTED = "reported", _("Progress report sent to the Commission (art. 8)")
    WITHDRAWN = "withdrawn", _("Project withdrawn")


class ItemState(TextChoices):
    """How far an item of a checklist is."""

    RECEIVED = "received", _("received")
    MISSING = "missing", _("missing")
    UNKNOWN = "unknown", _("not known")
    NOT_NEEDED = "not_needed", _("does not apply")


class Finding(TextChoices):
    """Whether a criterion is met, as far as the contact point can tell; the Commission decides."""

    MET = "met", _("seems met")
    NOT_MET = "not_met", _("seems not met")
    UNKNOWN = "unknown", _("not known")
    NOT_NEEDED = "not_needed", _("does not apply")


class Outcome(TextChoices):
    """What came of a permit."""

    PENDING = "pending", _("pending")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    NOT_ASKED = "not_asked", _("not yet applied for")
    UNKNOWN = "unknown", _("not known")


class TermUnit(TextChoices):
    """In what the term of a national permit is counted."""

    DAYS = "days", _("days")
    WEEKS = "weeks", _("weeks")
    MONTHS = "months", _("months")


class Level(TextChoices):
    """Whose money it is."""

    NATIONAL = "national", _("national")
    EU = "EU", _("European")


class Phase(TextChoices):
    """How far the plant is, as the instruments count it."""

    PILOT = "pilot", _("pilot")
    DEMONSTRATION = "demonstration", _("demonstration")
    FIRST_PLANT = "first plant", _("first plant")
    EXPANSION = "expansion", _("expansion")


class Table(TextChoices):
    """Where an action belongs."""

    FINANCE = "finance", _("working group of financiers")
    PORTS = "ports", _("ports")
    INDUSTRY = "industry", _("industry")


class Sort(TextChoices):
    """Whether it is something to do or something agreed."""

    ACTION = "action", _("action")
    AGREEMENT = "agreement", _("agreement")


class Alignment(TextChoices):
    """Where alignment with another country stands."""

    OVERLAP = "overlap", _("overlap: both do it")
    GAP = "gap", _("gap: nobody does it")
    SPLIT = "split", _("divided: one does it for both")
    TALKING = "talking", _("being discussed")
    UNKNOWN = "unknown", _("not known")


# The five criteria of article 6(1) and the ten items of an application under article 7(1), in the order of the law.
CRITERIA: dict[str, tuple[str, object]] = {
    "supply": ("6(1)(a)", _("Meaningful contribution to the Union's security of supply of strategic raw materials")),
    "feasible": ("6(1)(b)", _("Technically feasible in reasonable time; volume known with enough confidence")),
    "sustainable": ("6(1)(c)", _("Sustainable: environment, social impact, human rights, business conduct")),
    "cross_border": ("6(1)(d)", _("In the Union: benefits beyond the Member State, also further down the chain")),
    "mutual": ("6(1)(e)", _("In a third country: benefit for both the Union and that country")),
}  # fmt: skip
APPLICATION: dict[str, tuple[str, object]] = {
    "evidence": ("7(1)(a)", _("Evidence for the criteria of article 6(1)")),
    "unfc": ("7(1)(b)", _("Classification under the UN Framework Classification for Resources (UNFC)")),
    "timetable": ("7(1)(c)", _("Timetable, with the permits needed and where each stands")),
    "acceptance": ("7(1)(d)", _("Plan for public acceptance")),
    "control": ("7(1)(e)", _("Who controls the companies involved")),
    "business": ("7(1)(f)", _("Business plan with the financial viability")),
    "jobs": ("7(1)(g)", _("Jobs, skilled staff needed and training plan")),
    "restoration": ("7(1)(h)", _("Plan to restore the site afterwards (where it applies)")),
    "location": ("7(1)(i)", _("Alternative locations weighed (where a protected area is touched)")),
    "indigenous": ("7(1)(j)", _("Plan to consult indigenous peoples (where they may be affected)")),
}

NOTES: dict[str, object] = {
    Note.MOVED: _("The last day was no working day: the term ends on the next one."),
    Note.HOLIDAYS_UNKNOWN: _("Public holidays of that year or place are not known: only weekends were passed over."),
    Note.NO_EFFECT: _("A stop began after the term was over and has no effect."),
    Note.NO_EXTENSION: _("This version of the law does not allow the extension."),
    Note.NOT_READ: _("What this version says about this clock has not been read."),
    Note.START_NOT_READ: _("On which day this clock starts was not read in the law: have it checked."),
    Note.START_QUOTED: _(
        "On which day this clock starts was read as quoted elsewhere, not in the law itself: compare it."
    ),
    Note.STOP_NOT_READ: _("That this ground stops the clock was not read in the law: have it checked."),
}
RUNNING: dict[str, object] = {
    Running.RUNNING: _("runs"),
    Running.STOPPED: _("stands still"),
    Running.ENDED: _("done"),
    Running.UNKNOWN: _("not known"),
}
STANDING: dict[str, object] = {
    "late": _("late"),
    "near": _("near: 30 days or less"),
    "stopped": _("stands still"),
    "running": _("runs"),
    "none": _("no clock runs"),
}
WHO: dict[str, object] = {
    "commission": _("European Commission"),
    "promoter": _("promoter"),
    "contact point": _("contact point"),
    "competent authority": _("competent authority"),
}
KINDS: dict[str, object] = {
    "grant": _("grant"),
    "loan": _("loan"),
    "equity": _("equity"),
    "equity or loan": _("equity or loan"),
    "guarantee": _("guarantee"),
    "advice": _("advice"),
    "seal": _("label, no money of its own"),
    "announced": _("announced, not there yet"),
}
TESTS: dict[str, object] = {
    "stage": _("Stage"),
    "phase": _("Phase"),
    "place": _("Place"),
    "amount": _("Amount"),
    "share of the costs": _("Share of the costs"),
    "strategic project": _("Strategic Project"),
    "window": _("Window"),
}
ANSWERS: dict[str, object] = {"yes": _("yes"), "no": _("no"), "not known": _("not known")}
FITS: dict[str, object] = {"yes": _("fits"), "no": _("does not fit"), "not known": _("not known yet")}
MARKS: dict[str, object] = {
    "seen": _("read in the source"),
    "computed": _("computed"),
    "press": _("from the press or a trade site, to be checked"),
    "prior": _("own judgement"),
}
