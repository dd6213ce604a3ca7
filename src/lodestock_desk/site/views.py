"""Pages that are not edited: privacy and confidentiality."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lodestock_desk.core.models import RetentionRule


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of people and companies, for how long, and what can and cannot be kept secret."""
    return render(request, "site/privacy.html", {"rules": RetentionRule.objects.order_by("kind")})
