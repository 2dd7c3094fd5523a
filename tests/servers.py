"""Servers that keep files for us, for real and on loopback: OpenSSH, nginx and Apache with WebDAV, vsftpd."""

from __future__ import annotations

import getpass
import hashlib
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

from tests.children import IS_ROOT, needs_root
from tests.ports import free_port

needs_sshd = pytest.mark.skipif(
    not Path("/usr/sbin/sshd").exists() or shutil.which("sftp") is None,
    reason="OpenSSH is not installed: apt-get install openssh-server",
)
needs_nginx = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed: apt-get install nginx-light"
)
needs_apache = pytest.mark.skipif(
    not Path("/usr/sbin/apache2").exists(), reason="Apache is not installed: apt-get install apache2-bin"
)
needs_vsftpd = pytest.mark.skipif(
    not Path("/usr/sbin/vsftpd").exists() or not IS_ROOT,
    reason="vsftpd is not installed, or this is not root: apt-get install vsftpd",
)
__all__ = ["needs_apache", "needs_nginx", "needs_root", "needs_sshd", "needs_vsftpd"]
PASSWORD = "pass word"
FTP_USER = 4242


@dataclass
class Server:
    """`root` is the folder that it shows; `full`, seen by the server only, lies on a disk that is full."""

    port: int
    root: Path
    full: Path
    folder: Path
    secure: int = 0


@contextmanager
def sshd(folder: Path, subsystem: str = "internal-sftp") -> Iterator[Server]:
    """An SSH server into which this very user may come with the key `folder/key`."""
    port, root = free_port(), folder / "www"
    root.mkdir()
    for name in ("host", "key", "other"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    shutil.copy(folder / "key.pub", folder / "authorized")
    host = (folder / "host.pub").read_text().split()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host[0]} {host[1]}\n")
    if IS_ROOT:
        Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "sshd.conf").write_text(f"""
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
# What is agreed upon where both ends are older: the newer way takes five times as long for each of many connections.
KexAlgorithms curve25519-sha256
Subsystem sftp {subsystem}
""")
    command = ["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd.conf")]
    with _running(command, folder, port):
        yield Server(port, root, folder / "full", folder)


@contextmanager
def nginx(folder: Path, more: str = "") -> Iterator[Server]:
    """A web server that shows `folder/www` to all, and takes files from the user `office`; `more` is for its server."""
    port, secure, root = free_port(), free_port(), folder / "www"
    root.mkdir()
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    (folder / "users").write_text(f"office:{{PLAIN}}{PASSWORD}\n")
    dav = "dav_methods PUT DELETE MOVE; limit_except GET { auth_basic office; auth_basic_user_file users; }"
    (folder / "nginx.conf").write_text(f"""
{"user root;" if IS_ROOT else ""}
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off; root {root}; client_max_body_size 1m;
    proxy_temp_path tmp/p; fastcgi_temp_path tmp/f; uwsgi_temp_path tmp/u; scgi_temp_path tmp/s;
    server {{
        listen 127.0.0.1:{port};
        {more}
        listen 127.0.0.1:{secure} ssl; ssl_certificate server.pem; ssl_certificate_key server.pem;
        location / {{ client_body_temp_path {folder}/body; {dav} }}
        location /full/ {{ alias {folder}/full/; client_body_temp_path {folder}/full/body; {dav} }}
    }}
}}
""")
    (folder / "tmp").mkdir()
    with _running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder, port):
        yield Server(port, root, folder / "full", folder, secure)


