"""Runs a program of the system through the World, and makes a sentence of what it did not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bcp.command_words import as_typed
from bcp.errors import StepFailed
from bcp.outside import Program, World

BY_HAND = "do it by hand as the step says, and mend the way of this line in bcp.yaml later"


def run(
    world: World,
    arguments: Sequence[str],
    timeout: float = 30.0,
    told: Mapping[int, str] | None = None,
    given: Program | None = None,
) -> str:
    """What the program prints. Raises StepFailed where it cannot be run or ends with a status that is not 0.

    `timeout` is in seconds; `told` has a sentence for statuses whose meaning is known. `given` is the program where it
    is more than plain arguments: secrets, an environment, a standard input.
    """
    ran = world.run(given or Program(tuple(arguments), timeout))
    if ran.trouble:
        raise StepFailed(ran.trouble, BY_HAND)
    if ran.code:
        said = (told or {}).get(ran.code) or f"{as_typed(arguments)} ended with status {ran.code}"
        raise StepFailed(f"{said} ({ran.last_line})" if ran.last_line else said, BY_HAND)
    return ran.output
