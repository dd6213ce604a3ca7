"""Materials for people: find them by name, HS code or product words; name them in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from lodestock.errors import UnknownNameError
from lodestock.vocabulary import MaterialKind, countries, country, material, materials, product_codes, sectors
from lodestock.vocabulary.materials import broader

# What people call the things that a material is in; a product word leads to materials, a person confirms.
PRODUCT_WORDS: dict[str, tuple[str, ...]] = {
    "magneet": ("rare-earth-magnets", "ndfeb-magnets", "smco-magnets"),
    "magneten": ("rare-earth-magnets", "ndfeb-magnets", "smco-magnets"),
    "magnet": ("rare-earth-magnets", "ndfeb-magnets", "smco-magnets"),
    "motor": ("ndfeb-magnets",),
    "servomotor": ("ndfeb-magnets",),
    "windturbine": ("ndfeb-magnets",),
    "wind turbine": ("ndfeb-magnets",),
    "luidspreker": ("ndfeb-magnets",),
    "loudspeaker": ("ndfeb-magnets",),
    "sensor": ("smco-magnets", "gallium", "germanium"),
    "halfgeleider": ("gallium", "germanium", "silicon-metal"),
    "semiconductor": ("gallium", "germanium", "silicon-metal"),
    "infrarood": ("germanium",),
    "infrared": ("germanium",),
    "accu": ("lithium", "cobalt", "nickel", "natural-graphite"),
    "batterij": ("lithium", "cobalt", "nickel", "natural-graphite"),
    "battery": ("lithium", "cobalt", "nickel", "natural-graphite"),
    "kabel": ("copper",),
    "cable": ("copper",),
    "vlamvertrager": ("antimony",),
    "flame retardant": ("antimony",),
    "hardmetaal": ("tungsten", "cobalt"),
    "cutting tool": ("tungsten", "cobalt"),
    "coating": ("yttrium", "scandium"),
    "laser": ("yttrium", "gadolinium"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A material found, with the reason: name, code or product."""

    id: str
    name: str
    why: str


def lang() -> str:
    """The language of the page: nl or en."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


def material_name(key: str) -> str:
    """The name of a material in the language of the page; a key that the vocabulary no longer has is shown as it is."""
    if not key:
        return ""
    try:
        return material(key).name(lang())
    except UnknownNameError:
        return key


@cache
def _folded() -> tuple[tuple[str, str], ...]:
    return tuple((name.casefold(), m.id) for m in materials() for name in (m.id, m.name_nl, m.name_en) if name)


def choices() -> list[tuple[str, str]]:
    """Every material, by name in the language of the page."""
    return sorted(((m.id, m.name(lang())) for m in materials()), key=lambda pair: pair[1].casefold())


def resolve(text: str) -> str:
    """The id of the one material with this name, symbol or alias; empty if there is none."""
    try:
        return material(text.strip()).id if text.strip() else ""
    except UnknownNameError:
        return ""


def search(text: str, most: int = 8) -> list[Hit]:
    """The materials that a text may mean: by name, by HS code, by product words; exact names first."""
    query = " ".join(text.casefold().split())
    found: dict[str, str] = {}
    if not query:
        return []
    if exact := resolve(query):
        found[exact] = material_name(exact)
    digits = "".join(ch for ch in query if ch.isdigit())
    if len(digits) >= 4 and digits == query.replace(".", "").replace(" ", ""):
        for code in product_codes():
            if code.code.startswith(digits[:6]):
                for key in code.materials:
                    found.setdefault(key, f"HS {code.code}: {code.description(lang())}")
    for word, keys in PRODUCT_WORDS.items():
        if word in query or (len(query) >= 4 and word.startswith(query)):
            for key in keys:
                found.setdefault(key, word)
    for name, key in _folded():
        if name.startswith(query) or (len(query) >= 3 and query in name):
            found.setdefault(key, name)
    return [Hit(key, material_name(key), why) for key, why in list(found.items())[:most]]


def wider(key: str) -> tuple[str, ...]:
    """The material and what it is a variant or member of: a signal on NdFeB counts for rare-earth magnets too."""
    own = material(key)
    return tuple(dict.fromkeys([own.id, *own.groups, *(product.id for product in broader(own))]))


def country_name(key: str) -> str:
    """The name of a country in the language of the page; an unknown code is shown as it is."""
    try:
        return country(key).name(lang()) if key else ""
    except UnknownNameError:
        return key


def country_choices() -> list[tuple[str, str]]:
    """Every country of today, by name in the language of the page."""
    named = ((c.iso3, c.name(lang())) for c in countries() if c.valid_until is None)
    return sorted(named, key=lambda pair: pair[1].casefold())


def sector_choices() -> list[tuple[str, str]]:
    """The divisions of NACE (the first two digits of the SBI)."""
    return [(s.code, f"{s.code} {s.name(lang())}") for s in sectors() if s.level == "division"]


def is_product(key: str) -> bool:
    """Whether a vocabulary entry is a product (a magnet) and no element."""
    return bool(key) and material(key).kind is MaterialKind.PRODUCT
