"""Operations tried for real: kill -9 among writes, backup and restore, migrations, health, logs."""

from __future__ import annotations

import http.client
import json
import logging
import re
import sqlite3
import subprocess
import threading
import time
import uuid
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone

from lodestock.errors import InputError
from lodestock_desk.core.logs import JsonLines, without_content
from lodestock_desk.environment import Environment
from lodestock_desk.signals.models import OneTimeLink, Report

from .people import actor, draft
from .servers import Desk, desk, postgresql

_SESSION = """
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from lodestock_desk.accounts.models import Organisation, User
user = User.objects.get(email="servo@voorbeeld.example")
store = SessionStore()
store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
store.create()
print(store.session_key, Organisation.objects.get(abbreviation="EZ").pk)
"""
_COUNTS = """
import json
from django.conf import settings
from pathlib import Path
import hashlib
from lodestock_desk.core import audit
from lodestock_desk.core.models import AuditEntry
from lodestock_desk.signals.models import Report
from lodestock_desk.signals.uploads import stored_path
filed = set(AuditEntry.objects.filter(verb="report.filed").values_list("object_id", flat=True))
rows, half = [], []
for report in Report.objects.filter(description__startswith="kill").prefetch_related("attachments"):
    rows.append(str(report.submission))
    files = list(report.attachments.all())
    whole = len(files) == 1 and hashlib.sha256(stored_path(files[0].stored).read_bytes()).hexdigest() == files[0].sha256
    if not whole or str(report.pk) not in filed:
        half.append(str(report.pk))
print(json.dumps({"rows": rows, "half": half, "faults": [f.what for f in audit.verify()]}))
"""


def _post(port: int, session: str, receiver: str, submission: str) -> bool:
    """File one report with an attachment; True when it was acknowledged."""
    edge, secret = uuid.uuid4().hex, "a" * 32
    fields = {
        "csrfmiddlewaretoken": secret, "submission": submission, "what": "magneten", "effect": "delayed",
        "since": "2025-05-01", "stock_days": "", "cause": "supplier", "severity": "low",
        "description": f"kill {submission}", "receiver": receiver,
    }  # fmt: skip
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="attachments"; filename="bon.txt"\r\n'
        f"Content-Type: text/plain\r\n\r\nbon {submission}\r\n--{edge}--\r\n"
    )
    headers = {
        "Content-Type": f"multipart/form-data; boundary={edge}", "Host": f"127.0.0.1:{port}",
        "Cookie": f"desk_session={session}; csrftoken={secret}",
    }  # fmt: skip
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        link.request("POST", "/desk/signals/new/", "".join(parts).encode(), headers)
        answer = link.getresponse()
        return answer.status == 302 and "/desk/signals/" in (answer.getheader("Location") or "")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _write_while_killing(running: Desk, writes: int, kills: int) -> set[str]:
    """Eight writers; the server is killed `kills` times among them and started again. Answers the acknowledged."""
    session, receiver = running.script(_SESSION).split()
    todo = [str(uuid.uuid4()) for _ in range(writes)]
    acknowledged: set[str] = set()
    lock = threading.Lock()

    def writer() -> None:
        while True:
            with lock:
                if not todo:
                    return
                submission = todo.pop()
            if _post(running.port, session, receiver, submission):
                with lock:
                    acknowledged.add(submission)
            else:
                time.sleep(0.05)

    writers = [threading.Thread(target=writer) for _ in range(8)]
    for one in writers:
        one.start()
    for number in range(kills):
        aim = writes * (kills - number) // (kills + 1)
        while len(todo) > aim:
            time.sleep(0.005)
        running.kill()
        running.start()
    for one in writers:
        one.join()
    return acknowledged


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_the_server_is_killed_among_1000_writes(kind: str) -> None:
    with postgresql() if kind == "postgresql" else nullcontext("") as database, desk(database) as running:
        acknowledged = _write_while_killing(running, 1000, 4)
        found = json.loads(running.script(_COUNTS))
    assert len(acknowledged) > 300, "the run must mostly consist of writes that got through"
    assert acknowledged <= set(found["rows"]), "an acknowledged report is gone"
    assert found["half"] == [], "a report is there by half"
    assert found["faults"] == []


@pytest.mark.slow
def test_a_backup_is_restored_with_its_files_and_a_whole_record() -> None:
    """The steps of docs/desk/operations.md on SQLite: `backup`, into another folder, `audit verify`."""
    with desk() as running:
        session, receiver = running.script(_SESSION).split()
        assert _post(running.port, session, receiver, str(uuid.uuid4()))
        target = running.data / "copy"
        running.manage("backup", str(target))
        restored = Desk(target, running.port, "")
        assert "whole" in restored.manage("audit", "verify")
        found = json.loads(restored.script(_COUNTS))
        assert len(found["rows"]) == 1 and found["half"] == []


