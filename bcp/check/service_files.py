"""How a watch, or a look now and then, is started by the computer itself: text for systemd, cron and Windows."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple
from xml.sax.saxutils import escape

from bcp.errors import InputError
from bcp.i18n import _


class ServiceOwner(NamedTuple):
    """Whose office it is: the login and the group that the watch runs as."""

    login: str
    group: str


def systemd(
    program: Sequence[str], office: PurePath, owner: ServiceOwner | None = None, state: str = ""
) -> str:
    """A unit that watches from the start of the computer on; bcp itself ends it within a second.

    It runs as the `owner` of the office: what root wrote there its owner could not go on with. A mistake in the files
    (status 2) is told by bcp, and no new start mends it; of anything else it starts again, ten times an hour at most.
    `state` is where the store was moved to (`BCP_STATE`).
    """
    owned = f"User={owner.login}\nGroup={owner.group}\n" if owner is not None else ""
    moved = f"Environment={_quoted(f'BCP_STATE={state}')}\n" if state else ""
    return f"""[Unit]
Description=bcp watches the checks of {_specifiers(office.name)}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=1h
StartLimitBurst=10

[Service]
{owned}{moved}ExecStart={" ".join(_quoted(word) for word in (*program, "--office", str(office), "watch"))}
Restart=always
RestartSec=10
RestartPreventExitStatus=2
TimeoutStopSec=5
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
"""


def cron(program: Sequence[str], office: PurePath, owner: ServiceOwner | None = None, state: str = "") -> str:
    """A line for the crontab of whose office it is: look every five minutes; cron mails what changed.

    A % is a line end to cron. Whose crontab that is stands beside the line (`goes_to`), not in it.
    """
    command = shlex.join([*program, "--office", str(office), "check", "run"])
    moved = f"BCP_STATE={shlex.quote(state)} " if state else ""
    return f"*/5 * * * * {moved}{command}\n".replace("%", r"\%")


def windows(
    program: Sequence[str], office: PurePath, owner: ServiceOwner | None = None, state: str = ""
) -> str:
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


Writer = Callable[[Sequence[str], PurePath, ServiceOwner | None, str], str]
WRITERS: Mapping[str, Writer] = {
    "systemd": systemd,
    "cron": cron,
    "windows": windows,
}


def write_unit(
    kind: str, program: Sequence[str], office: PurePath, owner: ServiceOwner | None = None, state: str = ""
) -> str:
    """The text for one of the kinds; `owner` is whose office it is, None where that is root or not known.

    Raises InputError for another kind.
    """
    if kind not in WRITERS:
        raise InputError(f'there is no "{kind}" to write for', "choose one of: " + ", ".join(WRITERS))
    return WRITERS[kind](program, office, owner, state)


def goes_to(kind: str, owner: ServiceOwner | None) -> str:
    """Where a text goes, as it is said beside it; nothing where that goes without saying."""
    if kind == "systemd":
        where = _("Save it as /etc/systemd/system/bcp.service, then: sudo systemctl enable --now bcp")
        if owner is None:
            return where
        words = _("It runs as {login}, whose office this is.")
        return f"{where}\n{words.format(login=owner.login)}"
    if kind == "cron" and owner is not None:
        words = _("This line belongs into the crontab of {login}, whose office this is: {command}")
        return words.format(
            login=owner.login, command=shlex.join(["sudo", "crontab", "-u", owner.login, "-e"])
        )
    return ""


def _quoted(word: str) -> str:
    """A word as systemd reads it back (systemd.service(5)): quoted, with its special signs doubled."""
    plain = _specifiers(word).replace("$", "$$").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if any(letter in plain for letter in " '\";\\") else plain


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")
