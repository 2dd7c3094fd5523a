"""Registration: until when a domain is ours, as its registry says it by RDAP (RFC 9082, 9083, 9224); asked rarely.

1. Which server answers for a name stands in IANA's list (https://data.iana.org/rdap/dns.json), by the longest ending.
2. An answer is kept for a day, in a file and in memory; where nobody answers, the one before goes on being used, and
   the next try is after an hour: registries turn away whoever asks often.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bcp.errors import StoreError
from bcp.files import write_whole
from bcp.i18n import _
from bcp.probe.base import Attempt, Shared
from bcp.probe.http_answer import FetchedPage
from bcp.probe.http_client import fetch
from bcp.probe.trouble import Trouble, explain, one_line
from bcp.probe.written_time import moment_in

IANA = "https://data.iana.org/rdap/dns.json"
AGAIN_AFTER = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(hours=1)
_HEADERS = {"Accept": "application/rdap+json, application/json"}


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of a domain; moments as ISO 8601, empty where there is none.

    `asked` is when its registry answered last, `tried` when it was last asked. `ends` is empty where the registry does
    not say it, `trouble` says why there is no answer. `is_known` is false where the registry knows no such name.
    """

    asked: str = ""
    tried: str = ""
    ends: str = ""
    trouble: str = ""
    is_known: bool = True
    status: tuple[str, ...] = ()

    @property
    def until(self) -> datetime | None:
        """When it ends; None where the registry does not say it."""
        return _moment(self.ends)


async def registration_of(attempt: Attempt, name: str, registry: str | None) -> Registration:
    """What is known of `name`, asked for where that is due. `registry` is the address of its server, if it is known.

    Raises nothing for what is out there: that stands in `trouble`.
    """
    now = attempt.shared.clock.now()
    before = _before(attempt.shared, name)
    if _is_recent(before.asked, now, AGAIN_AFTER) or _is_recent(before.tried, now, TRY_AGAIN_AFTER):
        return before
    stamp = now.isoformat()
    # Written down first: a look that is cut short by its time-out has tried, too.
    _keep(
        attempt.shared, name, replace(before, tried=stamp, trouble=_("its registry did not answer in time"))
    )
    try:
        found = replace(await _ask(attempt, name, registry), asked=stamp, tried=stamp)
    except Trouble as trouble:
        found = replace(before, tried=stamp, trouble=trouble.reason)
    except (OSError, EOFError, ValueError) as error:
        found = replace(before, tried=stamp, trouble=explain(error).reason)
    _keep(attempt.shared, name, found)
    return found


async def _ask(attempt: Attempt, name: str, registry: str | None) -> Registration:
    base = registry or await _server_for(attempt, name)
    if base is None:
        ending = name.rpartition(".")[2]
        return Registration(
            trouble=_("the registry of .{ending} does not say when a name ends").format(ending=ending)
        )
    attempt.doing = _("asking the registry of {name}").format(name=name)
    page = await fetch(attempt, f"{base.rstrip('/')}/domain/{name}", headers=_HEADERS)
    is_for_people = page.headers.get("content-type", "").lower().startswith("text/html")
    if page.status == 404 and not is_for_people:
        return Registration(is_known=False)
    if page.status != 200:
        raise Trouble(_("its registry answers {status}").format(status=page.status))
    told = _object(page)
    about = str(told.get("ldhName") or name).lower().rstrip(".")
    if about.isascii() and about != name:
        raise Trouble(_("its registry answers about another name, {name}").format(name=one_line(about, 80)))
    events = [each for each in _list(told, "events") if isinstance(each, Mapping)]
    said = told.get("status")
    status = tuple(map(_status, [said] if isinstance(said, str) else _list(told, "status")))[:12]
    dates = [each.get("eventDate") for each in events if str(each.get("eventAction")).lower() == "expiration"]
    ends = [str(each) for each in dates if each]
    written = moment_in(ends[0][:100]) if ends else None
    if ends and written is None:
        words = _("its registry says in a way that cannot be read when it ends: {said}")
        return Registration(status=status, trouble=words.format(said=one_line(ends[0], 40) or "-"))
    return Registration(ends=written.at.isoformat() if written else "", status=status)


async def _server_for(attempt: Attempt, name: str) -> str | None:
    """The address of the server that answers for `name`; None where there is none. Raises Trouble."""
    attempt.doing = _("asking which registry keeps {name}").format(name=name)
    page = await fetch(attempt, IANA)
    if page.status != 200:
        raise Trouble(_("{url} answers {status}").format(url=IANA, status=page.status))
    return server_in(_object(page), name)


def server_in(listed: Mapping[str, Any], name: str) -> str | None:
    """The server for `name` in IANA's list, the one for its longest ending; over https where there is one."""
    best, servers = "", list[str]()
    for service in _list(listed, "services"):
        if (
            isinstance(service, list)
            and len(service) >= 2
            and all(isinstance(each, list) for each in service[:2])
        ):
            for ending in map(str, service[0]):
                if len(ending) > len(best) and (name == ending or name.endswith(f".{ending}")):
                    best, servers = ending, [each for each in service[1] if isinstance(each, str)]
    servers.sort(key=lambda address: not address.startswith("https://"))
    return servers[0] if servers else None


def _status(said: Any) -> str:
    """A status as RDAP writes it (RFC 8056), also where it came as EPP does: `pendingDelete`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(said)[:40]).lower()


def _object(page: FetchedPage) -> Mapping[str, Any]:
    try:
        found = json.loads(page.body)
    except (ValueError, RecursionError):
        raise Trouble(_("the answer is not JSON")) from None
    if not isinstance(found, dict):
        raise Trouble(_("the answer is not what a registry answers"))
    return found


def _list(told: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_recent(stamp: str, now: datetime, length: timedelta) -> bool:
    at = _moment(stamp)
    return at is not None and abs(now - at) < length


def _before(shared: Shared, name: str) -> Registration:
    """What was found out before, by this process or by another one."""
    remembered = shared.remembered.get(f"registration of {name}")
    if isinstance(remembered, Registration):
        return remembered
    if shared.kept is None:
        return Registration()
    try:
        told = json.loads((shared.kept / f"{name}.json").read_text(encoding="utf-8"))
        return Registration(**{**told, "status": tuple(told["status"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Registration()  # then it is asked for


def _keep(shared: Shared, name: str, found: Registration) -> None:
    shared.remembered[f"registration of {name}"] = found
    if shared.kept is not None:
        with suppress(StoreError):  # then the next process asks for it
            write_whole(shared.kept / f"{name}.json", json.dumps(asdict(found)))
