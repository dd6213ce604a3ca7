"""The OpenAPI document as the NL API Design Rules ask it."""

from __future__ import annotations

import re
from typing import Any

_SNAKE = re.compile(r"_([a-z])")
FAULTS = {
    "400": "The request is not well formed", "404": "There is nothing here", "406": "This format is not given",
    "429": "Too many requests", "500": "A fault of ours", "503": "Not available now",
}  # fmt: skip
KEYED = {"401": "No key, or one that has ended", "403": "The key does not open this"}
OWN = "/openapi.json"
_FILES = (
    "text/csv", "application/csvm+json", "application/vnd.apache.parquet", "application/vnd.sdmx.data+csv;version=2.0.0"
)  # fmt: skip


def camel(name: str) -> str:
    """The name in lowerCamelCase, as names in addresses are: table_id is tableId."""
    return _SNAKE.sub(lambda hit: hit[1].upper(), name)


def finished(document: Any, server: str, version: str) -> Any:
    """The document with relative paths, one server, the version header, and the faults of every operation."""
    document["servers"] = [{"url": server, "description": "Version 1"}]
    document["paths"] = {camel(path): methods for path, methods in document["paths"].items()} | {OWN: _itself()}
    document["components"].setdefault("schemas", {})["ProblemDetails"] = _problem_schema()
    document["components"]["headers"] = {
        "ApiVersion": {"description": "Full version of the API", "schema": {"type": "string", "examples": [version]}}
    }
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _complete(operation, path)
    anyone = {"description": "Any site may read it", "schema": {"type": "string", "const": "*"}}
    document["paths"][OWN]["get"]["responses"]["200"]["headers"]["access-control-allow-origin"] = anyone
    return document


def _itself() -> dict[str, Any]:
    """The operation that gives this document, which the framework leaves out of it."""
    good = {"content": {"application/json": {"schema": {"type": "object"}}}}
    said = {"summary": "OpenAPI document", "description": "This document.", "tags": ["start"]}
    return {"get": {"operationId": "openapi", **said, "parameters": [], "responses": {"200": good}}}


def _complete(operation: dict[str, Any], path: str) -> None:
    operation["responses"] = {str(status): said for status, said in operation["responses"].items()}
    good = operation["responses"]["200"]
    good["description"] = "The answer"
    good["headers"] = {"API-Version": {"$ref": "#/components/headers/ApiVersion"}}
    if path.endswith("/files/{fileName}"):
        good["content"] = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _FILES}
    if path == "/catalog":
        good["content"] = {"application/ld+json": {"schema": {"type": "object"}},
                           "text/turtle": {"schema": {"type": "string"}}}  # fmt: skip
    faults = FAULTS | (KEYED if "security" in operation else {})
    if path == "/indicators":
        faults |= {"422": "The values contradict each other"}
    for status, words in faults.items():
        operation["responses"][status] = {
            "description": words,
            "headers": {"API-Version": {"$ref": "#/components/headers/ApiVersion"}},
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["name"] = camel(parameter["name"])
        held = parameter["schema"]
        if held.get("default", 0) in (None, ""):
            del held["default"]
        for name in ("include_in_schema", "title", "description"):
            held.pop(name, None)


def _problem_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "title": "ProblemDetails",
        "description": "What went wrong (RFC 9457), in the language of the request (nl or en).",
        "required": ["type", "title", "status", "detail", "instance"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
            "instance": {"type": "string", "format": "uri-reference"},
            "errors": {"type": "array", "items": {"type": "object"}},
        },
    }
