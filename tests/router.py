"""A router that is played: `router.py STATE PROGRAM ARGUMENT…`, where STATE is a JSON file that holds how it is.

As `ssh` it hands the command to a real `sh` with the programs of OpenWrt, or, for the login `bcp`, reads it as RouterOS
does. What the programs say and end with is written after their makers' documentation: ubus, jsonfilter, uci and mwan3
(openwrt.org), and the scripting language of RouterOS (help.mikrotik.com), where an empty `find` is no mistake for `set`
but is one for `get`; that the status of ssh is 0 even then is the worst that may be so.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

FRESH: dict[str, Any] = {
    "ubus": {"lan": True, "wan": True, "wan6": True, "lte": True, "mob1s1a1": False},
    "mwan3": {"wan": True, "wan6": True, "lte": True},
    "can_connect": True,
    "routeros": {
        "/interface": [{"name": "lte1", "running": "true"}],
        "/interface/lte/apn": [{"default": "yes", "default-route-distance": "2"}],
        "/ip/dhcp-client": [{"interface": "ether1", "default-route-distance": "1", "comment": "defconf"}],
        "/ip/route": [],
    },
}
PROGRAMS = ("ssh", "ubus", "jsonfilter", "uci", "mwan3", "sleep")


def play(folder: Path, state: dict[str, Any]) -> Path:
    """A folder with the programs of a router that is in this state; the state is in its file `state`."""
    folder.mkdir()
    (folder / "state").write_text(json.dumps(state))
    for name in PROGRAMS:
        words = f'exec "{sys.executable}" -I -S "{__file__}" "{folder / "state"}" {name} "$@"'
        (folder / name).write_text(f"#!/bin/sh\n{words}\n")
        (folder / name).chmod(0o755)
    return folder


def ssh(state: dict[str, Any], *words: str) -> int:
    """Carry the command out, as the computer of that login does."""
    *_options, login, command = words
    if state.get("unreachable"):
        return say("ssh: connect to host 192.168.1.1 port 22: No route to host", 255)
    if login.startswith("bcp@"):
        return routeros(state["routeros"], command)
    return subprocess.run(["sh", "-c", command], check=False).returncode


def ubus(state: dict[str, Any], verb: str, path: str = "", method: str = "") -> int:
    """`ubus list`, and `up`, `down` and `status` of an interface."""
    known, name = state["ubus"], path.removeprefix("network.interface.")
    if verb == "list":
        print("\n".join(f"network.interface.{each}" for each in known))
    elif name not in known:
        return say("Command failed: Not found", 4)
    elif method == "status":
        print(json.dumps({"up": known[name], "pending": False}))
    else:
        known[name] = method == "up" and (state["can_connect"] or not name.startswith("mob"))
    return 0


def jsonfilter(_state: dict[str, Any], _option: str, path: str) -> int:
    """One value of what is read."""
    text = sys.stdin.read()
    if text:
        print(json.dumps(json.loads(text)[path.removeprefix("@.")]))
    return 0 if text else 1


def uci(state: dict[str, Any], *words: str) -> int:
    """`uci -q get mwan3.NAME`: the type of a section."""
    if words[-1].removeprefix("mwan3.") not in state["mwan3"]:
        return 1
    print("interface")
    return 0


def mwan3(state: dict[str, Any], verb: str, name: str = "") -> int:
    """`mwan3 interfaces`, `ifdown`, `ifup`: nothing is said of a name that it does not know."""
    if verb == "interfaces":
        print("Interface status:")
        for each, is_on in state["mwan3"].items():
            print(f" interface {each} is {'online 00h:25m:17s, uptime 00h:25m:24s' if is_on else 'offline'}")
    elif name in state["mwan3"]:
        state["mwan3"][name] = verb == "ifup"
    return 0


def sleep(_state: dict[str, Any], _seconds: str) -> int:
    """Time flies."""
    return 0


def routeros(menus: dict[str, list[dict[str, str]]], command: str) -> int:
    """Commands with a semicolon between them, up to the first mistake."""
    for line in filter(None, map(str.strip, command.split(";"))):
        sets = re.fullmatch(r"(\S+)/set \[find (\S+)=(\S+)\] (\S+)=(\S+)", line)
        gets = re.fullmatch(r":put \[(\S+)/get (?:\[find (\S+)=(\S+)\]|(\S+)) (\S+)\]", line)
        if sets is not None:
            menu, key, value, name, new = sets.groups()
            for item in menus[menu]:
                if item.get(key) == value:
                    item[name] = new
        elif gets is not None:
            menu, key, value, called, name = gets.groups()
            items = [item for item in menus[menu] if item.get(key or "name") == (value or called)]
            if len(items) != 1:
                print("no such item", end="\r\n")
                return 0
            print(items[0][name], end="\r\n")
        else:
            print("bad command name", end="\r\n")
            return 0
    return 0


def say(words: str, code: int) -> int:
    """Say what is wrong; the status."""
    print(words, file=sys.stderr)
    return code


def main() -> int:
    """Be one of the programs; what it changed is kept, unless another one that it began kept that already."""
    file, name, *words = sys.argv[1:]
    state = json.loads(Path(file).read_text())
    before = json.dumps(state)
    os.environ["PATH"] = f"{Path(file).parent}{os.pathsep}{os.environ['PATH']}"
    code = int(globals()[name](state, *words))
    if json.dumps(state) != before:
        Path(file).write_text(json.dumps(state))
    return code


if __name__ == "__main__":
    sys.exit(main())
