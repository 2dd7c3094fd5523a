"""Plays a session on a real terminal as a page shows it, and compares what was really shown with the page.

In the page a line that begins with `$ ` is typed into a shell, and one that begins with `> ` answers the tool; a line
`…` stands for any lines. What is different on every day (times, dates, hashes, the folder) is masked on both sides.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pexpect

from tests.rows import rows
from tests.terminal import spawn

WIDTH = 100
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()=>][A-Z0-9]?")
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MASKS = (
    (rf"\b{_DAY} \d{{1,2}} [A-Z][a-z]{{2}} \d{{4}} \d\d:\d\d [A-Z]{{3,4}}\b", "MOMENT"),
    (r"\b\d{4}-\d\d-\d\d(?=-)", "DATE"),
    (rf"\b(?:{_DAY} )?\d\d:\d\d\b", "CLOCK"),
    (r"\b\d+ (?:s|min|h(?: \d+ min)?|days?(?: \d+ h)?)\b", "SPAN"),
    (r"\b[0-9a-f]{64}\b", "HASH"),
    (r"\s+(?:/[\w.-]+)+(?=/kropka\b)", " HOME"),
    (r" ─+$", " ─"),
    ("\N{NO-BREAK SPACE}", " "),
    (r"[ \t]+$", ""),
)


def masked(text: str) -> str:
    """`text` without what is different on every day; a long path that begins a new line stays on the old one."""
    for pattern, word in _MASKS:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return text.strip() + "\n"


def difference(page: str, shown: str) -> str:
    """The first line of the page that is not so, and what is shown instead; nothing where the page is true."""
    lines, real = masked(page).splitlines(), masked(shown)
    pattern, end = "", 0
    for line in lines:
        pattern += r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n"
        found = re.match(pattern, real)
        if found is None:
            instead = "\n".join(real[end:].splitlines()[:20])
            return f"the page says:\n{line}\nbut there follows:\n{instead}"
        end = found.end()
    return "" if re.fullmatch(pattern, real) else f"the page ends, but there follows:\n{real[end:]}"


def play(page: str, folder: Path) -> str:
    """Type the lines of the page into a shell in `folder`; everything that the terminal showed."""
    bin_ = folder / "bin"
    bin_.mkdir()
    command = bin_ / "bcp"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bcp "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environ = {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "LOGNAME": "anna",
        "NO_COLOR": "1",
        "PS1": "$ ",
        "TERM": "xterm",
    }
    shell = spawn(
        "/bin/sh", cwd=str(folder), env=environ, dimensions=(50, WIDTH), encoding="utf-8", timeout=30
    )
    shown = ""
    for line in page.splitlines():
        prompt = next((prompt for prompt in ("$ ", "> ") if line.startswith(prompt.strip())), None)
        if prompt is None or line[: len(prompt)].rstrip() != prompt.rstrip():
            continue
        shown += _until(shell, prompt)
        typed = line[len(prompt) :]
        if typed == "^C":
            shell.sendintr()
        else:
            shell.sendline(typed)
    shown += _until(shell, "$ ")
    shell.sendeof()
    shell.expect(pexpect.EOF)
    shell.close()
    return "\n".join(rows(_ESCAPES.sub("", shown.removesuffix("$ "))))


def _until(shell: pexpect.spawn[str], prompt: str) -> str:
    """What is shown until the prompt stands at the beginning of a line, the prompt included."""
    try:
        shell.expect(rf"(?:^|[\n\r])(?:\x1b\[[0-9;]*m)*{re.escape(prompt)}(?:\x1b\[[0-9;]*m)*$")
    except pexpect.TIMEOUT:
        raise AssertionError(f"the page answers, but nothing asks: {shell.before}") from None
    return f"{shell.before}{shell.after}"
