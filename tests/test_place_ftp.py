"""Pages on web space that is reached by FTP: a real server that insists on encryption, and one with every fault."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from bcp.errors import StepFailed, Unreachable, Unsure
from bcp.lever.place.base import Changed, PageCopy, PlaceEnv, Untried
from bcp.lever.place.beside import OLDER, beside
from bcp.lever.place.kinds.ftp import Ftp
from bcp.world import ftp as ftp_world
from bcp.world.real import Real
from bcp.world.rehearsal import Rehearsal
from bcp.world.secret import Secrets
from tests.frozen import FrozenClock
from tests.ftpd import Ftpd, ftpd
from tests.offices import bcp
from tests.places import PAGE, SHOWN, Desk, office_with
from tests.servers import FTP_USER, PASSWORD, Server, needs_vsftpd, vsftpd

LONG = b"<p>" + b"long " * 20_000 + b"</p>"
STRICT = "require_ssl_reuse=YES"


@pytest.fixture
def reach(tmp_path: Path) -> PlaceEnv:
    return PlaceEnv(Real(Secrets(tmp_path, {**os.environ, "FTP": PASSWORD})), FrozenClock(), tmp_path)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with vsftpd(tmp_path_factory.mktemp("vsftpd"), more=STRICT) as found:
        yield found


@pytest.fixture
def memory() -> Iterator[Ftpd]:
    with ftpd() as found:
        found.add("kontakt.php", LONG)
        yield found


def at(server: Server, **more: object) -> Ftp:
    """How an office writes to vsftpd."""
    fields = {
        "host": "127.0.0.1",
        "port": server.port,
        "folder": "www",
        "user": "kropka",
        "password": "env:FTP",
    }
    return Ftp.model_validate({**fields, "authority": str(server.folder / "ca.pem"), "timeout": "5s", **more})


def plain(memory: Ftpd, **more: object) -> Ftp:
    fields = {
        "host": "127.0.0.1",
        "port": memory.port,
        "tls": "none",
        "user": "kropka",
        "password": "env:FTP",
    }
    return Ftp.model_validate({**fields, "timeout": "2s", **more})


def why(way: Ftp, reach: PlaceEnv, page: str = "kontakt.php") -> str:
    """Why the trial fails, and what to do."""
    with pytest.raises(StepFailed) as failed:
        way.try_out(reach, page)
    return f"{failed.value.message} > {failed.value.hint}"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def put_page(server: Server, name: str, content: bytes) -> Path:
    page = server.root / name
    page.write_bytes(content)
    os.chown(page, FTP_USER, FTP_USER)
    return page


# vsftpd


@needs_vsftpd
@pytest.mark.parametrize("more", [{}, {"passive": "no"}], ids=["passive", "active"])
def test_by_ftps_a_page_is_written_within_one_tls_session_and_keeps_its_rights(
    server: Server, reach: PlaceEnv, more: dict[str, object]
) -> None:
    page = put_page(server, "kontakt ź.php", b"old")
    page.chmod(0o664)
    for each in (beside(page.name, reach), page.name + OLDER):
        put_page(server, each, b"left")
    way = at(server, **more)
    assert way.fetch(reach, "none.php") is None
    (told,) = way.try_out(reach, page.name)
    assert "renamed over another and taken away" in told and names(server.root) == [page.name]
    put_page(server, beside(page.name, reach), b"left")
    way.store(reach, page.name, LONG, way.fetch(reach, page.name))
    assert page.read_bytes() == LONG and names(server.root) == [page.name]
    assert page.stat().st_mode & 0o777 == 0o664
    page.unlink()


@needs_vsftpd
def test_a_data_connection_of_another_session_is_not_taken_by_such_a_server(
    server: Server, reach: PlaceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the standard library does by itself, and why it is not enough."""
    page = put_page(server, "kontakt.php", b"old")
    monkeypatch.delattr(ftp_world._Client, "ntransfercmd")
    assert "does not take our data connection" in why(at(server), reach)
    page.unlink()


@needs_vsftpd
def test_with_encryption_from_the_beginning_it_is_the_same(tmp_path: Path, reach: PlaceEnv) -> None:
    with vsftpd(tmp_path, implicit=True, more=STRICT) as server:
        page = put_page(server, "kontakt.php", b"old")
        at(server, tls="implicit").store(reach, "kontakt.php", LONG, PageCopy(b"old"))
        assert page.read_bytes() == LONG and names(server.root) == ["kontakt.php"]
        assert "did not answer in time" in why(at(server, timeout="1s"), reach)


