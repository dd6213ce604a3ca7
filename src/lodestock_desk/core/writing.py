"""The one way in which the desk writes: permission, change and audit row in one transaction.

    with writing(actor, "report.triage") as audit:
        report.state = …
        report.save()
        audit.changed(report, "report.verified", reason=reason)

A write that leaves no audit row is a fault of the programme and is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core import audit as record


@dataclass(slots=True)
class Audit:
    """Collects the audit rows of one action; they are appended when the action's changes are done."""

    actor: Actor
    rows: list[dict[str, Any]] = field(default_factory=list)

    def changed(self, item: models.Model, verb: str, *, reason: str = "", **detail: Any) -> None:
        """Record a change of `item`, with a keyed digest of its new state."""
        state = {f.attname: getattr(item, f.attname) for f in item._meta.concrete_fields}
        self._add(item, verb, reason, {"state": record.digest(state), **detail})

    def removed(self, item: models.Model, verb: str, *, reason: str, **detail: Any) -> None:
        """Record that `item` is removed."""
        self._add(item, verb, reason, detail)

    def read(self, item: models.Model, verb: str, **detail: Any) -> None:
        """Record that a confidential item was read."""
        self._add(item, verb, "", detail)

    def _add(self, item: models.Model, verb: str, reason: str, detail: Mapping[str, Any]) -> None:
        row = {"object_type": item._meta.label_lower, "object_id": str(item.pk), "verb": verb}
        self.rows.append({**row, "detail": {**detail, **({"reason": reason} if reason else {})}})


@contextmanager
def writing(actor: Actor, capability: str | None) -> Iterator[Audit]:
    """Open the transaction of one action. `capability` None: the action checks its permission itself (by a link)."""
    if capability is not None:
        require(actor, capability)
    with transaction.atomic():
        audit = Audit(actor)
        yield audit
        if not audit.rows:
            raise RuntimeError("a write without an audit row")
        for row in audit.rows:
            record.append(actor=actor.key, organisation=actor.organisation_key, **row)


def require(actor: Actor, capability: str) -> None:
    """Raise PermissionDenied unless the actor's role has this capability."""
    if not actor.may(capability):
        raise PermissionDenied(capability)


def reading(actor: Actor, item: models.Model, verb: str, **detail: Any) -> None:
    """Record that a confidential item was read, before it is shown."""
    with writing(actor, None) as audit:
        audit.read(item, verb, **detail)
