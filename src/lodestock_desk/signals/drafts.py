"""What a reporter gave, checked: the only thing the filing action takes, so that nothing else can be set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lodestock_desk.signals.uploads import Checked


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as filed. `material` is an id of the vocabulary or empty; then `product_words` say what it is about."""

    submission: UUID
    receiver_id: str
    company_name: str = ""
    kvk: str = ""
    contact: str = ""
    material: str = ""
    product_words: str = ""
    sector: str = ""
    effect: str = ""
    cause: str = ""
    severity: str = ""
    since: date | None = None
    stock_days: int | None = None
    description: str = ""
    share: tuple[str, ...] = ()
    language: str = "nl"
    attachments: tuple[Checked, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class PressDraft:
    """A press item: outlet, date, address, claim."""

    submission: UUID
    outlet: str
    published_on: date
    address: str
    claim: str
    material: str
