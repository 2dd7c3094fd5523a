"""Pages on servers that keep files for us, OpenSSH and nginx for real: never a half page, whatever fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from bcp.action.base import Deed, Done, Failed
from bcp.errors import StepFailed, Unsure
from bcp.lever.place.base import Changed, PlaceEnv
from bcp.lever.place.kinds.sftp import Sftp
from bcp.lever.place.kinds.webdav import Webdav
from bcp.outside import Program, Ran
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.between import Asked, Between, Fault, between
from tests.frozen import FrozenClock
from tests.offices import bcp
from tests.places import PAGE, SHOWN, Desk, Person, office_with
from tests.servers import PASSWORD, Server, me, needs_nginx, needs_root, needs_sshd, nginx, sshd

SECRETS = {"DAV": PASSWORD}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with nginx(tmp_path_factory.mktemp("nginx")) as server:
        yield server


@pytest.fixture(scope="module")
def way(web: Server) -> Iterator[Between]:
    with between(f"http://127.0.0.1:{web.port}") as found:
        yield found


@pytest.fixture(scope="module")
def ssh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture
def dav(web: Server, way: Between, tmp_path: Path) -> Desk:
    """An office that writes by WebDAV, its page as it was."""
    way.rule, way.asked, way.etags = lambda _asked: None, [], "strong"
    return dav_at(way.url, web, tmp_path)


def dav_at(url: str, web: Server, folder: Path, user: str = "office") -> Desk:
    (web.root / "kontakt.html").write_text(PAGE, encoding="utf-8")
    place = (
        f"  - {{place: website, url: 'http://127.0.0.1:{web.port}/kontakt.html', page: kontakt.html, "
        f"way: {{webdav: {{url: '{url}', user: {user}, password: env:DAV}}}}}}\n"
    )
    return Desk(office_with(folder / "office", place), SECRETS)


@pytest.fixture
def ftp(ssh: Server, tmp_path: Path) -> Desk:
    """An office that writes by SFTP, its page as it was."""
    return ftp_at(ssh, tmp_path)


def ftp_at(
    ssh: Server, folder: Path, key: str = "key", known: str = "known", where: Path | None = None
) -> Desk:
    (ssh.root / "kontakt.html").write_text(PAGE, encoding="utf-8")
    files = f"key: {ssh.folder / key}, known_hosts: {ssh.folder / known}"
    place = (
        f"  - {{place: website, page: kontakt.html, way: {{sftp: {{host: 127.0.0.1, port: {ssh.port}, user: {me()}, "
        f"folder: '{where or ssh.root}', {files}}}}}}}\n"
    )
    return Desk(office_with(folder / "office", place))


def done(deed: Deed) -> Done:
    assert isinstance(deed, Done), deed
    return deed


def why(deed: Deed) -> str:
    assert isinstance(deed, Failed), deed
    return deed.why


def page(server: Server) -> str:
    """The page; nothing else of ours may lie beside it."""
    assert [path.name for path in server.root.iterdir()] == ["kontakt.html"]
    return (server.root / "kontakt.html").read_text(encoding="utf-8")


# WebDAV


@needs_nginx
def test_by_webdav_a_page_says_it_and_is_given_back(web: Server, dav: Desk) -> None:
    assert "seen at http" in done(dav.publish("website")).note
    assert SHOWN in page(web)
    done(dav.take_back("website"))
    assert page(web) == PAGE


@needs_nginx
def test_the_move_is_bound_to_the_etag_and_a_refusal_is_a_change_by_somebody_else(
    web: Server, way: Between, dav: Desk
) -> None:
    there = web.root / "kontakt.html"
    way.once("MOVE", "", Fault(412, then=lambda: there.write_text("theirs", encoding="utf-8")))
    assert "somebody else changed kontakt.html" in why(dav.publish("website"))
    assert page(web) == "theirs"
    (move,) = [one for one in way.asked if one.method == "MOVE"]
    assert move.headers["If"].startswith(f"<{way.url}/kontakt.html> ([")
    packed = [one.headers.get("Accept-Encoding") for one in way.asked if one.method == "GET"]
    assert set(packed) == {"identity"}, "an ETag of the packed page is another one than that of the page"


@needs_nginx
@pytest.mark.parametrize("etags", ["weak", "none"])
def test_a_weak_etag_proves_nothing_so_no_move_is_bound_to_it_nor_to_none(
    web: Server, way: Between, dav: Desk, etags: Literal["weak", "none"]
) -> None:
    """RFC 4918, 10.4.4: such a condition never holds, so a server that keeps to it would refuse each move."""

    def rule(asked: Asked) -> Fault | None:
        return Fault(412) if asked.headers.get("If") else None

    way.etags, way.rule = etags, rule
    done(dav.publish("website"))
    assert SHOWN in page(web)
    assert [("If" in one.headers) for one in way.asked if one.method == "MOVE"] == [False]


@needs_nginx
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "does not take the password of office"),
        (403, "does not let office write there"),
        (404, "there is no such folder at the server"),
        (405, "WebDAV is not switched on"),
        (409, "there is no such folder at the server"),
        (413, "the file is too large"),
        (418, "the server answered 418"),
        (423, "somebody else has locked the page"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "MOVE"])
def test_what_the_web_server_refuses_is_said_and_nothing_is_changed_or_left_there(
    web: Server, way: Between, dav: Desk, method: str, status: int, said: str
) -> None:
    way.once(method, "", Fault(status))
    told = why(dav.publish("website"))
    assert said in told and f"({status}); nothing was changed" in told
    assert page(web) == PAGE


@needs_nginx
@pytest.mark.parametrize(
    ("method", "status"),
    [
        ("PUT", 200),
        ("PUT", 201),
        ("PUT", 204),
        ("MOVE", 201),
        ("MOVE", 204),
        ("DELETE", 200),
        ("DELETE", 204),
    ],
)
def test_every_answer_by_which_a_web_server_says_done_counts_as_done(
    web: Server, way: Between, dav: Desk, method: str, status: int
) -> None:
    way.rule = lambda asked: Fault(status, done=True) if asked.method == method else None
    ours = Webdav(url=f"{way.url}/", user="office", password="env:DAV")
    reach = PlaceEnv(Real(Secrets(dav.office, SECRETS)), FrozenClock(), dav.office)
    assert "taken away" in ours.try_out(reach, "kontakt.html")[0]
    ours.store(reach, "kontakt.html", SHOWN.encode(), ours.fetch(reach, "kontakt.html"))
    assert page(web) == SHOWN


@needs_nginx
def test_by_webdav_a_page_that_is_not_there_is_told_and_a_file_of_ours_is_put_there(
    web: Server, way: Between, dav: Desk, tmp_path: Path
) -> None:
    (web.root / "kontakt.html").unlink()
    assert "there is no page kontakt.html" in why(dav.publish("website"))
    ours = Webdav(url=f"{way.url}/", user="office", password="env:DAV")
    reach = PlaceEnv(Real(Secrets(dav.office, SECRETS)), FrozenClock(), dav.office)
    assert ours.fetch(reach, "kontakt.html") is None
    ours.store(reach, "kontakt.html", PAGE.encode(), None)
    assert page(web) == PAGE


@needs_nginx
@pytest.mark.parametrize("method", ["PUT", "MOVE"])
@pytest.mark.parametrize("done_", [False, True], ids=["instead", "after"])
def test_a_lost_answer_to_webdav_is_resolved_by_reading(
    web: Server, way: Between, dav: Desk, method: str, done_: bool
) -> None:
    way.once(method, "", Fault(500, done=done_))
    deed = dav.publish("website")
    if method == "MOVE" and done_:
        done(deed)
        assert SHOWN in page(web)
    else:
        assert "the page is still as it was" in why(deed)
        assert (web.root / "kontakt.html").read_text("utf-8") == PAGE
    done(dav.publish("website"))
    assert SHOWN in page(web)


@needs_nginx
@pytest.mark.parametrize("step", ["publish", "take back"])
def test_what_cannot_be_read_back_after_a_lost_answer_is_unsure(
    web: Server, way: Between, dav: Desk, step: str
) -> None:
    if step == "take back":
        done(dav.publish("website"))
    lost: list[Asked] = []

    def rule(asked: Asked) -> Fault | None:
        if asked.method == "MOVE":
            lost.append(asked)
            return Fault(500, done=True)
        return Fault(503) if lost else None

    way.rule = rule
    deed = dav.publish("website") if step == "publish" else dav.take_back("website")
    assert isinstance(deed, Failed) and deed.unsure, deed
    assert "the server answered 500; the server answered 503" in deed.why
    assert (SHOWN in page(web)) == (step == "publish")
    way.rule = lambda _asked: None
    done(dav.publish("website") if step == "publish" else dav.take_back("website"))


@needs_nginx
def test_a_connection_lost_in_mid_upload_leaves_the_old_page_whole(
    web: Server, way: Between, dav: Desk
) -> None:
    way.once("PUT", "kontakt", Fault(half=True))
    assert "the page is still as it was" in why(dav.publish("website"))
    assert page(web) == PAGE


@needs_nginx
@needs_root
def test_a_full_disk_at_the_web_server_is_said_and_the_old_page_stays(
    web: Server, way: Between, dav: Desk, tmp_path: Path
) -> None:
    full = dav_at(f"{way.url}/full/", web, tmp_path / "full")
    notice = full.office / "notices" / "line-down.en.md"
    notice.write_text(
        notice.read_text("utf-8").replace('paste: "', 'paste: "' + "long " * 4000), encoding="utf-8"
    )
    told = why(full.publish("website", number=""))
    assert "full (507)" in told or "500; the page is still as it was" in told, told


@needs_nginx
def test_a_wrong_password_and_a_certificate_of_nobody_change_nothing(
    web: Server, way: Between, tmp_path: Path
) -> None:
    desk = dav_at(way.url, web, tmp_path)
    desk.secrets = {"DAV": "another"}
    assert "does not take the password of office" in why(desk.publish("website"))
    secure = dav_at(f"https://127.0.0.1:{web.secure}", web, tmp_path / "tls")
    person = Person({"instead": "none"})
    told = why(secure.publish("website", person=person))
    assert "the certificate of the server is not to be trusted, so nothing was sent" in told
    assert page(web) == PAGE


@needs_nginx
def test_by_webdav_a_place_is_tried_out_without_a_trace(web: Server, way: Between, dav: Desk) -> None:
    good = bcp(dav.office, "place", "test", "website", **SECRETS)
    assert good.returncode == 0 and "put to" in good.stdout, good.stdout + good.stderr
    assert page(web) == PAGE
    bad = bcp(dav.office, "place", "test", "website", DAV="another")
    assert bad.returncode == 7 and "does not take the password" in bad.stdout
    assert "correct the way of this place in bcp.yaml, or its rights there" in bad.stderr
    assert PASSWORD not in good.stdout + good.stderr + bad.stdout + bad.stderr


# SFTP


@needs_sshd
def test_by_sftp_a_page_says_it_and_is_given_back(ssh: Server, ftp: Desk) -> None:
    assert "nobody looked at it from outside" in done(ftp.publish("website")).note
    assert SHOWN in page(ssh)
    done(ftp.take_back("website"))
    assert page(ssh) == PAGE


class Meanwhile(Real):
    """The real programs; behind the first one whose commands hold `word`, somebody does `deed` at the server."""

    def __init__(self, office: Path, word: str, deed: Callable[[], object]) -> None:
        super().__init__(Secrets(office, os.environ))
        self.word, self.deeds = word, [deed]

    def run(self, program: Program) -> Ran:
        commands = Path(program.arguments[2]).read_text()
        ran = super().run(program)
        if self.word in commands and self.deeds:
            self.deeds.pop()()
        return ran


def stored_meanwhile(ssh: Server, folder: Path, word: str, deed: Callable[[], object]) -> None:
    """Store a page by SFTP, and do `deed` behind the command `word`."""
    (ssh.root / "kontakt.html").write_text(PAGE, encoding="utf-8")
    files = {"key": str(ssh.folder / "key"), "known_hosts": str(ssh.folder / "known")}
    way = Sftp(host="127.0.0.1", port=ssh.port, user=me(), folder=str(ssh.root), **files)
    was = way.fetch(PlaceEnv(Meanwhile(folder, "none", list), FrozenClock(), folder), "kontakt.html")
    way.store(PlaceEnv(Meanwhile(folder, word, deed), FrozenClock(), folder), "kontakt.html", b"ours", was)


@needs_sshd
def test_where_somebody_else_changed_the_page_at_the_ssh_server_nothing_of_ours_is_left_there(
    ssh: Server, tmp_path: Path
) -> None:
    with pytest.raises(Changed):
        stored_meanwhile(ssh, tmp_path, "put ", lambda: (ssh.root / "kontakt.html").write_text("theirs"))
    assert page(ssh) == "theirs"


@needs_sshd
def test_where_the_ssh_server_does_not_rename_what_was_put_beside_nothing_of_ours_is_left_there(
    ssh: Server, tmp_path: Path
) -> None:
    there = ssh.root / "kontakt.html"

    def in_the_way() -> None:
        there.unlink()
        (there / "a folder").mkdir(parents=True)

    try:
        with pytest.raises(Unsure, match="Failure"):
            stored_meanwhile(ssh, tmp_path, "got", in_the_way)
        assert [path.name for path in ssh.root.iterdir()] == ["kontakt.html"]
    finally:
        shutil.rmtree(there, ignore_errors=True)


@needs_sshd
def test_a_server_whose_host_key_changed_is_refused(ssh: Server, tmp_path: Path) -> None:
    kind, key = (ssh.folder / "other.pub").read_text().split()[:2]
    (ssh.folder / "stranger").write_text(f"[127.0.0.1]:{ssh.port} {kind} {key}\n")
    told = why(ftp_at(ssh, tmp_path / "a", known="stranger").publish("website"))
    assert "is not the server that it was: its host key has changed, so nothing was sent" in told
    (ssh.folder / "empty").write_text("")
    told = why(ftp_at(ssh, tmp_path / "b", known="empty").publish("website"))
    assert "this computer does not know yet, so nothing was sent" in told
    assert page(ssh) == PAGE


@needs_sshd
def test_a_key_that_the_server_does_not_know_is_said(ssh: Server, tmp_path: Path) -> None:
    assert "does not let us in" in why(ftp_at(ssh, tmp_path, key="other").publish("website"))
    assert page(ssh) == PAGE


@needs_sshd
@needs_root
def test_a_full_disk_at_the_ssh_server_leaves_the_old_page_and_no_rest(ssh: Server, tmp_path: Path) -> None:
    desk = ftp_at(ssh, tmp_path, where=ssh.full)
    notice = desk.office / "notices" / "line-down.en.md"
    notice.write_text(
        notice.read_text("utf-8").replace('paste: "', 'paste: "' + "long " * 4000), encoding="utf-8"
    )
    told = why(desk.publish("website", number=""))
    assert "is the disk of the server full?" in told and "nothing was changed" in told, told
    batch = tmp_path / "ls"
    batch.write_text(f"ls -a {ssh.full}\nget {ssh.full}/kontakt.html {tmp_path}/now\n")
    options = [f"-P{ssh.port}", f"-i{ssh.folder / 'key'}", f"-oUserKnownHostsFile={ssh.folder / 'known'}"]
    listed = subprocess.run(
        ["sftp", "-b", batch, *options, f"{me()}@127.0.0.1"], capture_output=True, text=True, check=True
    )
    assert ".bcp-new" not in listed.stdout
    assert (tmp_path / "now").read_text() == (ssh.folder / "page").read_text()


@needs_sshd
def test_by_sftp_a_place_is_tried_out_without_a_trace_and_a_dead_server_is_said(
    ssh: Server, ftp: Desk
) -> None:
    good = bcp(ftp.office, "place", "test", "website")
    assert "INCONCLUSIVE" in good.stdout and "renamed over another and taken away" in good.stdout, good.stdout
    assert "not tried: whether the public sees it" in good.stdout
    assert page(ssh) == PAGE
    yaml = ftp.office / "bcp.yaml"
    yaml.write_text(yaml.read_text("utf-8").replace(f"port: {ssh.port}", "port: 9"), encoding="utf-8")
    bad = bcp(ftp.office, "place", "test", "website")
    assert bad.returncode == 7 and "cannot be reached" in bad.stdout


@needs_sshd
def test_a_page_that_is_not_there_is_said(ssh: Server, ftp: Desk) -> None:
    yaml = ftp.office / "bcp.yaml"
    yaml.write_text(
        yaml.read_text("utf-8").replace("page: kontakt.html", "page: contact.html"), encoding="utf-8"
    )
    told = bcp(ftp.office, "place", "test", "website")
    assert "there is no page contact.html" in told.stdout, told.stdout


@pytest.mark.parametrize(
    ("user", "target"),
    [("kropka", "kropka@www.office.test"), (None, "www.office.test")],
    ids=["named", "ssh's own"],
)
def test_sftp_goes_to_the_server_as_the_user_that_is_named(
    tmp_path: Path, user: str | None, target: str
) -> None:
    asked: list[Program] = []

    class Nobody(Rehearsal):
        def run(self, program: Program) -> Ran:
            asked.append(program)
            return Ran(255, "ssh: Could not resolve hostname")

    way = Sftp(host="www.office.test", folder="/www", user=user)
    with pytest.raises(StepFailed, match=f"^{target} cannot be reached"):
        way.fetch(PlaceEnv(Nobody(tmp_path, {}), FrozenClock(), tmp_path), "index.html")
    assert asked[0].arguments[-1] == target
    assert way.describe() == f"Write to {target}:/www (SFTP)"


@pytest.mark.parametrize("code", [1, None], ids=["cut", "too slow"])
def test_half_a_file_that_sftp_left_is_never_taken_for_the_page(tmp_path: Path, code: int | None) -> None:
    class Cut(Rehearsal):
        def run(self, program: Program) -> Ran:
            batch = Path(program.arguments[2]).read_text()
            Path(batch.rpartition(' "')[2].rstrip('"\n')).write_bytes(b"<html>half")
            return Ran(
                code, "" if code is None else "read: Connection lost", "it took too long" if not code else ""
            )

    reach = PlaceEnv(Cut(tmp_path, {}), FrozenClock(), tmp_path)
    with pytest.raises(StepFailed):
        Sftp(host="www.office.test", folder="/www").fetch(reach, "index.html")


@needs_sshd
def test_a_page_that_is_a_link_is_told_in_peacetime_and_from_a_file_beside_it_also_in_a_folder(
    ssh: Server, tmp_path: Path
) -> None:
    folder = "in a folder/"
    there = ssh.root / folder
    there.mkdir()
    (there / "file.html").write_text(PAGE, encoding="utf-8")
    (there / "link.html").symlink_to("file.html")
    files = {"key": str(ssh.folder / "key"), "known_hosts": str(ssh.folder / "known")}
    way = Sftp(host="127.0.0.1", port=ssh.port, user=me(), folder=str(ssh.root), **files)
    reach = PlaceEnv(Real(Secrets(tmp_path, os.environ)), FrozenClock(), tmp_path)
    try:
        told = {name: way.try_out(reach, f"{folder}{name}.html")[1:] for name in ("file", "link")}
        assert not told["file"] and f"{folder}link.html is a link there" in told["link"][0]
    finally:
        for name in ("file.html", "link.html"):
            (there / name).unlink()
        there.rmdir()


@needs_sshd
@needs_nginx
def test_two_incidents_at_one_page_take_away_their_own_in_any_order_by_sftp_and_by_webdav(
    ssh: Server, web: Server, way: Between, tmp_path: Path
) -> None:
    way.rule, way.etags = lambda _asked: None, "strong"
    ftp_at(ssh, tmp_path / "ssh").overlap("website", lambda: contents(ssh.root))
    dav_at(way.url, web, tmp_path / "web").overlap("website", lambda: contents(web.root))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
