"""Reads the compensation rules: the shipped ones, and those of the office's own folder `claims/`."""

from __future__ import annotations

from pathlib import Path

from bcp.claim.model import Country
from bcp.errors import InputError
from bcp.yaml.source import Reader

SHIPPED = Path(__file__).parent / "rules"
OWN = "claims"


def load(country: str, office: Path | None = None) -> Country:
    """The rules of a country; a file of the same name in the office's `claims/` takes the place of the shipped one.

    Raises InputError where there is none, SourceError with every mistake in a file.
    """
    reader = Reader()
    name = f"{country.lower()}.yaml"
    path, shown = SHIPPED / name, f"rules/{name}"
    if office is not None and (office / OWN / name).is_file():
        path, shown = office / OWN / name, f"{OWN}/{name}"
    if not path.is_file():
        raise InputError(
            f"there are no compensation rules for {country}",
            f"known: {', '.join(countries())}; write your contract's terms into bcp.yaml: compensation: 1/30 per day",
        )
    document = reader.document(path, shown)
    found = reader.model(document, Country) if document is not None else None
    reader.finish()
    assert found is not None
    return found


def countries() -> list[str]:
    """The countries with shipped rules."""
    return sorted(path.stem.upper() for path in SHIPPED.glob("*.yaml"))
