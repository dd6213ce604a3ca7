"""How long things are kept: rules as data, and the removal of what is past its time."""

from __future__ import annotations

from lodestock_desk.core.models import RetentionRule

_RULES = (
    (
        "report",
        1825,
        "Vijf jaar: zo lang kan om verantwoording worden gevraagd.",
        "Five years: so long can account be asked.",
    ),
    ("contact_address", 365, "Na een jaar is navraag niet meer nodig.", "After a year no more questions are needed."),
    (
        "one_time_link",
        90,
        "Na gebruik of verloop alleen nog voor de herleidbaarheid.",
        "After use or expiry only for traceability.",
    ),
    (
        "call_note",
        1095,
        "Drie jaar: de duur van een campagne en haar meting.",
        "Three years: a campaign and its measurement.",
    ),
    (
        "project_file",
        3650,
        "Tien jaar na het einde van de procedure; leg dit naast de selectielijst van de organisatie.",
        "Ten years after the end of the procedure; compare it with the disposal schedule of the organisation.",
    ),
    (
        "risk_assessment",
        2190,
        "Zes jaar: twee ronden van drie jaar (artikel 24). Het bedrijf kan zijn uitvoer zelf bewaren.",
        "Six years: two rounds of three years (article 24). The company can keep its own export.",
    ),
)


def make_rules() -> None:
    """Write the rules that are not there yet; those that people changed stay."""
    for kind, days, nl, en in _RULES:
        RetentionRule.objects.get_or_create(kind=kind, defaults={"days": days, "reason_nl": nl, "reason_en": en})
