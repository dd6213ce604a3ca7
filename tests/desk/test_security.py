"""Security: log-in, sessions, headers, uploads, injections; and that views do not write."""

from __future__ import annotations

import ast
import io
import json
import re
import time
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import lodestock_desk
from lodestock_desk.accounts.models import User
from lodestock_desk.core.example.people import PASSWORD, secret_of
from lodestock_desk.core.export import as_csv, cell, file_name
from lodestock_desk.signals import actions, uploads
from lodestock_desk.signals.models import Report

from .people import BACKEND, actor, client, draft, form_values, organisation

LOGIN = "/account/login/"
MAIL = "beleid.ez@voorbeeld.example"
SOURCE = Path(lodestock_desk.__file__).parent


def _code(email: str) -> str:
    return format_hotp_value(hotp_value(secret_of(email), int(time.time()) // 30))


def test_log_in_takes_a_password_and_a_code(db: None) -> None:
    browser = Client()
    browser.get(LOGIN)
    before = browser.session.session_key
    answer = browser.post(LOGIN, {"login": MAIL, "password": PASSWORD})
    assert "authenticate" in answer.url
    assert browser.get("/desk/").url.startswith(LOGIN), "the password alone opens nothing"
    browser.post(answer.url, {"code": _code(MAIL)})
    assert browser.get("/desk/").status_code == 200
    assert browser.session.session_key != before, "the session gets a new key at log-in"


def test_a_wrong_code_and_a_wrong_password_open_nothing(db: None) -> None:
    browser = Client()
    assert browser.post(LOGIN, {"login": MAIL, "password": "wrong"}).status_code == 200
    answer = browser.post(LOGIN, {"login": MAIL, "password": PASSWORD})
    wrong = f"{(int(_code(MAIL)) + 500_000) % 1_000_000:06d}"
    assert browser.post(answer.url, {"code": wrong}).status_code == 200
    assert browser.get("/desk/").status_code == 302


def test_log_in_attempts_are_limited(db: None) -> None:
    browser = Client()
    for _attempt in range(6):
        browser.post(LOGIN, {"login": MAIL, "password": "wrong"})
    answer = browser.post(LOGIN, {"login": MAIL, "password": PASSWORD})
    assert answer.status_code in (200, 429), "even the right password has to wait"


def test_an_unknown_address_answers_like_a_known_one(db: None) -> None:
    pages = [
        Client().post(LOGIN, {"login": mail, "password": "wrong"}).content.decode()
        for mail in (MAIL, "niemand@voorbeeld.example")
    ]
    plain = [re.sub(r'value="[^"]*"|csrf\S+', "", page) for page in pages]
    assert plain[0] == plain[1]


def test_nobody_signs_up(db: None) -> None:
    Client().post("/account/signup/", {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(email="x@y.example").exists()


def test_without_a_second_factor_nothing_opens_but_its_page(db: None) -> None:
    user = User.objects.get(email=MAIL)
    Authenticator.objects.filter(user=user).delete()
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    assert browser.get("/desk/signals/").url == "/account/2fa/totp/activate/"


def test_the_secret_of_the_second_factor_is_kept_encrypted(db: None) -> None:
    kept = Authenticator.objects.get(user__email=MAIL, type="totp").data["secret"]
    assert kept != secret_of(MAIL) and get_adapter().decrypt(kept) == secret_of(MAIL)


@pytest.mark.parametrize(("key", "ago"), [("seen", 31 * 60), ("began", 10 * 3600 + 1)])
def test_a_session_ends_when_idle_or_old(db: None, key: str, ago: int) -> None:
    browser = client("beleid.ez")
    assert browser.get("/desk/").status_code == 200
    session = browser.session
    session[key] = int(time.time()) - ago
    session.save()
    assert browser.get("/desk/").url == LOGIN
    assert browser.get("/desk/").url.startswith(LOGIN)


def test_a_planted_session_key_is_not_taken_over(db: None) -> None:
    browser = Client()
    browser.cookies["desk_session"] = "p" * 32
    browser.post(LOGIN, {"login": MAIL, "password": PASSWORD})
    assert browser.cookies["desk_session"].value != "p" * 32


def test_writes_need_the_token_of_the_form(db: None) -> None:
    browser = client("servo", enforce_csrf_checks=True)
    values = form_values(receiver=str(organisation("EZ").pk))
    assert browser.post("/desk/signals/new/", values).status_code == 403
    assert not Report.objects.filter(submission=values["submission"]).exists()
    _link, token = actions.make_link(actor("loket.a"), receiver_id=str(organisation("EZ").pk))
    other = Client(enforce_csrf_checks=True)
    assert other.post(reverse("by_link", args=[token]), values).status_code == 403


def test_headers_of_every_page(db: None) -> None:
    for browser, path in (
        (client("beleid.ez"), "/desk/"),
        (Client(), LOGIN),
        (Client(), "/licences/"),
        (Client(), "/x"),
    ):
        answer = browser.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
    assert client("beleid.ez").get("/desk/")["Cache-Control"] == "no-store"


def test_pages_have_no_inline_script_or_style() -> None:
    for path in (SOURCE / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)", text), path.name
        assert "//cdn" not in text and "|safe" not in text, path.name


def test_text_of_people_is_never_markup(db: None) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x>"
    report, _token = actions.file_report(actor("servo"), draft(description=bad, product_words=bad))
    page = client("beleid.ez").get(reverse("signals:one", kwargs={"pk": report.pk})).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_language_switch_leads_nowhere_else(db: None, back: str) -> None:
    answer = Client().post(reverse("accounts:language"), {"language": "en", "next": back})
    assert answer.url == "/"


@given(st.text(max_size=40))
def test_no_cell_of_a_csv_runs_as_a_formula(text: str) -> None:
    made = cell(text).lstrip(" \u00a0\ufeff")
    plain_number = re.fullmatch(r"[+-]?\d+([.,]\d+)?", made)
    assert not made.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) or plain_number


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\ufeff=1"])
def test_known_formulas_are_stopped(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_stay_numbers() -> None:
    assert [cell(v) for v in (-5, "+3.5", "-0,2", 7, None)] == ["-5", "+3.5", "-0,2", "7", ""]


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_a_header(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]*\.csv", file_name(text, "csv"))
    header = as_csv(text, ["a"], [])["Content-Disposition"]
    assert "\r" not in header and "\n" not in header and header.count('"') == 2


def test_the_export_of_signals_is_safe_and_recorded(db: None) -> None:
    actions.file_report(actor("loket.a"), draft(company_name='=HYPERLINK("x")'))
    text = client("beleid.ez").get("/desk/signals/export.csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in text


def _zip(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def _png(size: tuple[int, int] = (4, 4)) -> bytes:
    buffer = io.BytesIO()
    Image.new("1", size).save(buffer, "PNG")
    return buffer.getvalue()


HOSTILE = {
    "a page": ("x.html", b"<html>"),
    "a program": ("x.exe", b"MZ"),
    "no ending": ("x", b"text"),
    "two endings": ("bon.pdf.exe", b"%PDF-1.4"),
    "a page called text": ("x.txt", b"  <script>alert(1)</script>"),
    "a script called csv": ("x.csv", b"#!/bin/sh\nrm"),
    "binary called text": ("x.txt", b"a\x00b"),
    "a page called picture": ("x.png", b"<svg onload=alert(1)>"),
    "a cut picture": ("x.png", _png()[:20]),
    "a jpeg called png": ("x.png", b"\xff\xd8\xff\xe0"),
    "a pdf that runs": ("x.pdf", b"%PDF-1.4 /OpenAction << /JS (app.alert(1)) >>"),
    "a pdf that hides it": ("x.pdf", b"%PDF-1.4 /J#61vaScript (x)"),
    "a pdf with a file in it": ("x.pdf", b"%PDF-1.4 /EmbeddedFile"),
    "a sheet with macros": ("x.xlsx", _zip(xl__workbook_dot_xml=b"<x/>", xl__vbaProject_dot_bin=b"x")),
    "a sheet that is no sheet": ("x.xlsx", _zip(other_dot_txt=b"x")),
    "a sheet that climbs out": ("x.docx", _zip(word__document_dot_xml=b"<x/>", **{"..__..__etc": b"x"})),
    "a bomb": ("x.xlsx", _zip(xl__workbook_dot_xml=b"<x/>", xl__big_dot_xml=b"0" * 120_000_000)),
    "a huge picture": ("x.png", _png((12_000, 12_000))),
    "nothing": ("x.pdf", b""),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_hostile_uploads_are_refused(db: None, what: str) -> None:
    name, content = HOSTILE[what]
    with pytest.raises(ValidationError):
        uploads.check(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bon.pdf", b"%PDF-1.4 plain"),
        ("foto.png", _png()),
        ("tekst.txt", "één".encode()),
        ("lijst.csv", b"a;b\n1;2\n"),
        ("blad.xlsx", _zip(xl__workbook_dot_xml=b"<x/>")),
    ],
)
def test_ordinary_files_come_in(db: None, name: str, content: bytes) -> None:
    assert uploads.check(SimpleUploadedFile(name, content)).name == name


def test_a_file_that_is_too_large_is_refused(db: None) -> None:
    with pytest.raises(ValidationError, match="10 MB"):
        uploads.check(SimpleUploadedFile("x.txt", b"a" * 10_000_001))


@given(st.text(max_size=200))
def test_no_file_name_climbs_or_breaks(name: str) -> None:
    safe = uploads.safe_name(name)
    assert "/" not in safe and "\\" not in safe and safe not in ("..", ".")
    assert not any(ord(ch) < 32 or ch in '"<>|:*?;' for ch in safe) and len(safe) <= 111


def test_an_attachment_comes_back_as_a_download_only(db: None, uploads: Path) -> None:
    values = form_values(receiver=str(organisation("EZ").pk))
    name = 'bon"; X-Evil=1; filename=x.txt'
    client("servo").post("/desk/signals/new/", {**values, "attachments": [SimpleUploadedFile(name, b"bon")]})
    report = Report.objects.get(submission=values["submission"])
    file = report.attachments.get()
    address = reverse("signals:attachment", kwargs={"pk": report.pk, "file": file.pk})
    answer = client("beleid.ez").get(address)
    assert b"".join(answer.streaming_content) == b"bon"
    assert answer["Content-Disposition"].startswith("attachment") and "X-Evil" not in answer.headers
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Content-Type"] == "application/octet-stream"
    assert file.name not in {p.name for p in uploads.iterdir()}, "kept under a random name"
    assert (uploads / file.stored).stat().st_mode & 0o077 == 0
    assert client("wind").get(address).status_code == 404


def test_a_refused_report_leaves_no_file_behind(db: None, uploads: Path) -> None:
    uploads.mkdir(parents=True, exist_ok=True)
    before = set(uploads.iterdir())
    values = form_values(receiver=str(organisation("EZ").pk), effect="no such effect")
    client("servo").post("/desk/signals/new/", {**values, "attachments": [SimpleUploadedFile("a.txt", b"a")]})
    assert set(uploads.iterdir()) == before


def test_receipts_cannot_be_searched(db: None) -> None:
    statuses = [Client().get(reverse("receipt", args=[f"guess{n}"])).status_code for n in range(70)]
    assert statuses[0] == 404 and statuses[-1] == 403, "after sixty tries an address has to wait"


def test_views_do_not_write() -> None:
    """Every write is in an action: no view calls save, create, update, delete or opens a transaction."""
    writes = {"save", "create", "bulk_create", "update_or_create", "get_or_create", "delete", "atomic", "writing"}
    for path in SOURCE.rglob("*views.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                assert name not in writes, f"{path.name}:{node.lineno} {name}"


def test_every_action_that_opens_a_transaction_names_its_capability() -> None:
    """`writing(actor, None)` stands only where the permission is a link, a read, the programme itself or Wagtail's:

    `publishing.py` records what Wagtail has just published; site/wagtail_hooks.py asks before who may do that.
    `refusals.py` records that a planned publication was refused when its day came and nobody was at the keys. The daily
    `remind` notes who took up an office (`take_up`, planned before by someone who may) and whom it told (`_tell`).
    """
    free = {"actions.py": {"set_language", "file_by_link"}, "writing.py": {"reading"}, "expiry.py": None,
            "publishing.py": {"published", "unpublished"}, "refusals.py": {"note"},
            "office_actions.py": {"take_up"}, "reminders.py": {"_tell"}}  # fmt: skip
    for path in SOURCE.rglob("*.py"):
        for function in (
            n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)
        ):
            for call in (n for n in ast.walk(function) if isinstance(n, ast.Call)):
                if getattr(call.func, "id", "") != "writing" or getattr(call.args[1], "value", "named") is not None:
                    continue
                allowed = free.get(path.name, set())
                assert allowed is None or function.name in allowed, f"{path.name}: {function.name}"


def test_the_desk_never_shows_json_of_others(db: None) -> None:
    rows = json.loads(client("wind").get("/desk/signals/export.json").content)["rows"]
    assert {row["company"] for row in rows} == {"Voorbeeld Windturbines"}


def test_unknown_keys_are_404_not_500(db: None) -> None:
    assert client("beleid.ez").get(f"/desk/signals/{uuid4()}/attachments/{uuid4()}/").status_code == 404
    assert client("beleid.ez").get("/desk/overview/no-such-material/").status_code == 404
