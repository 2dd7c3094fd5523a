"""Saying something in the chat of the staff, through Apprise, which knows some 170 of them.

Apprise answers yes or no and logs why. What it logged is read here, so that the reason is kept; what may hold
the secret of the room (the URL that was asked, the body that came back) is not.
"""

from __future__ import annotations

import importlib
import logging
import re
from typing import Any

from bcp.errors import InputError
from bcp.outside import NEEDS_APPRISE, ChatPost, Chatted
from bcp.world.secret import Secrets

_LOGGER = "apprise"
_SOCKET = re.compile(r"socket exception|exception:", re.IGNORECASE)
_NEVER_ARRIVED: tuple[tuple[str, str], ...] = (
    ("refused", "it refuses connections"),
    ("resolve", "its name could not be found"),
    ("name or service not known", "its name could not be found"),
    ("no address associated", "its name could not be found"),
    ("unreachable", "there is no way to it"),
    ("connect timeout", "it did not answer in time"),
    ("certificate", "its certificate is not to be trusted"),
)
_MAY_HAVE_ARRIVED: tuple[tuple[str, str], ...] = (
    ("timed out", "it did not answer in time"),
    ("timeout", "it did not answer in time"),
    ("aborted", "the connection broke"),
    ("reset", "the connection broke"),
)


def say(post: ChatPost, secrets: Secrets) -> Chatted:
    """Hand a post to the chat. It is told as not accepted only where it cannot have arrived."""
    try:
        apprise = importlib.import_module("apprise")
    except ImportError:
        return Chatted(False, NEEDS_APPRISE)
    try:
        url = secrets.value(post.room)
    except InputError as error:
        return Chatted(False, f"{error.message}: {error.hint}")
    said = _Said(secrets)
    logger = logging.getLogger(_LOGGER)
    level, propagates = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(said)
    try:
        accepted = _notified(apprise, url, post)
    finally:
        logger.removeHandler(said)
        logger.propagate = propagates
        logger.setLevel(level)
    if accepted is None:
        return Chatted(False, f"{post.room} holds no address of a chat that Apprise knows")
    return Chatted(True) if accepted else said.why()


def _notified(apprise: Any, url: str, post: ChatPost) -> bool | None:
    """Whether the chat took it; None where the URL is none."""
    asset = apprise.AppriseAsset()
    # What is meant for the chat's server, its secret among it, is not sent on to another one.
    asset.http_redirects = False
    room = apprise.Apprise(asset=asset)
    if not room.add(url):
        return None
    return bool(room.notify(title=post.title, body=post.text, body_format=apprise.NotifyFormat.TEXT))


class _Said(logging.Handler):
    """What Apprise logs while it sends."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__(logging.DEBUG)
        self._secrets = secrets
        self._told: list[str] = []
        self._socket = ""

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.levelno >= logging.WARNING:
            self._told.append(" ".join(words.split()))
        elif _SOCKET.search(words):
            self._socket = words.casefold()

    def why(self) -> Chatted:
        """The reason, and whether the post may have arrived: only where a connection was there and then broke."""
        told = self._secrets.mask("; ".join(self._told))[:400] or "the chat gave no reason"
        if not self._socket:
            return Chatted(False, told)
        for known, accepted in ((_NEVER_ARRIVED, False), (_MAY_HAVE_ARRIVED, None)):
            for sign, words in known:
                if sign in self._socket:
                    return Chatted(accepted, f"{told} ({words})")
        return Chatted(None, told)
