"""Lets what Apprise sends pass one line: the connections that are made for a chat meanwhile; one chat after another.

Apprise asks through requests, in threads of its own, and their connections are made by one function of urllib3; none
of them can be told which line to take. That function is replaced meanwhile; nothing else here uses urllib3.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bcp.probe.second_line import connect_over

_LOCK = threading.Lock()


@contextmanager
def over(via: str | None, within: float) -> Iterator[None]:
    """Meanwhile chats connect over the interface `via`, each within so many seconds; without a name as ever.

    Where urllib3 is not installed there is no chat either, which is told elsewhere.
    """
    with _LOCK:
        try:
            connection: Any = importlib.import_module("urllib3.util.connection")
        except ImportError:
            yield
            return
        before = connection.create_connection
        if via is not None:
            line = via
            connection.create_connection = lambda address, *_more, **_named: connect_over(
                address[0].strip("[]"), address[1], line, within
            )
        try:
            yield
        finally:
            connection.create_connection = before
