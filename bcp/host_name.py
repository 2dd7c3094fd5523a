"""Names of computers as people write them, and as they are sent: IDNA 2008 with the mapping of browsers (UTS 46).

What an office wrote is kept, and shown to it; `ascii_name` gives what goes over the wire. It remembers: a name is
worked out once, when the file that holds it is read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

_LONGEST, _LONGEST_LABEL = 253, 63
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?", re.IGNORECASE)
_EXPECTED = 'expected the name of a computer such as "www.example.com", or its address'


@lru_cache(maxsize=4096)
def ascii_name(name: str) -> str:
    """`xn--w-uga1v8h.pl` for `żółw.pl`; an address, and a name in ASCII, as they are but in small letters.

    Raises ValueError with a sentence for what can be no name at all.
    """
    plain = name.lower() if name.isascii() else _sendable(name)
    if ":" in plain and is_address(plain):
        return plain
    labels = plain.removesuffix(".").split(".")
    if len(".".join(labels)) > _LONGEST or not all(map(_can_be_sent, labels)):
        raise ValueError(f'"{_shown(name)}" cannot be the name of a computer')
    for label in labels:
        if label.startswith("xn--"):
            _check_sendable(label, name)
    return plain


def host_name(name: str) -> str:
    """`name` itself. Raises ValueError with a sentence for what is neither a computer's name nor an address."""
    if is_address(name):
        return name
    scheme, colon, _rest = name.partition("://")
    if colon:
        raise ValueError(f'expected the name alone, without "{_shown(scheme)}://", such as "www.example.com"')
    before, colon, port = name.rpartition(":")
    if colon and ":" not in before and port.isdecimal():
        raise ValueError(
            f'expected the name alone, such as "{_shown(before)}": the port is a field of its own'
        )
    labels = ascii_name(name).removesuffix(".").split(".")
    if not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdecimal():
        raise ValueError(f'{_EXPECTED}, not "{_shown(name)}"')
    return name


@lru_cache(maxsize=4096)
def web_address(text: str) -> SplitResult:
    """The parts of an http or https address, its host as written. Raises ValueError with a sentence for all else."""
    try:
        parts = urlsplit(text)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        well = False
    if not well or any(letter.isspace() or not letter.isprintable() for letter in text):
        raise ValueError('expected a web address such as "https://www.example.com/"')
    if parts.username or parts.password:
        raise ValueError("expected a web address without a name and password in it")
    # `hostname` is in small letters, where Python writes the last sigma of a word in another way than IDNA does.
    parts = parts._replace(netloc=parts.netloc.replace("Σ", "σ"))
    host_name(str(parts.hostname))
    return parts


@lru_cache(maxsize=4096)
def is_address(text: str) -> bool:
    """Whether it is an address already, and no name."""
    try:
        ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _sendable(name: str) -> str:
    import idna

    try:
        mapped = idna.uts46_remap(name, std3_rules=False, transitional=False)
        return ".".join(
            label if label.isascii() else idna.alabel(label).decode("ascii") for label in mapped.split(".")
        )
    except UnicodeError:  # what idna raises is one
        words = "cannot be the name of a computer: the rules of such names (IDNA 2008) do not allow it"
        raise ValueError(f'"{_shown(name)}" {words}') from None


def _check_sendable(label: str, name: str) -> None:
    """An older rule may have made it, and there are such names: it must only be letters once written out."""
    try:
        label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        raise ValueError(
            f'"{_shown(name)}" cannot be the name of a computer: "{label}" means nothing'
        ) from None


def _can_be_sent(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL and label.isprintable() and not any(map(str.isspace, label))


def _shown(name: str) -> str:
    return name[:80]
