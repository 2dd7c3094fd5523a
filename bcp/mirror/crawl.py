"""Copies a site: the page that was named, those that it leads to within bounds, and everything that they need."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from bcp.clock import Clock
from bcp.errors import InputError
from bcp.i18n import _
from bcp.mirror.bar import sheet_below
from bcp.mirror.css import Need, adapt_css, sheet_text
from bcp.mirror.fetched import AGENT, Fetched, canonical
from bcp.mirror.page import MirroredPage
from bcp.mirror.passive import stays
from bcp.mirror.svg import clean_svg
from bcp.progress import UNSEEN, Task

Get = Callable[[str, int], Fetched]
"""Fetches an address, and at most so many bytes of what lies there."""

FIRST = "index.html"
_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_LARGEST_FONT = 2_000_000
_HTML = ("text/html", "application/xhtml+xml")
_ENDINGS = {
    "text/css": ".css", "image/jpeg": ".jpg", "text/plain": ".txt",
    "image/svg+xml": ".svg", "image/webp": ".webp", "image/avif": ".avif", "application/pdf": ".pdf",
    **dict.fromkeys(_HTML, ".html"),
}  # fmt: skip
_PASSIVE = frozenset({
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".ico", ".tif", ".tiff", ".woff", ".woff2", ".ttf",
    ".otf", ".mp4", ".m4v", ".webm", ".ogv", ".ogg", ".oga", ".mp3", ".m4a", ".wav", ".flac", ".aac", ".mov", ".pdf",
    ".txt", ".csv", ".css", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".zip",
    ".ics", ".vcf", ".epub", ".gpx",
})  # fmt: skip
"""What a browser or a file manager shows or asks about, and never runs as a page or a program."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is copied: pages, clicks away from the first one, bytes in all, and seconds that it may take."""

    pages: int = 30
    depth: int = 2
    bytes: int = 50_000_000
    seconds: float = 600.0


@dataclass(slots=True)
class Copied:
    """What was copied, and what was not: `missing` could not be fetched, `left_out` was beyond the limits.

    `scripted` is what leads somewhere only by a script, with the page where it was seen first.
    `refused` are those of `missing` that were never asked for, because of where they are: sentences for people.
    """

    title: str = ""
    pages: int = 0
    files: int = 0
    bytes: int = 0
    missing: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    scripted: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    forbidden: int = 0
    is_inside: bool = False


