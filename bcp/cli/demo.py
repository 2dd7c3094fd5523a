"""`bcp demo`."""


def demo() -> int:
    """Play a whole outage."""
    return 0
