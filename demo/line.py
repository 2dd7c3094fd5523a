"""Plays a line to the internet on this computer: `line.py FOLDER NAME up|down`. Standard library only.

`up` starts a small web server on 127.0.0.1 (the same port for every line of FOLDER, kept in FOLDER/port), waits until
it answers and returns; `down` ends it. It plays the internet (/generate_204), and shows the public what lies in the
folders website and status beside FOLDER. A line that is up already stays as it is.
"""

import contextlib
import functools
import http.server
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

LIFETIME = 120.0


class Internet(http.server.SimpleHTTPRequestHandler):
    """Answers the look for the internet with 204, and shows the website and the status page."""

    def do_GET(self):
        """The internet is there."""
        if self.path == "/generate_204":
            self.send_response(204)
            self.end_headers()
        elif self.path.startswith(("/website/", "/status/")):
            super().do_GET()
        else:
            self.send_error(404)

    def log_message(self, *_arguments):
        """Say nothing."""


def serve(folder, port):
    """Serve until somebody ends it, or two minutes have passed, so that nothing is left behind."""
    shown = functools.partial(Internet, directory=str(folder.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), shown)
    server.timeout = 1.0
    end = time.monotonic() + LIFETIME
    while time.monotonic() < end:
        server.handle_request()


def up(folder, name):
    """Start the line and wait until it answers."""
    if (folder / f"{name}.pid").exists():
        print(f"the line {name} is up already")
        return 0
    port = int((folder / "port").read_text())
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    line = subprocess.Popen(
        [sys.executable, __file__, folder, name, "serve"], **quiet, start_new_session=True
    )
    (folder / f"{name}.pid").write_text(str(line.pid))
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                print(f"the line {name} is up")
                return 0
        time.sleep(0.05)
    print(f"the line {name} did not come up")
    return 1


def down(folder, name):
    """End the line."""
    file = folder / f"{name}.pid"
    if not file.exists():
        print(f"the line {name} was not up")
        return 0
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(file.read_text()), signal.SIGTERM)
    file.unlink()
    print(f"the line {name} is down")
    return 0


def main():
    """`line.py FOLDER NAME up|down|serve|port`."""
    folder, name, deed = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    if deed == "port":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            (folder / "port").write_text(str(free.getsockname()[1]))
        return 0
    if deed == "serve":
        return serve(folder, int((folder / "port").read_text()))
    return up(folder, name) if deed == "up" else down(folder, name)


if __name__ == "__main__":
    sys.exit(main())
