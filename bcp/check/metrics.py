"""Metrics: the checks as OpenMetrics text, for an office that has Prometheus (openmetrics.io, 1.0)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bcp.check.model import Check
from bcp.check.span import Sketch, Span

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n"})


def openmetrics(checks: Iterable[Check], held: Mapping[str, Span], latencies: Mapping[str, Sketch]) -> str:
    """The text of one exposition: state, since when, last look, and latency of each check."""
    families: list[tuple[str, str, list[str]]] = [
        ("bcp_check_up", "1 up, 0 down; absent while it cannot be told", []),
        ("bcp_check_inconclusive", "1 while it cannot be told", []),
        ("bcp_check_state_since_seconds", "when this state was first seen", []),
        ("bcp_check_last_look_seconds", "when it was last looked at", []),
        ("bcp_check_latency_seconds", "how long looks took today", []),
    ]
    up, inconclusive, since, last, latency = (family[2] for family in families)
    for check in checks:
        label = f'check="{check.check.translate(_ESCAPES)}",title="{check.title.translate(_ESCAPES)}"'
        span = held.get(check.check)
        if span is not None:
            if span.state in ("up", "down"):
                up.append(f"{{{label}}} {int(span.state == 'up')}")
            inconclusive.append(f"{{{label}}} {int(span.state == 'inconclusive')}")
            since.append(f"{{{label}}} {span.first.timestamp():.3f}")
            last.append(f"{{{label}}} {span.last.timestamp():.3f}")
        for part in (0.5, 0.95):
            seconds = latencies[check.check].quantile(part) if check.check in latencies else None
            if seconds is not None:
                latency.append(f'{{{label},quantile="{part}"}} {seconds:.6f}')
    lines = []
    for name, help_, samples in families:
        kind = "summary" if name.endswith("latency_seconds") else "gauge"
        lines += (
            [f"# TYPE {name} {kind}", f"# UNIT {name} seconds"]
            if name.endswith("_seconds")
            else [f"# TYPE {name} {kind}"]
        )
        lines.append(f"# HELP {name} {help_}")
        lines += [name + sample for sample in samples]
    return "\n".join([*lines, "# EOF"]) + "\n"
