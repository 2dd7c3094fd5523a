"""Secrets: looked up where they are referred to, and masked in everything that is kept or shown."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bcp.command_words import as_typed, for_a_program
from bcp.errors import InputError
from bcp.mask import KNOWN
from bcp.printed import asking_for_utf_8, printed
from bcp.private import mask_of_others
from bcp.progress import UNWATCHED, Screen


class Secrets:
    """Looks up secrets and masks what it gave out.

    A reference is `env:NAME`, `file:PATH` (from the office folder), `keyring:NAME`, or `command:PROGRAM …`,
    whose first line is the secret.
    """

    def __init__(self, office: Path, environ: Mapping[str, str], progress: Screen = UNWATCHED) -> None:
        """`environ` is the environment of this process. What is watched makes room for a program that may ask."""
        self._office = office
        self._environ = environ
        self._progress = progress

    def value(self, reference: str) -> str:
        """The secret itself. Raises InputError, naming the reference and the remedy, where there is none."""
        scheme, _colon, name = reference.partition(":")
        look_up = {
            "env": self._from_environment,
            "file": self._from_file,
            "keyring": self._from_keyring,
            "command": self._from_command,
        }[scheme]
        with self._progress.aside():
            found = look_up(name)
        if not found:
            raise InputError(f"the secret {reference} is empty", "store it, then try again")
        try:
            found.encode()
        except UnicodeEncodeError:
            raise InputError(
                f"the secret {reference} holds bytes that are no letters", "store it anew, as UTF-8"
            ) from None
        KNOWN.secret(found)
        return found

    def mask(self, text: str, cut: bool = False) -> str:
        """`text` without the secrets that this process knows; `cut` says that its end was cut off."""
        return KNOWN.without_secrets(text, cut_behind=cut)

    def _from_environment(self, name: str) -> str:
        if name not in self._environ:
            raise InputError(
                f"the secret env:{name} is not set", f"set the environment variable {name} first"
            )
        return self._environ[name]

    def _from_file(self, name: str) -> str:
        path = self._office / Path(name).expanduser()
        try:
            return path.read_text(encoding="utf-8").strip()
        except UnicodeDecodeError:
            # Its words would show a byte of the secret.
            raise InputError(
                f"the secret file:{name} is no text in UTF-8", "put the secret into that file anew"
            ) from None
        except (OSError, ValueError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or type(error).__name__
            raise InputError(
                f"the secret file:{name} cannot be read: {why}", "put the secret into that file"
            ) from None

    def _from_keyring(self, name: str) -> str:
        try:
            found: str | None = importlib.import_module("keyring").get_password("bcp", name)
        except ImportError:
            raise InputError(
                f"the secret keyring:{name} needs the keyring library",
                f"install it: {_here('pip', 'install', 'bcp-office[keyring]')}",
            ) from None
        except Exception as error:  # noqa: BLE001 - each keyring of each system has failures of its own
            raise InputError(
                f"the keyring cannot be asked for {name}: {type(error).__name__}",
                f"unlock it, and try: {_here('keyring', 'get', 'bcp', name)}",
            ) from None
        if found is None:
            raise InputError(
                f"the keyring holds no secret {name} of bcp",
                f"store it: {_here('keyring', 'set', 'bcp', name)}",
            )
        return found

    def _from_command(self, line: str) -> str:
        hint = "give that command by hand: it must print the secret and end"
        try:
            ran = subprocess.run(
                for_a_program(line),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=asking_for_utf_8(os.environ),
                timeout=30,
                check=True,
                umask=mask_of_others(),
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise InputError(
                f"the command that prints a secret failed: {type(error).__name__}", hint
            ) from None
        first = printed(ran.stdout).partition("\n")[0].strip()
        if "\N{REPLACEMENT CHARACTER}" in first:
            raise InputError("the command that prints a secret prints what are no letters", hint)
        return first


def _here(module: str, *words: str) -> str:
    """A command to type, for the Python in which bcp runs: pipx puts no `keyring` where a shell finds it."""
    return as_typed([sys.executable, "-m", module, *words])
