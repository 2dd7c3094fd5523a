"""folder: files in a folder of this computer, or of a disk or share that is mounted here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from bcp.errors import StepFailed, Unreachable
from bcp.lever.place.base import BY_HAND, TRIAL, TRIAL_CONTENT, PageCopy, PlaceDriver, PlaceEnv, insist
from bcp.yaml.types import Line


class Folder(PlaceDriver):
    """Write into a folder."""

    path: Line = Field(
        description="the folder; relative to the office folder", examples=["/srv/www/kropka.example"]
    )

    def describe(self) -> str:
        """Which folder."""
        return f"Write into the folder {self.path}"

    def fetch(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Read the file."""
        held = reach.world.read_file(self._file(reach, page))
        if held.trouble:
            raise Unreachable(held.trouble, BY_HAND)
        return None if held.content is None else PageCopy(held.content)

    def store(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Write beside, and take the file's place."""
        insist(self.fetch(reach, page), was, page)
        trouble = reach.world.write_file(self._file(reach, page), content)
        if trouble:
            raise StepFailed(trouble, BY_HAND)

    def try_out(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Write a small file of another name, and take it away again."""
        where = self._file(reach, TRIAL)
        trouble = reach.world.write_file(where, TRIAL_CONTENT) or reach.world.remove_file(where)
        if trouble:
            raise StepFailed(trouble, BY_HAND)
        return [f"a file can be written into {self.path}"]

    def _file(self, reach: PlaceEnv, page: str) -> str:
        return str(reach.office / Path(self.path).expanduser() / page)


Kind = Folder
