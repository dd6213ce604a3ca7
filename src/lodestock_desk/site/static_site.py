"""The whole public site as files, for any web server: pages, pictures, tables, manifests, feeds, PDF, style.

It walks the site from its first pages by its own links, as a visitor who is not logged in, so that nothing can be
written that a visitor could not open. Links become relative; a link that leads nowhere stops the writing.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from lodestock.errors import DataError, InputError
from lodestock_desk.site.views import WITH_TABLES

LINK = re.compile(r'((?:href|src)=")([^"]*)(")')
FEED_LINK = re.compile(r"(<(?:link|guid[^>]*)>|(?:href)=\")https?://[^/<\"]+(/[^<\"]*)")
STARTS = ("/nl/", "/en/")
OUTSIDE = ("/desk/", "/account/", "/cms/", "/r/", "/receipt/", "/api/")
OPEN_DATA = "/api/v1/"
MARK, ASIDE = ".lodestock-site", ".lodestock-new"


@dataclass(slots=True)
class Written:
    """What was written: files and their size; `links` counts the links that were followed.

    no_tables: why there is no open data in it, empty where there is or none was asked for.
    """

    pages: int = 0
    files: int = 0
    size: int = 0
    links: int = 0
    no_tables: str = ""


@dataclass(slots=True)
class _Site:
    folder: Path
    browser: Client
    waiting: deque[str] = field(default_factory=deque)
    seen: dict[str, str] = field(default_factory=dict)
    done: Written = field(default_factory=Written)


def publish_static(folder: Path, *, tables: Callable[[Path], object] | None = None) -> Written:
    """Write the site into `folder`, which is empty, new, or written by this before. Raises DataError, InputError.

    The copy is written aside and put in place whole: where writing stops, an earlier copy stays as it was.

    tables: writes the open data into the folder that it is given, first, so that pages can link to it; it raises
    InputError where there is none.
    """
    _look(folder)
    aside = folder / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        done = _write_all(aside, tables)
    except BaseException:  # the copy that stands there stays whole
        shutil.rmtree(aside, ignore_errors=True)
        raise
    _put_in_place(folder, aside)
    return done


def _write_all(folder: Path, tables: Callable[[Path], object] | None) -> Written:
    done = Written()
    if tables is not None:
        done.no_tables = _written(tables, folder / "api" / "v1")
    copy = WITH_TABLES if tables is not None and not done.no_tables else "yes"
    site = _Site(folder, Client(HTTP_HOST=settings.ALLOWED_HOSTS[0], HTTP_X_STATIC_SITE=copy), done=done)
    for start in (*STARTS, *_unlinked()):
        _wait(site, start, "the start")
    while site.waiting:
        _write(site, site.waiting.popleft())
    _first_page(site)
    return site.done


def _written(tables: Callable[[Path], object], folder: Path) -> str:
    """Have the open data written; answers what to do where there is none, and then leaves no empty folder."""
    try:
        tables(folder)
    except InputError as error:
        shutil.rmtree(folder.parent, ignore_errors=True)
        return error.mend or str(error)
    return ""


def _unlinked() -> Iterator[str]:
    """Pages that belong to the site and that no page need link to."""
    for language in ("nl", "en"):
        with override(language):
            for name in ("feed", "search", "licences", "privacy", "sure", "data", "glossary", "materials"):
                yield reverse(f"site:{name}")


def _look(folder: Path) -> None:
    """Refuse a file in the way, and a folder that holds something and no earlier copy of this."""
    if folder.exists() and not folder.is_dir():
        raise InputError("a file is in the way", where=str(folder), mend="give a folder")
    if folder.exists() and any(p.name != ASIDE for p in folder.iterdir()) and not (folder / MARK).exists():
        raise InputError(
            "the folder holds something else", where=str(folder),
            why=f"it has no {MARK}, so it was not written by this", mend="give a new or empty folder",
        )  # fmt: skip


def _put_in_place(folder: Path, aside: Path) -> None:
    """The new copy instead of the earlier one; files that someone else put beside it stay."""
    new = sorted(path.relative_to(aside).as_posix() for path in aside.rglob("*") if path.is_file())
    earlier = _earlier(folder)
    _list(folder, {*new, *earlier})  # where this stops halfway, the next run knows every file that may stand here
    for name in earlier:
        if name not in new:
            _remove(folder, folder / name)
    for name in new:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (aside / name).replace(target)
    _list(folder, new)
    shutil.rmtree(aside)


def _list(folder: Path, names: Iterable[str]) -> None:
    """Write which files of the folder are this copy's."""
    lines = ["written by lodestock publish --static", *sorted(names), ""]
    (folder / MARK).write_text("\n".join(lines), encoding="utf-8")


