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
    r"(?:.*[\\/])?(?:(?!ssh|rsh|mosh|autossh)[a-z]{0,5}sh\d*|cmd|powershell|(?:python|pypy|lua)[\d.]*|perl|ruby"
    r"|node|deno|bun|php|osascript|expect|psql|mysql|mariadb|su|runuser|flock|script)(?:\.exe)?",
    re.I,
)
_TAKES_WORDS = re.compile(r"(?:.*[\\/])?(?:[ef]?grep|rg|echo|printf|logger|mail)(?:\.exe)?", re.I)
"""Programs to which `sh` and `ssh` are words. Any other one may start what is named behind it, as `sudo` does."""
_STARTERS = re.compile(
    r"(?:.*[\\/])?(?:env|sudo|doas|nice|ionice|nohup|busybox|toybox|setsid|setpriv|stdbuf|time|xargs)(?:\.exe)?",
    re.I,
)
"""Programs that start the one named behind them, behind their own options."""
_ALL_CODE = re.compile(r"(?:.*[\\/])?(?:[gmn]?awk|g?sed|g?make|watch|parallel|tmux|adb)(?:\.exe)?", re.I)
"""Programs that read commands in any of their words."""
_CURL = re.compile(r"(?:.*[\\/])?curl(?:\.exe)?", re.I)
_IN_CURL = re.compile(r"(^|=)(\{fact:[^{}]*\})")
_SCRIPT = re.compile(r"-[a-z]*[cer]|/[ck]|-(?:com|enc)[a-z]*|--command|--eval|eval", re.I)
"""The option behind which a line of commands stands."""
_WHOLE_REST = re.compile(r"(?:.*[\\/])?(?:cmd|powershell|pwsh)(?:\.exe)?", re.I)
"""Shells that take all further words together for the line."""
_SSH = re.compile(r"(?:.*[\\/])?(?:ssh|autossh|mosh|plink|dbclient|rsh)(?:\.exe)?", re.I)
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
        if _is_program(arguments, index):
            hint = _("Do the step by hand; later write the name of the program into the step.")
            raise InputError(_("a fact may not say which program is run"), hint)
        if not _is_behind_dashes(arguments, index) and _is_option(text, facts):
            name = mentions(text)[0]
            words = _('"{fact}" begins with a sign of options, and {program} would take it for one')
            hint = _("Correct it: bcp incident amend --fact {fact}=VALUE   or do the step by hand.")
            raise InputError(words.format(program=arguments[0], fact=name), hint.format(fact=name))
        if _is_script(arguments, index):
            for name in mentions(text):
                value = facts.get(name, "")
                if not _HARMLESS.fullmatch(value) or any(each.startswith(_SIGNS) for each in value.split()):
                    words = _('the fact "{fact}" holds signs that {program} would take for commands')
                    hint = _("Do the step by hand; later hand the fact over as an argument of its own.")
                    raise InputError(words.format(fact=name, program=arguments[0]), hint)
        _refuse_file(arguments[0], text, facts)
    return tuple(written(text, lambda piece: fill(piece, facts)) for text in arguments)


def _refuse_file(program: str, text: str, facts: Mapping[str, str]) -> None:
    """Raises InputError where `curl` would read a file that the fact names, and send it."""
    if not _CURL.fullmatch(program):
        return
    for before, fact in _IN_CURL.findall(text):
        value = fill(fact, facts, "").lstrip().lower()
        if value.startswith(("@", "<")) or (not before and value.startswith("file:")):
            words = _('the fact "{fact}" is what {program} would take for the name of a file')
            hint = _("Correct it: bcp incident amend --fact {fact}=VALUE   or do the step by hand.")
            name = mentions(fact)[0]
            raise InputError(words.format(fact=name, program=program), hint.format(fact=name))


def _is_program(arguments: Sequence[str], index: int) -> bool:
    """Whether the fact that opens this argument is the program that another one starts, or opens a line of commands."""
    if index < 1 or not _opens_with_fact(arguments[index]):
        return False
    before = arguments[index - 1]
    is_first = all(each.startswith("-") or "=" in each for each in arguments[1:index])
    is_first = is_first and (index == 1 or before == "--" or "=" in before)
    is_started = is_first and _STARTERS.fullmatch(arguments[0])
    shell = index > 1 and _SHELLS.fullmatch(arguments[index - 2]) and _SCRIPT.fullmatch(before)
    return bool(is_started or shell)


def _is_behind_dashes(arguments: Sequence[str], index: int) -> bool:
    """Whether `--` stands directly before this argument, with at most other facts between.

    One further away may be that of another program: in `sudo -- ssh HOST` the host can still be an option of ssh.
    """
    while index and arguments[index] != "--" and _opens_with_fact(arguments[index]):
        index -= 1
    return index > 0 and arguments[index] == "--"


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
    if _ALL_CODE.fullmatch(arguments[0]) or _is_split_by_env(arguments, index):
        return True
    reach = 1 if _TAKES_WORDS.fullmatch(arguments[0]) else index
    if any(index > _host_of(arguments, at) for at in range(reach) if _SSH.fullmatch(arguments[at])):
        return True
    return any(_is_line_of(arguments, at, index) for at in range(reach) if _SHELLS.fullmatch(arguments[at]))


def _is_line_of(arguments: Sequence[str], shell: int, index: int) -> bool:
    """Whether the shell that stands at `shell` takes this argument for its line."""
    options = [at for at in range(shell + 1, index) if _SCRIPT.fullmatch(arguments[at])]
    if not options:
        return False
    return _WHOLE_REST.fullmatch(arguments[shell]) is not None or all(
        each.startswith("-") for each in arguments[options[0] + 1 : index]
    )


def _is_split_by_env(arguments: Sequence[str], index: int) -> bool:
    is_env = re.fullmatch(r"(?:.*[\\/])?env", arguments[0]) is not None
    own, before = arguments[index], arguments[index - 1]
    return is_env and (_ENV_SPLITS.fullmatch(before) is not None or own.startswith("--split-string="))


def _host_of(arguments: Sequence[str], ssh: int) -> int:
    """The number of the word that names the host of `ssh`; what stands behind it is run there by a shell."""
    index = ssh + 1
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
        if index and _opens_with_fact(text) and not _is_behind_dashes(arguments, index):
            words = _("what the fact holds could be taken for an option of {program}")
            hint = 'put "--" directly before it, or something in front of it, such as --host={fact:host}'
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
