"""Keys open sums of one's own organisation and nothing else; nothing restricted is in any answer of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from lodestock_desk.api import actions
from lodestock_desk.api.models import ApiKey
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.licences.access import visible_cases

from .dossier_maker import random_dossier
from .people import actor, client

SUMS = "/api/v1/licence-case-sums"


def _until(days: int = 30) -> object:
    return timezone.localdate() + timedelta(days=days)


def _key(who: str = "beheer.ez") -> tuple[ApiKey, str]:
    return actions.make_key(actor(who), name="voorbeeld", scopes=["licence-cases"], valid_until=_until())


def _asked(token: str) -> tuple[int, str]:
    answer = Client(headers={"x-api-key": token}).get(SUMS)
    return answer.status_code, answer.content.decode()


def test_a_key_gives_the_sums_of_its_own_organisation_only(db: None) -> None:
    _made, token = _key()
    before = AuditEntry.objects.filter(verb="licence_case.sums_read").count()
    status, text = _asked(token)
    own = visible_cases(actor("beleid.ez"))
    assert status == 200 and sum(row["cases"] for row in json.loads(text)["items"]) == own.count() > 0
    assert AuditEntry.objects.filter(verb="licence_case.sums_read").count() == before + 1
    case = own.first()
    assert str(case.pk) not in text and case.company_key not in text


def test_no_key_an_ended_one_and_one_past_its_day_open_nothing(db: None) -> None:
    key, token = _key()
    assert Client().get(SUMS).status_code == 401 and _asked("lsk_wrong")[0] == 401
    actions.end_key(actor("beheer.ez"), str(key.pk), reason="voorbeeld")
    assert _asked(token)[0] == 401
    other, late = _key()
    ApiKey.objects.filter(pk=other.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert _asked(late)[0] == 401
    third, narrow = _key()
    ApiKey.objects.filter(pk=third.pk).update(scopes=[])
    assert _asked(narrow)[0] == 403


def test_a_key_that_is_used_too_often_waits_wherever_it_is_used_and_no_other_key_does(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lodestock_desk.api.limits.PER_KEY", 2)
    monkeypatch.setattr("lodestock_desk.api.limits.WINDOW", 3600)  # so that no window ends between two calls
    (_one, first), (_two, second) = _key(), _key()
    read = AuditEntry.objects.filter(verb="licence_case.sums_read").count()
    answers = [Client(headers={"x-api-key": first}, REMOTE_ADDR=f"192.0.2.{n}").get(SUMS) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    last = answers[-1]
    assert last["Content-Type"] == "application/problem+json" and 0 < int(last["Retry-After"]) <= 3600
    assert AuditEntry.objects.filter(verb="licence_case.sums_read").count() == read + 2
    assert _asked(second)[0] == 200 and Client().get("/api/v1/materials/copper").status_code == 200


def test_a_key_without_the_right_is_refused_as_a_problem(db: None) -> None:
    made, token = _key()
    ApiKey.objects.filter(pk=made.pk).update(scopes=[])
    answer = Client(headers={"x-api-key": token}).get(SUMS)
    assert answer.status_code == 403 and answer["Content-Type"] == "application/problem+json"


def test_a_session_opens_nothing_of_the_api(db: None) -> None:
    assert client("beleid.ez").get(SUMS).status_code == 401


def test_of_a_key_only_the_hash_is_kept_and_it_is_shown_once(db: None) -> None:
    browser = client("beheer.ez")
    sent = {"name": "koppeling", "scopes": ["licence-cases"], "valid_until": str(_until())}
    page = browser.post("/desk/keys/", sent).content.decode()
    token = page.split("<code>lsk_", 1)[1].split("</code>", 1)[0]
    assert len(token) > 40 and token not in browser.get("/desk/keys/").content.decode()
    key = ApiKey.objects.get(name="koppeling")
    assert token not in str([getattr(key, field.attname) for field in key._meta.fields])
    assert not AuditEntry.objects.filter(text__contains=token).exists()


def test_only_administrators_make_and_end_keys_of_their_own_organisation(db: None) -> None:
    key, _token = _key()
    with pytest.raises(PermissionDenied):
        _key("beleid.ez")
    with pytest.raises(PermissionDenied):
        actions.end_key(actor("beleid.ez"), str(key.pk), reason="x")
    with pytest.raises(ValidationError):
        actions.make_key(actor("beheer.ez"), name="x", scopes=["licence-cases"], valid_until=_until(400))
    with pytest.raises(ValidationError):
        actions.make_key(actor("beheer.ez"), name="x", scopes=["everything"], valid_until=_until())


def _every_answer() -> Iterator[tuple[str, str]]:
    """Every address that the API leads to, from its landing by its own links, with what it says."""
    waiting, seen = ["/api/v1/"], set()
    while waiting:
        path = waiting.pop()
        if path in seen or "/files/" in path or not path.startswith(("/api/v1/", "/results/")):
            continue
        seen.add(path)
        text = Client().get(path).content.decode()
        yield path, text
        if path.startswith("/api/v1/") and text.startswith("{"):
            waiting += _links(json.loads(text))


def _links(held: object) -> list[str]:
    if isinstance(held, dict):
        own = [held["href"]] if isinstance(held.get("href"), str) else []
        return own + [link for value in held.values() for link in _links(value)]
    return [link for value in held for link in _links(value)] if isinstance(held, list) else []


def test_no_secret_of_restricted_blocks_is_in_any_answer(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LODESTOCK_HOME", str(tmp_path))  # the tables hold no dossiers: without them it goes faster
    from django.test import override_settings

    secrets: list[str] = []
    told: list[str] = []
    for seed in range(700, 712):
        random_dossier(seed, secrets, told)
    with override_settings(API_CALLS_PER_MINUTE=10**6):
        said = {path: text for path, text in _every_answer() if not path.startswith(("/api/v1/c", "/api/v1/m"))}
    assert len(secrets) > 20 and len(said) > 60
    assert [(path, word) for path, text in said.items() for word in secrets if word in text] == []
    assert all(any(word in text for text in said.values()) for word in told)  # what is public is there
