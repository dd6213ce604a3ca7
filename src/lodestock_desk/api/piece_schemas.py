"""What the API answers about letters and answers to the House: their public version only."""

from __future__ import annotations

from datetime import date

from lodestock_desk.api.schemas import Answer, Item, Link, Page


class HousePiece(Item):
    """A letter or answers to the House that was published; where it was withdrawn later, since when and why."""

    id: str
    lang: str
    kind: str
    subject: str
    reference: str
    organisation: str
    sent_on: date | None
    published_on: date
    withdrawn_on: date | None
    withdrawn_reason: str
    is_example: bool
    page: Link


class HousePieces(Page):
    """A page of letters and answers."""

    items: list[HousePiece]


class TextBlock(Answer):
    """A block of a letter or nota: `head` of a question or answer, `alt` of a picture, `numbers` by their names."""

    kind: str
    level: int
    head: str
    text: str
    items: list[str]
    alt: str
    numbers: list[str]


class Sender(Answer):
    """Who sends, and when it was signed."""

    line: str
    when: str


class RouteStep(Answer):
    """A step of the approval route, without names of people."""

    step: str
    party: str
    when: str


class TextNumber(Answer):
    """A number in the text as written there, with its source and the result it is from."""

    name: str
    value: str
    label: str
    source: str
    result: str


class HouseText(Answer):
    """The public version of a piece or its nota; `notPublic`: the grounds on which something was left out."""

    part: str
    lang: str
    kind: str
    title: str
    addressed_to: str
    blocks: list[TextBlock]
    senders: list[Sender]
    route: list[RouteStep]
    annexes: list[str]
    not_public: list[str]
    numbers: list[TextNumber]
    pdf: Link
    docx: Link


class HousePieceWhole(HousePiece):
    """A letter or answers with its public text."""

    documents: list[HouseText]