@pytest.mark.slow
def test_a_backup_of_postgresql_is_restored() -> None:
    """pg_dump while the desk runs, into a second database, `audit verify` there."""
    with postgresql() as address, desk(address) as running:
        dumped = subprocess.run(["pg_dump", "--format=custom", address], capture_output=True, check=True)
        other = address.rpartition("/")[0] + "/restored"
        subprocess.run(["createdb", f"--maintenance-db={address}", "restored"], check=True)
        subprocess.run(["pg_restore", f"--dbname={other}"], input=dumped.stdout, check=True)
        restored = Desk(running.data, running.port, other)
        assert "whole" in restored.manage("audit", "verify")


def test_every_change_of_a_model_has_its_migration(db: None) -> None:
    labels = [
        "core",
        "accounts",
        "signals",
        "callouts",
        "licences",
        "outreach",
        "contacts",
        "disclosure",
        "scenarios",
        "overview",
        "desk_site",
    ]
    call_command("makemigrations", *labels, check=True, dry_run=True, verbosity=0)


def test_health_says_ok_and_nothing_else(db: None) -> None:
    answer = Client().get("/healthz")
    assert answer.json() == {"status": "ok"}


def test_logs_hold_no_content() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s",
        ("/r/geheimetoken123/?q=bedrijfsnaam mail jan@bedrijf.example",), None,
    )  # fmt: skip
    line = json.loads(JsonLines().format(record))
    for secret in ("geheimetoken123", "bedrijfsnaam", "jan@"):
        assert secret not in line["message"]
    assert without_content("/receipt/abc/") == "/receipt/(token)/"


def test_an_error_is_logged_by_place_without_its_values() -> None:
    try:
        raise ValueError("geheim recept")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord("desk", logging.ERROR, __file__, 1, "failed", (), info)
    text = JsonLines().format(record)
    assert "geheim" not in text and json.loads(text)["error"] == "ValueError"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"LODESTOCK_DESK_MODE": "demo"}, "LODESTOCK_DESK_MODE"),
        ({"LODESTOCK_DESK_MODE": "production"}, "LODESTOCK_DESK_HOSTS"),
        ({"LODESTOCK_DESK_PROXIES": "one"}, "LODESTOCK_DESK_PROXIES"),
    ],
)
def test_a_wrong_setting_says_what_and_where(values: dict[str, str], where: str) -> None:
    with pytest.raises(InputError) as caught:
        Environment.read(values)
    assert caught.value.where == where and caught.value.mend


def test_production_asks_for_its_secrets_and_database(tmp_path: Path) -> None:
    known = {
        "LODESTOCK_DESK_MODE": "production",
        "LODESTOCK_DESK_HOSTS": "desk.example",
        "LODESTOCK_DESK_DATA": str(tmp_path),
    }
    with pytest.raises(InputError, match="secret is missing"):
        Environment.read(known).secret("LODESTOCK_DESK_SECRET", "secret.key")
    with pytest.raises(InputError, match="no database"):
        Environment.read(known).database()
    with pytest.raises(InputError, match="not a PostgreSQL address"):
        Environment.read({**known, "DATABASE_URL": "mysql://x/y"}).database()


def test_every_setting_is_documented() -> None:
    source = Path(__file__).parents[2] / "src/lodestock_desk"
    used = set(
        re.findall(
            r"LODESTOCK_DESK_[A-Z_]+", (source / "environment.py").read_text() + (source / "settings.py").read_text()
        )
    )
    documented = (Path(__file__).parents[2] / "docs/desk/operations.md").read_text()
    assert sorted(name for name in used | {"DATABASE_URL"} if f"`{name}`" not in documented) == []


def test_what_is_past_its_time_is_removed_with_a_row_in_the_record(db: None, uploads: Path) -> None:
    from lodestock_desk.core.models import AuditEntry
    from lodestock_desk.signals import actions
    from lodestock_desk.signals.uploads import Checked

    report, _token = actions.file_report(
        actor("servo"), draft(contact="wie@bedrijf.example", attachments=(Checked("a.txt", "txt", b"a"),))
    )
    stored = report.attachments.get().stored
    long_ago = timezone.now() - timedelta(days=4000)
    Report.objects.filter(pk=report.pk).update(state="closed", event=None, closed_at=long_ago, created_at=long_ago)
    with TestCase.captureOnCommitCallbacks(execute=True):
        call_command("retention", "--apply")
    assert not Report.objects.filter(pk=report.pk).exists() and not (uploads / stored).exists()
    assert AuditEntry.objects.filter(verb="report.expired", object_id=str(report.pk)).exists()
    assert not OneTimeLink.objects.filter(created_at__lt=long_ago).exists()


def test_the_databases_own_file_is_in_wal_mode(tmp_path: Path) -> None:
    found = Environment.read({"LODESTOCK_DESK_DATA": str(tmp_path)}).database()
    link = sqlite3.connect(found["NAME"])
    link.executescript(found["OPTIONS"]["init_command"])
    assert link.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert link.execute("PRAGMA synchronous").fetchone() == (2,)
    link.close()
