"""A trial does to a twin beside the page what the day does to the page: what would fail then fails in the trial."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcp.errors import StepFailed
from bcp.lever.place.base import Changed, PageCopy, PlaceDriver, PlaceEnv, Untried
from bcp.lever.place.beside import OLDER, beside, is_left
from bcp.lever.place.kinds.command import Command
from bcp.lever.place.kinds.folder import Folder
from bcp.lever.place.kinds.sftp import Sftp
from bcp.lever.place.kinds.webdav import Webdav
from bcp.lever.place.listing import listed
from bcp.outside import Program, Ran
from bcp.world.real import Real
from bcp.world.secret import Secrets
from tests.between import Fault, between
from tests.dav import Dav, dav_server
from tests.frozen import FrozenClock
from tests.places import PAGE, Desk, office_with
from tests.servers import (
    PASSWORD,
    Server,
    apache,
    me,
    needs_apache,
    needs_nginx,
    needs_root,
    needs_sshd,
    nginx,
    sshd,
)

LONG = b"<p>" + b"long " * 20_000 + b"</p>"


@pytest.fixture
def reach(tmp_path: Path) -> PlaceEnv:
    return PlaceEnv(Real(Secrets(tmp_path, {**os.environ, "DAV": PASSWORD})), FrozenClock(), tmp_path)


@pytest.fixture(scope="module")
def httpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with apache(tmp_path_factory.mktemp("apache")) as server:
        yield server


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with nginx(tmp_path_factory.mktemp("nginx")) as server:
        yield server


@pytest.fixture
def memory() -> Iterator[Dav]:
    with dav_server() as server:
        server.files["kontakt.php"] = LONG
        yield server


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def not_tried(way: PlaceDriver, reach: PlaceEnv, page: str) -> str:
    """Why the trial fails."""
    with pytest.raises(StepFailed) as failed:
        way.try_out(reach, page)
    return failed.value.message


# The names


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [
        ("kontakt.php", "kontakt-bcp-", ".php"),
        ("a folder/k.php.en", "a folder/k-bcp-", ".php.en"),
        ("kontakt", "kontakt-bcp-", ""),
        (".htaccess", ".htaccess-bcp-", ""),
        (".user.ini", ".user-bcp-", ".ini"),
    ],
)
def test_what_waits_beside_a_page_keeps_its_endings_and_is_known_again_by_its_office_alone(
    reach: PlaceEnv, tmp_path: Path, page: str, first: str, last: str
) -> None:
    other = PlaceEnv(reach.world, reach.clock, tmp_path / "other")
    name, again = beside(page, reach), beside(page, reach)
    assert name != again and name.startswith(first) and name.endswith(last)
    own = name.rpartition("/")[2]
    assert is_left(own, page, reach) and not is_left(own, page, other)
    assert not is_left(page.rpartition("/")[2], page, reach) and not is_left("x" + own, page, reach)
    assert is_left(page.rpartition("/")[2] + OLDER, page, other), "that of an older version has no office"
    assert beside(page, reach, b"1") == beside(page, reach, b"1") != beside(page, reach, b"2")
    assert beside(page, reach, b"1") != beside(page, other, b"1")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            "-rw-rw-r--    ? nobody   www-data     1234 Nov 29 13:58 sub/a page.html",
            ("-", 0o664, "a page.html"),
        ),
        (
            "lrwxrwxrwx    1 1001     33              9 Nov 29  2025 a.html -> b/c.html",
            ("l", 0o777, "a.html"),
        ),
        ("-rwsr-xr-T+   1 web web 5 29 lis 13:58 .htaccess", ("-", 0o754, ".htaccess")),
        ("drwxr-xr-t    2 web web 4096 2026-11-29 13:58 www", ("d", 0o755, "www")),
        ("11-29-26  01:58PM                 1234 kontakt.html", None),
        ("sftp> ls -la kontakt.html", None),
    ],
)
def test_a_line_of_a_list_is_read_as_servers_write_it(line: str, found: tuple[str, int, str] | None) -> None:
    read = [(one.kind, one.mode, one.name) for one in listed(f"total 4\r\n{line}\r\n")]
    assert read == ([found] if found else [])


# WebDAV


def test_a_server_that_keeps_the_first_part_of_a_file_is_noticed_before_the_page_is_touched(
    memory: Dav, reach: PlaceEnv
) -> None:
    memory.cut = 65536
    way = Webdav(url=memory.url)
    assert "kept only 65536 of" in not_tried(way, reach, "kontakt.php")
    with pytest.raises(StepFailed, match="kept only 65536 of 100008 bytes; nothing was changed"):
        way.store(reach, "kontakt.php", LONG + b"!", PageCopy(LONG))
    assert memory.files == {"kontakt.php": LONG}


def test_a_server_that_runs_the_page_instead_of_handing_it_out_fails_in_the_trial(
    memory: Dav, reach: PlaceEnv
) -> None:
    memory.runs = True
    assert "runs the page instead of handing it out" in not_tried(
        Webdav(url=memory.url), reach, "kontakt.php"
    )
    assert memory.files == {"kontakt.php": LONG}


def test_a_server_that_moves_nothing_over_a_file_fails_in_the_trial_as_on_the_day(
    memory: Dav, reach: PlaceEnv
) -> None:
    memory.overwrites = False
    way = Webdav(url=memory.url)
    assert "moves no file over another one" in not_tried(way, reach, "kontakt.php")
    with pytest.raises(StepFailed, match="moves no file over another one"):
        way.store(reach, "kontakt.php", b"new", PageCopy(LONG))
    assert memory.files == {"kontakt.php": LONG}


def test_a_server_that_takes_our_address_of_it_for_another_one_is_told(memory: Dav, reach: PlaceEnv) -> None:
    memory.no_move = 502
    told = not_tried(Webdav(url=memory.url), reach, "kontakt.php")
    assert "answered 502: to it" in told and "a proxy before it ends the encryption" in told
    assert list(memory.files) == ["kontakt.php"]


def test_where_no_condition_is_heeded_it_is_said_and_a_change_is_seen_before_the_move(
    memory: Dav, reach: PlaceEnv
) -> None:
    way = Webdav(url=memory.url)
    told = way.try_out(reach, "kontakt.php")
    assert (
        "moved over another and taken away" in told[0] and "does not notice if somebody else saves" in told[1]
    )
    with pytest.raises(Changed):
        way.store(reach, "kontakt.php", b"new", PageCopy(b"as it was read"))
    assert memory.files == {"kontakt.php": LONG}
    way.store(reach, "kontakt.php", b"new", PageCopy(LONG))
    assert memory.files == {"kontakt.php": b"new"}


def test_where_the_move_is_refused_although_nobody_changed_the_page_it_is_made_without_the_condition(
    memory: Dav, reach: PlaceEnv
) -> None:
    with between(memory.url.rstrip("/")) as way:
        way.once("MOVE", "", Fault(412))
        Webdav(url=way.url).store(reach, "kontakt.php", b"new", PageCopy(LONG))
        assert [("If" in one.headers) for one in way.asked if one.method == "MOVE"] == [True, False]
    assert memory.files == {"kontakt.php": b"new"}


@needs_apache
@pytest.mark.parametrize("door", ["dav", "digest"])
def test_by_apache_a_page_is_written_with_either_login_and_what_was_left_is_swept(
    httpd: Server, reach: PlaceEnv, tmp_path: Path, door: str
) -> None:
    page = "kontakt \u017a.php"
    left = [beside(page, reach), page + OLDER]
    others = [beside(page, PlaceEnv(reach.world, reach.clock, tmp_path / "other")), "index.php.bcp-new"]
    for each in (page, *left, *others):
        (httpd.root / each).write_bytes(b"old")
        if os.geteuid() == 0:
            os.chown(httpd.root / each, *_owner(httpd.root))
    with between(f"http://127.0.0.1:{httpd.port}") as seen:
        way = Webdav(url=f"{seen.url}/{door}/", user="office", password="env:DAV")
        os.utime(httpd.root / page, (1, 1))
        assert len(way.try_out(reach, page)) == 1, "Apache heeds a condition"
        assert names(httpd.root) == sorted([page, *others])
        way.store(reach, page, b"new", way.fetch(reach, page))
        logins = {one.headers.get("Authorization", "").partition(" ")[0] for one in seen.asked}
    assert (httpd.root / page).read_bytes() == b"new"
    assert names(httpd.root) == sorted([page, *others])
    assert logins == {"", "Basic" if door == "dav" else "Digest"}
    for each in (page, *others):
        (httpd.root / each).unlink()


def _owner(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid


@needs_apache
def test_a_wrong_password_is_said_with_either_login(httpd: Server, tmp_path: Path) -> None:
    reach = PlaceEnv(Real(Secrets(tmp_path, {"DAV": "another"})), FrozenClock(), tmp_path)
    for door in ("dav", "digest"):
        way = Webdav(url=f"http://127.0.0.1:{httpd.port}/{door}/", user="office", password="env:DAV")
        assert "does not take the password of office (401)" in not_tried(way, reach, "k.html")
        nobody = Webdav(url=f"http://127.0.0.1:{httpd.port}/{door}/")
        assert "wants a user and a password, and bcp.yaml names none" in not_tried(nobody, reach, "k.html")


@needs_nginx
def test_what_is_wrong_with_the_address_or_the_login_has_a_sentence_each(
    web: Server, reach: PlaceEnv
) -> None:
    with between(f"http://127.0.0.1:{web.port}") as way:
        plain_to_tls = Webdav(url=f"http://127.0.0.1:{web.secure}", user="office", password="env:DAV")
        assert "speaks only with encryption there" in not_tried(plain_to_tls, reach, "k.html")
        tls_to_plain = Webdav(url=f"https://127.0.0.1:{web.port}", user="office", password="env:DAV")
        assert "speaks without encryption at https" in not_tried(tls_to_plain, reach, "k.html")
        for challenge, kinds in (
            ("Negotiate, NTLM", "Negotiate, NTLM"),
            ('Bearer realm="a, b", error="x"', "Bearer"),
        ):
            headers = {"WWW-Authenticate": challenge}
            way.rule = lambda _asked, headers=headers: Fault(401, headers)
            dav = Webdav(url=way.url, user="office", password="env:DAV")
            assert f"a login of another kind than ours: {kinds} (401)" in not_tried(dav, reach, "k.html")
        way.rule = lambda _asked: Fault(
            401, {"WWW-Authenticate": 'Digest realm="x", nonce="y", qop="auth-int"'}
        )
        assert "does not take the password" in not_tried(dav, reach, "k.html")


@pytest.mark.parametrize(
    ("url", "meant"),
    [("davs://dav.example/www", "https://dav.example/www"), ("webdav://dav.example", "http://dav.example")],
)
def test_an_address_as_file_managers_write_it_is_refused_with_the_one_that_is_meant(
    url: str, meant: str
) -> None:
    with pytest.raises(ValueError, match=f'write "{meant}"'):
        Webdav(url=url)


@needs_nginx
def test_what_a_broken_off_write_left_at_nginx_is_gone_once_the_step_is_done_again(
    web: Server, reach: PlaceEnv
) -> None:
    with between(f"http://127.0.0.1:{web.port}") as way:
        (web.root / "kontakt.php").write_bytes(b"old")
        dav = Webdav(url=way.url, user="office", password="env:DAV")
        way.once("MOVE", "", Fault(500))
        with pytest.raises(StepFailed):
            dav.store(reach, "kontakt.php", b"new", PageCopy(b"old"))
        assert len(names(web.root)) == 2
        dav.store(reach, "kontakt.php", b"new", PageCopy(b"old"))
        assert names(web.root) == ["kontakt.php"]


# SFTP


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


def sftp_at(server: Server, **more: str) -> Sftp:
    files = {"key": str(server.folder / "key"), "known_hosts": str(server.folder / "known")}
    return Sftp(
        host="127.0.0.1", port=server.port, user=me(), **{"folder": str(server.root), **files, **more}
    )


@needs_sshd
def test_a_server_without_posix_rename_fails_in_the_trial_and_keeps_no_source_of_a_page(
    tmp_path: Path, reach: PlaceEnv
) -> None:
    with sshd(tmp_path, "internal-sftp -P posix-rename") as server:
        page = server.root / "kontakt.php"
        page.write_text("<?php $db = 'secret';", encoding="utf-8")
        way = sftp_at(server)
        assert "renames no file over another one" in not_tried(way, reach, "kontakt.php")
        assert names(server.root) == ["kontakt.php"]
        with pytest.raises(StepFailed):
            way.store(reach, "kontakt.php", b"new", way.fetch(reach, "kontakt.php"))
        assert names(server.root) == ["kontakt.php"] and "secret" in page.read_text()


@needs_sshd
def test_by_sftp_the_rights_of_a_page_stay_and_what_was_left_is_swept(ssh: Server, reach: PlaceEnv) -> None:
    page = ssh.root / "kontakt [1].php"
    page.write_text("old")
    page.chmod(0o664)
    if os.geteuid() == 0:
        os.chown(page, 1, 33)
    for each in (beside(page.name, reach), page.name + OLDER):
        (ssh.root / each).write_text("left")
    way = sftp_at(ssh)
    before = page.stat()
    assert len(way.try_out(reach, page.name)) == 1
    assert names(ssh.root) == [page.name]
    (ssh.root / beside(page.name, reach)).write_text("left")
    way.store(reach, page.name, b"new", PageCopy(b"old"))
    now = page.stat()
    assert (now.st_mode, now.st_uid, now.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert names(ssh.root) == [page.name] and page.read_bytes() == b"new"
    page.unlink()


@needs_sshd
def test_by_sftp_a_page_of_any_name_is_found_also_from_cron_and_keeps_its_rights(
    ssh: Server, reach: PlaceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    name = "-żółć 1 " + "ż" * 115 + ".php"
    page, way = ssh.root / name, sftp_at(ssh)
    assert way.fetch(reach, name) is None
    page.write_text("old")
    page.chmod(0o664)
    assert len(way.try_out(reach, name)) == 1
    way.store(reach, name, b"new", PageCopy(b"old"))
    assert page.read_bytes() == b"new" and page.stat().st_mode & 0o777 == 0o664
    assert names(ssh.root) == [name]
    page.unlink()


class Weak(Real):
    """Real programs for an account that may give no file to anybody: those commands are left out."""

    def run(self, program: Program) -> Ran:
        if program.arguments[0] == "sftp":
            batch = Path(str(program.arguments[2]))
            lines = [
                line for line in batch.read_text().splitlines() if not line.startswith(("-chgrp", "-chown"))
            ]
            batch.write_text("\n".join(lines) + "\n")
        return super().run(program)


@needs_sshd
@needs_root
def test_where_the_web_server_could_not_read_ours_nothing_is_renamed_and_lesser_changes_are_said(
    ssh: Server, tmp_path: Path
) -> None:
    reach = PlaceEnv(Weak(Secrets(tmp_path, os.environ)), FrozenClock(), tmp_path)
    page = ssh.root / "kontakt.php"
    page.write_text("old")
    os.chown(page, 0, 33)
    page.chmod(0o640)
    way = sftp_at(ssh)
    words = (
        "the rights root:www-data 640, and ours would have root:root 640: the web server could not read it"
    )
    assert words in not_tried(way, reach, page.name)
    with pytest.raises(StepFailed, match="the web server could not read it; nothing was changed"):
        way.store(reach, page.name, b"new", PageCopy(b"old"))
    assert names(ssh.root) == [page.name] and page.read_text() == "old"
    page.chmod(0o664)
    told = way.try_out(reach, page.name)
    assert told[1:] == [
        "kontakt.php has the rights root:www-data 664 now, and will have root:root 664 once it is written by us"
    ]
    page.unlink()


@needs_sshd
def test_why_a_key_opens_nothing_is_told_with_a_command_that_tries_the_same(
    ssh: Server, reach: PlaceEnv, tmp_path: Path
) -> None:
    locked, loose, strange = (tmp_path / name for name in ("locked key", "loose", "strange"))
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    loose.write_bytes((ssh.folder / "key").read_bytes())
    loose.chmod(0o644)
    strange.write_text("no key")
    strange.chmod(0o600)
    causes = {
        locked: "is locked with a passphrase",
        loose: "can be read by others on this computer",
        strange: "is no private key that ssh can read",
        tmp_path / "none": "there is no key",
        ssh.folder / "other": "is not known there, or not for this user",
    }
    for key, words in causes.items():
        with pytest.raises(StepFailed) as failed:
            sftp_at(ssh, key=str(key)).fetch(reach, "kontakt.php")
        assert words in failed.value.message and str(key) in failed.value.message, failed.value
    by_hand = failed.value.hint.partition("by hand: ")[2]
    assert f"-oPort={ssh.port} -i {ssh.folder / 'other'}" in by_hand and by_hand.endswith(f"{me()}@127.0.0.1")
    good = by_hand.replace(str(ssh.folder / "other"), str(ssh.folder / "key")).replace(
        "sftp ", "sftp -b /dev/null "
    )
    assert subprocess.run(good, shell=True, check=False, capture_output=True).returncode == 0
    (tmp_path / "known").write_text(f"[127.0.0.1]:{ssh.port} {(ssh.folder / 'other.pub').read_text()}")
    with pytest.raises(StepFailed, match="its host key has changed") as failed:
        sftp_at(ssh, known_hosts=str(tmp_path / "known")).fetch(reach, "kontakt.php")
    forget = failed.value.hint.partition("if it is: ")[2].partition("   ")[0]
    assert subprocess.run(forget, shell=True, check=False, capture_output=True).returncode == 0
    assert "127.0.0.1" not in (tmp_path / "known").read_text()


@needs_sshd
def test_a_folder_that_is_not_there_is_named(ssh: Server, reach: PlaceEnv) -> None:
    assert "there is no folder /nowhere" in not_tried(sftp_at(ssh, folder="/nowhere"), reach, "k.html")


def test_a_scheme_is_no_part_of_a_name_of_a_server() -> None:
    with pytest.raises(ValueError, match=r'write the name of the server alone: "www\.office\.test"'):
        Sftp(host="sftp://www.office.test/www", folder="/")


# A program


COPY = """import pathlib, sys
deed, page, file = sys.argv[1:]
there = pathlib.Path("www") / page
if deed == "read":
    sys.exit(3) if not there.exists() else pathlib.Path(file).write_bytes(there.read_bytes())
