"""Keeps the heads that were given away: beside the incident, and once more outside the folder of the office.

Whoever changes the folder of the office does not change the other file by that; both are compared with the journal.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from bcp.files import append, in_words, put
from bcp.incident.evidence.anchors import FILE, GivenHead, as_line, from_lines
from bcp.private import make_folder
from bcp.store.place import outside_folder

_LOG = logging.getLogger(__name__)


class AnchorFiles:
    """The heads of the incidents of one office."""

    def __init__(self, state: Path, environ: Mapping[str, str]) -> None:
        """`state` is where the incidents lie."""
        self._state = state
        folder = outside_folder(environ)
        name = sha256(str(state).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        self.outside = folder / FILE.removesuffix(".jsonl") / f"{name}.jsonl" if folder else None

    def beside(self, incident: str) -> Path:
        """The file in the folder of an incident."""
        return self._state / incident / FILE

    def add(self, given: GivenHead, answer: bytes = b"") -> None:
        """Keep one, with the answer of the authority that stamped it. What cannot be written is logged: no more."""
        try:
            if answer:
                stamp = self._state / given.incident / given.stamp_file
                make_folder(stamp.parent)
                put(stamp, answer)
        except OSError as error:
            _LOG.warning("a time stamp was not kept: %s", in_words(error))
            return
        for path in filter(None, (self.beside(given.incident), self.outside)):
            try:
                if path == self.outside:
                    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                else:
                    make_folder(path.parent)
                append(path, as_line(given))
            except OSError as error:
                _LOG.warning("a head was not kept in %s: %s", os.fspath(path.name), in_words(error))

    def all(self, incident: str) -> Iterator[tuple[Path, GivenHead]]:
        """Those of an incident in both files, each with the file that it is in."""
        for path in filter(None, (self.beside(incident), self.outside)):
            try:
                lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            except OSError:
                continue
            yield from ((path, given) for given in from_lines(lines) if given.incident == incident)
