"""Fixtures that tests of several rooms share."""

from tests.lab.fixtures import lab, laboratory

__all__ = ["lab", "laboratory"]
