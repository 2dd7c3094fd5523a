"""How a watch, or a look now and then, is started by the computer itself: text for systemd, cron and Windows."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from xml.sax.saxutils import escape

from bcp.errors import InputError


def systemd(program: Sequence[str], office: PurePath) -> str:
    """A unit that watches from the start of the computer on; bcp itself ends it within a second."""
    return f"""[Unit]
Description=bcp watches the checks of {_specifiers(office.name)}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={" ".join(_quoted(word) for word in (*program, "--office", str(office), "watch"))}
Restart=always
RestartSec=10
TimeoutStopSec=5
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
"""


def cron(program: Sequence[str], office: PurePath) -> str:
    """A line for `crontab -e`: look every five minutes; cron mails what changed. A % is a line end to cron."""
    command = shlex.join([*program, "--office", str(office), "check", "run"]).replace("%", r"\%")
    return f"*/5 * * * * {command}\n"


def windows(program: Sequence[str], office: PurePath) -> str:
    """A task for `schtasks /Create /XML FILE /TN bcp`: watch from the start of the computer on."""
    words = [*program, "--office", str(office), "watch"]
    arguments = " ".join(f'"{word}"' if " " in word else word for word in words[1:])
    return f"""<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>bcp watches the checks of {escape(office.name)}</Description></RegistrationInfo>
  <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{escape(words[0])}</Command><Arguments>{escape(arguments)}</Arguments></Exec>
  </Actions>
</Task>
"""


WRITERS: Mapping[str, Callable[[Sequence[str], PurePath], str]] = {
    "systemd": systemd,
    "cron": cron,
    "windows": windows,
}


def write_unit(kind: str, program: Sequence[str], office: PurePath) -> str:
    """The text for one of the kinds. Raises InputError for another."""
    if kind not in WRITERS:
        raise InputError(f'there is no "{kind}" to write for', "choose one of: " + ", ".join(WRITERS))
    return WRITERS[kind](program, office)


def _quoted(word: str) -> str:
    """A word as systemd reads it back (systemd.service(5)): quoted, with its special signs doubled."""
    plain = _specifiers(word).replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if any(letter in plain for letter in " '\";\\") else plain


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
