"""desktop: a note on the screen of this computer. It is shown besides all others, and reaches nobody who is away.

Linux: notify-send (https://specifications.freedesktop.org/notification-spec/). Windows: a toast by PowerShell, through
Windows.UI.Notifications, with no module to install
(https://learn.microsoft.com/uwp/api/windows.ui.notifications.toastnotificationmanager); the words are handed over in
the environment, so that nothing in them is ever a command. macOS: osascript.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import ClassVar

from bcp.alert.base import AlertContext, AlertTry, AlertWay
from bcp.alert.message import AlertMessage
from bcp.i18n import _
from bcp.outside import Program, World

_WITHIN = 20.0
TOAST = r"""
$ErrorActionPreference = 'Stop'
[Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime] | Out-Null
[Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom.XmlDocument, ContentType = WindowsRuntime] | Out-Null
$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($kind)
$texts = $toast.GetElementsByTagName('text')
$texts.Item(0).AppendChild($toast.CreateTextNode($env:NOTE_TITLE)) | Out-Null
$texts.Item(1).AppendChild($toast.CreateTextNode($env:NOTE_TEXT)) | Out-Null
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe'
$shown = [Windows.UI.Notifications.ToastNotification]::new($toast)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($shown)
"""
"""PowerShell; the application whose name it shows must be one that Windows knows, such as PowerShell itself."""
_OF_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")


class Desktop(AlertWay):
    """A note on this computer's screen."""

    counts: ClassVar[bool] = False

    def describe(self) -> str:
        """Where it is shown."""
        return _("a note on this computer's screen")

    def send(self, message: AlertMessage, recipient: str, context: AlertContext, world: World) -> AlertTry:
        """Show it."""
        ran = world.run(_note("bcp", message.short))
        if ran.code == 0:
            return AlertTry("taken")
        return AlertTry(
            "not-now", ran.trouble or ran.last_line or _("it ended with {code}").format(code=ran.code)
        )


def has_screen(environ: Mapping[str, str]) -> bool:
    """Whether there is a program for it, and somebody's screen behind it: a cron of a server has none."""
    if sys.platform in ("win32", "darwin"):
        program = "powershell" if sys.platform == "win32" else "osascript"
        return shutil.which(program, path=environ.get("PATH")) is not None
    has_one = any(environ.get(name) for name in _OF_SCREEN)
    return has_one and shutil.which("notify-send", path=environ.get("PATH")) is not None


def _note(title: str, text: str, system: str = sys.platform) -> Program:
    """The program that shows it on this system."""
    if system == "win32":
        options = ("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-Command", TOAST)
        return Program(("powershell", *options), _WITHIN, {"NOTE_TITLE": title, "NOTE_TEXT": text})
    if system == "darwin":
        lines = (
            "on run argv",
            "display notification (item 2 of argv) with title (item 1 of argv)",
            "end run",
        )
        script = [word for line in lines for word in ("-e", line)]
        return Program(("osascript", *script, title, text), _WITHIN)
    return Program(("notify-send", "--", title, text), _WITHIN)


Kind = Desktop
