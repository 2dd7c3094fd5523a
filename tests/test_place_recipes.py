"""The recipes of docs/places.md for other servers, as they stand there, against a real server of each kind."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bcp.action.base import Deed, Done, Failed
from bcp.office.place import OfficePlace
from bcp.yaml.source import parse
from tests.children import only_with
from tests.offices import bcp
from tests.places import PAGE, SHOWN, Desk, office_with
from tests.servers import me, needs_sshd, sshd

DOCS = (Path(__file__).parent.parent / "docs" / "places.md").read_text(encoding="utf-8")


def recipe(heading: str, fence: str = "yaml place") -> str:
    part = DOCS.partition(f"### {heading}\n")[2].partition("\n##")[0]
    found = re.search(rf"```{fence}\n(.*?)```", part, re.DOTALL)
    assert found, heading
    return found[1]


def desk_with(folder: Path, told: str) -> Desk:
    """An office with the place of a recipe; nobody shows the page to the public here."""
    told = re.sub(r"^url: .*\n", "", told, flags=re.MULTILINE)
    OfficePlace.model_validate(parse(told, "recipe").data)
    first, *rest = told.splitlines()
    return Desk(
        office_with(folder / "office", "\n".join([f"  - {first}", *(f"    {line}" for line in rest), ""]))
    )


def done(deed: Deed) -> Done:
    assert isinstance(deed, Done), deed
    return deed


def there_and_back(desk: Desk, page: Path) -> None:
    done(desk.publish("website"))
    assert SHOWN in page.read_text("utf-8")
    assert [path.name for path in page.parent.iterdir() if not path.name.startswith(".git")] == [page.name]
    done(desk.take_back("website"))
    assert page.read_text("utf-8") == PAGE
    page.unlink()
    deed = desk.publish("website")
    assert isinstance(deed, Failed) and "there is no page kontakt.html" in deed.why


@needs_sshd
def test_rsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with sshd(tmp_path) as server:
        key = (
            f"ssh -p {server.port} -i {tmp_path}/key -o UserKnownHostsFile={tmp_path}/known -o BatchMode=yes"
        )
        monkeypatch.setenv("RSYNC_RSH", key)
        page = server.root / "kontakt.html"
        page.write_text(PAGE, encoding="utf-8")
        told = recipe("rsync").replace(
            "kropka@www.kropka.example:/var/www/html", f"{me()}@127.0.0.1:{server.root}"
        )
        told = told.replace(
            '"kropka@www.kropka.example", rm, "/var/www/html', f'"{me()}@127.0.0.1", rm, "{server.root}'
        )
        config = tmp_path / "ssh.conf"
        known = f"UserKnownHostsFile {tmp_path}/known"
        config.write_text(
            f"Host *\n Port {server.port}\n IdentityFile {tmp_path}/key\n {known}\n", encoding="utf-8"
        )
        desk = desk_with(tmp_path / "here", told.replace("[ssh,", f"[ssh, -F, '{config}',"))
        tried = bcp(desk.office, "place", "test", "website")
        assert "can write a file, write over it" in tried.stdout, tried.stdout
        there_and_back(desk, page)


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Anna", "-c", "user.email=anna@kropka.example", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_a_site_that_is_kept_in_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only_with("git")
    for name, value in (("NAME", "Anna"), ("EMAIL", "anna@kropka.example")):
        monkeypatch.setenv(f"GIT_AUTHOR_{name}", value)
        monkeypatch.setenv(f"GIT_COMMITTER_{name}", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    server = tmp_path / "server.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    git(tmp_path, "clone", "--quiet", str(server), "theirs")
    theirs = tmp_path / "theirs"
    commit(theirs, PAGE)
    git(tmp_path, "clone", "--quiet", str(server), "kropka-site")
    script = tmp_path / "git-page"
    script.write_text(recipe("A site that is kept in git", "sh"), encoding="utf-8")
    script.chmod(0o755)
    told = recipe("A site that is kept in git").replace("/home/anna/bin/git-page", str(script))
    desk = desk_with(tmp_path / "here", told)
    done(desk.publish("website"))
    assert SHOWN in git(server, "show", "main:kontakt.html")
    git(theirs, "pull", "--quiet")
    commit(theirs, (theirs / "kontakt.html").read_text("utf-8").replace("Agencja Kropka", "Agencja Kropka 2"))
    (server / "hooks" / "pre-receive").write_text("#!/bin/sh\necho the disk is full >&2; exit 1\n")
    (server / "hooks" / "pre-receive").chmod(0o755)
    refused: Any = desk.take_back("website")
    assert isinstance(refused, Failed) and "our part still stands there" in refused.why, refused
    (server / "hooks" / "pre-receive").unlink()
    done(desk.take_back("website"))
    assert git(server, "show", "main:kontakt.html") == PAGE.replace("Agencja Kropka", "Agencja Kropka 2")


def commit(clone: Path, page: str) -> None:
    (clone / "kontakt.html").write_text(page, encoding="utf-8")
    git(clone, "add", "kontakt.html")
    git(clone, "commit", "--quiet", "-m", "A change")
    git(clone, "push", "--quiet", "origin", "HEAD:main")
