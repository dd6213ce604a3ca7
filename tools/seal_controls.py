"""Seal the register of export controls after a change, so that the store takes it in (for maintainers).

    python tools/seal_controls.py YYYY-MM-DD

Reads the register, refuses it where an entry is faulty, and writes its sidecar: what the file is, where it comes from
and its sha256. The day is that of the change; it becomes the vintage of the register.
"""

from __future__ import annotations

import sys
from datetime import date

from lodestock.errors import LodestockError
from lodestock.evidence.control_register import SHIPPED, read_measures
from lodestock.evidence.files import digest
from lodestock.evidence.snapshots import Snapshot, write_sidecar
from lodestock.evidence.sources import provider

MADE = (
    "written by hand from the announcements as law firms, trade sites and the press report them; each entry says where"
)
NOTES = (
    "most entries were read at second hand and are marked press; entries from general knowledge are marked prior",
    "what applies after the last day of a measure or suspension is not known until someone checks",
    "announcement 18 of 2025 covers SmCo magnets and NdFeB magnets with Tb or Dy, not every magnet",
)


def main(words: list[str]) -> int:
    """Write the sidecar; returns 0, or 2 with a message."""
    try:
        changed = date.fromisoformat(words[0] if words else "").isoformat()
        count = len(read_measures())
    except (LodestockError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    source = provider("controls").source
    snapshot = Snapshot(
        id="controls-register",
        source=source.id,
        title=source.title,
        producer=source.producer,
        licence=source.licence,
        address=source.address,
        accessed=changed,
        vintage=changed,
        sha256=digest(SHIPPED),
        rows=len(SHIPPED.read_text(encoding="utf-8").splitlines()),
        made=MADE,
        notes=NOTES,
        path=SHIPPED,
        imported=False,
    )
    write_sidecar(snapshot)
    print(f"sealed {count} measures as of {changed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
