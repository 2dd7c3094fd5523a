"""The day of the story, nobody slow: the line is cut, and the office is online, is called, writes and is read.

`play` cuts the line of a laboratory and carries the runbook out; `Day` says how long each stage took, what was seen.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.lab.lab import HERE, PATH, Lab
from tests.lab.outside import ADDRESS
from tests.places import PAGE
from tests.posts import ROOT, clients
from tests.servers import PASSWORD as WEB_PASSWORD
from tests.smtpd import PASSWORD as MAIL_PASSWORD
from tests.smtpd import USER
from tests.twilio import ACCOUNT, TOKEN

LEAD, DEPUTY = "+48600000101", "+48600000102"
OFFICE = """\
name: Agencja Kropka
language: en
country: PL
timezone: Europe/Warsaw
people:
  - {{person: anna, name: Anna Nowak, phone: "{lead}", email: anna@example.com, language: pl}}
  - {{person: piotr, name: Piotr Lis, phone: "{deputy}", email: piotr@example.com, language: pl}}
roles: [{{role: lead, owner: anna}}]
lines:
  - {{line: internet, provider: Netia}}
  - {{line: mobile, way: {{ip: {{interface: lte0}}}}}}
numbers:
  - number: office
    phone: "+48732000001"
    works_when_line_dead: yes
    way: {{twilio: {{account: {account}, token: "env:TWILIO", caller: "+48732000001", api: "http://{address}:{twilio}"}}}}
places:
  - place: website
    url: http://{address}:{web}/kontakt.html
    page: kontakt.html
    via: lte0
    way: {{webdav: {{url: "http://{address}:{web}/", user: office, password: "env:WEB"}}}}
  - place: status
    kind: status-page
    url: http://{address}:{web}/status/index.html
    via: lte0
    way: {{webdav: {{url: "http://{address}:{web}/status/", user: office, password: "env:WEB"}}}}
"""
CHANNELS = """\
channels:
  - channel: mail
    smtp:
      host: {address}
      port: {mail}
      user: {user}
      password: env:MAIL
      from: "Agencja Kropka <{user}>"
      authority: {authority}
      a_minute: 0
"""
CHECK = """\
check: internet
title: The internet
probes: [{tcp: {host: 9.9.9.9, port: 443}}, {http: {url: "http://203.0.113.20/generate_204", status: 204}}]
"""
RUNBOOK = """\
runbook: one-day
title: The line is cut
when: Now
target: 8h
owner: lead
phases:
  - phase: Now
    steps:
      - step: mobile
        title: Put the office on mobile internet
        network: {use: mobile}
        expect: internet
        by_hand: Take the router from cabinet B.
        undo: {title: Back to the line, network: {use: internet}, by_hand: Plug the cable in.}
      - step: number
        title: Send the calls to the lead
        number: {activate: office, forward_to: "role:lead"}
        by_hand: Call the provider.
        undo: {title: End the forwarding, number: {deactivate: office}, by_hand: Call the provider.}
      - step: clients
        title: Tell every client
        notify: {notice: line-down, audience: clients}
        by_hand: Call each client.
      - step: website
        title: Say it on the website
        publish: {place: website, notice: line-down, contact_number: "{fact:office_number}"}
        by_hand: Sign in and write it there.
        undo: {title: Take it back, publish: {place: website, take_back: yes}, by_hand: Sign in.}
      - step: status
        title: Say it on the status page
        publish: {place: status, notice: line-down}
        by_hand: Sign in and write it there.
        undo: {title: Take it back, publish: {place: status, take_back: yes}, by_hand: Sign in.}
"""
PHONE = """\
runbook: phone-dead
title: The phone is dead
when: Now
target: 8h
owner: lead
phases:
  - phase: Now
    steps:
      - step: mobile
        title: Put the office on mobile internet
        network: {use: mobile}
        by_hand: Take the router from cabinet B.
        undo: {title: Back to the line, network: {use: internet}, by_hand: Plug the cable in.}
      - step: number
        title: Send the calls to the deputy
        number: {activate: office, forward_to: "person:piotr"}
        by_hand: Call the provider.
        undo: {title: End the forwarding, number: {deactivate: office}, by_hand: Call the provider.}
      - step: website
        title: Say it on the website
        publish: {place: website, notice: number-changed, contact_number: "{fact:office_number}"}
        by_hand: Sign in and write it there.
        undo: {title: Take it back, publish: {place: website, take_back: yes}, by_hand: Sign in.}
