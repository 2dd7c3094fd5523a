"""A terminal with a command at it, for a test to type into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pexpect
import pytest

from tests.children import IS_WINDOWS


def spawn(program: str, arguments: Sequence[str] = (), **settings: Any) -> pexpect.spawn[str]:
    """`pexpect.spawn`; the test is skipped where that has no terminal to offer."""
    if IS_WINDOWS:
        pytest.skip("pexpect has no terminal on Windows")
    return pexpect.spawn(program, list(arguments), **settings)
