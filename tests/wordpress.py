"""A real WordPress from Debian with its database, on loopback, in a folder of its own; and what a person does in it.

The database is made once for a machine and copied from then on: installing takes seconds, copying a part of one.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.ports import free_port

WORDPRESS = Path("/usr/share/wordpress")
needs_wordpress = pytest.mark.skipif(
    not WORDPRESS.is_dir() or shutil.which("mariadbd") is None or shutil.which("php") is None,
    reason="WordPress is not installed: apt-get install wordpress mariadb-server php-cli php-mysql",
)
PAGE = """<!-- wp:paragraph -->
<p>Agencja „Kropka” – strony i sklepy.</p>
<!-- /wp:paragraph -->
<!-- bcp:notice --><!-- /bcp:notice -->
<!-- wp:paragraph -->
<p>Tel. <!-- bcp:number --><a href="tel:+48226000001">22 600 00 01</a><!-- /bcp:number --></p>
<!-- /wp:paragraph -->"""
_INSTALL = """<?php
define('WP_INSTALLING', true);
require 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Kropka', 'anna', 'anna@kropka.example', true, '', 'a person');
update_option('blog_public', 0);
$editor = wp_insert_user(['user_login' => 'bcp', 'user_pass' => wp_generate_password(), 'role' => 'editor']);
$chef = wp_insert_user(['user_login' => 'chef', 'user_pass' => wp_generate_password(), 'role' => 'administrator']);
$writer = wp_insert_user(['user_login' => 'writer', 'user_pass' => wp_generate_password(), 'role' => 'contributor']);
$out = [];
foreach (['bcp' => $editor, 'writer' => $writer, 'chef' => $chef] as $name => $id) {
    [$password, $item] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'bcp']);
    $out[$name] = [$id, $password, $item['uuid']];
}
$page = wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Kontakt',
    'post_name' => 'kontakt', 'post_content' => file_get_contents('page.html')]);
$out['page'] = $page;
echo "\\nRESULT " . json_encode($out);
"""
_CONFIG = """<?php
define('DB_NAME', 'wp'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:%(socket)s'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT','LOGGED_IN_SALT',
    'NONCE_SALT'] as $key) { define($key, 'a test'); }
$table_prefix = 'wp_';
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
if (isset($_SERVER['HTTP_HOST'])) {
    define('WP_HOME', 'http://' . $_SERVER['HTTP_HOST']); define('WP_SITEURL', WP_HOME);
} else { define('WP_HOME', 'http://localhost'); define('WP_SITEURL', WP_HOME); }
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""


@dataclass
class Site:
    """A running site; `passwords` are application passwords, by user."""

    url: str
    folder: Path
    passwords: dict[str, str]
    page: int

    def rest(self, method: str, route: str, told: object = None, user: str = "bcp") -> httpx.Response:
        """What an editor does, who is not us."""
        login = (user, self.passwords[user])
        url = f"{self.url}/?rest_route=/wp/v2/{route}"
        return httpx.request(method, url, json=told, auth=login, timeout=30, verify=False)  # it is not https

    @property
    def content(self) -> str:
        """The page as it is edited."""
        text: str = self.rest("GET", f"pages/{self.page}&context=edit").json()["content"]["raw"]
        return text

    def edit(self, content: str) -> None:
        assert self.rest("POST", f"pages/{self.page}", {"content": content}).status_code == 200

    def posts(self) -> list[dict[str, object]]:
        """The news of ours that the public sees."""
        found: list[dict[str, object]] = self.rest("GET", "posts&context=edit&search=phone").json()
        return found

    @contextmanager
    def plugin(self, code: str) -> Iterator[None]:
        """A plugin that is there for a while; PHP keeps what it read of a file, so each has a name of its own."""
        file = self.folder / "wp-content" / "mu-plugins" / f"{uuid4().hex}.php"
        file.write_text(f"<?php {code}", encoding="utf-8")
        try:
            yield
        finally:
            file.unlink()

    def left_over(self) -> str:
        """All posts, pages, parts and drafts of any kind, those in the bin too, and how often they were changed."""
        return self.php(
            "foreach (get_posts(['numberposts' => -1, 'post_type' => ['post', 'page', 'wp_template_part'],"
            " 'post_status' => 'any,trash']) as $p) echo $p->ID, ' ', $p->post_status, ' ', $p->post_modified, ';';"
        )

    def php(self, code: str) -> str:
        """What the one who looks after the server does."""
        script = self.folder / "deed.php"
        script.write_text(f"<?php require 'wp-load.php'; {code}", encoding="utf-8")
        return _php(self.folder, script)