"""
SET = (["SWITCHED"], ["FORWARDED"], ["PUBLISHED"])
STAGES = {
    "confirmed": "from the fault to confirmed",
    "mobile": "on mobile internet, checked",
    "number": "number forwarded, test call heard",
    "clients": "clients told",
    "website": "website corrected, seen through the other line",
    "status": "status page corrected, seen through the other line",
}


@dataclass
class Day:
    """Seconds by stage; what the mail server has, where the number leads, which interface leads out, the pages."""

    seconds: dict[str, float]
    copies: Mapping[str, int]
    voice_url: str
    way_out: str
    pages: Mapping[str, str]
    said: str = ""
    whole: float = 0.0
    outcomes: dict[str, str] = field(default_factory=dict)
    overlap: list[Outside] = field(default_factory=list)
    """Before all, with a second incident on top, with the first one closed, with both."""


@dataclass(frozen=True)
class Outside:
    """What stands outside: the routes, where the number leads, the page of the website; what bcp says is still set."""

    routes: tuple[str, ...]
    voice_url: str
    page: bytes
    still_set: str = ""


@contextmanager
def outside(lab: Lab, folder: Path) -> Iterator[dict[str, int]]:
    """The servers of the internet, at an address of their own; their ports."""
    lab.run(["ip", "addr", "replace", f"{ADDRESS}/32", "dev", "lo"], "inet", check=True)
    (folder / "nginx").mkdir(parents=True)
    command = ["env", f"PATH={PATH}", f"PYTHONPATH={ROOT}", sys.executable, HERE / "outside.py", folder]
    pipe = subprocess.PIPE
    with lab.popen(command, "inet", stdin=pipe, stdout=pipe) as servers:
        assert servers.stdout is not None and servers.stdin is not None
        line = servers.stdout.readline()
        assert line, "the servers outside did not start"
        try:
            yield json.loads(line)
        finally:
            servers.stdin.close()
            servers.wait(20)


def furnish(folder: Path, ports: Mapping[str, int], authority: Path, count: int) -> Path:
    """An office with `count` clients, whose levers are the servers outside."""
    for part in ("runbooks", "checks", "contacts"):
        (folder / part).mkdir(parents=True)
    told = {
        "address": ADDRESS,
        "deputy": DEPUTY,
        **ports,
        "user": USER,
        "lead": LEAD,
        "account": ACCOUNT,
        "authority": authority,
    }
    (folder / "bcp.yaml").write_text(OFFICE.format(**told), encoding="utf-8")
    (folder / "channels.yaml").write_text(CHANNELS.format(**told), encoding="utf-8")
    (folder / "checks" / "internet.yaml").write_text(CHECK, encoding="utf-8")
    (folder / "runbooks" / "one-day.yaml").write_text(RUNBOOK, encoding="utf-8")
    (folder / "runbooks" / "phone-dead.yaml").write_text(PHONE, encoding="utf-8")
    (folder / "contacts" / "clients.csv").write_text(clients(count), encoding="utf-8")
    shutil.copytree(ROOT / "notices", folder / "notices")
    return folder


def play(lab: Lab, folder: Path, count: int) -> Day:
    """Cut the line and carry the day out with `count` clients."""
    (lab.root / "run/lab/resolv.conf").write_text("nameserver 9.9.9.9\n")
    there = folder / "outside"
    with outside(lab, there) as ports:
        www = there / "nginx" / "www"
        (www / "status").mkdir()
        (www / "status").chmod(0o777)
        (www / "kontakt.html").write_text(PAGE, encoding="utf-8")
        office = furnish(folder / "office", ports, there / "ca.pem", count)
        state = f"http://{ADDRESS}:{ports['state']}/"
        before = _outside(lab, office, www, state)
        lab.fault("blackhole")
        began = time.monotonic()
        confirmed = _run(lab, "-m", "bcp", "--office", office, "check", "run", "internet")
        assert confirmed.returncode == 7, confirmed.stderr
        seconds = {"confirmed": time.monotonic() - began}
        done = _run(lab, HERE / "clerk.py", office, "one-day", state)
        whole = time.monotonic() - began
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr
        told = json.loads(lab.run(["curl", "-sS", state], check=True).stdout)
        pages = {page: (www / page).read_text("utf-8") for page in ("kontakt.html", "status/index.html")
                 if (www / page).exists()}  # fmt: skip
        (route,) = json.loads(lab.run(["ip", "-json", "route", "get", "1.1.1.1"], check=True).stdout)
        events = json.loads(_run(lab, "-m", "bcp", "--office", office, "incident", "log", "--json").stdout)
        seconds |= _stages(events)
        outcomes = {
            one["data"]["step"]: one["data"]["outcome"] for one in events if one["kind"] == "step.settled"
        }
        overlap = [before, *_overlapped(lab, office, www, state)]
        return Day(
            seconds,
            told["copies"],
            told["voice_url"],
            route["dev"],
            pages,
            done.stderr,
            whole,
            outcomes,
            overlap,
        )


def _overlapped(lab: Lab, office: Path, www: Path, state: str) -> Iterator[Outside]:
    """The phone dies besides; the line is well again; the first incident is closed first, then the second."""
    for runbook, verb in (("phone-dead", "start"), ("one-day", "close"), ("phone-dead", "close")):
        done = _run(lab, HERE / "clerk.py", office, runbook, state, verb)
        assert done.returncode == 0, done.stderr
        yield _outside(lab, office, www, state)
        lab.heal()


def _outside(lab: Lab, office: Path, www: Path, state: str) -> Outside:
    routes = lab.run(["ip", "route", "show", "default"], check=True).stdout.splitlines()
    told = json.loads(lab.run(["curl", "-sS", state], check=True).stdout)
    said = [
        _run(lab, "-m", "bcp", "--office", office, noun, "status").stdout
        for noun in ("line", "number", "place")
    ]
    still = [line for text in said for line in text.splitlines() if line.split()[:1] in SET]
    page = (www / "kontakt.html").read_bytes()
    return Outside(tuple(sorted(routes)), told["voice_url"], page, "; ".join(still))


def _run(lab: Lab, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    secrets = [f"MAIL={MAIL_PASSWORD}", f"TWILIO={TOKEN}", f"WEB={WEB_PASSWORD}"]
    command = [
        "env",
        f"PATH={PATH}",
        f"PYTHONPATH={ROOT}",
        "BCP_PERSON=anna",
        *secrets,
        sys.executable,
        *arguments,
    ]
    return lab.run(command, timeout=110)


def _stages(events: list[dict[str, Any]]) -> dict[str, float]:
    """From the beginning of each step to its end, as the journal has it."""
    begun: dict[str, datetime] = {}
    found: dict[str, float] = {}
    for event in events:
        step, at = event["data"].get("step"), datetime.fromisoformat(event["recorded_at"])
        if event["kind"] == "step.begun":
            begun.setdefault(step, at)
        elif event["kind"] == "step.settled":
            found[step] = (at - begun[step]).total_seconds()
    return found
