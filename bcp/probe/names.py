"""Names: finds the addresses of a name without a queue, so that a dead name never holds up a living one.

The system's own resolver blocks a thread for ten seconds and more for each dead name, and sends a lost
question again only after five; here each name is asked for by itself, over the line that the look is bound
to, and again every half second. The hosts file comes first, then the name servers of the system. Names that
live outside DNS (`printer.local`, a single word) and computers whose name servers we cannot read go to the
system's resolver, each in a thread of its own that nobody waits for.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from bcp.host_name import ascii_name, is_address
from bcp.i18n import _
from bcp.probe import dns_message
from bcp.probe.bind import bound_socket
from bcp.probe.name_settings import Server, Settings, settings_of_this_computer
from bcp.probe.public import NAME_SERVERS
from bcp.probe.race import first
from bcp.probe.route import source_to
from bcp.probe.trouble import Trouble, explain

_FAR_4, _FAR_6 = "1.1.1.1", "2606:4700:4700::1111"

AGAIN = 0.5  # seconds until a question is sent again
NEXT_SERVER = 0.3  # seconds until the next server is asked beside the first
REMEMBERED = 1.0  # seconds an address is used again: the probes of one pass share it, the next pass asks anew


class Names:
    """Finds addresses. One object serves a whole run; the settings are read anew every second."""

    def __init__(
        self,
        settings: Callable[[], Settings] = settings_of_this_computer,
        public: tuple[Server | str, ...] = NAME_SERVERS,
    ) -> None:
        self._read = settings
        self._settings, self._read_at = Settings(), float("-inf")
        self._public: tuple[Server, ...] = tuple(
            (each, 53) if isinstance(each, str) else each for each in public
        )
        self._known: dict[tuple[str, str | None], tuple[float, list[str]]] = {}
        self._both: dict[str | None, tuple[float, bool]] = {}
        self._asking: dict[tuple[str, str | None], _Flight] = {}

    @property
    def settings(self) -> Settings:
        """What the system says now about name servers and hosts."""
        if time.monotonic() - self._read_at > REMEMBERED:
            self._settings, self._read_at = self._read(), time.monotonic()
            self._known = {key: told for key, told in self._known.items() if told[0] > self._read_at}
        return self._settings

    @property
    def public(self) -> tuple[Server, ...]:
        """The public name servers to which this computer knows a way: those of IPv4, or else of IPv6."""
        four = tuple(each for each in self._public if ":" not in each[0])
        six = tuple(each for each in self._public if ":" in each[0])
        return six if six and (not four or _is_six_only()) else four

    async def addresses(self, name: str, via: str | None = None) -> list[str]:
        """The addresses of `name`, IPv4 first; an address is its own. `via` is the interface to ask over.

        Raises Trouble with the reason, ValueError for what can be no name; waits for ever where no server answers (the
        look has the time-out).
        """
        if is_address(name):
            return [name]
        key = (_sent(name), via)
        local = self.settings.hosts.get(key[0]) or self.settings.hosts.get(name.lower())
        if local:
            return list(local)
        until, found = self._known.get(key, (0.0, []))
        if until > time.monotonic():
            return found
        flight = self._asking.get(key)
        if flight is None:
            flight = self._asking[key] = _Flight(asyncio.ensure_future(self._find(*key, name)))
            flight.task.add_done_callback(partial(self._landed, key))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and self._asking.get(key) is flight:
                del self._asking[key]  # whoever comes next asks anew instead of joining what is being dropped
                flight.task.cancel()

    def _landed(self, key: tuple[str, str | None], task: asyncio.Future[list[str]]) -> None:
        if key in self._asking and self._asking[key].task is task:
            del self._asking[key]
        if not task.cancelled() and task.exception() is None:
            self._known[key] = (time.monotonic() + REMEMBERED, task.result())

    async def _find(self, name: str, via: str | None, written: str) -> list[str]:
        settings = self.settings
        servers = self.servers(via)
        if not servers or (via is None and ("." not in name or name.endswith(".local"))):
            return await _ask_the_system(name, written)
        whole = [name] if name.count(".") >= settings.dots else []
        longer = [] if via else [f"{name}.{suffix}" for suffix in settings.search]
        for each in [*whole, *longer, *([] if whole else [name])]:
            found = await self._look_up(each, servers, via)
            if found:
                return found
        if settings.has_more and via is None:
            return await _ask_the_system(name, written)
        raise _unknown(written)

    def servers(self, via: str | None) -> tuple[Server, ...]:
        """The system's servers may belong to another line than `via`: then the public ones are asked too."""
        return self.settings.servers if via is None else (*self.public, *self.settings.servers)

    async def _look_up(self, name: str, servers: tuple[Server, ...], via: str | None) -> list[str]:
        for kind in self._kinds():
            found = (await ask(servers, name, kind, via)).values(kind)
            if found:
                return found
        return []

    def _kinds(self) -> tuple[str, ...]:
        """IPv4 first, unless this computer has a way out by IPv6 only."""
        return ("AAAA", "A") if _is_six_only() else ("A", "AAAA")

    def has_both_families(self, via: str | None) -> bool:
        """Whether this computer knows a way to the internet by IPv4 and by IPv6; asked of it once a second."""
        until, told = self._both.get(via, (0.0, False))
        if until < time.monotonic():
            told = source_to(_FAR_6, via) is not None and source_to(_FAR_4, via) is not None
            self._both[via] = (time.monotonic() + REMEMBERED, told)
        return told

    async def of_the_other_family(self, name: str, among: list[str], via: str | None = None) -> list[str]:
        """Further addresses of `name`, whose `among` are of one family: those of the other.

        None where the name server does not say; waits for ever where it does not answer.
        """
        is_six = ":" not in among[0]
        servers = self.servers(via)
        plain = name.lower().rstrip(".")
        if not servers or plain in self.settings.hosts or "." not in plain or plain.endswith(".local"):
            return []
        kind = "AAAA" if is_six else "A"
        with suppress(Trouble):
            found = (await ask(servers, _sent(name), kind, via)).values(kind)
            return [each for each in found if each not in among]
        return []


