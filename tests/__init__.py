"""Tests of bcp; before any of them is loaded, what the terminal of who runs them says is taken away."""

import os

# The size of that terminal: those of the tests have their own. Some modules here remember it as they are loaded.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)

# No test shows a note on the screen of who runs it.
for screen in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
    os.environ.pop(screen, None)
