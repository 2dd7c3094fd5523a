"""Metrics: the states of all checks as OpenMetrics text, for an office that has Prometheus (or node_exporter)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bcp.check.model import Check
from bcp.check.span import Sketch, Span

_UP = {"up": "1", "warning": "1", "down": "0"}


def write_metrics(
    checks: Mapping[str, Check], held: Mapping[str, Span], latencies: Mapping[str, Sketch], now: datetime
) -> str:
    """OpenMetrics 1.0 text. A check that is inconclusive, or that nobody looked at yet, has no value for up."""
    known = [(name, held[name]) for name in checks if name in held]
    lines = ["# TYPE bcp_check_up gauge", "# HELP bcp_check_up Whether a check is up (1) or down (0)."]
    lines += [f"bcp_check_up{_labels(name)} {_UP[span.state]}" for name, span in known if span.state in _UP]
    lines += ["# TYPE bcp_check_warning gauge", "# HELP bcp_check_warning Whether it is up with a warning."]
    lines += [f"bcp_check_warning{_labels(name)} {int(span.state == 'warning')}" for name, span in known]
    lines += ["# TYPE bcp_check_inconclusive gauge", "# HELP bcp_check_inconclusive Whether nobody can tell."]
    lines += [
        f"bcp_check_inconclusive{_labels(name)} {int(span.state == 'inconclusive')}" for name, span in known
    ]
    lines += ["# TYPE bcp_check_state_seconds gauge", "# UNIT bcp_check_state_seconds seconds"]
    lines += ["# HELP bcp_check_state_seconds How long the check has been in its state."]
    for name, span in known:
        lines.append(
            f"bcp_check_state_seconds{_labels(name)} {max(0.0, (now - span.first).total_seconds()):g}"
        )
    lines += ["# TYPE bcp_check_age_seconds gauge", "# UNIT bcp_check_age_seconds seconds"]
    lines += ["# HELP bcp_check_age_seconds How long ago somebody last looked."]
    for name, span in known:
        lines.append(f"bcp_check_age_seconds{_labels(name)} {max(0.0, (now - span.last).total_seconds()):g}")
    lines += ["# TYPE bcp_check_latency_seconds gauge", "# UNIT bcp_check_latency_seconds seconds"]
    lines += ["# HELP bcp_check_latency_seconds Latency of the looks of the last day that saw it up."]
    for name in checks:
        for part in (0.5, 0.95):
            found = latencies[name].quantile(part) if name in latencies else None
            if found is not None:
                lines.append(f"bcp_check_latency_seconds{_labels(name, quantile=f'{part:g}')} {found:.6g}")
    return "\n".join([*lines, "# EOF", ""])


def _labels(name: str, **more: str) -> str:
    pairs = {"check": name, **more}
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in pairs.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
