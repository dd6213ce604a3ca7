"""Health, material suggestions, and pages for what went wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lodestock_desk.core import vocab
from lodestock_desk.core.models import AuditHead


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether the site and its database answer; says nothing about content."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        AuditHead.objects.exists()
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is 'not well'
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    """Suggestions for a material while someone types (HTMX); public, since the vocabulary is."""
    query = request.GET.get("q") or request.GET.get("material") or request.GET.get("what") or ""
    return render(request, "desk/widgets/suggestions.html", {"hits": vocab.search(query[:80])})