_MODULES = (
    *("mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "auth_digest"),
    *("dav", "dav_fs", "alias", "headers", "dir", "rewrite"),
)


@contextmanager
def apache(folder: Path) -> Iterator[Server]:
    """Shows `folder/www` to all, heeds `.htaccess` there, and takes files below /dav/ (Basic) and /digest/ (Digest)."""
    port, root = free_port(), folder / "www"
    root.mkdir()
    (folder / "lock").mkdir()
    salted = subprocess.run(
        ["openssl", "passwd", "-apr1", PASSWORD], capture_output=True, text=True, check=True
    )
    (folder / "users").write_text(f"office:{salted.stdout}")
    digest = hashlib.md5(f"office:site:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    (folder / "digests").write_text(f"office:site:{digest}\n")
    modules = "\n".join(f"LoadModule {one}_module /usr/lib/apache2/modules/mod_{one}.so" for one in _MODULES)
    doors = "\n".join(
        f"""Alias /{name} {root}
<Location /{name}>
    Dav On
    AuthType {kind}
    AuthName site
    AuthUserFile {folder}/{file}
    Require valid-user
</Location>"""
        for name, kind, file in (("dav", "Basic", "users"), ("digest", "Digest", "digests"))
    )
    (folder / "apache.conf").write_text(f"""
{modules}
ServerRoot {folder}
PidFile {folder}/pid
Listen 127.0.0.1:{port}
ServerName 127.0.0.1
ErrorLog {folder}/log
DavLockDB {folder}/lock/db
DocumentRoot {root}
{"User www-data" if IS_ROOT else ""}
{"Group www-data" if IS_ROOT else ""}
StartServers 1
<Directory {root}>
    AllowOverride All
</Directory>
{doors}
""")
    if IS_ROOT:
        for each in (root, folder / "lock"):
            shutil.chown(each, "www-data")
    with _running(["/usr/sbin/apache2", "-DFOREGROUND", "-f", str(folder / "apache.conf")], folder, port):
        yield Server(port, root, folder / "full", folder)


@contextmanager
def vsftpd(folder: Path, *, implicit: bool = False, more: str = "") -> Iterator[Server]:
    """An FTP server for the user `kropka`, which insists on encryption and on a resumed session for data.

    `folder/ca.pem` vouches for it. The user is one of this server alone: it has a list of users of its own.
    """
    port, root = free_port(), folder / "home" / "www"
    root.mkdir(parents=True)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    (folder / "empty").mkdir()
    salted = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, text=True, check=True)
    users = {
        "passwd": f"kropka:x:{FTP_USER}:{FTP_USER}::{folder}/home:/bin/sh",
        "shadow": f"kropka:{salted.stdout.strip()}:19000::::::",
        "group": f"kropka:x:{FTP_USER}:",
    }
    for name, line in users.items():
        (folder / name).write_text(f"{line}\n{Path('/etc', name).read_text()}")
    pam = ("auth required pam_unix.so", "account required pam_unix.so", "session optional pam_permit.so", "")
    (folder / "pam").write_text("\n".join(pam))
    for path in (folder / "home", root):
        os.chown(path, FTP_USER, FTP_USER)
    (folder / "vsftpd.conf").write_text(f"""
listen=YES
background=NO
listen_address=127.0.0.1
listen_port={port}
pasv_address=127.0.0.1
local_enable=YES
write_enable=YES
local_umask=022
secure_chroot_dir={folder}/empty
seccomp_sandbox=NO
xferlog_enable=NO
ssl_enable=YES
implicit_ssl={"YES" if implicit else "NO"}
rsa_cert_file={folder}/server.pem
rsa_private_key_file={folder}/server.pem
ssl_ciphers=HIGH
{more}
""")
    binds = [f"{folder / name}:/etc/{name}" for name in users] + [f"{folder}/pam:/etc/pam.d/vsftpd"]
    with _running(["vsftpd", str(folder / "vsftpd.conf")], folder, port, binds):
        yield Server(port, root, folder / "full", folder)


@contextmanager
def _running(command: list[str], folder: Path, port: int, binds: list[str] | None = None) -> Iterator[None]:
    """The server, in mounts of its own where this is root: there the folder `full` is a small disk.

    Each of `binds`, as `own:system`, is a file of ours that it sees in the place of one of the system.
    """
    (folder / "full").mkdir()
    if IS_ROOT:
        for path in (folder, *folder.parents):
            path.chmod(path.stat().st_mode | 0o111)
        mounts = "".join(f"mount --bind {one.replace(':', ' ')} && " for one in binds or ())
        script = (
            f'{mounts}mount -t tmpfs -o size=16k tmpfs "$1/full" && cp "$1/page" "$1/full/kontakt.html"; '
            'shift; exec "$@"'
        )
        (folder / "page").write_text("<!-- bcp:notice --><!-- /bcp:notice -->", encoding="utf-8")
        command = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-ec",
            script,
            "sh",
            str(folder),
            *command,
        ]
    log = (folder / "out").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(400):
            assert process.poll() is None, (folder / "out").read_text()[-3000:]
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.025)
        yield
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def me() -> str:
    return getpass.getuser()
