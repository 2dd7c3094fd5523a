"""Why a modem carries nothing, as ModemManager tells it: none is there, two are, or its SIM card is locked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bcp.i18n import _
from bcp.outside import Program, World

_TIMEOUT = 10.0


def trouble(world: World) -> str:
    """A sentence about the modems of this computer; nothing where they seem well, or where mmcli cannot be asked."""
    told = _ask(world, "-L")
    if told is None:
        return ""
    modems = sorted(each for each in told.get("modem-list", []) if isinstance(each, str))
    if not modems:
        return _("no modem is there: push it in firmly, or take another USB socket")
    locked = [why for why in (_lock(world, path) for path in modems) if why]
    if locked:
        return locked[0]
    if len(modems) > 1:
        names = ", ".join(path.rpartition("/")[2] for path in modems)
        words = _("{count} modems are there ({names}): pull out the one that is not meant")
        return words.format(count=len(modems), names=names)
    return ""


def _lock(world: World, path: str) -> str:
    told = (_ask(world, "-m", path) or {}).get("modem", {}).get("generic", {})
    lock = str(told.get("unlock-required", "--"))
    if lock == "sim-pin":
        return _("its SIM card asks for its PIN: enter it in the system's network settings")
    if lock == "sim-puk":
        return _("its SIM card is locked after three wrong PINs: the PUK stands in the operator's letter")
    return _("the modem is locked: {lock}").format(lock=lock) if told.get("state") == "locked" else ""


def _ask(world: World, *arguments: str) -> Mapping[str, Any] | None:
    ran = world.run(Program(("env", "LC_ALL=C", "mmcli", "-J", *arguments), _TIMEOUT))
    try:
        found = json.loads(ran.output) if ran.code == 0 else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
