"""The audit record: append a row, verify the chain, anchor its head outside the database.

The chain is keyed (HMAC-SHA-256) with a key that the database does not hold: whoever can write to the database can
neither change a row nor shorten the record unseen. A record that is cut off at its end and put back together with an
old head is caught by the anchors, which are lines in a file apart from the database (send them elsewhere: operations).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lodestock_desk.core.models import AuditEntry, AuditHead

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the record, at which row."""

    sequence: int
    what: str


def _mac(*parts: str) -> str:
    key = settings.AUDIT_KEY.encode("utf-8")
    return hmac.new(key, "\x1f".join(parts).encode("utf-8"), hashlib.sha256).hexdigest()


def digest(values: Mapping[str, Any]) -> str:
    """A keyed digest of a record's values: shows later that they were changed, without holding what they said."""
    return _mac("state", json.dumps(values, sort_keys=True, default=str, ensure_ascii=False))


def append(
    *, actor: str, organisation: str, verb: str, object_type: str, object_id: str, detail: Mapping[str, Any]
) -> AuditEntry:
    """Append one row; must run inside the transaction of the change it records."""
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of the change it records")
    head = AuditHead.objects.select_for_update().filter(only=True).first()
    if head is None:
        AuditHead.objects.get_or_create(only=True)
        head = AuditHead.objects.select_for_update().get(only=True)
    sequence, now = head.count + 1, datetime.now(UTC)
    text = json.dumps(
        {
            "sequence": sequence,
            "at": now.isoformat(),
            "actor": actor,
            "organisation": organisation,
            "verb": verb,
            "object_type": object_type,
            "object_id": object_id,
            "detail": dict(detail),
        },
        sort_keys=True,
        ensure_ascii=False,
        default=str,
    )
    entry = AuditEntry.objects.create(
        sequence=sequence,
        at=now,
        actor=actor,
        organisation=organisation,
        verb=verb,
        object_type=object_type,
        object_id=object_id,
        text=text,
        previous=head.last,
        mac=_mac("row", head.last, text),
    )
    head.count, head.last = sequence, entry.mac
    head.mac = _mac("head", str(head.count), head.last)
    head.save(update_fields=["count", "last", "mac"])
    return entry


def verify() -> list[Fault]:
    """Every fault of the record, first to last; an empty list means that it is whole."""
    faults: list[Fault] = []
    expected, previous = 1, GENESIS
    macs: dict[int, str] = {0: GENESIS}
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            faults.append(Fault(expected, f"rows {expected} to {entry.sequence - 1} are missing"))
        faults += _row_faults(entry, previous, expected)
        previous, expected = entry.mac, entry.sequence + 1
        macs[entry.sequence] = entry.mac
    faults += _head_faults(expected - 1, previous)
    faults += _anchor_faults(macs)
    return faults


def _row_faults(entry: AuditEntry, previous: str, expected: int) -> list[Fault]:
    faults = []
    if entry.previous != previous and entry.sequence == expected:
        faults.append(Fault(entry.sequence, "does not follow on the row before it"))
    if not hmac.compare_digest(entry.mac, _mac("row", entry.previous, entry.text)):
        faults.append(Fault(entry.sequence, "was changed: its hash does not fit its text"))
        return faults
    said = json.loads(entry.text)
    columns = ("sequence", "actor", "organisation", "verb", "object_type", "object_id")
    changed = [name for name in columns if said[name] != getattr(entry, name)]
    if datetime.fromisoformat(said["at"]) != entry.at:
        changed.append("at")
    if changed:
        faults.append(Fault(entry.sequence, f"was changed: {', '.join(changed)} differ from its text"))
    return faults


def _head_faults(count: int, last: str) -> list[Fault]:
    head = AuditHead.objects.filter(only=True).first()
    if head is None:
        return [Fault(count, "the head of the record is gone")] if count else []
    if head.count and not hmac.compare_digest(head.mac, _mac("head", str(head.count), head.last)):
        return [Fault(head.count, "the head of the record was changed")]
    if head.count != count:
        return [
            Fault(count, f"the head counts {head.count} rows, the record holds {count}: rows were removed at the end")
        ]
    if head.last != last:
        return [Fault(count, "the last row is not the one the head points to")]
    return []


def _anchor_faults(macs: Mapping[int, str]) -> list[Fault]:
    faults = []
    for number, line in enumerate(_anchor_lines(), start=1):
        parts = line.split()
        if len(parts) != 4 or not hmac.compare_digest(parts[3], _mac("anchor", *parts[:3])):
            faults.append(Fault(0, f"anchor {number} was changed"))
        elif macs.get(int(parts[1])) != parts[2]:
            faults.append(Fault(int(parts[1]), f"the record no longer holds the row that anchor {number} names"))
    return faults


def _anchor_lines() -> list[str]:
    path = Path(settings.AUDIT_ANCHOR_FILE)
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []


def anchor() -> str:
    """Write the head of the record as a line to the anchor file and return the line."""
    with transaction.atomic():
        head = AuditHead.objects.filter(only=True).first()
    count, last = (head.count, head.last) if head else (0, GENESIS)
    parts = (datetime.now(UTC).isoformat(timespec="seconds"), str(count), last)
    line = " ".join((*parts, _mac("anchor", *parts)))
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    return line
