"""What a stream of checks said last of each: kept beside the stream, so that nobody reads it from its beginning."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import NamedTuple

from bcp.errors import StoreError
from bcp.event import NOTHING, Head
from bcp.store.part import Columns, StorePart, typed

_AS_OF = "SELECT seq, hash FROM last_said_as_of"
_STATES = "SELECT name, state FROM last_said"
_KEEP_AS_OF = "INSERT OR REPLACE INTO last_said_as_of (only, seq, hash) VALUES (1, ?, ?)"
_KEEP = "INSERT OR REPLACE INTO last_said (name, state) VALUES (?, ?)"
_LOG = logging.getLogger(__name__)


class StatesSaid(NamedTuple):
    """The state that was said last of each check, as of the event `head`."""

    head: Head
    states: Mapping[str, str]


class LastSaid(StorePart):
    """It can be left out or lost at any time: it only spares reading, and whoever reads on compares its hash."""

    def read(self) -> StatesSaid:
        """What was kept; nothing where there is none, or where it cannot be read: the stream itself can be, then."""
        try:
            as_of = self._kept(_AS_OF, (), _head)
            states = self._kept(_STATES, (), _state) if as_of else []
        except StoreError as error:
            _LOG.warning("what the checks said last cannot be read: %s", error.message)
            return StatesSaid(NOTHING, {})
        return StatesSaid(as_of[0] if as_of else NOTHING, dict(states))

    def keep(self, said: StatesSaid) -> None:
        """Keep it in place of what was kept before. That it cannot be written is no failure of anything."""
        try:
            with self._database.writing() as connection:
                connection.execute("DELETE FROM last_said")
                connection.executemany(_KEEP, said.states.items())
                connection.execute(_KEEP_AS_OF, said.head)
        except StoreError as error:
            _LOG.info("what the checks said last was not kept: %s", error.message)


def _head(row: Columns) -> Head:
    return Head._make(typed(row, int, str))


def _state(row: Columns) -> tuple[str, str]:
    name, state = typed(row, str, str)
    return name, state
