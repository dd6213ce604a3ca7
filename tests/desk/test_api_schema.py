"""The API against its own OpenAPI document: generated calls, no server error, and every answer as described."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings

from lodestock_desk.api.v1 import api

CHECKS = (
    schemathesis.checks.not_a_server_error,
    *(check for check in schemathesis.checks.CHECKS.get_all() if check.__name__ in (
        "status_code_conformance", "content_type_conformance", "response_schema_conformance",
        "response_headers_conformance",
    )),
)  # fmt: skip
NOT_BUILT = 503


@pytest.fixture
def quick(db: None, store_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A built store, and no limit on calls."""
    monkeypatch.setenv("LODESTOCK_HOME", str(store_home))
    with override_settings(API_CALLS_PER_MINUTE=10**9):
        yield


def _called(most: int) -> int:
    """Call every operation up to `most` times with generated values; answers how many calls were made."""
    site = get_wsgi_application()

    def from_here(environ: dict[str, Any], start: Any) -> Any:
        return site({**environ, "REMOTE_ADDR": "127.0.0.1"}, start)

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", from_here)
    asked = {found.ok().path for found in schema.get_all_operations()}
    assert set(api.get_openapi_schema()["paths"]) - asked == {"/openapi.json"}  # it never asks for what it reads
    count = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=most, deadline=None, database=None, phases=(Phase.generate,), derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def once(case: schemathesis.Case) -> None:
            nonlocal count
            count += 1
            case.call_and_validate(checks=CHECKS)

        once()
    return count


def test_some_hundred_generated_calls_are_answered_as_described(quick: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert _called(20) > 150


@pytest.mark.slow
def test_ten_thousand_generated_calls_are_answered_as_described(quick: None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert _called(700) >= 10_000  # eighteen operations that take many values
