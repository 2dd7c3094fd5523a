"""The places where texts are put by hand: those that we know, in the order in which clients look."""

from __future__ import annotations

from bcp.notice.spot.base import TextSpot
from bcp.registry import kind, kinds
from bcp.yaml.near import pick

_PACKAGE = "bcp.notice.spot.kinds"


def spots() -> dict[str, TextSpot]:
    """All of them by their names, where most clients look first."""
    made: list[TextSpot] = [kind(_PACKAGE, name)(name) for name in kinds(_PACKAGE)]
    return {spot.name: spot for spot in sorted(made, key=lambda spot: spot.RANK)}


def spot_named(name: str) -> TextSpot:
    """The place of that name. Raises InputError with those that there are."""
    return pick(name, spots(), "place")
