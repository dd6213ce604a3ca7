"""The catalogue of the open data after DCAT-AP-NL 3.0, as triples, JSON-LD and Turtle.

Source: DCAT-AP-NL 3.0 (Geonovum, 12 December 2024), tables of Catalogue, Dataset, Distribution, Data Service; value
lists of the Publications Office of the European Union and of IANA, as its annex on value lists asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from lodestock.publish.open_data_model import DataFile, Index, OpenTable, Publisher

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LISTS = "http://publications.europa.eu/resource/authority"
_IANA = "https://www.iana.org/assignments/media-types"
PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
PUBLIC = f"{_LISTS}/access-right/PUBLIC"
_THEME = f"{_LISTS}/data-theme/ECON"
_FILE_TYPES = {"csv": "CSV", "csvw": "JSON_LD", "dictionary": "CSV", "parquet": "PARQUET", "sdmx": "CSV"}
_PLACES = {
    "eu": f"{_LISTS}/country/EUR",
    "nl": f"{_LISTS}/country/NLD",
    "us": f"{_LISTS}/country/USA",
}
_WORDS = {
    "csv": ("Tabel als CSV", "Table as CSV"),
    "csvw": ("Beschrijving van de kolommen (CSVW)", "Description of the columns (CSVW)"),
    "dictionary": ("Gegevenswoordenboek", "Data dictionary"),
    "parquet": ("Tabel als Parquet", "Table as Parquet"),
    "sdmx": ("Waarnemingen als SDMX-CSV 2.0", "Observations as SDMX-CSV 2.0"),
}
_STANDARDS = {
    "csv": "https://www.rfc-editor.org/rfc/rfc4180",
    "csvw": "https://www.w3.org/TR/tabular-metadata/",
    "dictionary": "https://www.rfc-editor.org/rfc/rfc4180",
    "parquet": "https://parquet.apache.org/docs/file-format/",
    "sdmx": "https://sdmx.org/standards-2/",
}
# What kind of thing an address is: the classes that DCAT-AP 3.0 and DCAT-AP-NL 3.0 expect at the end of a property.
_RANGES = {
    "dcat:landingPage": "foaf:Document",
    "dcat:mediaType": "dct:MediaType",
    "dcat:theme": "skos:Concept",
    "dcat:themeTaxonomy": "skos:ConceptScheme",
    "dct:accessRights": "dct:RightsStatement",
    "dct:accrualPeriodicity": "dct:Frequency",
    "dct:conformsTo": "dct:Standard",
    "dct:format": "dct:MediaTypeOrExtent",
    "dct:language": "dct:LinguisticSystem",
    "dct:license": "dct:LicenseDocument",
    "dct:spatial": "dct:Location",
    "foaf:homepage": "foaf:Document",
    "foaf:page": "foaf:Document",
    "spdx:algorithm": "spdx:ChecksumAlgorithm",
}
EUPL = "https://spdx.org/licenses/EUPL-1.2.html"


@dataclass(frozen=True, slots=True)
class Term:
    """The object of a triple: an address, or a text with its language or type (as prefixed name)."""

    value: str
    kind: str = "iri"
    lang: str = ""
    datatype: str = ""


Triple = tuple[str, str, Term]


def _iri(value: str) -> Term:
    return Term(value)


def _text(value: str, lang: str = "") -> Term:
    return Term(value, "text", lang)


def _typed(value: object, datatype: str) -> Term:
    return Term(str(value), "text", "", datatype)


def catalogue(index: Index, base: str, publisher: Publisher) -> tuple[Triple, ...]:
    """The catalogue with its service, data sets and distributions. base: address of the catalogue's folder."""
    base = base.rstrip("/")
    whole = f"{base}/catalog"
    given = [table for table in index.tables if table.given]
    out: list[Triple] = [
        *_agents(whole, publisher),
        (whole, "rdf:type", _iri("dcat:Catalog")),
        *_both(whole, "dct:title", "Open data over kritieke grondstoffen", "Open data on critical raw materials"),
        *_both(whole, "dct:description",
               "Tabellen en indicatoren over leveringszekerheid van grondstoffen, elk met herkomst en licentie.",
               "Tables and indicators on supply security of raw materials, each with origin and licence."),
        *_owned(whole, whole, publisher),
        (whole, "dct:conformsTo", _iri(PROFILE)),
        (whole, "dct:license", _iri(EUPL)),
        (whole, "foaf:homepage", _iri(publisher.homepage or base)),
        (whole, "dcat:themeTaxonomy", _iri(f"{_LISTS}/data-theme")),
        (whole, "dcat:service", _iri(f"{base}/#service")),
    ]  # fmt: skip
    out += _service(whole, base, publisher, given)
    for table in given:
        out.append((whole, "dcat:dataset", _iri(f"{base}/tables/{table.id}")))
        out += _dataset(whole, base, table, index.files_of(table.id), publisher)
    return (*out, *_kinds(out))


