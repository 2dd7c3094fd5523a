"""Dovecot on a loopback port, in a folder of its own, for the tests that read a real mailbox."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.ports import free_port

USER, PASSWORD = "office", "pass word"
needs_dovecot = pytest.mark.skipif(
    shutil.which("dovecot") is None, reason="dovecot is not installed: apt-get install dovecot-imapd"
)


@dataclass
class Dovecot:
    port: int
    authority: Path
    mail: Path
    lmtp: int = 0
    login: Path = Path()
    """The socket at which a mail server asks who may send."""

    def deliver(self, message: bytes, folder: str = "") -> None:
        """Put a message into the mailbox, as a mail server does."""
        where = self.mail / (f".{folder}" if folder else "") / "new"
        where.mkdir(parents=True, exist_ok=True)
        for other in ("cur", "tmp"):
            (where.parent / other).mkdir(exist_ok=True)
        (where / f"{time.time_ns()}.1.test").write_bytes(message)
        if os.geteuid() == 0:
            for path in (where.parent, *where.parent.iterdir(), *where.iterdir()):
                shutil.chown(path, "mail", "mail")


_FOR_A_MAIL_SERVER = """
auth_username_format = %Ln
auth_mechanisms = plain login
service lmtp {{
  chroot =
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {login} {{
    mode = 0666
  }}
}}
"""


@contextmanager
def dovecot(folder: Path, behind_a_mail_server: bool = False) -> Iterator[Dovecot]:
    """A mail server can use it: it takes in letters by LMTP, and says who may send."""
    ca = trustme.CA()
    certificate = ca.issue_cert("localhost")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    port, lmtp, login = free_port(), free_port(), folder / "login"
    me = getpass.getuser()
    owner = "mail" if os.geteuid() == 0 else me
    mail = folder / "mail"
    mail.mkdir()
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}::::{mail}::\n")
    (folder / "dovecot.conf").write_text(f"""
protocols = {"imap lmtp" if behind_a_mail_server else "imap"}
listen = 127.0.0.1
base_dir = {folder}/run
log_path = {folder}/log
default_internal_user = {me if os.geteuid() else "dovecot"}
default_login_user = {me if os.geteuid() else "dovenull"}
default_internal_group = {me if os.geteuid() else "dovecot"}
first_valid_uid = 1
mail_location = maildir:{mail}
mail_uid = {owner}
mail_gid = {owner}
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={mail}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service auth {{
  user = root
}}
{_FOR_A_MAIL_SERVER.format(lmtp=lmtp, login=login) if behind_a_mail_server else ""}
""")
    if os.geteuid() == 0:
        for path in (folder, *folder.parents):
            path.chmod(path.stat().st_mode | 0o111)
        shutil.chown(mail, owner, owner)
    process = subprocess.Popen(["dovecot", "-F", "-c", str(folder / "dovecot.conf")], stderr=subprocess.PIPE)
    try:
        _wait(port, process)
        yield Dovecot(port, folder / "ca.pem", mail, lmtp, login)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read().decode())
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                if connection.recv(10).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("dovecot did not answer")
