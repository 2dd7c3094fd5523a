"""Why the system's ssh does not let us in, and the command by which a person tries the very same."""

from __future__ import annotations

from dataclasses import dataclass

from bcp.command_words import as_typed
from bcp.errors import StepFailed, Unreachable
from bcp.i18n import _
from bcp.lever.place.base import BY_HAND, PlaceEnv
from bcp.outside import Program, Ran

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Door:
    """A server as ssh is told of it: `target` is `user@host`, `key` and `known_hosts` are files of this computer."""

    target: str
    host: str
    port: int | None = None
    key: str | None = None
    known_hosts: str | None = None

    def options(self) -> list[str]:
        """What `sftp` is told of it."""
        options = [f"-oPort={self.port}"] if self.port else []
        if self.key:
            options += ["-i", self.key, "-oIdentitiesOnly=yes"]
        if self.known_hosts:
            options.append(f"-oUserKnownHostsFile={self.known_hosts}")
        return options

    def by_hand(self) -> str:
        """The command that goes to the same server, as the same user, with the same key."""
        return as_typed(["sftp", *self.options(), self.target])

    def forget_host(self) -> str:
        """The command that takes away the key by which the server was known."""
        name = f"[{self.host}]:{self.port}" if self.port and self.port != 22 else self.host
        return as_typed(["ssh-keygen", "-R", name, *(["-f", self.known_hosts] if self.known_hosts else [])])


def not_let_in(door: Door, ran: Ran, reach: PlaceEnv) -> StepFailed:
    """The failure to be told where there was no connection, by what ssh said of it."""
    target = door.target
    if "IDENTIFICATION HAS CHANGED" in ran.output:
        words = _("{target} is not the server that it was: its host key has changed, so nothing was sent")
        hint = f"ask the host whether the key is new; if it is: {door.forget_host()}   and connect by hand"
    elif "Host key verification failed" in ran.output:
        words = _("{target} is a server that this computer does not know yet, so nothing was sent")
        hint = f"compare its key with the host's and connect once by hand: {door.by_hand()}"
    elif "Permission denied" in ran.output:
        words, hint = _refused(door, ran, reach)
    elif "Too many authentication failures" in ran.output:
        words = _("{target} ended it after too many keys that it does not know")
        hint = "name the right one in bcp.yaml: key:"
    else:
        said = [line.strip() for line in ran.output.splitlines() if line.strip()]
        told = [line for line in said if not line.startswith(("sftp>", "Connection closed"))]
        why = (told or said or [f"it ended with status {ran.code}"])[-1][:200]
        return Unreachable(_("{target} cannot be reached: {why}").format(target=target, why=why), BY_HAND)
    return StepFailed(words.format(target=target, key=door.key), hint)


def _refused(door: Door, ran: Ran, reach: PlaceEnv) -> tuple[str, str]:
    """Why no key opened: the words, and what to do."""
    if door.key is None:
        words = _("{target} does not let us in: no key of this computer is known there, or it is locked")
        return (
            words,
            f"a key with a passphrase has to be unlocked first: ssh-add   try it by hand: {door.by_hand()}",
        )
    # With no passphrase given, ssh-keygen says of a private key whether it can be used at all.
    program = Program(("ssh-keygen", "-y", "-P", "", "-f", door.key), _SECONDS)
    looked = reach.world.run(program)
    said = f"{ran.output}\n{looked.output}"
    if "No such file" in looked.output:
        return _("there is no key {key} on this computer"), "correct key: in bcp.yaml"
    if "too open" in said or "UNPROTECTED" in said:
        words = _("the key {key} can be read by others on this computer, so ssh does not use it")
        return words, as_typed(["chmod", "600", door.key])
    if "passphrase" in looked.output:
        words = _("the key {key} is locked with a passphrase, and no agent has it unlocked")
        add = as_typed(["ssh-add", door.key])
        return words, f"unlock it: {add}   or make a key without a passphrase that is for this place alone"
    if looked.code:
        return _("the file {key} is no private key that ssh can read"), "correct key: in bcp.yaml"
    words = _("{target} does not let us in: the key {key} is not known there, or not for this user")
    return words, f"put its public half there; then try it by hand: {door.by_hand()}"
