"""Chromium, driven for real over its debugging pipe: what a page looks like in it, and what it asks for."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.children import only_with


class Browser:
    """One browser with one page; `requests` are all addresses that it asked for, or would have."""

    def __init__(self, read: int, write: int) -> None:
        self._from, self._to = os.fdopen(read, "rb"), os.fdopen(write, "wb", buffering=0)
        self._number, self._session, self._rest = 0, "", b""
        self.requests: list[str] = []
        self._loaded = 0
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self._ask(f"{domain}.enable")

    def open(self, address: str) -> None:
        """Open a page, and wait until all that it needs is there."""
        before = self._loaded
        self._ask("Page.navigate", url=address)
        while self._loaded == before:
            self._hear()

    def evaluate(self, script: str) -> Any:
        """What a script of ours gives in the page, which no policy of the page forbids."""
        found = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def picture(self, width: int, height: int) -> bytes:
        """What a screen of this size shows, as PNG."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **size)
        return base64.b64decode(self._ask("Page.captureScreenshot")["data"])

    def wear(self, scheme: str) -> None:
        """From now on the person at it prefers `light` or `dark`."""
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def close(self) -> None:
        """End the conversation; the browser ends, too."""
        self._from.close()
        self._to.close()

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        order: dict[str, object] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            order["sessionId"] = self._session
        self._to.write(json.dumps(order).encode() + b"\0")
        while True:
            told = self._hear()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._from.fileno(), 1 << 16)
            assert piece, "the browser has ended"
            self._rest += piece
        line, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(line)
        if told.get("method") == "Network.requestWillBeSent":
            self.requests.append(told["params"]["request"]["url"])
        self._loaded += told.get("method") == "Page.loadEventFired"
        return told


@contextmanager
def browser(profile: Path, *, offline: bool = False) -> Iterator[Browser]:
    """A browser; `offline` in a network of its own in which not even the loopback is up."""
    only_with("chromium")
    if not shutil.which("chromium"):
        pytest.fail("this test needs Debian's chromium: make packages")
    apart = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])] if offline else []
    order = [
        *[*apart, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"],
        *["--no-first-run", "--disable-background-networking", f"--user-data-dir={profile}", "about:blank"],
    ]
    (theirs_in, ours_out), (ours_in, theirs_out) = os.pipe(), os.pipe()
    # The browser reads at 3 and writes at 4; the numbers of ours may be those.
    high = [_high(theirs_in), _high(theirs_out)]

    def hand_over() -> None:
        os.dup2(high[0], 3)
        os.dup2(high[1], 4)

    process = subprocess.Popen(
        order, preexec_fn=hand_over, pass_fds=(3, 4), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    for each in (theirs_in, theirs_out, *high):
        os.close(each)
    found = Browser(ours_in, ours_out)
    try:
        yield found
    finally:
        found.close()
        process.wait(60)


def _high(number: int) -> int:
    import fcntl

    return fcntl.fcntl(number, fcntl.F_DUPFD, 10)
