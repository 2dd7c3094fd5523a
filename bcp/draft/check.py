"""The first draft of a check: it looks at the one thing that its author named, and proposes the plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bcp.draft.text import head, pairs
from bcp.i18n import _

_HOST = r"\[[0-9A-Fa-f:.]+\]|[\w.-]+"
_ADDRESS = re.compile(rf"(?P<host>{_HOST})(?::(?P<port>\d{{1,5}}))?")


def probe_for(address: str) -> Mapping[str, Any]:
    """The probe that looks at `https://…`, at `host:port` or at a host. Raises ValueError for what is none of them."""
    said = address.strip()
    if said.lower().startswith(("http://", "https://")) and len(said.split()) == 1:
        return {"http": {"url": said}}
    found = _ADDRESS.fullmatch(said)
    if found is None or not re.search(r"[.:]|localhost", said):
        words = _("expected a web address, such as https://example.com, or a device, such as 192.168.1.20")
        raise ValueError(words)
    host = found["host"].strip("[]")
    if found["port"] is None:
        return {"ping": {"host": host}}
    return {"tcp": {"host": host, "port": int(found["port"])}}


def check_text(name: str, address: str) -> str:
    """The file `checks/NAME.yaml`, with the plan of the same name. Raises ValueError as `probe_for`."""
    remark = _("When it is down for good, the plan is proposed; a person starts it.")
    told = {
        "check": name,
        "title": _("Whether {address} answers").format(address=address.strip())[:100],
        "every": "1m",
        "probes": [dict(probe_for(address))],
        "runbook": name,
        "start": "ask",
    }
    return "\n".join([*head("check", remark), *pairs(told)]) + "\n"
