"""Making and ending keys."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.api.access import reading_role, visible_keys
from lodestock_desk.api.models import ApiKey, Scope
from lodestock_desk.core.writing import writing
from lodestock_desk.signals.tokens import hashed

LONGEST = timedelta(days=366)


def make_key(actor: Actor, *, name: str, scopes: Sequence[str], valid_until: date) -> tuple[ApiKey, str]:
    """Make a key for the own organisation; the token is given here once and never again."""
    today = timezone.localdate()
    if not today <= valid_until <= today + LONGEST:
        raise ValidationError({"valid_until": _("A key is valid for at most a year from today.")})
    if not scopes or set(scopes) - set(Scope.values):
        raise ValidationError({"scopes": _("Choose what the key opens.")})
    with writing(actor, "key.keep") as audit:
        role = reading_role(actor.organisation)
        if not role:
            raise ValidationError(_("Your organisation has no restricted data that a key could open."))
        token = f"lsk_{secrets.token_urlsafe(32)}"
        key = ApiKey.objects.create(
            organisation=actor.organisation, name=name, role=role, scopes=sorted(scopes), hashed=hashed(token),
            begins=token[:8], valid_until=valid_until, made_by=actor.user,
        )  # fmt: skip
        audit.changed(key, "key.made", name=name, scopes=sorted(scopes))
    return key, token


def end_key(actor: Actor, key_id: str, *, reason: str) -> ApiKey:
    """End a key at once; it stays on record."""
    with writing(actor, "key.keep") as audit:
        key = visible_keys(actor).select_for_update(of=("self",)).get(pk=key_id)
        if key.ended_at is not None:
            raise ValidationError(_("This key has already been ended."))
        key.ended_at = timezone.now()
        key.save(update_fields=["ended_at"])
        audit.changed(key, "key.ended", reason=reason)
    return key
