"""What the environment says: where data is kept, which database, which hosts, which broker. Faults say how to mend."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from lodestock.errors import InputError


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail goes out. security: none, starttls or tls; folder: where mail is written as files, if it is."""

    backend: str
    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str | None


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings that differ between places.

    production: LODESTOCK_DESK_MODE=production; then secrets, hosts and DATABASE_URL must be given.
    proxies:    how many proxies of one's own stand before the site.
    """

    values: Mapping[str, str]
    production: bool
    data: Path
    hosts: tuple[str, ...]
    proxies: int
    sender: str

    @staticmethod
    def read(values: Mapping[str, str] | None = None) -> Environment:
        """Read the process environment, or the values given."""
        found = dict(os.environ if values is None else values)
        mode = found.get("LODESTOCK_DESK_MODE", "local")
        if mode not in ("local", "production"):
            raise InputError("unknown mode", where="LODESTOCK_DESK_MODE", mend="use local or production")
        production = mode == "production"
        hosts = tuple(host.strip() for host in found.get("LODESTOCK_DESK_HOSTS", "").split(",") if host.strip())
        if production and not hosts:
            raise InputError("no host is named", where="LODESTOCK_DESK_HOSTS", mend="give the site's host names")
        proxies = found.get("LODESTOCK_DESK_PROXIES", "0")
        if not proxies.isdigit():
            raise InputError("not a number", where="LODESTOCK_DESK_PROXIES", mend="give how many proxies stand before")
        return Environment(
            values=found,
            production=production,
            data=Path(found.get("LODESTOCK_DESK_DATA", ".lodestock/desk")).resolve(),
            hosts=hosts or ("localhost", "127.0.0.1", "[::1]", "testserver"),
            proxies=int(proxies),
            sender=found.get("LODESTOCK_DESK_SENDER", "lodestock@localhost"),
        )

    def _text(self, name: str) -> str:
        """A value as it stands, or nothing."""
        return self.values.get(name, "")

    def secret(self, name: str, file: str) -> str:
        """A secret from the environment; in local mode one is made once and kept in a file only its owner can read."""
        if given := self.values.get(name):
            return given
        if self.production:
            raise InputError("a secret is missing", where=name, mend="set it to 50 or more random characters")
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.data / file
        if not path.exists():
            made = secrets.token_urlsafe(48)
            # Written aside and linked, so that two processes starting together end up with the same secret.
            aside = path.with_suffix(f".{os.getpid()}")
            aside.write_text(made, encoding="ascii")
            aside.chmod(0o600)
            try:
                os.link(aside, path)
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        return path.read_text(encoding="ascii").strip()

    def database(self) -> dict[str, Any]:
        """SQLite in the data folder, or the PostgreSQL database that DATABASE_URL names."""
        url = self.values.get("DATABASE_URL", "")
        if not url:
            if self.production:
                raise InputError(
                    "no database is named", where="DATABASE_URL", mend="give postgresql://user:pw@host/name"
                )
            return self._sqlite()
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
            raise InputError(
                "not a PostgreSQL address", where="DATABASE_URL", mend="give postgresql://user:password@host:port/name"
            )
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }

    def _sqlite(self) -> dict[str, Any]:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(self.data / "desk.sqlite3"),
            "CONN_MAX_AGE": 0,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a report that was acknowledged is on disk, whatever happens to the machine.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;",
            },
        }

    def cache(self) -> dict[str, Any]:
        """Rate limits must count over all processes: the database holds them, except in local mode with one process."""
        if self.production:
            return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "desk_cache"}
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "desk"}

    def broker(self) -> dict[str, Any]:
        """An OpenID Connect broker (as eHerkenning brokers offer), if one is configured."""
        issuer = self.values.get("LODESTOCK_DESK_OIDC_ISSUER", "")
        if not issuer:
            return {}
        app = {
            "provider_id": "broker",
            "name": self.values.get("LODESTOCK_DESK_OIDC_NAME", "eHerkenning"),
            "client_id": self.values.get("LODESTOCK_DESK_OIDC_CLIENT", ""),
            "secret": self.values.get("LODESTOCK_DESK_OIDC_SECRET", ""),
            "settings": {"server_url": issuer},
        }
        if not app["client_id"]:
            raise InputError("the broker has no client id", where="LODESTOCK_DESK_OIDC_CLIENT", mend="give both")
        return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}

    def mail(self) -> Mail:
        """How mail goes out: by a server, into files in a folder, or – with neither named – to the console."""
        host, folder = self._text("LODESTOCK_DESK_MAIL_HOST"), self._text("LODESTOCK_DESK_MAIL_FOLDER")
        kind = "smtp" if host else "filebased" if folder else "console"
        security = self.values.get("LODESTOCK_DESK_MAIL_SECURITY", "none")
        if security not in ("none", "starttls", "tls"):
            raise InputError("unknown security", where="LODESTOCK_DESK_MAIL_SECURITY", mend="use none, starttls or tls")
        port = self.values.get("LODESTOCK_DESK_MAIL_PORT", {"tls": "465", "starttls": "587"}.get(security, "25"))
        if not port.isdigit():
            raise InputError("not a number", where="LODESTOCK_DESK_MAIL_PORT", mend="give the port of the mail server")
        user, password = self._text("LODESTOCK_DESK_MAIL_USER"), self._text("LODESTOCK_DESK_MAIL_PASSWORD")
        backend = f"django.core.mail.backends.{kind}.EmailBackend"
        return Mail(backend, host or "localhost", int(port), security, user, password, folder or None)
