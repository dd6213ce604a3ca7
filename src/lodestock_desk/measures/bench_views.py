"""Page of the benchmarks of article 5, with the contribution of each project in the pipeline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lodestock.errors import LodestockError
from lodestock.evidence.store import Store
from lodestock_desk.accounts.guard import needs
from lodestock_desk.measures.bench_forms import BenchmarkForm
from lodestock_desk.measures.pipeline import Stage, stages
from lodestock_desk.processing.access import visible_projects
from lodestock_desk.processing.readings import listed


@require_safe
@needs("duty.see")
def benchmarks(request: HttpRequest) -> HttpResponse:
    """The gauges 10/40/25/65 of one material by stage, with the projects that this reader may see."""
    given = {"material": "gallium", "year": "2030", "consumption_t": "", "source": ""}
    form = BenchmarkForm(request.GET if "year" in request.GET else given)
    rows: list[Stage] = []
    if form.is_valid():
        asked = form.cleaned_data
        try:
            rows = stages(
                Store.open(), asked["material"], visible_projects(request.actor), year=asked["year"],
                consumption_t=float(asked["consumption_t"]) if asked["consumption_t"] else None,
                on=timezone.localdate(),
            )  # fmt: skip
        except LodestockError as error:
            form.add_error(None, " ".join(part for part in (error.what, error.why, error.mend) if part))
    listed(request.actor, "project.pipeline-read", (item.project.pk for row in rows for item in row.projects))
    return render(request, "measures/benchmarks.html", {"form": form, "rows": rows})
