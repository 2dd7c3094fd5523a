"""What could be safer in how the places of bcp.yaml are written to, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator

from bcp.errors import Mistake
from bcp.lever.place.base import PlaceDriver
from bcp.office.model import Office
from bcp.yaml.source import YamlDocument


def place_advice(document: YamlDocument, office: Office) -> Iterator[Mistake]:
    """What works and would be safer in another way; `document` is the office's bcp.yaml."""
    for index, place in enumerate(office.places):
        if isinstance(place.way, PlaceDriver):
            kind = type(place.way).__module__.rpartition(".")[2].replace("_", "-")
            for one in place.way.advice():
                yield document.mistake(("places", index, "way", kind, one.field), one.words, one.hint)
