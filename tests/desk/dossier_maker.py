"""Makes results and dossiers for tests: plain, or at random with secrets in the restricted blocks."""

from __future__ import annotations

import random
import uuid
from datetime import date
from typing import Any

from wagtail.blocks import StreamValue
from wagtail.models import Locale

from lodestock_desk.dossiers.content import OUTLINE
from lodestock_desk.dossiers.models import DossierIndexPage, DossierPage
from lodestock_desk.dossiers.stored import PublishedResult, ResultContent, ResultNumber
from lodestock_desk.dossiers.woo import Ground

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 40" width="80"><text y="20">{}</text></svg>'
DAY = "2026-03-01"


def number_run(name: str, values: dict[str, float | None], day: str = DAY, note: str = "") -> PublishedResult:
    """A stored run with these numbers."""
    content = ResultContent.objects.create(sha256=uuid.uuid4().hex * 2, mark="prior")
    for key, value in values.items():
        entry = {"kind": "parameter", "label": {"nl": f"{key} {note}", "en": f"{key} {note}"}, "value": value,
                 "unit": "t", "mark": "prior", "source": note}  # fmt: skip
        ResultNumber.objects.create(content=content, key=key, entry=entry)
    return PublishedResult.objects.create(
        name=name, day=date.fromisoformat(day), kind="run", material="copper", content=content, manifest=f"{{}} {note}"
    )


def figure(name: str, day: str = DAY, note: str = "", value: str = "12.5") -> PublishedResult:
    """A stored figure with one table."""
    words = {"title": f"titel {note}", "subtitle": f"ondertitel {note}", "alt": f"beeld {note}", "caption": note}
    short = name.partition(".")[2]
    content = ResultContent.objects.create(
        sha256=uuid.uuid4().hex * 2, mark="seen", words={"nl": words, "en": words}, covers="2024",
        pictures={lang: SVG.format(note) for lang in ("nl", "en")}, source_nl=f"bron {note}", source_en=f"bron {note}",
        tables=[{"name": "rows", "file": f"{short}.csv", "csv": f"country,mass_t [t],note\nCHL,{value},{note}\n",
                 "columns": {"country": {"unit": ""}, "mass_t": {"unit": "t"}, "note": {"unit": ""}}}],
    )  # fmt: skip
    return PublishedResult.objects.create(
        name=name, day=date.fromisoformat(day), kind="figure", material="copper", content=content,
        manifest=f'{{"note": "{note}"}}',
    )  # fmt: skip


def second_table(stored: PublishedResult, word: str) -> PublishedResult:
    """The result with one more table, which no block that shows its first table shows."""
    table = {"name": "other", "file": "other.csv", "csv": f"country,note\nPER,{word}\n", "columns": {}}
    stored.content.tables.append(table | {"columns": {"country": {"unit": ""}, "note": {"unit": ""}}})
    stored.content.save()
    return stored


def block(kind: str, *, restricted: bool = False, ground: str = "5.1.1.c", **value: Any) -> dict[str, Any]:
    """A raw content block."""
    held = {"access": "restricted" if restricted else "public", "ground": ground if restricted else "", **value}
    return {"type": kind, "value": held, "id": str(uuid.uuid4())}


def number(result: str, entry: str, value: float | None, key: str = "", day: str = DAY) -> dict[str, Any]:
    """A raw number."""
    return {"key": key, "label": "", "value": value, "unit": "t", "low": None, "high": None, "result": result,
            "entry": entry, "day": day}  # fmt: skip


def page(blocks: dict[str, list[Any]], *, title: str = "Testmateriaal", lang: str = "nl", live: bool = True) -> Any:
    """A dossier with these blocks by section, published unless told otherwise."""
    raw = [{"type": key, "value": blocks.get(key, []), "id": str(uuid.uuid4())} for key in OUTLINE]
    index = DossierIndexPage.objects.get(locale__language_code=lang)
    made = DossierPage(
        title=title, slug=f"test-{uuid.uuid4().hex[:8]}", locale=Locale.objects.get(language_code=lang),
        material="copper", as_of=date(2026, 3, 1), verdict="Een openbare zin.", live=False,
    )  # fmt: skip
    made.body = StreamValue(made.body.stream_block, raw, is_lazy=True)
    index.add_child(instance=made)
    revision = made.save_revision()
    if live:
        revision.publish()
    return DossierPage.objects.get(pk=made.pk)


def random_dossier(seed: int, secrets: list[str], open_words: list[str]) -> Any:
    """A dossier of random blocks; each restricted one holds a new secret in every place that a block has.

    What is public gets words of its own, so that a test can see that the outputs are not empty.
    """
    rng = random.Random(seed)
    blocks: dict[str, list[Any]] = {key: [] for key in OUTLINE}
    for n in range(rng.randint(4, 14)):
        restricted = rng.random() < 0.5
        word = f"{'geheim' if restricted else 'open'}{seed}x{n}x{rng.getrandbits(64):016x}"
        (secrets if restricted else open_words).append(word)
        section, kind = rng.choice(list(OUTLINE)), rng.choice(("text", "figure", "table", "number", "map"))
        blocks[section].append(_random_block(rng, kind, restricted, word, f"r{seed}x{n}"))
        if kind == "table":  # the second table stands in no block: it is a secret, however public the first one is
            secrets.append(f"geheim{seed}x{n}x{rng.getrandbits(64):016x}")
            second_table(PublishedResult.objects.get(name=f"r{seed}x{n}.fig"), secrets[-1])
    return page(blocks, title=f"Dossier {seed}", lang=rng.choice(("nl", "en")))


def _random_block(rng: random.Random, kind: str, restricted: bool, word: str, name: str) -> dict[str, Any]:
    made = block(kind, restricted=restricted, ground=rng.choice(Ground.values))
    value = made["value"]
    if kind in ("text", "number"):
        number_run(name, {"some.number": 1234.5}, note=word)
        held = number(name, "some.number", 1234.5, "n") | {"label": word}
        value |= {"number": held} if kind == "number" else {
            "text": f"<p>{word} {{n}}</p>", "numbers": [{"type": "item", "value": held, "id": str(uuid.uuid4())}],
        }  # fmt: skip
    else:
        figure(f"{name}.fig", note=word)
        value |= {"result": f"{name}.fig", "day": DAY, "caption": word, "table": ""}
    if restricted and rng.random() < 0.3:  # half-filled or wrong: still nobody else's business
        value["access"] = rng.choice(("", "restricted", "secret", "Public "))
    if restricted and rng.random() < 0.15:
        value["access"], value["ground"] = "public", rng.choice(Ground.values)
    return made
