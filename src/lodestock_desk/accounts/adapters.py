"""How allauth is fitted to the desk: no sign-up, secrets encrypted, brokers lead only to known people."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from lodestock_desk.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by himself."""
        return False


class BrokerAdapter(DefaultSocialAccountAdapter):
    """A broker's log-in opens an existing account with the same verified address, and never makes one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up through a broker."""
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Only the address counts, to find the person by; the desk keeps one name, and takes none from a broker."""
        user: User = sociallogin.user
        user.email = (data.get("email") or "").lower()
        return user


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the second factor encrypted in the database."""

    @staticmethod
    def _cipher() -> Fernet:
        key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode("utf-8")).digest()
        return Fernet(base64.urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        """The secret, encrypted."""
        return self._cipher().encrypt(text.encode("utf-8")).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret, in the clear."""
        return self._cipher().decrypt(encrypted_text.encode("ascii")).decode("utf-8")
