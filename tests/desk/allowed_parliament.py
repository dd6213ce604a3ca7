"""Who gets through in `parliament`: view → people, objects for the addresses, what is public, what only posts."""

from __future__ import annotations

_INTAKE = {"ministry", "other ministry", "observatory"}
_STATE = _INTAKE | {"line", "signatory", "contact point"}
_OWN = {"ministry", "line", "signatory"}  # of the organisation whose piece it is
_KEEPS = {"ministry", "line"}

# The objects: a draft letter of `ministry` with its nota; a step and a delegation of the office of `line`; a finding;
# a commitment kept by `ministry`.
ALLOWED: dict[str, set[str]] = {
    "parliament:list": _STATE,
    "parliament:new": _INTAKE,
    "parliament:deputies": {"ministry", "other ministry", "line", "signatory"},
    "parliament:end_delegation": {"line"},
    "parliament:offices": {"administrator"},
    "parliament:new_office": {"administrator"},
    "parliament:hold_office": {"administrator"},
    "parliament:cancel_plan": {"administrator"},
    "parliament:step": {"line"},
    "parliament:overrule": {"ministry"},
    "parliament:commitments": _STATE,
    "parliament:commitments_export": _STATE,
    "parliament:new_commitment": {"ministry", "other ministry", "line"},
    "parliament:commitment": _STATE,
    "parliament:change_commitment": _KEEPS,
    "parliament:fulfil": _KEEPS,
    "parliament:drop": _KEEPS,
    "parliament:one": _OWN,
    **{f"parliament:{name}": {"ministry"} for name in ("senders", "route", "since", "delay", "withdraw", "check")},
    **{f"parliament:{name}": {"ministry"} for name in ("submit", "send", "publish", "write", "number")},
    **{f"parliament:{name}": _OWN for name in ("changes", "pdf", "docx")},
}
PUBLIC: set[str] = {
    "pieces:list",
    "pieces:one",
    *(f"pieces:{p}_{e}" for p in ("nota", "piece") for e in ("pdf", "docx")),
}
ONLY_POST: set[str] = {
    f"parliament:{name}" for name in ("cancel_plan", "end_delegation", "check", "submit", "send", "publish")
}


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view."""
    from datetime import date

    from lodestock_desk.accounts.models import Membership
    from lodestock_desk.parliament import actions
    from lodestock_desk.parliament.actions import Draft, Stop
    from lodestock_desk.parliament.models import Appointment, Commitment, Delegation

    from .people import actor

    ez, head = actor("beleid.ez"), actor("lijn.ez")
    piece = actions.start(ez, {"kind": "letter", "subject_nl": "Proef"})
    actions.set_route(ez, str(piece.pk), [Stop("initials", 1, str(head.membership.office_id))])
    for part in ("nota", "piece"):
        actions.write(ez, str(piece.pk), part, Draft({"nl": "t", "en": "t"}, {"nl": "Het is 120 ton.", "en": ""}, {}))
    deputy = Membership.objects.get(user__email="directeur.ez@voorbeeld.example")
    delegation = Delegation.objects.create(
        office=head.membership.office, deputy=deputy, valid_from=date(2025, 1, 1), valid_until=date(2025, 1, 2),
        reason="x", made_by=head.user,
    )  # fmt: skip
    commitment = Commitment.objects.create(
        organisation=ez.organisation, kind="motion", text_nl="x", promised_by=head.membership.office, promised_to="x",
        made_where="x", made_on=date(2025, 1, 1), due_on=date(2025, 1, 1), made_by=ez.user,
    )  # fmt: skip
    planned = Appointment.objects.create(
        office=head.membership.office, membership=deputy, on=date(2100, 1, 1), reason="x", made_by=ez.user
    )
    of_commitment = ("commitment", "change_commitment", "fulfil", "drop")
    return {
        "parliament": {"pk": piece.pk, "part": "piece", "ending": "csv"},
        "parliament:end_delegation": {"pk": delegation.pk},
        "parliament:cancel_plan": {"pk": planned.pk},
        "parliament:step": {"pk": piece.steps.get().pk},
        "parliament:overrule": {"pk": piece.findings.first().pk},
        **{f"parliament:{name}": {"pk": commitment.pk} for name in of_commitment},
    }