def _remove(folder: Path, path: Path) -> None:
    """Remove a file, and the folders that hold nothing more without it."""
    path.unlink(missing_ok=True)
    for place in path.parents:
        if place == folder or not place.is_dir() or any(place.iterdir()):
            return
        place.rmdir()


def _earlier(folder: Path) -> list[str]:
    """The files of the earlier copy, as its list names them; nothing outside the folder.

    A copy of before there was a list filled the whole folder: all files in it are of that copy.
    """
    if not (folder / MARK).exists():
        return []
    names = (folder / MARK).read_text(encoding="utf-8").splitlines()[1:]
    if not names:
        held = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        names = [path.as_posix() for path in held if path.parts[0] not in (MARK, ASIDE)]
    whole = folder.resolve()
    return [name for name in names if name and (folder / name).resolve().is_relative_to(whole)]


def _wait(site: _Site, address: str, source: str) -> str:
    """Put an address on the list, once; answers where its file stands."""
    path = urlsplit(address).path
    if path not in site.seen:
        site.seen[path] = source
        site.waiting.append(path)
    return file_of(path)


def file_of(path: str) -> str:
    """Where the answer of an address stands in the folder."""
    plain = unquote(path).lstrip("/")
    return f"{plain}index.html" if path.endswith("/") else plain


def _write(site: _Site, path: str) -> None:
    if path.startswith("/static/"):
        content = _asset(site, path)
    else:
        answer = site.browser.get(path, secure=settings.PRODUCTION)
        if answer.status_code != 200:
            raise DataError(f"a link leads nowhere: {path}", where=site.seen[path], why=f"answer {answer.status_code}")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith("text/html"):
            content = _relative(site, path, content.decode()).encode()
            site.done.pages += 1
        elif "xml" in kind and path.endswith("feed.xml"):
            content = _feed(site, path, content.decode()).encode()
    target = site.folder / file_of(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    site.done.files += 1
    site.done.size += len(content)


def _asset(site: _Site, path: str) -> bytes:
    name = unquote(path).removeprefix("/static/")
    found = finders.find(name) or (settings.STATIC_ROOT / name if (settings.STATIC_ROOT / name).is_file() else None)
    if not found:
        raise DataError(f"a file of the style is not there: {path}", where=site.seen[path])
    return Path(found).read_bytes()


def _relative(site: _Site, path: str, html: str) -> str:
    """The page with its own links made relative, and what they lead to put on the list."""
    here = posixpath.dirname(file_of(path))

    def changed(match: re.Match[str]) -> str:
        address = unescape(match[2])
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not parts.path:
            return match[0]
        target = posixpath.join(path, parts.path)
        target = posixpath.normpath(target) + ("/" if parts.path.endswith("/") and target != "/" else "")
        if target.startswith(OPEN_DATA) and (site.folder / file_of(target)).is_file():
            site.done.links += 1
            return f"{match[1]}{quote(posixpath.relpath(file_of(target), here or '.'))}{match[3]}"
        if target.startswith(OUTSIDE):
            raise DataError(f"a public page links into the desk: {target}", where=path)
        site.done.links += 1
        to = posixpath.relpath(_wait(site, target, path), here or ".")
        return f"{match[1]}{quote(to)}{'#' + parts.fragment if parts.fragment else ''}{match[3]}"

    return LINK.sub(changed, html)


def _feed(site: _Site, path: str, xml: str) -> str:
    """The feed with links relative to itself: a copy does not know where it will stand."""
    here = posixpath.dirname(file_of(path))

    def changed(match: re.Match[str]) -> str:
        site.done.links += 1
        return match[1] + quote(posixpath.relpath(_wait(site, match[2], path), here))

    return FEED_LINK.sub(changed, xml)


def _first_page(site: _Site) -> None:
    """The bare address leads to the Dutch home page, with a link for both languages."""
    html = (
        '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Lodestock</title>'
        '<meta http-equiv="refresh" content="0; url=nl/index.html"></head><body>'
        '<p><a href="nl/index.html">Nederlands</a> · <a href="en/index.html" lang="en">English</a></p></body></html>\n'
    )
    (site.folder / "index.html").write_text(html, encoding="utf-8")
    site.done.files += 1
    site.done.pages += 1
    site.done.size += len(html)