def _is_six_only() -> bool:
    return source_to(_FAR_6) is not None and source_to(_FAR_4) is None


def _sent(name: str) -> str:
    """A name as name servers know it. Raises ValueError for what can be none."""
    return ascii_name(name).removesuffix(".")


def _unknown(name: str) -> Trouble:
    return Trouble(_("there is no address for the name {name}").format(name=name))


@dataclass
class _Flight:
    """A question under way and how many wait for its answer; when the last one leaves, it is dropped."""

    task: asyncio.Future[list[str]]
    waiting: int = 0


async def ask(
    servers: tuple[Server, ...], name: str, kind: str, via: str | None = None
) -> dns_message.DnsAnswer:
    """The first usable answer of `servers`, the next one asked when one is late, until one answers.

    That there is no such name is an answer. Raises Trouble when every server refuses or fails.
    """
    sent = _sent(name)
    ways = [partial(_ask_one, server, sent, kind, via) for server in servers]
    try:
        return await first(ways, NEXT_SERVER)
    except OSError as error:
        why = explain(error, via)
        raise Trouble(_("no name server answers: {why}").format(why=why.reason), why.state) from None


async def _ask_one(server: Server, name: str, kind: str, via: str | None) -> dns_message.DnsAnswer:
    number = secrets.randbelow(0x10000)
    question = dns_message.query(name, kind, number)
    with bound_socket(server[0], socket.SOCK_DGRAM, via) as line:
        line.connect(server)
        answer = None
        while answer is None:
            line.send(question)
            answer = await _matching(line, number, name, kind)
    if answer.is_cut:
        answer = await _ask_by_tcp(server, question, via)
        if answer.question != (name, kind):
            words = _("the name server {server} answers in a way that makes no sense")
            raise Trouble(words.format(server=server[0]))
    if answer.code not in (dns_message.NO_ERROR, dns_message.NO_SUCH_NAME):
        words = (
            _("the name server {server} refuses to answer")
            if answer.code == dns_message.REFUSED
            else _("the name server {server} answers with an error")
        )
        raise Trouble(words.format(server=server[0]))
    return answer


async def _matching(line: socket.socket, number: int, name: str, kind: str) -> dns_message.DnsAnswer | None:
    """The packet that answers our question, if it comes in time; other packets were not meant for us.

    Raises Trouble where one came that was, and cannot be read.
    """
    loop, is_broken = asyncio.get_running_loop(), False
    try:
        async with asyncio.timeout(AGAIN):
            while True:
                data = await loop.sock_recv(line, 4096)
                try:
                    answer = dns_message.parse(data)
                except dns_message.MalformedDns:
                    is_broken |= data[:2] == number.to_bytes(2, "big")
                    continue
                if answer.id == number and answer.question == (name, kind):
                    return answer
    except TimeoutError:
        if is_broken:
            words = _("the name server {server} answers in a way that makes no sense")
            raise Trouble(words.format(server=line.getpeername()[0])) from None
        return None


async def _ask_by_tcp(server: Server, question: bytes, via: str | None) -> dns_message.DnsAnswer:
    loop = asyncio.get_running_loop()
    with bound_socket(server[0], socket.SOCK_STREAM, via) as line:
        await loop.sock_connect(line, server)
        await loop.sock_sendall(line, len(question).to_bytes(2, "big") + question)
        size = int.from_bytes(await _exactly(loop, line, 2), "big")
        return dns_message.parse(await _exactly(loop, line, size))


async def _exactly(loop: asyncio.AbstractEventLoop, line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = await loop.sock_recv(line, count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


async def _ask_the_system(name: str, written: str) -> list[str]:
    """What getaddrinfo says, in a daemon thread: the process may end while it still waits for a dead name."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(found: list[str], problem: Exception | None) -> None:
        if answer.done():
            return
        if problem:
            answer.set_exception(problem)
        else:
            answer.set_result(found)

    def work() -> None:
        found, problem = list[str](), None
        try:
            told = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            found = sorted({str(each[4][0]) for each in told}, key=lambda address: ":" in address)
        except (OSError, UnicodeError):
            problem = _unknown(written)
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, found, problem)

    threading.Thread(target=work, daemon=True, name=f"name {name}").start()
    return await answer
