"""A terminal with a command at it, for a test to type into."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import pexpect
import pytest

from tests import quick
from tests.children import IS_WINDOWS


def spawn(program: str, arguments: Sequence[str] = (), **settings: Any) -> pexpect.spawn[str]:
    """`pexpect.spawn`; the test is skipped where that has no terminal to offer. `bcp` is there without its start."""
    if IS_WINDOWS:
        pytest.skip("pexpect has no terminal on Windows")
    is_ours = program == sys.executable and list(arguments[:2]) == ["-m", "bcp"]
    helper = quick.nursery(settings.get("env") or os.environ) if is_ours else None
    if helper is None:
        return pexpect.spawn(program, list(arguments), **settings)
    from tests.forked_terminal import spawn_of

    return spawn_of(helper, program, list(arguments), **settings)
