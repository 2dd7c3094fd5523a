"""A maintenance page: a file that is there only while it says something, and the lines of docs/places.md about it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bcp.action.base import Done
from bcp.errors import StepFailed
from bcp.lever.place.base import Changed, PageCopy, PlaceDriver, PlaceEnv, Untried
from bcp.lever.place.file_way import EMPTY
from bcp.lever.place.kinds.folder import Folder
from bcp.lever.place.kinds.ftp import Ftp
from bcp.lever.place.kinds.webdav import Webdav
from bcp.office.place import OfficePlace
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.children import only_with
from tests.dav import dav_server
from tests.frozen import FrozenClock
from tests.ftpd import ftpd
from tests.offices import bcp
from tests.places import Desk, office_with
from tests.ports import free_port
from tests.servers import apache, needs_apache, needs_nginx, needs_sshd, nginx, sshd
from tests.test_place_twin import names, sftp_at
from tests.waiting import until

DOCS = (Path(__file__).parent.parent / "docs" / "places.md").read_text(encoding="utf-8")
SAID = EMPTY.replace(b"<!-- bcp:notice -->", b"<!-- bcp:notice --><p>We are away")


def lines(kind: str) -> str:
    part = DOCS.partition("## A maintenance page\n")[2].partition("\n## ")[0]
    found = re.search(rf"```{kind}\n(.*?)```", part, re.DOTALL)
    assert found
    return found[1]


def day(tmp_path: Path, root: Path, url: str) -> None:
    """A day on which every page says the notice, and afterwards the folder is as it was."""
    before = {path.name: path.read_bytes() for path in root.iterdir()}
    place = (
        f"  - {{place: website, url: '{url}/', page: maintenance.html, languages: [pl], "
        f"way: {{folder: {{path: '{root}', maintenance: yes}}}}}}\n"
    )
    desk = Desk(office_with(tmp_path / "office", place))
    tried = bcp(desk.office, "place", "test", "website").stdout
    assert "INCONCLUSIVE" in tried and "would take the site down for all" in tried and "seen at" in tried, (
        tried
    )
    assert httpx.get(url).status_code == 200
    deed = desk.publish("website")
    assert isinstance(deed, Done) and "seen at http" in deed.note, deed
    for address in (url, f"{url}/any/page.php"):
        page = httpx.get(address)
        assert (page.status_code, page.headers["Retry-After"]) == (503, "3600")
        assert (
            "prosimy dzwoni\u0107" in page.text.replace("&#263;", "\u0107")
            and "+48 22 600 00 99" in page.text
        )
    deed = desk.take_back("website")
    assert isinstance(deed, Done), deed
    assert {path.name: path.read_bytes() for path in root.iterdir()} == before
    assert httpx.get(url).status_code == 200


@needs_apache
def test_the_lines_for_apache_answer_every_page_with_the_notice_while_it_stands(tmp_path: Path) -> None:
    with apache(tmp_path) as server:
        (server.root / ".htaccess").write_text(lines("apache"), encoding="utf-8")
        (server.root / "index.html").write_text("the shop")
        day(tmp_path, server.root, f"http://127.0.0.1:{server.port}")


@needs_nginx
def test_the_lines_for_nginx_do_the_same(tmp_path: Path) -> None:
    with nginx(tmp_path, lines("nginx")) as server:
        (server.root / "index.html").write_text("the shop")
        day(tmp_path, server.root, f"http://127.0.0.1:{server.port}")


@contextmanager
def php(folder: Path, router: Path) -> Iterator[str]:
    port = free_port()
    command = ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder), str(router)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: _answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_the_lines_for_wordpress_do_the_same_and_leave_the_sign_in_open(tmp_path: Path) -> None:
    only_with("php")
    (tmp_path / "www").mkdir()
    (tmp_path / "plugin.php").write_text(lines("php"), encoding="utf-8")
    router = tmp_path / "router.php"
    router.write_text(
        f"<?php define('ABSPATH', '{tmp_path}/www/'); require '{tmp_path}/plugin.php'; echo 'the site';"
    )
    with php(tmp_path / "www", router) as url:
        day(tmp_path, tmp_path / "www", url)
        (tmp_path / "www" / "maintenance.html").write_bytes(SAID)
        assert httpx.get(f"{url}/").status_code == 503 and httpx.get(f"{url}/wp-login.php").status_code == 200


@pytest.fixture
def reach(tmp_path: Path) -> PlaceEnv:
    return PlaceEnv(Real(Secrets(tmp_path, os.environ)), FrozenClock(), tmp_path)


def there_and_away(way: PlaceDriver, reach: PlaceEnv) -> None:
    """It is read where it is not there, written, read, and taken away by writing that it says nothing."""
    page = "maintenance.html"
    assert way.fetch(reach, page) == PageCopy(EMPTY)
    way.store(reach, page, SAID, PageCopy(EMPTY))
    found = way.fetch(reach, page)
    assert found is not None and found.content == SAID
    with pytest.raises(Changed):
        way.store(reach, page, EMPTY, PageCopy(b"as it was read"))
    way.store(reach, page, EMPTY, found)
    way.store(reach, page, EMPTY, way.fetch(reach, page))
    assert way.fetch(reach, page) == PageCopy(EMPTY)
    assert isinstance(way.try_out(reach, page)[-1], Untried) and not way.is_shown()
    assert way.same(EMPTY, EMPTY.replace(b"2em", b"3em")) and not way.same(EMPTY, SAID)


def test_each_way_that_keeps_files_has_it(reach: PlaceEnv, tmp_path: Path) -> None:
    (tmp_path / "www").mkdir()
    there_and_away(Folder(path=str(tmp_path / "www"), maintenance=True), reach)
    assert not names(tmp_path / "www")
    with dav_server() as dav:
        there_and_away(Webdav(url=dav.url, maintenance=True), reach)
        assert not dav.files
    with ftpd() as ftp:
        there_and_away(Ftp(host="127.0.0.1", port=ftp.port, tls="none", maintenance=True), reach)
        assert not ftp.files


@needs_sshd
def test_sftp_has_it_too(tmp_path: Path, reach: PlaceEnv) -> None:
    with sshd(tmp_path) as server:
        way = sftp_at(server).model_copy(update={"maintenance": True})
        way.store(reach, "maintenance.html", SAID, PageCopy(EMPTY))
        assert (server.root / "maintenance.html").read_bytes() == SAID
        way.store(reach, "maintenance.html", EMPTY, PageCopy(SAID))
        assert not names(server.root)


def test_without_it_a_page_that_is_not_there_is_none_and_a_status_page_is_never_one(
    reach: PlaceEnv, tmp_path: Path
) -> None:
    assert Folder(path=str(tmp_path)).fetch(reach, "maintenance.html") is None
    way = {"folder": {"path": str(tmp_path), "maintenance": "yes"}}
    with pytest.raises(ValueError, match="always there"):
        OfficePlace.model_validate({"place": "status", "kind": "status-page", "way": way})
    with pytest.raises(ValueError, match="one office's own"):
        OfficePlace.model_validate({"place": "site", "page": "m.html", "mark": "kropka", "way": way})


def test_what_cannot_be_taken_away_is_said(tmp_path: Path, reach: PlaceEnv) -> None:
    with dav_server() as dav:
        dav.files["maintenance.html"] = SAID
        way = Webdav(url=dav.url, maintenance=True)
        dav.refuses = "DELETE"
        with pytest.raises(StepFailed, match="does not let"):
            way.store(reach, "maintenance.html", EMPTY, PageCopy(SAID))
