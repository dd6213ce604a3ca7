"""A log-in through an OpenID Connect broker, against a broker that is made up here: no network is used.

The broker gives its discovery document, takes a code and answers with a signed identity token. Only a known person with
a verified address gets in; nobody is made an account, and the broker's own second factor counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client, override_settings

from lodestock_desk.accounts.models import User
from lodestock_desk.environment import Environment

ISSUER = "https://makelaar.example"
CLIENT = "desk-proef"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
MAIL = "beleid.ez@voorbeeld.example"
DISCOVERY = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/keys",
}
SETTINGS = Environment.read(
    {"LODESTOCK_DESK_OIDC_ISSUER": ISSUER, "LODESTOCK_DESK_OIDC_CLIENT": CLIENT, "LODESTOCK_DESK_OIDC_SECRET": "geheim"}
).broker()


class Answer:
    """What the broker answers."""

    def __init__(self, body: Any) -> None:
        self.body, self.status_code, self.ok = body, 200, True
        self.headers = {"content-type": "application/json"}
        self.text = json.dumps(body)

    def json(self) -> Any:
        """The body."""
        return self.body

    def raise_for_status(self) -> None:
        """All is well."""


class Broker:
    """The made-up broker: remembers what was asked of it, answers for one person."""

    def __init__(self, email: str, verified: bool) -> None:
        self.person = {"sub": "eh-1", "email": email, "email_verified": verified, "name": "Proef"}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.nonce = ""

    def __enter__(self) -> Broker:
        return self

    def __exit__(self, *_what: object) -> None:
        return None

    def request(self, method: str, url: str, **more: Any) -> Answer:
        """Answer as a broker does."""
        self.asked.append((method.upper(), url, more))
        if url.endswith("/.well-known/openid-configuration"):
            return Answer(DISCOVERY)
        if url == DISCOVERY["token_endpoint"]:
            now = int(time.time())
            claims = {**self.person, "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self.nonce}
            return Answer({"access_token": "a", "token_type": "Bearer",
                           "id_token": jwt.encode(claims, KEY, algorithm="RS256", headers={"kid": "1"})})  # fmt: skip
        if url == DISCOVERY["jwks_uri"]:
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return Answer({"keys": [{**key, "kid": "1", "alg": "RS256", "use": "sig"}]})
        assert url == DISCOVERY["userinfo_endpoint"], url
        return Answer(self.person)

    def get(self, url: str, **more: Any) -> Answer:
        """GET."""
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> Answer:
        """POST."""
        return self.request("POST", url, **more)


@pytest.fixture
def configured(db: None) -> Iterator[None]:
    """The desk with a broker in its settings."""
    with override_settings(SOCIALACCOUNT_PROVIDERS=SETTINGS, SOCIALACCOUNT_EMAIL_AUTHENTICATION=True):
        yield


def _log_in(monkeypatch: pytest.MonkeyPatch, broker: Broker) -> tuple[Client, Any]:
    monkeypatch.setattr(type(get_adapter()), "get_requests_session", lambda _self: broker)
    browser = Client()
    start = browser.post("/account/oidc/broker/login/")
    assert start.status_code == 302 and start["Location"].startswith(DISCOVERY["authorization_endpoint"])
    asked = parse_qs(urlsplit(start["Location"]).query)
    assert asked["client_id"] == [CLIENT] and asked["code_challenge_method"] == ["S256"], "PKCE is on"
    assert "openid" in asked["scope"][0]
    broker.nonce = asked.get("nonce", [""])[0]
    back = browser.get("/account/oidc/broker/login/callback/", {"code": "c", "state": asked["state"][0]})
    return browser, back


def test_a_known_person_gets_in_and_the_brokers_factor_counts(
    configured: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authenticator.objects.filter(user__email=MAIL).delete()
    broker = Broker(MAIL, verified=True)
    browser, back = _log_in(monkeypatch, broker)
    assert back.status_code == 302 and back["Location"] == "/desk/"
    assert browser.get("/desk/").status_code == 200
    token = next(more for _method, url, more in broker.asked if url == DISCOVERY["token_endpoint"])
    assert "code_verifier" in str(token)


def test_who_set_up_a_code_of_the_own_is_asked_for_it_too(configured: None, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, back = _log_in(monkeypatch, Broker(MAIL, verified=True))
    assert back["Location"] == "/account/2fa/authenticate/"
    assert browser.get("/desk/").status_code == 302, "not yet logged in"


@pytest.mark.parametrize(
    ("email", "verified"), [("vreemd@voorbeeld.example", True), ("beleid.ez@voorbeeld.example", False)]
)
def test_a_stranger_or_an_unverified_address_gets_no_account(
    configured: None, monkeypatch: pytest.MonkeyPatch, email: str, verified: bool
) -> None:
    before = User.objects.count()
    browser, _back = _log_in(monkeypatch, Broker(email, verified))
    assert browser.get("/desk/").status_code == 302, "not logged in"
    assert User.objects.count() == before


def test_an_answer_to_a_question_that_was_not_asked_is_refused(
    configured: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(get_adapter()), "get_requests_session", lambda _self: Broker("x@voorbeeld.example", True))
    browser = Client()
    browser.get("/account/oidc/broker/login/callback/", {"code": "c", "state": "verzonnen"})
    assert browser.get("/desk/").status_code == 302


def test_without_a_broker_there_is_no_such_log_in(db: None) -> None:
    assert Client().post("/account/oidc/broker/login/").status_code == 404
