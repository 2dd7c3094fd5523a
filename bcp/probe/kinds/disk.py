"""disk: there is room left where something is written; a warning where it runs short, never an outage.

A look at a disk that does not answer (a share whose server is gone) says nothing about its room: inconclusive.
"""

from __future__ import annotations

import re
import shutil
from typing import Annotated, ClassVar, NamedTuple

from pydantic import AfterValidator, Field

from bcp.i18n import _
from bcp.probe.apart import apart
from bcp.probe.base import Attempt, Probe, Result, Shared, State
from bcp.probe.trouble import Trouble
from bcp.yaml.shape import Shape, any_case
from bcp.yaml.types import Line

_ROOM = re.compile(r"(\d{1,7}(?:[.,]\d{1,3})?)\s*(%|MB|GB|TB)", re.IGNORECASE)
_UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}


def _checked(text: str) -> str:
    found = _ROOM.fullmatch(text)
    if found is None or (found[2] == "%" and _number(found[1]) > 100):
        raise ValueError("expected a part or a size, such as 10 % or 5 GB")
    return text


def _number(text: str) -> float:
    return float(text.replace(",", "."))


Room = Annotated[
    Line,
    AfterValidator(_checked),
    Shape(
        rf"^\s*\d{{1,7}}(?:[.,]\d{{1,3}})?\s*(?:%|{any_case('mb', 'gb', 'tb')})\s*$",
        "a part or a size, such as 10 % or 5 GB",
    ),
]


class _Usage(NamedTuple):
    """The bytes of a disk."""

    total: int
    used: int
    free: int


class Disk(Probe):
    """There is room left on a disk."""

    path: Line = Field(description="a folder on the disk that is meant", examples=["/", "backup", "D:\\"])
    free: Room = Field(
        default="10 %", description="a warning when less is free: a part, or a size", examples=["5 GB"]
    )

    silence: ClassVar[State] = "inconclusive"

    def describe(self) -> str:
        """One line: where, and how much."""
        return _("see that {free} are free at {path}").format(free=self.free, path=self.path)

    async def see(self, attempt: Attempt) -> Result:
        """Ask the system, beside all else: a share whose server is gone would hold up everything else."""
        attempt.doing = _("asking for the room at {path}").format(path=self.path)
        try:
            found = await self._usage(attempt.shared)
        except FileNotFoundError:
            raise Trouble(_("there is no folder {path}").format(path=self.path), "inconclusive") from None
        except (OSError, ValueError) as error:
            words = _("the room at {path} cannot be seen: {why}")
            why = getattr(error, "strerror", None) or str(error)
            raise Trouble(words.format(path=self.path, why=why), "inconclusive") from None
        if not found.total:  # a folder that the system makes up, such as /proc
            raise Trouble(_("{path} is on no disk").format(path=self.path), "inconclusive")
        evidence = {"free_bytes": found.free, "total_bytes": found.total}
        left = _("{free} of {total} free ({part} %)").format(
            free=_said(found.free), total=_said(found.total), part=int(100 * found.free / max(1, found.total))
        )
        if found.free >= self._wanted(found.total):
            return Result("up", left, evidence=evidence)
        return Result(
            "warning", _("{left}, less than {wanted}").format(left=left, wanted=self.free), evidence=evidence
        )

    async def _usage(self, shared: Shared) -> _Usage:
        place = shared.office / self.path
        return await apart(shared, f"room at {place}", lambda: _Usage(*shutil.disk_usage(place)))

    def _wanted(self, total: int) -> float:
        number, unit = _ROOM.fullmatch(self.free).groups()  # type: ignore[union-attr]  # it was checked
        return total * _number(number) / 100 if unit == "%" else _number(number) * _UNITS[unit.upper()]


def _said(size: float) -> str:
    """A size as people say it: `512 MB`, `7.4 GB`, `1.8 TB`."""
    for name in ("MB", "GB"):
        if size < 1000 * _UNITS[name]:
            return (
                f"{size / _UNITS[name]:.0f} {name}" if name == "MB" else f"{size / _UNITS[name]:.1f} {name}"
            )
    return f"{size / _UNITS['TB']:.1f} TB"


Kind = Disk
