"""The programs of an office beside its runbooks: what would be safer in lines, places, checks, channels and secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bcp.command_words import for_a_program
from bcp.errors import Mistake
from bcp.i18n import _
from bcp.program_words import secret_advice
from bcp.secret_text import references
from bcp.yaml.field import Loc
from bcp.yaml.source import YamlDocument

_PROGRAMS = {
    "command": ("run", "windows", "macos", "use", "back", "read", "write"),
    "watch": ("notify",),
}
"""Where arguments stand: the key of a kind, and its fields."""
_PRINTS_A_SECRET = "command:"
_OF_SHELLS = frozenset(("|", "||", "&&", ";", "&", ">", ">>", "<"))


def program_advice(document: YamlDocument) -> Iterator[Mistake]:
    """What works in bcp.yaml, channels.yaml or a check, and would be safer in another way; each with its place."""
    for loc, value in _values(document.data):
        if isinstance(value, list) and len(loc) > 1 and loc[-1] in _PROGRAMS.get(str(loc[-2]), ()):
            words = [str(each) for each in value]
            for index, text, hint in secret_advice(words):
                is_left = loc[0] == "probes" and references(words[index])
                said = _("no reference is looked up among the arguments of a check") if is_left else text
                yield document.mistake((*loc, index), said, hint)
        elif isinstance(value, str) and value.startswith(_PRINTS_A_SECRET):
            for text, hint in _of_a_secret(value.removeprefix(_PRINTS_A_SECRET)):
                yield document.mistake(loc, text, hint)


def _values(data: object, loc: Loc = ()) -> Iterator[tuple[Loc, object]]:
    yield loc, data
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from _values(value, (*loc, str(key)))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _values(value, (*loc, index))


def _of_a_secret(line: str) -> Iterator[tuple[str, str]]:
    """What is to be said of a command that prints a secret."""
    try:
        found = for_a_program(line)
    except ValueError:
        return
    words = found.split() if isinstance(found, str) else list(found)
    if any(references(word) for word in words):
        text = _("no reference is looked up in the command that prints a secret")
        yield text, "name the secret itself, such as keyring:mail, or let that program look it up"
    for _index, text, _hint in secret_advice([word for word in words if not references(word)]):
        yield text, "let that program take it from its own settings or from the keyring"
    if _OF_SHELLS.intersection(words[1:]):
        text = _("no shell reads the command that prints a secret: its signs are handed over as they are")
        yield text, """start a shell: command:sh -c 'pass show mail | head -1'"""
