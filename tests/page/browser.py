"""The system's Chromium without a screen: what it makes of a page, how wide that is on a phone, what axe-core finds."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

from tests.children import only_with

DARK = "--blink-settings=preferredColorScheme=0"

_MEASURE = (
    "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth;"
    "document.body.textContent = document.title</script></body>"
)
_AXE = """<script>%s</script><script>
axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}).then(function (found) {
  document.body.textContent = 'AXE' + JSON.stringify({
    passes: found.passes.map(function (one) { return one.id; }),
    wrong: found.violations.concat(found.incomplete).map(function (one) {
      return one.id + ': ' + one.nodes.map(function (node) { return node.html; }).join(' | ');
    })
  }) + 'END';
});
</script></body>"""


def chromium(page: Path | str, *options: str, folder: Path | None = None) -> str:
    """What it prints; `folder` is for its profile where the page is no file."""
    return run(page, *options, folder=folder).stdout


def run(page: Path | str, *options: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    only_with("chromium")
    arguments = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *options]
    where = folder or Path(page).parent
    address = page.as_uri() if isinstance(page, Path) else page
    command = [*arguments, f"--user-data-dir={where / 'profile'}", address]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def widths_on_a_phone(html: str, folder: Path) -> tuple[int, int]:
    """How wide the page is, and how wide the phone: in a frame, for no window without a screen is so narrow."""
    page, frame = folder / "page.html", folder / "frame.html"
    page.write_text(_open(html).replace("</body>", _MEASURE), encoding="utf-8")
    frame.write_text(
        '<iframe src="page.html" width="390" height="800" onload="'
        'document.body.textContent = frames[0].document.title"></iframe>',
        encoding="utf-8",
    )
    told = chromium(frame, "--allow-file-access-from-files", "--virtual-time-budget=2000", "--dump-dom")
    needed, given = told.partition("<body>")[2].partition("</body>")[0].split(" of ")
    return int(needed), int(given)


def axe(html: str, folder: Path, *options: str) -> dict[str, Any]:
    """The rules that axe-core saw kept (`passes`), and those broken or undecided, with the elements (`wrong`)."""
    script = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page = folder / "axe.html"
    page.write_text(
        _open(html).replace("</body>", _AXE % script.replace("</script", "<\\/script")), encoding="utf-8"
    )
    told = chromium(page, "--virtual-time-budget=20000", "--dump-dom", *options)
    found: dict[str, Any] = json.loads(
        told.partition("AXE{")[2]
        .partition("}END")[0]
        .join("{}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
    )
    return found


def _open(html: str) -> str:
    """Without the policy that keeps every script out, so that ours can look."""
    return re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
