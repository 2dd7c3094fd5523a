"""The copies of an office on its disk: added, refreshed whole or not at all, listed, removed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bcp.clock import Clock
from bcp.errors import InputError, StoreError
from bcp.event import moment, stamp
from bcp.files import not_written, take_place, what_to_do, why, write_whole
from bcp.i18n import _
from bcp.mirror.crawl import FIRST, Copied, Crawl, Get, Limits
from bcp.mirror.old_copy import make_passive
from bcp.private import make_folder
from bcp.progress import UNSEEN, Task
from bcp.times import local
from bcp.yaml.near import did_you_mean
from bcp.yaml.yaml_text import as_yaml

_LONGEST_NAME = 33
"""With `mirror-` before it, it is the name of a check, which has 40 letters."""

_LONGEST_SHOWN = 70

FOLDER = "mirrors"
STAMP = "fetched"
_FILE = "mirror.json"
_COPY, _NEW, _OLD = "copy", "copy.new", "copy.old"


@dataclass(frozen=True, slots=True)
class Mirror:
    """One copy: of what, within which limits, since when, and what became of the last try.

    `scripted` are sentences: what leads somewhere only by a script of the site, and therefore nowhere in the copy.
    `inside` says whether the site was inside a private network when it was copied; None where that was not looked at.
    """

    name: str
    url: str
    limits: Limits
    fetched_at: datetime | None = None
    title: str = ""
    pages: int = 0
    files: int = 0
    bytes: int = 0
    missing: tuple[str, ...] = ()
    scripted: tuple[str, ...] = ()
    trouble: str = ""
    inside: bool | None = None

    def age(self, now: datetime) -> timedelta | None:
        """How old it is."""
        return None if self.fetched_at is None else max(now - self.fetched_at, timedelta())

    def as_data(self) -> dict[str, Any]:
        """As the file keeps it."""
        at = stamp(self.fetched_at) if self.fetched_at else None
        return {
            **asdict(self),
            "fetched_at": at,
            "missing": list(self.missing),
            "scripted": list(self.scripted),
        }


class Refreshed(NamedTuple):
    """A copy as it is now, and what was copied; None where it stayed as it was."""

    mirror: Mirror
    copied: Copied | None


class Archive:
    """The folder `mirrors/` of an office."""

    def __init__(self, office: Path, zone: ZoneInfo, clock: Clock) -> None:
        """Copies show their date in `zone`, the office's."""
        self._folder = office / FOLDER
        self.zone = zone
        self._clock = clock

    def all(self) -> list[Mirror]:
        """Every copy, by name. Raises InputError for a file that was changed by hand and cannot be read."""
        return [_read(path) for path in sorted(self._folder.glob(f"*/{_FILE}"))]

    def find(self, name: str) -> Mirror:
        """The copy of that name. Raises InputError with what there is."""
        known = {mirror.name: mirror for mirror in self.all()}
        if name not in known:
            hint = did_you_mean(name, known) or (
                "copies: " + ", ".join(known) if known else "add one: bcp place mirror add ADDRESS"
            )
            raise InputError(f'there is no copy "{name}"', hint)
        return known[name]

    def add(self, url: str, name: str | None, limits: Limits) -> Mirror:
        """A copy to be made. Raises InputError for an address that is none, and for a name that is taken."""
        address = web_address(url)
        called = name or name_for(address)
        if not called:
            raise InputError(f"no name can be made of {address}", "give it one: --name bakery")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", called) or len(called) > _LONGEST_NAME:
            hint = f"small letters, digits and dashes, at most {_LONGEST_NAME}: --name bakery"
            raise InputError(f'"{called}" cannot be the name of a copy', hint)
        for each in self.all():
            if each.name == called:
                raise InputError(f'there is a copy "{called}" already, of {each.url}',
                                 f"bcp place mirror refresh {called}   or give this one a --name")  # fmt: skip
        return Mirror(called, address, limits)

    def refresh(self, mirror: Mirror, get: Get, task: Task = UNSEEN) -> Refreshed:
        """Fetch it anew and put it in the place of the old one; where that fails the old one stays, with the reason."""
        home = self._folder / mirror.name
        new = home / _NEW
        now = self._clock.now()
        words = _("Copy of {url} of {time}. It is read from this computer, without internet.")
        banner = words.format(url=_shortened(mirror.url), time=local(now, self.zone))
        try:
            shutil.rmtree(new, ignore_errors=True)
            make_folder(new)
            may_be_inside = mirror.inside is not False
            crawl = Crawl(
                mirror.url, new, get, self._clock, banner, mirror.limits, may_be_inside, task=task
            )  # fmt: skip
            copied = crawl.run()
            self._swap(home)
        except InputError as error:
            shutil.rmtree(new, ignore_errors=True)
            return Refreshed(self._failed(mirror, error), None)
        except OSError as error:
            shutil.rmtree(new, ignore_errors=True)
            self._drop_empty(home)
            raise not_written(error.filename or home, error) from None
        found = Mirror(
            mirror.name, mirror.url, mirror.limits, now, copied.title, copied.pages, copied.files, copied.bytes,
            tuple(copied.missing), tuple(f"{page}: {what}" for what, page in copied.scripted.items()),
            inside=copied.is_inside,
        )  # fmt: skip
        self._write(found)
        write_whole(home / STAMP, stamp(now) + "\n")
        return Refreshed(found, copied)

    def page(self, mirror: Mirror) -> Path:
        """The file to open first, of a copy in which nothing runs. Raises InputError where there is no copy yet."""
        folder = self.folder(mirror)
        if not (folder / FIRST).exists():
            raise InputError(f'"{mirror.name}" was never fetched', f"bcp place mirror refresh {mirror.name}")
        make_passive(folder)
        return folder / FIRST

    def folder(self, mirror: Mirror) -> Path:
        """Where its files are at this moment; a refresh may take their place at any time."""
        home = self._folder / mirror.name
        # The old one is in its place if a refresh was cut off between two renames.
        return home / _COPY if (home / _COPY / FIRST).exists() else home / _OLD

    def remove(self, mirror: Mirror) -> None:
        """Delete a copy. Raises StoreError where that is not allowed; it is still listed then."""
        home = self._folder / mirror.name
        try:
            # Its list entry last: what could not be deleted whole can be deleted again.
            for each in sorted(home.iterdir(), key=lambda one: one.name == _FILE):
                shutil.rmtree(each) if each.is_dir() else each.unlink()
            home.rmdir()
        except OSError as error:
            words = f"{error.filename or home} cannot be deleted: {why(error)}"
            raise StoreError(words, what_to_do(error)) from None

    def _failed(self, mirror: Mirror, error: InputError) -> Mirror:
        kept = replace(mirror, trouble=error.message)
        if mirror.fetched_at is not None:
            self._write(kept)
        self._drop_empty(self._folder / mirror.name)
        return kept

    def _drop_empty(self, home: Path) -> None:
        """Leave no folder behind of a copy that was never made."""
        if home.is_dir() and not (home / _FILE).exists() and not (home / _COPY).exists():
            shutil.rmtree(home, ignore_errors=True)

    def _swap(self, home: Path) -> None:
        if (home / _COPY).exists():
            shutil.rmtree(home / _OLD, ignore_errors=True)
            take_place(home / _COPY, home / _OLD)
        take_place(home / _NEW, home / _COPY)
        shutil.rmtree(home / _OLD, ignore_errors=True)

    def _write(self, mirror: Mirror) -> None:
        told = json.dumps(mirror.as_data(), ensure_ascii=False, indent=2)
        write_whole(self._folder / mirror.name / _FILE, told + "\n")