def _kinds(triples: Iterable[Triple]) -> Iterable[Triple]:
    """What each address at the end of a property is, once."""
    found = ((term.value, _RANGES[said]) for _subject, said, term in triples if said in _RANGES)
    return [(address, "rdf:type", _iri(kind)) for address, kind in dict.fromkeys(found)]


def _both(subject: str, predicate: str, nl: str, en: str) -> list[Triple]:
    return [(subject, predicate, _text(nl, "nl")), (subject, predicate, _text(en, "en"))]


def _publisher(whole: str, publisher: Publisher) -> str:
    return publisher.address or f"{whole}#publisher"


def _agents(whole: str, publisher: Publisher) -> list[Triple]:
    agent, contact = _publisher(whole, publisher), f"{whole}#contact"
    return [
        (agent, "rdf:type", _iri("foaf:Agent")),
        (agent, "foaf:name", _text(publisher.name, "nl")),
        (contact, "rdf:type", _iri("vcard:Organization")),
        (contact, "rdf:type", _iri("vcard:Kind")),
        (contact, "vcard:fn", _text(publisher.name, "nl")),
        (contact, "vcard:hasEmail", _iri(f"mailto:{publisher.contact}")),
    ]


def _owned(subject: str, whole: str, publisher: Publisher) -> list[Triple]:
    agent = _iri(_publisher(whole, publisher))
    return [
        (subject, "dct:publisher", agent),
        (subject, "dct:creator", agent),
        (subject, "dcat:contactPoint", _iri(f"{whole}#contact")),
        (subject, "dct:language", _iri(f"{_LISTS}/language/NLD")),
        (subject, "dct:language", _iri(f"{_LISTS}/language/ENG")),
    ]


def _service(whole: str, base: str, publisher: Publisher, given: Iterable[OpenTable]) -> list[Triple]:
    service = f"{base}/#service"
    return [
        (service, "rdf:type", _iri("dcat:DataService")),
        *_both(service, "dct:title", "Lees-API kritieke grondstoffen", "Read API on critical raw materials"),
        *_both(service, "dct:description", "Geeft de tabellen, indicatoren en openbare dossiers als JSON.",
               "Gives the tables, indicators and public dossiers as JSON."),
        *_owned(service, whole, publisher),
        (service, "dct:identifier", _text(service)),
        (service, "dct:accessRights", _iri(PUBLIC)),
        (service, "dct:license", _iri(EUPL)),
        (service, "dcat:theme", _iri(_THEME)),
        *_both(service, "dcat:keyword", "kritieke grondstoffen", "critical raw materials"),
        (service, "dcat:endpointURL", _iri(base)),
        (service, "dcat:endpointDescription", _iri(f"{base}/openapi.json")),
        (service, "dct:conformsTo", _iri("https://gitdocumentatie.logius.nl/publicatie/api/adr/")),
        *((service, "dcat:servesDataset", _iri(f"{base}/tables/{table.id}")) for table in given),
    ]  # fmt: skip


def _dataset(whole: str, base: str, table: OpenTable, files: Iterable[DataFile], publisher: Publisher) -> list[Triple]:
    subject = f"{base}/tables/{table.id}"
    said = "; ".join(sorted({f"{origin.producer}, {origin.title}" for origin in table.sources}))
    out: list[Triple] = [
        (subject, "rdf:type", _iri("dcat:Dataset")),
        *_both(subject, "dct:title", table.title_nl, table.title_en),
        *_both(subject, "dct:description", f"{table.title_nl}. {table.rows} rijen. Bron: {said}.",
               f"{table.title_en}. {table.rows} rows. Source: {said}."),
        *_owned(subject, whole, publisher),
        (subject, "dct:identifier", _text(subject)),
        (subject, "dct:accessRights", _iri(PUBLIC)),
        (subject, "dcat:theme", _iri(_THEME)),
        *_both(subject, "dcat:keyword", "kritieke grondstoffen", "critical raw materials"),
        (subject, "dct:accrualPeriodicity", _iri(f"{_LISTS}/frequency/IRREG")),
        *((subject, "dct:relation", _iri(address)) for address in _addresses(table)),  # pages, not data sets
    ]  # fmt: skip
    if publisher.tables:
        out.append((subject, "dcat:landingPage", _iri(f"{publisher.tables}#{table.id}")))
    if table.region in _PLACES:
        out.append((subject, "dct:spatial", _iri(_PLACES[table.region])))
    if table.first is not None and table.last is not None:
        period = f"{subject}#period"
        out += [
            (subject, "dct:temporal", _iri(period)),
            (period, "rdf:type", _iri("dct:PeriodOfTime")),
            (period, "dcat:startDate", _typed(f"{table.first}-01-01", "xsd:date")),
            (period, "dcat:endDate", _typed(f"{table.last}-12-31", "xsd:date")),
        ]
    for file in files:
        out += _distribution(f"{base}/#service", subject, table, file)
        if file.kind == "dictionary":
            out.append((subject, "foaf:page", _iri(f"{subject}/files/{file.name}")))
    return out


