"""Page of measures compared: the newest comparison that was kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lodestock_desk.accounts.guard import needs
from lodestock_desk.core.export import as_csv, as_json
from lodestock_desk.measures.access import visible_comparisons
from lodestock_desk.measures.compared import rows


@require_safe
@needs("measure.see")
def compared(request: HttpRequest) -> HttpResponse:
    """What each measure avoids per euro, when it works, and how sure that is."""
    found = visible_comparisons(request.actor).first()
    return render(request, "measures/compared.html", {"found": found, "data": found.payload if found else None})


@require_safe
@needs("measure.see")
def export_compared(request: HttpRequest, ending: str) -> HttpResponse:
    """The newest comparison as CSV (a row a measure) or JSON."""
    found = visible_comparisons(request.actor).first()
    if found is None:
        raise Http404
    header = ("measure_nl", "measure_en", "amount", "amount_unit", "unit_cost", "unit_cost_unit", "shapley",
              "shapley_unit", "first_euro", "last_euro", "alone_gain", "alone_gain_unit", "alone_share",
              "alone_worlds", "regret", "regret_unit", "loses", "against_nothing", "against_plan")  # fmt: skip
    return (as_json if ending == "json" else as_csv)("measures-compared", header, rows(found.payload, header))
