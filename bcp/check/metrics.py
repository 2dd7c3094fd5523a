"""Metrics: the states of all checks as OpenMetrics text, for an office that has Prometheus (or node_exporter)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bcp.check.model import Check
from bcp.check.span import Sketch, Span, gap_for

_UP = {"up": "1", "warning": "1", "down": "0"}


def write_metrics(
    checks: Mapping[str, Check],
    held: Mapping[str, Span],
    looked: Mapping[str, datetime],
    latencies: Mapping[str, Sketch],
    now: datetime,
) -> str:
    """OpenMetrics 1.0 text. A check has no state where it is inconclusive, or nobody has looked yet, or not lately.

    `looked` is when somebody last looked at each. That is exported as a moment, which tells also where this text is
    no longer written: an age would stand still then.
    """
    seen = [(name, looked[name]) for name in checks if name in looked]
    fresh = {name for name, last in seen if now - last <= gap_for(checks[name].every)}
    known = [(name, held[name]) for name in checks if name in held and name in fresh]
    lines = _gauge("up", "Whether a check is up (1) or down (0).")
    lines += [f"bcp_check_up{_labels(name)} {_UP[span.state]}" for name, span in known if span.state in _UP]
    lines += _gauge("warning", "Whether it is up with a warning.")
    lines += [f"bcp_check_warning{_labels(name)} {int(span.state == 'warning')}" for name, span in known]
    lines += _gauge("inconclusive", "Whether nobody can tell.")
    lines += [
        f"bcp_check_inconclusive{_labels(name)} {int(span.state == 'inconclusive')}" for name, span in known
    ]
    lines += _gauge("state_seconds", "How long the check has been in its state.")
    for name, span in known:
        lines.append(f"bcp_check_state_seconds{_labels(name)} {_seconds(now - span.first)}")
    lines += _gauge("age_seconds", "How long ago somebody last looked.")
    lines += [f"bcp_check_age_seconds{_labels(name)} {_seconds(now - last)}" for name, last in seen]
    lines += _gauge("last_look_timestamp_seconds", "When somebody last looked, in seconds since 1970.")
    for name, last in seen:
        lines.append(f"bcp_check_last_look_timestamp_seconds{_labels(name)} {last.timestamp():.3f}")
    # A `quantile` is a label of summaries alone: promtool refuses it anywhere else.
    lines += _family("latency_seconds", "How long the looks of today took.", "summary")
    for name in checks:
        for part in (0.5, 0.95):
            found = latencies[name].quantile(part) if name in latencies else None
            if found is not None:
                lines.append(f"bcp_check_latency_seconds{_labels(name, quantile=f'{part:g}')} {found:.6g}")
    return "\n".join([*lines, "# EOF", ""])


def _gauge(name: str, about: str) -> list[str]:
    return _family(name, about, "gauge")


def _family(name: str, about: str, kind: str) -> list[str]:
    """The lines that stand above the values of a gauge or a summary."""
    unit = ["# UNIT bcp_check_" + name + " seconds"] if name.endswith("_seconds") else []
    return [f"# TYPE bcp_check_{name} {kind}", *unit, f"# HELP bcp_check_{name} {about}"]


def _seconds(length: timedelta) -> str:
    return f"{max(0.0, length.total_seconds()):g}"


def _labels(name: str, **more: str) -> str:
    pairs = {"check": name, **more}
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in pairs.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