@needs_vsftpd
def test_two_incidents_with_ftps_leave_the_page_as_it_was_and_show_no_password(
    server: Server, tmp_path: Path
) -> None:
    page = put_page(server, "kontakt.html", PAGE.encode())
    place = (
        f"  - {{place: website, page: kontakt.html, way: {{ftp: {{host: 127.0.0.1, port: {server.port}, folder: www, "
        f"user: kropka, password: env:FTP, authority: '{server.folder / 'ca.pem'}'}}}}}}\n"
    )
    desk = Desk(office_with(tmp_path / "office", place), {"FTP": PASSWORD})
    tried = bcp(desk.office, "place", "test", "website", FTP=PASSWORD)
    # Without an address nobody could look at it from outside, which is all that it was not tried.
    assert tried.returncode == 7 and "INCONCLUSIVE" in tried.stdout, tried.stdout
    assert PASSWORD not in tried.stdout + tried.stderr
    desk.overlap("website", lambda: {path.name: path.read_bytes() for path in server.root.iterdir()})
    desk.publish("website")
    assert SHOWN in page.read_text("utf-8")
    desk.take_back("website")
    assert page.read_text("utf-8") == PAGE and names(server.root) == ["kontakt.html"]
    desk.overlap("website", lambda: (page.read_bytes(), page.stat().st_mode, names(server.root)))
    page.unlink()


@needs_vsftpd
def test_why_a_real_server_is_not_written_to_has_a_sentence_each(
    server: Server, reach: PlaceEnv, tmp_path: Path
) -> None:
    page = put_page(server, "kontakt.php", b"old")
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    assert "the certificate of 127.0.0.1 is not to be trusted, so no password" in why(
        at(server, authority=str(other)), reach
    )
    assert "takes no password without encryption" in why(at(server, tls="none"), reach)
    assert "does not begin with encryption at port" in why(at(server, tls="implicit"), reach)
    assert "there is no folder nowhere at 127.0.0.1" in why(at(server, folder="nowhere"), reach)
    wrong = PlaceEnv(Real(Secrets(tmp_path, {"FTP": "another"})), FrozenClock(), tmp_path)
    assert "does not take the password of kropka" in why(at(server), wrong)
    os.chown(server.root, 0, 0)
    assert "does not let kropka do that there" in why(at(server), reach)
    os.chown(server.root, FTP_USER, FTP_USER)
    page.chmod(0o000)
    assert "does not let kropka do that there" in why(at(server), reach), "it is there, and not to be read"
    page.unlink()


# A server with faults


def test_without_encryption_it_works_and_validate_and_the_trial_warn(
    memory: Ftpd, reach: PlaceEnv, tmp_path: Path
) -> None:
    way = plain(memory)
    told = way.try_out(reach, "kontakt.php")
    assert "everybody on the way to 127.0.0.1 can read the password" in told[0]
    assert "FTP WITHOUT ENCRYPTION" in way.describe()
    way.store(reach, "kontakt.php", b"new", PageCopy(LONG))
    assert memory.files == {"kontakt.php": b"new"}
    place = "  - {place: website, page: k.html, way: {ftp: {host: ftp.office.test, tls: none}}}\n"
    dav = "{url: 'http://dav.office.test', user: a, password: env:A}"
    place += f"  - {{place: dav, page: k.html, way: {{webdav: {dav}}}}}\n"
    by_hand = "\n  - phase: Now\n    steps:\n      - {step: call, title: Call, by_hand: Call, manual: {}}\n"
    said = bcp(office_with(tmp_path / "office", place, by_hand), "validate")
    told_ = said.stdout + said.stderr
    assert (
        "everybody on the way to ftp.office.test" in told_
        and "everybody on the way can read what is" in told_
    )
    assert said.returncode == 0


