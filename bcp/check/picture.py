"""What a diagnosis rests on, as a layman reads it: one line for each place on the way from here to there."""

from __future__ import annotations

from typing import NamedTuple

from bcp.check.control_verdict import words_of_clock, words_of_sites
from bcp.check.diagnose import Diagnosis
from bcp.i18n import _
from bcp.probe.base import works


class Station(NamedTuple):
    """A place on the way from here to there, as a layman knows it: its state, its name, and what was seen of it."""

    state: str
    name: str
    seen: str


def picture(diagnosis: Diagnosis) -> list[Station]:
    """What differs from good days, the way from here to there, what is not ours, then each check that was looked at."""
    titles = {
        "computer": _("this computer"),
        "router": _("the office's router"),
        "tunnel": _("the VPN"),
        "portal": _("no login page"),
        "provider": _("the provider"),
        "names": _("names"),
    }
    rows = [Station(layer.state, titles[layer.name], "; ".join(layer.evidence)) for layer in diagnosis.layers]
    if diagnosis.path.differs and diagnosis.verdict != "ok":
        rows.insert(0, Station("degraded", _("today"), "; ".join(diagnosis.path.differs)))
    rows += _controls_seen(diagnosis)
    culprit = diagnosis.path.culprit
    for thing in sorted(diagnosis.things, key=lambda each: each.service is not None):
        is_near = culprit is not None and culprit.name in ("computer", "router")
        is_hidden = (is_near or (culprit and thing.passes_line)) and not works(thing.here.state)
        rows.append(
            Station("unknown" if is_hidden else thing.here.state, thing.title, thing.words(diagnosis.second))
        )
    return rows


def _controls_seen(diagnosis: Diagnosis) -> list[Station]:
    controls = diagnosis.controls
    state = {True: "ok", False: "broken", None: "unknown"}[controls.works]
    # Where the verdict is that the line works, it is them, or somebody who shuts them out: not what is wrong here.
    state = "unknown" if state == "broken" and diagnosis.verdict in ("ok", "degraded") else state
    words = words_of_sites(controls)
    rows = [Station("degraded" if diagnosis.verdict == "too-slow" else state, _("other websites"), words)]
    rows = rows if words else []
    if controls.clock is not None and controls.clock.is_told:
        state = "warning" if diagnosis.verdict == "ok" else "broken"
        rows.append(Station(state, _("date and time"), words_of_clock(controls.clock)))
    return rows