def _addresses(table: OpenTable) -> list[str]:
    return sorted({o.address for o in table.sources if o.address.startswith("https://") and " " not in o.address})


def _distribution(service: str, subject: str, table: OpenTable, file: DataFile) -> list[Triple]:
    node, address = f"{subject}#{file.kind}", f"{subject}/files/{file.name}"
    checksum = f"{node}-checksum"
    licence = table.licence.address if table.licence else ""
    nl, en = _WORDS[file.kind]
    out = [
        (subject, "dcat:distribution", _iri(node)),
        (node, "rdf:type", _iri("dcat:Distribution")),
        *_both(node, "dct:title", nl, en),
        (node, "dcat:accessURL", _iri(address)),
        (node, "dcat:downloadURL", _iri(address)),
        (node, "dcat:accessService", _iri(service)),
        (node, "dct:language", _iri(f"{_LISTS}/language/ENG")),
        (node, "dct:license", _iri(licence)),
        (node, "dct:format", _iri(f"{_LISTS}/file-type/{_FILE_TYPES[file.kind]}")),
        (node, "dcat:mediaType", _iri(f"{_IANA}/{file.media_type.partition(';')[0]}")),
        (node, "dcat:byteSize", _typed(file.bytes, "xsd:nonNegativeInteger")),
        (node, "spdx:checksum", _iri(checksum)),
        (checksum, "rdf:type", _iri("spdx:Checksum")),
        (checksum, "spdx:algorithm", _iri(f"{PREFIXES['spdx']}checksumAlgorithm_sha256")),
        (checksum, "spdx:checksumValue", _typed(file.sha256, "xsd:hexBinary")),
    ]
    if file.kind in _STANDARDS:
        out.append((node, "dct:conformsTo", _iri(_STANDARDS[file.kind])))
    return out


def json_ld(triples: Iterable[Triple]) -> str:
    """The triples as JSON-LD 1.1 with the prefixes as context."""
    nodes: dict[str, dict[str, object]] = {}
    for subject, predicate, term in triples:
        node = nodes.setdefault(subject, {"@id": subject})
        if predicate == "rdf:type":
            node.setdefault("@type", [])
            _put(node, "@type", term.value)
        else:
            node.setdefault(predicate, [])
            _put(node, predicate, _json_term(term))
    said = {"@context": {k: v for k, v in PREFIXES.items() if k != "rdf"}, "@graph": list(nodes.values())}
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def _put(node: dict[str, object], key: str, value: object) -> None:
    held = node[key]
    if isinstance(held, list) and value not in held:
        held.append(value)


def _json_term(term: Term) -> dict[str, str]:
    if term.kind == "iri":
        return {"@id": term.value}
    if term.lang:
        return {"@value": term.value, "@language": term.lang}
    return {"@value": term.value, "@type": term.datatype} if term.datatype else {"@value": term.value}


def turtle(triples: Iterable[Triple]) -> str:
    """The triples as Turtle 1.1."""
    grouped: dict[str, list[str]] = {}
    for subject, predicate, term in dict.fromkeys(triples):
        grouped.setdefault(subject, []).append(f"    {predicate} {_turtle_term(term)}")
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for subject, said in grouped.items():
        lines += ["", f"<{subject}>", " ;\n".join(said) + " ."]
    return "\n".join(lines) + "\n"


def _turtle_term(term: Term) -> str:
    if term.kind == "iri":
        short = term.value.partition(":")[0] in PREFIXES and not term.value.startswith(("http:", "https:", "mailto:"))
        return term.value if short else f"<{term.value}>"
    text = json.dumps(term.value, ensure_ascii=False)
    if term.lang:
        return f"{text}@{term.lang}"
    return f"{text}^^{term.datatype}" if term.datatype else text