def web_address(said: str) -> str:
    """The address of a page, https where nothing is said. Raises InputError for anything else."""
    text = said.strip()
    address = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(address)
        port = parts.port or 0
    except ValueError:
        parts, port = urlsplit(""), -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port < 0 or not _is_plain(text):
        raise InputError(f'"{said}" is no address of a web page', "such as https://www.example.com/")
    if parts.username or parts.password:
        raise InputError("an address with a password in it is not kept", "only pages that everybody can see")
    return address


def _is_plain(text: str) -> bool:
    return text.isprintable() and not any(map(str.isspace, text))


def _shortened(address: str) -> str:
    """An address as the bar of a copy has room for it."""
    return address if len(address) <= _LONGEST_SHOWN else address[: _LONGEST_SHOWN - 1] + "…"


def name_for(address: str) -> str:
    """`www-example-com` for https://www.example.com/."""
    host = (urlsplit(address).hostname or "").lower()
    return re.sub(r"[^a-z0-9]+", "-", host).strip("-")[:_LONGEST_NAME].strip("-")


def check_for(mirror: Mirror, within: str) -> str:
    """The text of a check that warns when the copy is older than `within`: an old copy is no outage."""
    told = {
        "check": f"mirror-{mirror.name}",
        "title": f"The copy of {mirror.url} on this computer",
        "every": "1h",
        "confirm": "1 look in 1s",
        "probes": [{"heartbeat": {"file": f"{FOLDER}/{mirror.name}/{STAMP}", "warn_after": within}}],
    }
    return "# yaml-language-server: $schema=../.schema/check.json\n" + as_yaml(told)


def _read(path: Path) -> Mirror:
    try:
        told: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        at = told["fetched_at"]
        return Mirror(**{
            **told,
            "limits": Limits(**told["limits"]),
            "fetched_at": moment(at) if at else None,
            "missing": tuple(told["missing"]),
            "scripted": tuple(told.get("scripted", ())),
        })  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{path} cannot be read", "delete its folder, and add the copy again") from None
