"""Who watches: a small file beside the store, which a watch leaves when it begins and changes when it ends well."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bcp.event import moment, stamp
from bcp.files import put
from bcp.private import make_folder
from bcp.running_process import RunningProcess, process, read_process

FILE = "watch.json"


class WatchMark(NamedTuple):
    """A watch: its process, since when it watches, and when it ended, unless it did not live to write that down."""

    process: RunningProcess
    since: datetime
    ended: datetime | None

    @property
    def runs(self) -> bool:
        """Whether it watches now."""
        return self.ended is None and self.process.runs

    @property
    def was_cut_short(self) -> bool:
        """Whether it was killed, or its computer lost its power: it ended, and had no time to say so."""
        return self.ended is None and not self.process.runs


class WatchMarkFile:
    """The file of the last watch. Where it cannot be written, nobody knows of the watch, which goes on all the same."""

    def __init__(self, state: Path) -> None:
        """`state` is the folder of the stores."""
        self._path = state / FILE

    def read(self) -> WatchMark | None:
        """The last watch; None where there was none, as far as it is known."""
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            told = json.loads(self._path.read_bytes())
            ended = moment(told["ended"]) if told["ended"] else None
            return WatchMark(read_process(told["process"]), moment(told["since"]), ended)
        return None

    def begin(self, at: datetime) -> None:
        """This process watches from now on."""
        self._write(WatchMark(process(os.getpid()), at, None))

    def end(self, at: datetime) -> None:
        """It ends, and nothing is lost."""
        mark = self.read()
        if mark is not None and mark.process.pid == os.getpid():
            self._write(mark._replace(ended=at))

    def _write(self, mark: WatchMark) -> None:
        ended = stamp(mark.ended) if mark.ended else None
        told = {"process": mark.process._asdict(), "since": stamp(mark.since), "ended": ended}
        with suppress(OSError):
            make_folder(self._path.parent)
            put(self._path, json.dumps(told).encode())
