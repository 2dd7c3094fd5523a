"""folder: files in a folder of this computer, or of a disk or share that is mounted here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from bcp.errors import StepFailed, Unreachable
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, PageCopy, PlaceEnv, insist
from bcp.lever.place.beside import beside, folder_of, trial_content
from bcp.lever.place.file_way import FileWay
from bcp.yaml.types import Line


class Folder(FileWay):
    """Write into a folder."""

    path: Line = Field(
        description="the folder; relative to the office folder", examples=["/srv/www/kropka.example"]
    )

    def describe(self) -> str:
        """Which folder."""
        return f"Write into the folder {self.path}"

    def get(self, reach: PlaceEnv, page: str) -> PageCopy | None:
        """Read the file."""
        held = reach.world.read_file(self._file(reach, page))
        if held.trouble:
            raise Unreachable(held.trouble, BY_HAND)
        return None if held.content is None else PageCopy(held.content)

    def put_over(self, reach: PlaceEnv, page: str, content: bytes, was: PageCopy | None) -> None:
        """Write beside, and take the file's place."""
        insist(self.get(reach, page), was, page)
        trouble = reach.world.write_file(self._file(reach, page), content)
        if trouble:
            raise StepFailed(trouble, BY_HAND)

    def take_away(self, reach: PlaceEnv, page: str) -> None:
        """Remove the file."""
        trouble = reach.world.remove_file(self._file(reach, page))
        if trouble:
            raise StepFailed(trouble, BY_HAND)

    def try_files(self, reach: PlaceEnv, page: str | None) -> Sequence[str]:
        """Write a file beside the page, replace it as the page is replaced, and take it away again."""
        page = page or "index.html"
        here = self.get(reach, page)
        new = trial_content(page, len(here.content) if here else 0)
        twin, world = beside(page, reach, b"twin"), reach.world
        where, like = self._file(reach, twin), self._file(reach, page) if here else ""
        trouble = world.write_file(where, trial_content(page)) or world.write_file(where, new, like)
        kept = world.read_file(where)
        trouble = trouble or kept.trouble
        if not trouble and kept.content not in (None, new):
            trouble = _("{folder} does not keep what is written there").format(folder=self.path)
        seen = () if trouble else reach.witness(twin)
        trouble = world.remove_file(where) or trouble
        if trouble:
            raise StepFailed(trouble, BY_HAND)
        folder = str(Path(self.path) / folder_of(page))
        return [_("a file in {folder} can be written, replaced and taken away").format(folder=folder), *seen]

    def _file(self, reach: PlaceEnv, page: str) -> str:
        return str(reach.office / Path(self.path).expanduser() / page)


Kind = Folder