@pytest.fixture(scope="session")
def running_wordpress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests of this process; each begins by putting its page right."""
    with wordpress(tmp_path_factory.mktemp("wordpress")) as site:
        yield site


def _php(folder: Path, script: Path) -> str:
    command = ["php", "-d", "sendmail_path=/bin/true", script.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@contextmanager
def wordpress(folder: Path) -> Iterator[Site]:
    """The site, running."""
    for path in (folder, *folder.parents):
        if path.stat().st_mode & 0o111 != 0o111 and os.geteuid() == 0:
            path.chmod(path.stat().st_mode | 0o111)
    data, www = folder / "data", folder / "www"
    _lay_out(www, folder / "db.sock")
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=4M"],
        check=True, stdout=subprocess.DEVNULL, timeout=120,
    )  # fmt: skip
    with _database(data, folder / "db.sock"):
        made = _php(www, www / "install.php").partition("RESULT ")[2]
        told = json.loads(made)
        passwords = {name: told[name][1] for name in ("bcp", "writer", "chef")}
        with _web(www) as url:
            yield Site(url, www, passwords, told["page"])


def _lay_out(www: Path, database: Path) -> None:
    """The files of the site: PHP looks for its configuration beside them, so they are copies; the folders are links."""
    www.mkdir()
    for each in WORDPRESS.iterdir():
        if each.is_dir() and each.name != "wp-content":
            (www / each.name).symlink_to(each)
        elif each.suffix == ".php" and each.name != "wp-config.php":
            shutil.copy(each, www / each.name)
    content = www / "wp-content"
    content.mkdir()
    (content / "mu-plugins").mkdir()
    for part in ("languages", "themes"):
        if (WORDPRESS / "wp-content" / part).exists():
            (content / part).symlink_to(WORDPRESS / "wp-content" / part)
    (www / "wp-config.php").write_text(_CONFIG % {"socket": database}, encoding="utf-8")
    (www / "install.php").write_text(_INSTALL, encoding="utf-8")
    (www / "page.html").write_text(PAGE, encoding="utf-8")


@contextmanager
def _database(data: Path, at: Path) -> Iterator[None]:
    command = ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={at}", "--skip-networking",
               f"--pid-file={data}/pid", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
               "--skip-log-bin", "--innodb-log-file-size=4M"]  # fmt: skip
    if os.geteuid() == 0:
        command.append("--user=root")
    log = (data.parent / "db.log").open("wb")
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(600):
            assert process.poll() is None, (data.parent / "db.log").read_text()[-3000:]
            made = subprocess.run(
                ["mariadb", "--no-defaults", f"--socket={at}", "-uroot", "-e", "CREATE DATABASE IF NOT EXISTS wp"],
                capture_output=True, check=False,
            )  # fmt: skip
            if made.returncode == 0:
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(30)
        log.close()


@contextmanager
def _web(www: Path) -> Iterator[str]:
    port = free_port()
    environ = {**os.environ, "PHP_CLI_SERVER_WORKERS": "3"}
    log = (www.parent / "php.log").open("wb")
    command = ["php", "-d", "sendmail_path=/bin/true", "-S", f"127.0.0.1:{port}", "-t", str(www)]
    process = subprocess.Popen(command, cwd=www, env=environ, stdout=log, stderr=log, start_new_session=True)
    try:
        for _ in range(400):
            assert process.poll() is None, (www.parent / "php.log").read_text()[-3000:]
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 9)
        process.wait(10)
        log.close()
