"""The pages that ship: the lists of dossiers and scenarios, two dossiers and a scenario, once, in Dutch and English.

Texts and results ship beside this file (`data/`); `tools/make_dossier_results.py` makes the results again.
"""

from __future__ import annotations

import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page

from lodestock_desk.accounts.actor import Actor
from lodestock_desk.dossiers.actions import take_in
from lodestock_desk.dossiers.content import OUTLINE
from lodestock_desk.dossiers.editors import allow_on
from lodestock_desk.dossiers.models import DossierIndexPage, DossierPage, LivePage, ScenarioIndexPage, ScenarioPage
from lodestock_desk.dossiers.numbers import number_of
from lodestock_desk.dossiers.results import newest

DATA = Path(__file__).with_name("data")
RESULTS = DATA / "results"
MATERIALS = {"copper": "copper", "rare-earth-magnets": "rare-earth-magnets",
             "china-heavy-rare-earths-2025": "rare-earth-magnets"}  # fmt: skip
DOSSIERS = ("copper", "rare-earth-magnets")
SCENARIOS = ("china-heavy-rare-earths-2025",)
_SPACE = uuid.UUID("6f1d3b5e-0000-4000-8000-646f73736965")
_TITLES: dict[type[Page], tuple[str, dict[str, str]]] = {
    DossierIndexPage: ("dossiers", {"nl": "Dossiers", "en": "Dossiers"}),
    ScenarioIndexPage: ("scenarios", {"nl": "Scenario's", "en": "Scenarios"}),
}


def home(lang: str) -> Page | None:
    """The home page in a language."""
    return Page.objects.filter(depth=2, locale__language_code=lang).first()


def make_indexes() -> None:
    """Make the two lists under each home page, and let those who write dossiers work under them."""
    for model, (slug, titles) in _TITLES.items():
        made: dict[str, Page] = {}
        for lang, title in titles.items():
            parent = home(lang)
            if parent is None or model.objects.child_of(parent).exists():
                continue
            page = model(title=title, slug=slug, locale=Locale.objects.get(language_code=lang), show_in_menus=True)
            if made:
                page.translation_key = next(iter(made.values())).translation_key
            made[lang] = parent.add_child(instance=page)
            allow_on(page)


def make_dossiers() -> None:
    """Take in the results that ship, and make the dossiers and the scenario page, unless there are any already."""
    if DossierPage.objects.exists() or not DossierIndexPage.objects.exists():
        return
    for name, material in MATERIALS.items():
        take_in(Actor(system="seed"), RESULTS / name, material=material)
    for name in DOSSIERS:
        _make(DossierPage, DossierIndexPage, yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8")))
    for name in SCENARIOS:
        text = (DATA / f"{name}.scenario.yml").read_text(encoding="utf-8")
        _make(ScenarioPage, ScenarioIndexPage, yaml.safe_load(text))


def _make(model: type[LivePage], index: type[Page], plain: dict[str, Any]) -> None:
    key: uuid.UUID | None = None
    for lang in ("nl", "en"):
        said = plain[lang]
        page = model(
            title=said["title"], slug=said["slug"], locale=Locale.objects.get(language_code=lang),
            material=plain["material"], as_of=_day_of(plain["run"]), verdict=said["verdict"], live=False,
        )  # fmt: skip
        sections = said.get("sections") or {"scenario": said["blocks"]}
        order = list(OUTLINE) if "sections" in said else ["scenario"]
        raw = [_section(name, sections.get(name) or [], f"{plain['run']} {lang}") for name in order]
        page.body = StreamValue(page.body.stream_block, raw, is_lazy=True)
        if isinstance(page, ScenarioPage):
            page.run = plain["run"]
        if key is not None:
            page.translation_key = key
        index.objects.get(locale__language_code=lang).add_child(instance=page)
        key = page.translation_key
        page.save_revision().publish()


def _day_of(run: str) -> date:
    found = newest(run)
    if found is None:
        raise RuntimeError(f"the result {run} does not ship")
    return found.day


def _section(name: str, blocks: list[dict[str, Any]], where: str) -> dict[str, Any]:
    value = [_block(block, f"{where} {name} {n}") for n, block in enumerate(blocks)]
    return {"type": name, "value": value, "id": str(uuid.uuid5(_SPACE, f"{where} {name}"))}


def _block(plain: dict[str, Any], where: str) -> dict[str, Any]:
    """A raw block; every block that ships is public."""
    held: dict[str, Any] = {"access": "public", "ground": ""}
    if "text" in plain:
        kind = "text"
        numbers = [_item(_number(path, key), f"{where} {key}") for key, path in (plain.get("numbers") or {}).items()]
        held |= {"text": re.sub(r"\s+", " ", plain["text"]), "numbers": numbers}
    elif "number" in plain:
        kind = "number"
        held |= {"number": _number(plain["number"], "", plain.get("label", ""))}
    else:
        kind = next(name for name in ("figure", "map", "table") if name in plain)
        held |= {"result": plain[kind], "day": _day_of(plain[kind]).isoformat(), "caption": plain.get("caption", "")}
        held |= {"table": plain.get("rows", "")} if kind == "table" else {}
    return {"type": kind, "value": held, "id": str(uuid.uuid5(_SPACE, where))}


def _item(value: dict[str, Any], where: str) -> dict[str, Any]:
    return {"type": "item", "value": value, "id": str(uuid.uuid5(_SPACE, where))}


def _number(path: str, key: str, label: str = "") -> dict[str, Any]:
    run, _slash, entry = path.partition("/")
    return {"key": key, "label": label, **number_of(run, entry)}
