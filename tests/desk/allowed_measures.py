"""Who gets through in `measures`: view → people, the objects for the addresses, what is public and what only posts."""

from __future__ import annotations

from lodestock_desk.measures import risk_actions
from lodestock_desk.measures.models import Comparison, Milestone

from .people import actor, organisation

INTAKE = {"ministry", "other ministry", "observatory"}
STATE = INTAKE | {"line", "signatory", "contact point"}
KEEPERS = {"ministry", "other ministry", "line"}
COMPANIES = {"owner", "other company"}
OWN = {"ministry", "line"}  # the register's example is kept by this ministry

ALLOWED: dict[str, set[str]] = {
    "measures:list": STATE,
    "measures:export": STATE,
    "measures:changes": STATE,
    "measures:export_changes": STATE,
    "measures:new": KEEPERS,
    "measures:one": STATE,
    **{f"measures:{name}": OWN for name in ("change", "status", "stock", "evidence", "milestone", "step", "budget")},
    "measures:lot": OWN,
    "measures:duties": STATE,
    "measures:export_duties": STATE,
    "measures:duty_note": INTAKE,
    "measures:stocks": STATE,
    "measures:export_stocks": STATE,
    "measures:safe_level": STATE,
    "measures:benchmarks": STATE,
    "measures:compared": STATE,
    "measures:export_compared": STATE,
    "measures:large": INTAKE,
    "measures:export_large": INTAKE,
    "measures:company": INTAKE,
    # a risk assessment of `owner`, shared with `ministry`; a draft of `owner` for the steps
    "measures:risks": COMPANIES,
    "measures:risk": {"owner"},
    "measures:export_risk": {"owner"},
    "measures:risk_finish": {"owner"},
    "measures:risk_share": {"owner"},
    "measures:risk_back": {"owner"},
    "measures:risk_step": {"owner"},
    "measures:shared": INTAKE,
    "measures:shared_one": {"ministry"},
}
PUBLIC: set[str] = set()
ONLY_POST: set[str] = {"measures:risk_back"}


def objects() -> dict[str, dict[str, object]]:
    """What the addresses of this room take, by view."""
    milestone = Milestone.objects.first()
    Comparison.objects.create(
        scenario="x", region="NLD", budget_eur=1, as_of="2026-01-01", payload={"measures": [], "years": 10}
    )
    owner = actor("servo")
    answers = {
        "scope": {"materials": ["dysprosium"]},
        "origin": [{"material": "dysprosium", "stage": "extraction", "country": "", "share": None, "source": ""}],
        "factors": {"factors": ["none_known"]},
        "vulnerability": {"dysprosium": {"level": "low"}},
    }
    draft = risk_actions.start(owner, title="x")
    done = risk_actions.start(owner, title="y")
    for step, kept in answers.items():
        risk_actions.save_step(owner, str(done.pk), step, kept)
    risk_actions.finish(owner, str(done.pk))
    consent = risk_actions.share(owner, str(done.pk), to_id=str(organisation("EZ").pk), text="x")
    finished = {"pk": done.pk, "ending": "csv", "consent": consent.pk}
    return {
        "measures": {"pk": milestone.measure_id, "ending": "csv"},
        "measures:step": {"pk": milestone.pk},
        "measures:duty_note": {"duty": "exploration"},
        "measures:company": {"pk": owner.organisation.pk},
        **{f"measures:{name}": finished for name in ("risk", "export_risk", "risk_share", "risk_back", "shared_one")},
        "measures:risk_finish": {"pk": draft.pk},
        "measures:risk_step": {"pk": draft.pk, "step": "scope"},
    }
