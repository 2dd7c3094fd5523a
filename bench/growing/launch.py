"""Runs a command and writes into a file what it took: `launch.py FILE COMMAND …`; with its status.

It is a small process of its own, since the system counts what the process that began another one held at that moment
as held by that one.
"""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
    _pid, status, used = os.wait4(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    Path(sys.argv[1]).write_text(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, code]))