def test_a_server_that_offers_no_encryption_gets_no_password(memory: Ftpd, reach: PlaceEnv) -> None:
    memory.says["AUTH"] = "502 not here"
    assert "offers no encryption, so no password was sent" in why(plain(memory, tls="explicit"), reach)
    assert not any(one.startswith(("USER", "PASS")) for one in memory.asked)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"greeting": "SSH-2.0-OpenSSH_9.2"}, "an SSH server answers, not one for FTP > use the way sftp"),
        ({"greeting": "HTTP/1.1 400 Bad Request"}, "no FTP server answers"),
        ({"greeting": "421 too many users"}, "takes no more connections now (421 too many users)"),
        ({"says": {"PASS": "530 wrong"}}, "does not take the password of kropka (530 wrong)"),
        (
            {"says": {"STOR": "552 quota"}},
            "there is no room left at 127.0.0.1 (552 quota); nothing was changed",
        ),
        ({"says": {"STOR": "553 no"}}, "does not let kropka do that there (553 no); nothing was changed"),
        ({"says": {"STOR": "425 no data"}}, "no connection for the file itself comes about (425 no data)"),
        ({"says": {"RNTO": "550 exists"}}, "renames no file over another one"),
        ({"says": {"RETR": "450 busy"}}, "refuses it (450 busy)"),
        ({"says": {"TYPE": "504 no"}}, "does not know how to do that (504 no)"),
        ({"says": {"PASV": "227 nonsense"}}, "refuses it (227 nonsense)"),
        ({"says": {"RNFR": "450 busy"}}, "renames no file over another one"),
        (
            {"says": {"CWD": "nonsense"}},
            "there is no folder / at 127.0.0.1, or kropka may not go there (nonsense)",
        ),
        ({"says": {"USER": "421 full"}}, "takes no more connections now (421 full)"),
        ({"drops": "USER"}, "the connection to 127.0.0.1 broke"),
        ({"cut": 65536}, "kept only 65536 of"),
        ({"dead": True}, "a firewall may stand between: try passive: no"),
        ({"drops": "STOR"}, "the connection to 127.0.0.1 broke"),
        (
            {"mode": "-rw-------", "chmod": False},
            "rights kropka:web 644, and ours would have kropka:web 600: the web server could not read it",
        ),
    ],
    ids=lambda one: str(one)[:40],
)
def test_each_fault_is_told_by_the_trial_and_leaves_the_page_as_it_was(
    memory: Ftpd, reach: PlaceEnv, fault: dict[str, object], said: str
) -> None:
    for name, value in fault.items():
        setattr(memory, name, value)
    assert said in why(plain(memory), reach)
    left = [name for name in memory.files if name != "kontakt.php"]
    assert memory.files["kontakt.php"] == LONG
    assert bool(left) == (fault.get("drops") == "STOR"), "where the connection is lost the next use sweeps"
    memory.__dict__.update({**Ftpd(port=memory.port, files=memory.files, modes=memory.modes).__dict__})
    plain(memory).try_out(reach, "kontakt.php")
    assert list(memory.files) == ["kontakt.php"]


def test_what_somebody_else_wrote_meanwhile_stays(memory: Ftpd, reach: PlaceEnv) -> None:
    with pytest.raises(Changed):
        plain(memory).store(reach, "kontakt.php", b"new", PageCopy(b"as it was read"))
    assert memory.files == {"kontakt.php": LONG}


def test_an_answer_to_the_rename_that_is_lost_leaves_it_unsure(memory: Ftpd, reach: PlaceEnv) -> None:
    memory.drops = "RNTO"
    with pytest.raises(Unsure, match="broke"):
        plain(memory).store(reach, "kontakt.php", b"new", PageCopy(LONG))
    assert memory.files == {"kontakt.php": b"new"}


def test_rights_that_cannot_be_kept_are_said(memory: Ftpd, reach: PlaceEnv) -> None:
    memory.chmod = False
    memory.add("kontakt.php", LONG, "-rw-rw-r--", "kropka web")
    told = plain(memory).try_out(reach, "kontakt.php")
    assert "has the rights kropka:web 664 now, and will have kropka:web 644" in told[2]


def test_a_link_is_said_in_peacetime_and_no_page_gets_the_rights_of_one(
    memory: Ftpd, reach: PlaceEnv
) -> None:
    memory.mode = "-rw-------"
    memory.add("kontakt.php", LONG, "lrwxrwxrwx", "kropka web")
    told = plain(memory).try_out(reach, "kontakt.php")[-1]
    assert isinstance(told, Untried) and "kontakt.php is a link there" in told
    plain(memory).store(reach, "kontakt.php", b"new", PageCopy(LONG))
    assert "rw-r--r--" in memory.modes["kontakt.php"][0]


def test_what_was_left_is_swept_where_a_server_lists_in_the_form_of_windows(
    memory: Ftpd, reach: PlaceEnv
) -> None:
    memory.line = "11-29-26  02:00PM  {size:>20} {name}\r\n"
    memory.add("a page.php", LONG)
    memory.add(beside("a page.php", reach), b"left")
    plain(memory).store(reach, "a page.php", b"new", PageCopy(LONG))
    assert memory.files == {"kontakt.php": LONG, "a page.php": b"new"}


def test_nothing_at_the_port_and_a_wrong_name_are_said_at_once(reach: PlaceEnv) -> None:
    with pytest.raises(Unreachable, match="1 refuses connections at port 9"):
        Ftp(host="127.0.0.1", port=9).fetch(reach, "k.html")
    with pytest.raises(Unreachable, match="could not be found"):
        Ftp(host="ftp.invalid").fetch(reach, "k.html")


def test_a_rehearsal_looks_for_the_password_and_goes_nowhere(tmp_path: Path) -> None:
    way = Ftp(host="ftp.office.test", user="a", password="env:FTP")
    drill = Rehearsal(tmp_path, {})
    with pytest.raises(StepFailed, match="the secret env:FTP is not set"):
        way.fetch(PlaceEnv(drill, FrozenClock(), tmp_path), "k.html")
    drill = Rehearsal(tmp_path, {"FTP": "x"})
    assert way.fetch(PlaceEnv(drill, FrozenClock(), tmp_path), "k.html") is None
    assert [getattr(one, "port", 0) for one in drill.recorded] == [21]