@dataclass
class Crawl:
    """One copy in the making, in the empty folder `into`; `banner` stands on every page.

    A site that was on the internet once is not `may_be_inside`: what answers in its name there is not the site.
    """

    start: str
    into: Path
    get: Get
    clock: Clock
    banner: str
    limits: Limits = field(default_factory=Limits)
    may_be_inside: bool = True
    copied: Copied = field(default_factory=Copied)
    task: Task = UNSEEN
    _names: dict[str, str | None] = field(default_factory=dict)
    _pages: list[tuple[str, MirroredPage]] = field(default_factory=list)
    _where: dict[str, str] = field(default_factory=dict)

    def run(self) -> Copied:
        """Copy it. Raises InputError where the first page cannot be had, or is no page."""
        self._until = self.clock.monotonic() + self.limits.seconds
        first = self._fetch(self.start)
        if not first.good:
            raise InputError(
                f"{self.start} cannot be copied: {first.trouble}", "open it in a browser and look"
            )
        if first.is_inside and not self.may_be_inside:
            words = _("{url} was on the internet when it was copied, and leads into a private network now")
            raise InputError(words.format(url=self.start), "it may be the log-in page of this network")
        self.copied.is_inside = first.is_inside
        if not _same_site(first.url, self.start):
            raise InputError(
                f"{self.start} leads to another site: {first.url}",
                "if that is the one, add it by its own address; it may be the log-in page of this network",
            )
        if not _is_page(first):
            raise InputError(f"{self.start} is no web page but {first.type or 'something else'}")
        self._robots = self._read_robots(first.url)
        queue = deque([(self.start, self.start, 0)])
        seen = {self.start.partition("#")[0], first.url}
        while queue:
            address, found_on, depth = queue.popleft()
            for link in self._take(address, found_on, first if address == self.start else None):
                if link in seen or not _same_site(link, first.url):
                    continue
                seen.add(link)
                if depth < self.limits.depth:
                    queue.append((link, address, depth + 1))
        for name, page in self._pages:
            self._write(name, page.finish(self._where, self.banner))
        self.copied.pages = len(self._pages)
        return self.copied

    def _take(self, address: str, found_on: str, fetched: Fetched | None) -> list[str]:
        """Take one address, which the page `found_on` names, into the copy; the addresses that it leads to."""
        if fetched is None:
            if not self._robots.can_fetch(AGENT, address):
                self.copied.forbidden += 1
                return []
            if len(self._pages) >= self.limits.pages or self._is_full():
                self.copied.left_out += 1
                return []
            self.clock.sleep(self._pause())
            fetched = self._fetch(address)
        if not fetched.good:
            self._miss(address, fetched, found_on)
            return []
        if not _is_page(fetched):
            name = self._file(fetched)
            if name is None:
                self._miss(address, fetched, found_on)
            else:
                self._where[address] = name
            return []
        if fetched.url in self._where:
            self._where[address] = self._where[fetched.url]
            return []
        page = MirroredPage(fetched.body, fetched.charset, fetched.url)
        name = _name(fetched.url, ".html") if self._pages else FIRST
        self._where[address] = self._where[fetched.url] = name
        self._pages.append((name, page))
        self.copied.title = self.copied.title or page.title
        links = list(page.links())
        for each in page.scripted():
            self.copied.scripted.setdefault(each, page.url)
        page.adapt(partial(self._keep, page.url))
        return links

    def _keep(self, page: str, address: str, need: Need) -> str | None:
        """Keep something that a page or a style sheet, `page`, needs; its address in the copy."""
        bare, hash_, fragment = address.partition("#")
        if bare not in self._names:
            self._names[bare] = None
            if self._is_full():
                self.copied.left_out += 1
                return None
            fetched = self._fetch(bare)
            if not fetched.good:
                self._miss(bare, fetched, page)
                return None
            self._names[bare] = self._kept(bare, need, fetched)
            if self._names[bare] is None:
                self._miss(bare, fetched, page)
        name = self._names[bare]
        return name + hash_ + fragment if name is not None and not name.startswith("data:") else name

    def _kept(self, address: str, need: Need, fetched: Fetched) -> str | None:
        if need == "font" and len(fetched.body) <= _LARGEST_FONT:
            self.copied.files += 1
            told = base64.b64encode(fetched.body).decode()
            return f"data:{fetched.type or 'font/woff2'};base64,{told}"
        if need != "css":
            return self._file(fetched)
        # The name stands before the sheet is read: two sheets may import each other.
        name = self._names[address] = _name(fetched.url, ".css")
        text = sheet_text(fetched.body, fetched.charset)
        keep = partial(self._from_sheet, sheet=fetched.url)
        self._write(name, adapt_css(text, keep, sheet_below).encode())
        self.copied.files += 1
        return name

    def _from_sheet(self, address: str, need: Need, sheet: str) -> str | None:
        try:
            found = urljoin(sheet, address.strip())
            known = urlsplit(found).scheme in ("http", "https")
        except ValueError:
            return None
        return self._keep(sheet, found, need) if known else address if stays(address) else None

    def _file(self, fetched: Fetched) -> str | None:
        """Keep it as a file under a name that makes it no page and no program; None for what may not be kept."""
        ending, body = _ending(fetched), fetched.body
        if ending == ".svg":
            drawing = clean_svg(body)
            if drawing is None:
                return None
            body = drawing
        elif ending not in _PASSIVE:
            ending = ".txt" if fetched.type.startswith("text/") or "xml" in fetched.type else ".bin"
        name = _name(fetched.url, ending)
        self._write(name, body)
        self.copied.files += 1
        return name

    def _miss(self, address: str, fetched: Fetched, page: str) -> None:
        """Note what is not in the copy, and why."""
        if fetched.is_refused:
            words = _("left out of {page}: {why}").format(page=page, why=fetched.trouble)
            self.copied.refused.append(words)
            self.copied.missing.append(words)
        else:
            why = fetched.trouble or _("it is no drawing that a copy may hold")
            self.copied.missing.append(f"{address}: {why}")

    def _write(self, name: str, content: bytes) -> None:
        (self.into / name).write_bytes(content)

    def _fetch(self, address: str) -> Fetched:
        self.task.advance(0, urlsplit(address).path or "/")
        fetched = self.get(address, max(0, self.limits.bytes - self.copied.bytes))
        self.copied.bytes += len(fetched.body)
        self.task.advance()
        return fetched

    def _is_full(self) -> bool:
        return self.copied.bytes >= self.limits.bytes or self.clock.monotonic() >= self._until

    def _read_robots(self, url: str) -> RobotFileParser:
        """What the site asks of programs (RFC 9309): no such file allows all, a server in trouble forbids all."""
        found = self.get(urljoin(url, "/robots.txt"), 500_000)
        robots = RobotFileParser()
        if found.good:
            robots.parse(found.body.decode("utf-8", errors="replace").splitlines())
        else:
            allows = found.status is not None and 400 <= found.status < 500
            robots.parse([] if allows else ["User-agent: *", "Disallow: /"])
        return robots

    def _pause(self) -> float:
        asked = self._robots.crawl_delay(AGENT)
        return min(float(asked), _LONGEST_PAUSE) if asked is not None else _PAUSE


def _is_page(fetched: Fetched) -> bool:
    return fetched.type in _HTML or (not fetched.type and fetched.body.lstrip()[:1] == b"<")


def _same_site(one: str, other: str) -> bool:
    first, second = urlsplit(canonical(one)), urlsplit(canonical(other))
    names = ((each.hostname or "").removeprefix("www.") for each in (first, second))
    return len(set(names)) == 1 and first.port == second.port


def _ending(fetched: Fetched) -> str:
    known = _ENDINGS.get(fetched.type) or mimetypes.guess_extension(fetched.type or "")
    written = Path(urlsplit(fetched.url).path).suffix
    return known or (written if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", written) else ".bin")


def _name(url: str, ending: str) -> str:
    """A file name that every system takes: readable, bounded, and one for each address."""
    parts = urlsplit(url)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2]).rpartition(".")
    said = re.sub(r"[^A-Za-z0-9]+", "-", last[0] or last[2]).strip("-").lower()[:40] or "page"
    return f"{said}-{sha256(url.encode()).hexdigest()[:10]}{ending}"
