"""One row in the audit record for every page or download that shows project files."""

from __future__ import annotations

from collections.abc import Iterable

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.core.writing import reading
from lodestock_desk.processing.models import Project


def opened(actor: Actor, project: Project, verb: str = "project.read") -> None:
    """Record that one file was read, before it is shown."""
    reading(actor, project, verb, share=project.share)


def listed(actor: Actor, verb: str, projects: Iterable[object]) -> None:
    """Record which files a page or a download shows, by their keys; nothing where it shows none."""
    keys = sorted({str(key) for key in projects if key})
    if keys:
        reading(actor, actor.organisation, verb, projects=keys)
