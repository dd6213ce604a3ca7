"""Splits a text in public and restricted blocks, on its raw data, before anything of it is read or drawn.

Whatever shows a text to outsiders (page, feed, search index, PDF, files, API) starts from `public_raw`. It fails
closed: a block that does not say in so many words that it is public is left out, with everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

PUBLIC, RESTRICTED = "public", "restricted"
Raw = Mapping[str, Any]


def is_public(block: Raw) -> bool:
    """Whether a content block says that it is public, and gives no ground to keep it back."""
    value = block.get("value")
    return isinstance(value, Mapping) and value.get("access") == PUBLIC and not value.get("ground")


def public_raw(sections: Iterable[Raw]) -> list[dict[str, Any]]:
    """The sections with only their public blocks; a section stays, so that the outline is always whole."""
    out = []
    for section in sections:
        value = section.get("value")
        blocks = [dict(block) for block in value if is_public(block)] if isinstance(value, list) else []
        out.append({"type": section.get("type"), "id": section.get("id"), "value": blocks})
    return out


def blocks_of(sections: Iterable[Raw]) -> Iterator[tuple[str, Raw]]:
    """Every content block with the section in which it stands."""
    for section in sections:
        for block in section.get("value") or ():
            yield str(section.get("type")), block


def table_of(block: Raw, tables: Iterable[Mapping[str, Any]]) -> str:
    """The one table of a result that a block shows; empty for a block that shows the whole result."""
    if block.get("type") != "table":
        return ""
    first = next((str(table["name"]) for table in tables), "-")
    return str((block.get("value") or {}).get("table") or first)


def holds_restricted(sections: Iterable[Raw]) -> bool:
    """Whether any block is not public."""
    return any(not is_public(block) for _section, block in blocks_of(sections))
