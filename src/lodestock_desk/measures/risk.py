"""The steps of a company's risk assessment (art. 24): what each holds, what is missing, and the rows that leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lodestock_desk.core import vocab
from lodestock_desk.measures.large import TECHNOLOGIES
from lodestock_desk.measures.words import Both

# Article 24: (a) a map of where the materials are extracted, processed or recycled, (b) what may affect supply,
# (c) how vulnerable the company is; and, where it is, what it does about it.
STEPS: dict[str, Both] = {
    "scope": Both("Waar het over gaat", "What it is about"),
    "origin": Both("Kaart van herkomst", "Map of origin"),
    "factors": Both("Wat de aanvoer kan raken", "What may affect supply"),
    "vulnerability": Both("Kwetsbaarheid", "Vulnerability"),
    "mitigation": Both("Wat het bedrijf eraan doet", "What the company does about it"),
}
STAGES: dict[str, Both] = {
    "extraction": Both("winning", "extraction"),
    "processing": Both("verwerking", "processing"),
    "recycling": Both("recycling", "recycling"),
}
FACTORS: dict[str, Both] = {
    "one_supplier": Both("één leverancier", "one supplier"),
    "one_country": Both("één land", "one country"),
    "licence": Both("vergunningsverplichting voor uitvoer", "export licence obligation"),
    "quota": Both("quotum of heffing", "quota or duty"),
    "transport": Both("vervoer en doorvoer", "transport and transit"),
    "energy": Both("energieprijs bij de maker", "energy price at the maker"),
    "demand": Both("groeiende vraag", "growing demand"),
    "by_product": Both("bijproduct van een ander metaal", "by-product of another metal"),
    "conflict": Both("conflict of onrust", "conflict or unrest"),
    "environment": Both("milieu en vergunningen bij de bron", "environment and permits at the source"),
    "none_known": Both("geen factor bekend", "no factor known"),
}
LEVELS: dict[str, Both] = {
    "low": Both("laag", "low"),
    "medium": Both("midden", "medium"),
    "high": Both("hoog", "high"),
    "unknown": Both("niet bekend", "not known"),
}
NOT_KNOWN = Both("niet bekend", "not known")


@dataclass(frozen=True, slots=True)
class Gap:
    """What is still missing, and at which step."""

    step: str
    text: Both


def missing(answers: Mapping[str, Any]) -> list[Gap]:
    """What is still to be filled in; 'not known' is an answer."""
    gaps = []
    materials = answers.get("scope", {}).get("materials", [])
    if not materials:
        gaps.append(Gap("scope", Both("Noem ten minste één grondstof.", "Name at least one raw material.")))
    mapped = {row["material"] for row in answers.get("origin", [])}
    for key in materials:
        name = vocab.material_name(key)
        if key not in mapped:
            gaps.append(Gap("origin", Both(f"Geef de herkomst van {name}, desnoods als niet bekend.",
                                           f"Give the origin of {name}, if need be as not known.")))  # fmt: skip
        if not answers.get("vulnerability", {}).get(key, {}).get("level"):
            gaps.append(Gap("vulnerability", Both(f"Beoordeel de kwetsbaarheid voor {name}.",
                                                  f"Judge the vulnerability to {name}.")))  # fmt: skip
    if not answers.get("factors", {}).get("factors"):
        gaps.append(Gap("factors", Both("Kies wat de aanvoer kan raken, of dat er geen factor bekend is.",
                                        "Choose what may affect supply, or that no factor is known.")))  # fmt: skip
    high = [k for k in materials if answers.get("vulnerability", {}).get(k, {}).get("level") == "high"]
    if high and not answers.get("mitigation", {}).get("rows"):
        gaps.append(
            Gap(
                "mitigation",
                Both(
                    "Bij hoge kwetsbaarheid hoort wat het bedrijf eraan doet.",
                    "A high vulnerability calls for what the company does about it.",
                ),
            )
        )
    return gaps  # fmt: skip


def lines(answers: Mapping[str, Any]) -> Iterator[tuple[Both, str, str]]:
    """Everything that was filled in, as (step, what, value) in the language of the page."""
    scope = answers.get("scope", {})
    if scope.get("products"):
        yield STEPS["scope"], str(Both("producten", "products")), scope["products"]
    for key in scope.get("technologies", []):
        yield STEPS["scope"], str(Both("technologie", "technology")), str(TECHNOLOGIES[key])
    for key in scope.get("materials", []):
        yield STEPS["scope"], str(Both("grondstof", "raw material")), vocab.material_name(key)
    for row in answers.get("origin", []):
        share = str(NOT_KNOWN) if row["share"] is None else f"{row['share']}%"
        where = dict(vocab.country_choices()).get(row["country"], str(NOT_KNOWN))
        source = f" ({row['source']})" if row["source"] else ""
        what = f"{vocab.material_name(row['material'])}, {STAGES[row['stage']]}"
        yield STEPS["origin"], what, f"{where}: {share}{source}"
    factors = answers.get("factors", {})
    for key in factors.get("factors", []):
        yield STEPS["factors"], str(FACTORS[key]), ""
    if factors.get("why"):
        yield STEPS["factors"], str(Both("toelichting", "explanation")), factors["why"]
    for key, value in answers.get("vulnerability", {}).items():
        if value.get("level"):
            said = ". ".join(x for x in (str(LEVELS[value["level"]]), value.get("why", "")) if x)
            yield STEPS["vulnerability"], vocab.material_name(key), said
    mitigation = answers.get("mitigation", {})
    for row in mitigation.get("rows", []):
        yield STEPS["mitigation"], row["what"], ", ".join(x for x in (row["owner"], row["due"]) if x)
    if mitigation.get("board_on"):
        yield (
            STEPS["mitigation"],
            str(Both("besproken met het bestuur", "discussed with the board")),
            (mitigation["board_on"]),
        )
