"""Postfix as the provider's submission server, with dovecot behind it and an outside that the test plays.

STARTTLS and AUTH are asked for; what it takes goes to the outside (a relayhost on the loopback), and what comes
back from there as refused becomes a real delivery report in the office's mailbox.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller

from tests.dovecot import Dovecot, dovecot
from tests.ports import free_port

needs_postfix = pytest.mark.skipif(
    not all(
        shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin") for program in ("postfix", "dovecot")
    ),
    reason="apt-get install postfix dovecot-imapd dovecot-lmtpd, or this is NOT tested",
)
_REFUSED = ("450", "550")
_PROGRAMS = (
    "cleanup unix n - n - 0 cleanup\nqmgr unix n - n 300 1 qmgr\ntlsmgr unix - - n 1000? 1 tlsmgr\n"
    "rewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\ndefer unix - - n - 0 bounce\n"
    "trace unix - - n - 0 bounce\nproxymap unix - - n - - proxymap\nsmtp unix - - n - - smtp\n"
    "lmtp unix - - n - - lmtp\nerror unix - - n - - error\nretry unix - - n - - error\n"
    "anvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\npostlog unix-dgram n - n - 1 postlogd\n"
)


@dataclass
class Outside:
    """The world behind the provider: it keeps what arrives and refuses whom the test names."""

    refuses: Mapping[str, str] = field(default_factory=dict)
    arrived: dict[str, bytes] = field(default_factory=dict)

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        for address in envelope.rcpt_tos:
            self.arrived[address] = envelope.content
        return "250 2.0.0 ok"


@dataclass
class Provider:
    """A provider on the loopback; letters to `refused-450@…` and `refused-550@…` are refused at once."""

    port: int
    authority: Path
    box: Dovecot
    outside: Outside
    log: Path


@contextmanager
def provider(folder: Path) -> Iterator[Provider]:
    (folder / "box").mkdir()
    outside = Outside()
    controller = Controller(outside, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with dovecot(folder / "box", behind_a_mail_server=True) as box:
            port = free_port()
            log = _configure(folder, port, box, controller.port)
            master = _postfix(folder, "start")
            assert master.returncode == 0, master.stdout
            try:
                yield Provider(port, folder / "ca.pem", box, outside, log)
            finally:
                _postfix(folder, "stop")
    finally:
        controller.stop()


def _postfix(folder: Path, deed: str) -> subprocess.CompletedProcess[str]:
    # What it prints goes to a file: its daemons keep the pipe open.
    with (folder / "said").open("w+") as said:
        ran = subprocess.run(["/usr/sbin/postfix", "-c", str(folder / "etc"), deed], stdout=said, stderr=said)
        said.seek(0)
        return subprocess.CompletedProcess(ran.args, ran.returncode, said.read())


def _configure(folder: Path, port: int, box: Dovecot, outside: int) -> Path:
    folder.chmod(0o755)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    log = folder / "mail.log"
    refused = ", ".join(
        f"{{refused-{code}@example.org = {code} {code[0]}.2.1 not today}}" for code in _REFUSED
    )
    told = {
        "compatibility_level": "3.6",
        "queue_directory": folder / "queue",
        "data_directory": folder / "data",
        "daemon_directory": "/usr/lib/postfix/sbin",
        "command_directory": "/usr/sbin",
        "mail_owner": "postfix",
        "setgid_group": "postdrop",
        "maillog_file": log,
        "maillog_file_prefixes": folder,
        "myhostname": "mail.example.com",
        "mydestination": "",
        "inet_interfaces": "127.0.0.1",
        "inet_protocols": "ipv4",
        "disable_dns_lookups": "yes",
        "relayhost": f"[127.0.0.1]:{outside}",
        "virtual_mailbox_domains": "example.com",
        "virtual_mailbox_maps": "static:yes",
        "virtual_transport": f"lmtp:inet:127.0.0.1:{box.lmtp}",
        "smtpd_tls_cert_file": folder / "server.pem",
        "smtpd_tls_key_file": folder / "server.pem",
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_auth_only": "yes",
        "smtpd_sasl_auth_enable": "yes",
        "smtpd_sasl_type": "dovecot",
        "smtpd_sasl_path": box.login,
        "smtpd_recipient_restrictions": f"check_recipient_access inline:{{ {refused} }},"
        " permit_sasl_authenticated, reject",
        "smtpd_error_sleep_time": "0",
        "alias_maps": "",
        "local_recipient_maps": "",
    }
    (folder / "etc" / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in told.items()))
    service = f"127.0.0.1:{port} inet n - n - - smtpd\n"
    (folder / "etc" / "master.cf").write_text(service + _PROGRAMS)
    return log


def until_arrived(provider: Provider, words: bytes) -> None:
    """Wait until a message with these words lies in the office's mailbox."""
    for _ in range(400):
        found = [path for name in ("new", "cur") for path in (provider.box.mail / name).glob("*")]
        if any(words in path.read_bytes() for path in found):
            return
        time.sleep(0.05)
    raise AssertionError(provider.log.read_text())
