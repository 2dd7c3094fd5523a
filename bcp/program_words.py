"""The words of a program that an author wrote: secrets looked up, facts filled in, and no fact taken for an option."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from bcp.errors import InputError
from bcp.fact_template import fill, mentions
from bcp.i18n import _
from bcp.secret_text import Sendable, references, written

_FACT = re.compile(r"\{fact:[^{}]*\}")
_SIGNS = ("-", "/") if sys.platform == "win32" else ("-",)
"""What an option begins with on this system."""
_SHELLS = re.compile(
    r"(?:.*[\\/])?(?:sh|bash|dash|ash|zsh|ksh|fish|cmd|powershell|pwsh|python[\d.]*|perl|ruby|node|php|su|runuser|flock"
    r"|script)(?:\.exe)?",
    re.I,
)
_CARRIERS = re.compile(
    r"(?:.*[\\/])?(?:env|sudo|doas|nice|ionice|nohup|timeout|busybox|toybox|setsid|setpriv|stdbuf|chroot|unshare|nsenter"
    r"|systemd-run|taskset|chrt|time|xargs|find|docker|podman|wsl|su|runuser|flock|ssh)(?:\.exe)?",
    re.I,
)
"""Programs that start the one named behind them."""
_SCRIPT = re.compile(r"-[a-z]*[cer]|/[ck]|-command|--command|--eval", re.I)
"""The option behind which a line of commands stands."""
_WHOLE_REST = re.compile(r"(?:.*[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)?", re.I)
"""Shells that take all further words together for the line."""
_SSH = re.compile(r"(?:.*[\\/])?ssh(?:\.exe)?", re.I)
_SSH_VALUES = re.compile(r"-[A-Za-z0-9]*[bcDEeFIiJLlmOopQRSWw]")
"""Options of ssh whose value is the next word."""
_ENV_SPLITS = re.compile(r"-[a-z]*S|--split-string(?:=.*)?")
_SECRET_OPTION = r"--?(?:[a-z]+[-_])*(?:password|passwd|passphrase|token|secret|api[-_]?key)"
_OPTION_OF_A_SECRET = re.compile(_SECRET_OPTION, re.I)
_OPEN = r"(?!-|.*[{}/\\])\S{4,}"
"""What may be a secret itself: no option, no path, nothing that is filled in."""
_OPEN_VALUE = re.compile(_OPEN)
_OPEN_SECRET = re.compile(rf"{_SECRET_OPTION}={_OPEN}", re.I)
_HARMLESS = re.compile(r"[\w .,:@%+=/-]*")
"""What means nothing to any shell."""


def program_words(arguments: Sequence[str], facts: Mapping[str, str]) -> tuple[Sendable, ...]:
    """What is run. Raises InputError where a fact would be the program, one of its options, or code."""
    if mentions(arguments[0]):
        raise InputError(
            _("a fact may not say which program is run"), "write the name of the program into the step"
        )
    for index, text in enumerate(arguments):
        if "--" not in arguments[:index] and _is_option(text, facts):
            name = mentions(text)[0]
            words = _('"{fact}" begins with a sign of options, and {program} would take it for one')
            hint = _("Correct it: bcp incident amend --fact {fact}=VALUE   or do the step by hand.")
            raise InputError(words.format(program=arguments[0], fact=name), hint.format(fact=name))
        if _is_script(arguments, index):
            for name in mentions(text):
                if not _HARMLESS.fullmatch(facts.get(name, "")):
                    words = _('the fact "{fact}" holds signs that {program} would take for commands')
                    hint = _("Do the step by hand; later hand the fact over as an argument of its own.")
                    raise InputError(words.format(fact=name, program=arguments[0]), hint)
    return tuple(written(text, lambda piece: fill(piece, facts)) for text in arguments)


def _is_option(text: str, facts: Mapping[str, str]) -> bool:
    """Whether the argument begins with what a fact holds, and that begins as options do."""
    if text.startswith(_SIGNS) or not _opens_with_fact(text):
        return False
    return fill(text, facts, "").lstrip().startswith(_SIGNS)


def _opens_with_fact(text: str) -> bool:
    return _FACT.match(text.lstrip()) is not None


def _is_script(arguments: Sequence[str], index: int) -> bool:
    """Whether this argument is read as commands: `sh -c LINE`, also behind `env` and its like; `ssh HOST LINE`."""
    if index < 1:
        return False
    if _SSH.fullmatch(arguments[0]) and index > _host_of(arguments):
        return True
    if _is_split_by_env(arguments, index):
        return True
    may_be_behind = _CARRIERS.fullmatch(arguments[0]) is not None
    shells = [at for at in range(index) if (at == 0 or may_be_behind) and _SHELLS.fullmatch(arguments[at])]
    return any(_is_line_of(arguments, at, index) for at in shells)


def _is_line_of(arguments: Sequence[str], shell: int, index: int) -> bool:
    """Whether the shell that stands at `shell` takes this argument for its line."""
    options = [at for at in range(shell + 1, index) if _SCRIPT.fullmatch(arguments[at])]
    if not options:
        return False
    return _WHOLE_REST.fullmatch(arguments[shell]) is not None or options[0] == index - 1


def _is_split_by_env(arguments: Sequence[str], index: int) -> bool:
    is_env = re.fullmatch(r"(?:.*[\\/])?env", arguments[0]) is not None
    own, before = arguments[index], arguments[index - 1]
    return is_env and (_ENV_SPLITS.fullmatch(before) is not None or own.startswith("--split-string="))


def _host_of(arguments: Sequence[str]) -> int:
    """The number of the word that names the host of `ssh`; what stands behind it is run there by a shell."""
    index = 1
    while index < len(arguments) and arguments[index].startswith("-"):
        index += 2 if _SSH_VALUES.fullmatch(arguments[index]) else 1
    return index


def secret_advice(arguments: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Which arguments hold a secret: their numbers, what may happen there, and what to write instead."""
    for index, text in enumerate(arguments):
        named = index > 0 and _OPTION_OF_A_SECRET.fullmatch(arguments[index - 1]) is not None
        is_open = _OPEN_SECRET.fullmatch(text) is not None or (
            named and _OPEN_VALUE.fullmatch(text) is not None
        )
        if references(text) or is_open:
            words = _("a secret among the arguments can be read by everybody on this computer (ps shows it)")
            yield index, words, "hand it over in the environment: env: {TOKEN: keyring:token}   or by stdin:"


def advice(arguments: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """What an author should change: the number of the argument, what may happen there, and what to write instead."""
    secrets = {index: (words, hint) for index, words, hint in secret_advice(arguments)}
    for index, text in enumerate(arguments):
        if index in secrets:
            yield (index, *secrets[index])
        if index and "--" not in arguments[:index] and _opens_with_fact(text):
            words = _("what the fact holds could be taken for an option of {program}")
            hint = 'put "--" before it, or something in front of it, such as --host={fact:host}'
            yield index, words.format(program=arguments[0]), hint
        if _is_script(arguments, index) and mentions(text):
            words = _("what the fact holds could be taken for a command")
            yield index, words, """hand it over as an argument: [sh, -c, 'echo "$1"', sh, "{fact:name}"]"""


def mistakes(arguments: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """What cannot be run at all: the number of the argument, why, and what to write instead."""
    for index, text in enumerate(arguments):
        if index == 0 and mentions(text):
            yield index, _("a fact may not say which program is run"), "write the name of the program"
        if any(mentions(reference) for reference in references(text)):
            yield (
                index,
                _("a fact may not say where a secret is"),
                "name the secret itself, such as env:TOKEN",
            )