elif deed == "write":
    there.write_bytes(pathlib.Path(file).read_bytes()[:CUT])
else:
    there.unlink()
"""


@pytest.mark.parametrize("cut", ["None", "65536"])
def test_with_a_program_that_takes_a_page_away_a_command_is_tried_whole_and_without_it_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reach: PlaceEnv, cut: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "kontakt.php").write_bytes(LONG)
    (tmp_path / "copy.py").write_text(COPY.replace("CUT", cut))
    programs = {
        deed: [sys.executable, "copy.py", deed, "{page}", "{file}"] for deed in ("read", "write", "remove")
    }
    way = Command(missing=[3], **programs)
    if cut == "None":
        assert "taken away" in way.try_out(reach, "kontakt.php")[0]
    else:
        assert "is not what is read there" in not_tried(way, reach, "kontakt.php")
    assert names(tmp_path / "www") == ["kontakt.php"]
    (told,) = Command(**{**programs, "remove": None}).try_out(reach, "kontakt.php")
    assert isinstance(told, Untried) and "nothing was written" in told


# A folder


@needs_root
def test_in_a_folder_the_trial_finds_what_keeps_this_very_page_from_being_replaced(reach: PlaceEnv) -> None:
    with tempfile.TemporaryDirectory() as made:
        www, other = Path(made) / "www", Path(made) / "other"
        for folder, mode in ((Path(made), 0o755), (www, 0o1777), (other, 0o755)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        for file in (www / "theirs.html", other / "page.html"):
            file.write_bytes(LONG)
        (www / "planted.html").symlink_to(other / "page.html")
        os.chown(www / "planted.html", 4242, -1, follow_symlinks=False)
        (www / "link.html").symlink_to(other / "page.html")
        way, told = Folder(path=str(www)), {}
        os.seteuid(65534)
        try:
            for page in ("theirs", "planted", "link"):
                told[page] = not_tried(way, reach, f"{page}.html")
                with pytest.raises(StepFailed):
                    way.store(reach, f"{page}.html", b"new", PageCopy(LONG))
        finally:
            os.seteuid(0)
        assert "each may replace only what is theirs" in told["theirs"]
        assert "a link of somebody else" in told["planted"]
        assert "nothing may be written into that folder" in told["link"]
        assert names(www) == ["link.html", "planted.html", "theirs.html"]


def test_in_a_folder_the_trial_replaces_a_file_in_the_folder_of_the_page_and_leaves_nothing(
    reach: PlaceEnv, tmp_path: Path
) -> None:
    (tmp_path / "www" / "de").mkdir(parents=True)
    (tmp_path / "www" / "de" / "kontakt.php").write_text("old")
    way = Folder(path=str(tmp_path / "www"))
    assert "www/de can be written, replaced" in way.try_out(reach, "de/kontakt.php")[0]
    assert names(tmp_path / "www" / "de") == ["kontakt.php"] and names(tmp_path / "www") == ["de"]
    assert "there is no folder" in not_tried(way, reach, "fr/kontakt.php")


@needs_apache
def test_two_incidents_at_one_page_take_away_their_own_in_any_order_at_apache_and_where_no_etag_counts(
    httpd: Server, memory: Dav, tmp_path: Path
) -> None:
    page = httpd.root / "kontakt.html"
    page.write_text(PAGE, encoding="utf-8")
    memory.files = {"kontakt.html": PAGE.encode()}
    for url, seen in (
        (f"http://127.0.0.1:{httpd.port}/digest/", lambda: (page.read_bytes(), names(httpd.root))),
        (memory.url, lambda: dict(memory.files)),
    ):
        way = f"{{webdav: {{url: '{url}', user: office, password: env:DAV}}}}"
        place = f"  - {{place: website, page: kontakt.html, way: {way}}}\n"
        office = office_with(tmp_path / f"office-{url.rpartition(':')[2].strip('/')}", place)
        Desk(office, {"DAV": PASSWORD}).overlap("website", seen)
    page.unlink()
