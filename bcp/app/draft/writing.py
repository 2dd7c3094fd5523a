"""Writes the files of a draft: all of them or none, and never over one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bcp.errors import InputError
from bcp.files import why
from bcp.i18n import _
from bcp.office.starter import write_new
from bcp.private import make_folder


@contextmanager
def written(folder: Path, files: Mapping[str, str]) -> Iterator[None]:
    """In the block the files are there; where it fails or is interrupted they are taken away again.

    Raises InputError where a file is there already or cannot be written; then nothing was written.
    """
    with ExitStack() as until_kept:
        for shown, text in files.items():
            _write(folder / shown, shown, text, until_kept)
        yield
        until_kept.pop_all()


def _write(path: Path, shown: str, text: str, until_kept: ExitStack) -> None:
    try:
        if not path.parent.is_dir():
            make_folder(path.parent)
            until_kept.callback(_take_away_folder, path.parent)
        is_new = write_new(path, text)
    except OSError as error:
        words = _("{file} cannot be written: {why}. Nothing was written.")
        raise InputError(words.format(file=shown, why=why(error))) from None
    if not is_new:
        words = _("{file} is there already. Nothing was written.")
        raise InputError(words.format(file=shown), _("give it another name"))
    until_kept.callback(path.unlink, missing_ok=True)


def _take_away_folder(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
