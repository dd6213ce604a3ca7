"""Attachments: what is let in, where it is kept, how it is given back.

The ending must be allowed, the content must be what the ending says, and nothing in it may run: macros, scripts in a
PDF, archives that unpack to a multiple. Files are kept outside the web root under random names.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

MOST_BYTES = 10_000_000
MOST_FILES = 5
ENDINGS = ("pdf", "png", "jpg", "jpeg", "txt", "csv", "xlsx", "docx")
_MOST_UNPACKED = 100_000_000
_MOST_PIXELS = 60_000_000
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|AA|RichMedia|XFA)\b")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was let in."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of its content."""
        return hashlib.sha256(self.content).hexdigest()


def safe_name(name: str) -> str:
    """The last part of a file name without control, direction and path characters."""
    base = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(ch for ch in unicodedata.normalize("NFC", base) if unicodedata.category(ch)[0] != "C")
    plain = re.sub(r'["<>|:*?;]', "", plain).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem[:100]}{dot}{ending[:10]}" if dot else plain[:100]


def check(upload: UploadedFile) -> Checked:
    """The file, if it may come in; else ValidationError in the user's language."""
    name = safe_name(upload.name or "")
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise ValidationError(
            _("%(name)s: this kind of file is not accepted. Accepted: %(endings)s.")
            % {"name": name, "endings": ", ".join(ENDINGS)}
        )
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("%(name)s is larger than 10 MB.") % {"name": name})
    content = upload.read(MOST_BYTES + 1)
    if not content or len(content) > MOST_BYTES:
        raise ValidationError(_("%(name)s is empty or larger than 10 MB.") % {"name": name})
    if not _is_what_it_says(ending, content):
        raise ValidationError(
            _("%(name)s is damaged, holds active content, or is not what its name says.") % {"name": name}
        )
    return Checked(name, ending, content)


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending == "pdf":
        return content.startswith(b"%PDF-") and not _ACTIVE_PDF.search(_unescaped_names(content))
    if ending in ("png", "jpg", "jpeg"):
        return _is_image(content, "PNG" if ending == "png" else "JPEG")
    if ending in ("xlsx", "docx"):
        return _is_office(ending, content)
    return _is_text(content)


def _unescaped_names(content: bytes) -> bytes:
    """PDF names may hide letters as #xx; put them back before looking for active ones."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), content)


def _is_image(content: bytes, kind: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=(kind,)) as image:
                if image.width * image.height > _MOST_PIXELS:
                    return False
                image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return True


def _is_office(ending: str, content: bytes) -> bool:
    main = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}[ending]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename.lower() for entry in entries]
            if sum(entry.file_size for entry in entries) > _MOST_UNPACKED or len(entries) > 5000:
                return False
            active = any("vbaproject" in n or "/activex/" in n or "/embeddings/" in n for n in names)
            unsafe = any(n.startswith(("/", "\\")) or ".." in n.split("/") for n in names)
            return main in names and not active and not unsafe
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not re.match(r"\s*(<!doctype|<html|<script|<svg|<\?xml|#!)", text, re.IGNORECASE)


def keep(file: Checked) -> str:
    """Write a file where no address leads and return its random name; it is on disk when this returns."""
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = secrets.token_hex(24)
    aside = folder / f".{stored}"
    with aside.open("xb") as target:
        os.fchmod(target.fileno(), 0o600)
        target.write(file.content)
        target.flush()
        os.fsync(target.fileno())
    aside.rename(folder / stored)
    return stored


def drop(stored: str) -> None:
    """Remove a file whose report was not written after all, or whose time to be kept has passed."""
    (Path(settings.UPLOAD_DIR) / PurePosixPath(stored).name).unlink(missing_ok=True)


def stored_path(stored: str) -> Path:
    """Where a kept file is."""
    return Path(settings.UPLOAD_DIR) / PurePosixPath(stored).name
